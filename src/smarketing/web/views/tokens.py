"""Personal API tokens: listed, made, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarketing.records.models import ApiToken
from smarketing.web.forms.people import TokenForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.tokens import TokensPage, tokens_seen_by
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.create_token import NewToken, create_token
from smarketing.workflows.revoke_token import revoke_token


@never_cache
def browse(request: Request) -> HttpResponse:
    """GET lists them; POST makes one and shows it, this once."""
    person, made = signed_in(request), None
    form = TokenForm(request.POST or None, words=request.words, is_admin=person.is_admin)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            made = create_token(by=person, now=timezone.now(), **form.cleaned_data)
            form = TokenForm(words=request.words, is_admin=person.is_admin)
    return _page(request, form, made)


def _page(request: Request, form: TokenForm, made: NewToken | None) -> HttpResponse:
    page = TokensPage.of(request.actor, timezone.now(), made.raw if made else "")
    return render_page(request, "settings/tokens.html", page=page, form=form)


@require_POST
def remove(request: Request, token_id: int) -> HttpResponse:
    seen = tokens_seen_by(request.actor, request.grant)
    token: ApiToken = get_object_or_404(seen, id=token_id)
    revoke_token(token=token, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words('The token "{name}" is revoked.', name=token.name))
    return redirect("tokens")
