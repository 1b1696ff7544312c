"""Inviting people, and coming in by an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarketing.records.models import Invitation
from smarketing.web.forms.people import AcceptanceForm, InvitationForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.invitation_mail import mail_invitation
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.accept_invitation import accept_invitation, open_invitation
from smarketing.workflows.invite_person import invite_person
from smarketing.workflows.withdraw_invitation import withdraw_invitation


@never_cache
def browse(request: Request) -> HttpResponse:
    """GET asks whom to invite; POST invites and shows the link, this once."""
    form, link, was_mailed = InvitationForm(request.POST or None, words=request.words), "", False
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            made = invite_person(by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            link = request.build_absolute_uri(reverse("invitation_acceptance", args=[made.secret]))
            was_mailed = mail_invitation(made.invitation, link)
    return render_page(
        request,
        "settings/invitation.html",
        form=form,
        link=link,
        was_mailed=was_mailed,
        invited=request.POST.get("email", ""),
    )


@require_POST
def remove(request: Request, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, id=invitation_id)
    withdraw_invitation(invitation=invitation, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("The invitation is withdrawn."))
    return redirect("people")


@never_cache
def accept(request: Request, secret: str) -> HttpResponse:
    """GET shows what is offered; POST makes the person. Links that do not hold say so, whatever the reason."""
    invitation = open_invitation(secret, timezone.now())
    if invitation is None:
        return render_page(request, "account/invitation_over.html", status=404)
    offered = {"name": invitation.name, "language": invitation.language or request.words.language}
    form = AcceptanceForm(request.POST or None, words=request.words, email=invitation.email, initial=offered)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            accept_invitation(secret=secret, now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Welcome. Sign in with your address and password."))
            return redirect("account_login")
    return render_page(request, "account/invitation.html", form=form, invitation=invitation)
