"""A draft edited by forms: section by section, promise by promise, and back to an earlier text."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from smarketing.terms.agreement import Role
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import UserError
from smarketing.terms.kinds import KIND_TERMS
from smarketing.web.forms.agreement_sections import SECTIONS
from smarketing.web.forms.agreement_tree import terms_of, tree_of
from smarketing.web.forms.commitment_entries import KIND_NAMES, commitment_entries
from smarketing.web.forms.entries import free_id
from smarketing.web.pages.agreement_edit import edit_frame, promises_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.held_version import Opened, opened, spoken
from smarketing.web.views.posted import asking, whole_number
from smarketing.web.views.terms_form import FRAGMENTS, TermsForm
from smarketing.workflows.save_draft import save_draft

OF_MARKETING = (Kind.LEAD_VOLUME, Kind.LEAD_VALUE, Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)


def on_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the draft that the address names; whoever may only read it is told and sent there."""

    @wraps(view)
    def opened_first(request: Request, slug: str, number: int, **rest: str | int) -> HttpResponse:
        it = opened(request, slug, number)
        if not it.frame().can_edit:
            messages.info(request, request.words("Only a draft is changed, by those who answer for its parties."))
            return redirect("agreement_version", slug=slug, number=number)
        return view(request, it, **rest)

    return opened_first


def args_of(it: Opened) -> list[str | int]:
    return [it.held.version.agreement.slug, it.held.version.number]


@on_draft
def overview(request: Request, it: Opened) -> HttpResponse:
    return render_page(
        request,
        "agreements/edit.html",
        page=it.frame(),
        frame=edit_frame(it.held, "", request.words),
        promises=promises_page(it.held.terms, request.words),
        trouble=None,
    )


@on_draft
def section(request: Request, it: Opened, section: str) -> HttpResponse:
    found = next((each for each in SECTIONS if each.id == section), None)
    if found is None:
        raise Http404
    form = TermsForm(request, it, found.entries(it.held.terms), found.previews)
    if request.method == "POST":
        form.take()
    if form.saved:
        return _saved(request, form, reverse("agreement_edit", args=args_of(it)))
    return _show(request, it, form, found.id, request.words(found.title), request.words(found.lead))


@on_draft
def promises(request: Request, it: Opened) -> HttpResponse:
    """The promises: their order, one less, or the form of one more."""
    trouble = None
    if request.method == "POST":
        try:
            return _changed_order(request, it)
        except UserError as error:
            trouble = spoken(error, request.words)
    return render_page(
        request,
        "agreements/edit_promises.html",
        page=it.frame(),
        frame=edit_frame(it.held, "commitments", request.words),
        promises=promises_page(it.held.terms, request.words),
        trouble=trouble,
        status=422 if trouble else 200,
    )


def _changed_order(request: Request, it: Opened) -> HttpResponse:
    verb, _, id = request.POST.get("act", "").partition(":")
    tree = tree_of(it.held.terms)
    items = tree["commitments"]
    n = next((n for n, item in enumerate(items) if item["id"] == id), -1)
    if n < 0 or verb not in ("up", "down", "remove"):
        raise Http404
    item = items.pop(n)
    if verb != "remove":
        items.insert(max(0, n - 1 if verb == "up" else n + 1), item)
    form = TermsForm(request, it, (), ("commitments",))
    form.put(terms_of(tree, request.words))
    return _saved(request, form, reverse("agreement_edit_promises", args=args_of(it)))


@on_draft
def promise(request: Request, it: Opened, commitment: str) -> HttpResponse:
    ids = [each.id for each in it.held.terms.commitments]
    if commitment not in ids:
        raise Http404
    position = ids.index(commitment)
    said = it.held.terms.commitments[position]
    entries = commitment_entries(it.held.terms, said.kind)
    form = TermsForm(request, it, entries, (f"commitments.{commitment}",), at=("commitments", position))
    return _promise_form(request, it, form, said.title or said.id, said.kind)


@on_draft
def new_promise(request: Request, it: Opened) -> HttpResponse:
    asked = request.GET.get("kind", "")
    if asked not in set(Kind):
        raise Http404
    kind, terms = Kind(asked), it.held.terms
    tree = tree_of(terms)
    id = free_id(kind.value, [each.id for each in terms.commitments])
    example = KIND_TERMS[kind].example.replace("EUR", terms.currency)
    side = Role.MARKETING if kind in OF_MARKETING else Role.SALES
    party = next((each.id for each in terms.parties if each.role == side), terms.parties[0].id)
    tree["commitments"].append({"id": id, "kind": kind.value, "party": party, "target": example})
    at = ("commitments", len(tree["commitments"]) - 1)
    form = TermsForm(request, it, commitment_entries(terms, kind), (f"commitments.{id}",), at=at, tree=tree)
    return _promise_form(request, it, form, request.words("New promise"), kind)


def _promise_form(request: Request, it: Opened, form: TermsForm, title: str, kind: Kind) -> HttpResponse:
    if request.method == "POST":
        form.take()
    if form.saved:
        return _saved(request, form, reverse("agreement_edit_promises", args=args_of(it)))
    words = request.words
    lead = f"{words(KIND_NAMES[kind])}: {words(KIND_TERMS[kind].meaning)}."
    return _show(request, it, form, "commitments", title, lead)


@on_draft
def restoration(request: Request, it: Opened, revision: int) -> HttpResponse:
    """An earlier text becomes the present one; what was between stays in the history."""
    earlier = it.held.version.revisions.filter(number=revision).first()
    if earlier is None:
        raise Http404
    try:
        save_draft(
            version_id=it.held.version.id,
            text=earlier.text,
            revision=whole_number(request, "revision"),
            by=asking(request),
            now=timezone.now(),
            words=request.words,
        )
        messages.success(request, request.words("Text {n} is the present one again.", n=revision))
    except UserError as error:
        told = spoken(error, request.words)
        messages.error(request, f"{told.what} {told.hint}".strip())
    return redirect("agreement_revisions", *args_of(it))


def _saved(request: Request, form: TermsForm, href: str) -> HttpResponse:
    words = request.words
    text = words("Saved.") if form.is_changed else words("Nothing was changed.")
    messages.success(request, text)
    return redirect(href)


def _show(request: Request, it: Opened, form: TermsForm, here: str, title: str, lead: str) -> HttpResponse:
    context: dict[str, Any] = {
        "page": it.frame(),
        "frame": edit_frame(it.held, here, request.words),
        "form": form.page(),
        "revision": form.revision,
        "trouble": form.trouble,
        "saved_changes": form.saved_changes,
        "title": title,
        "lead": lead,
        "here": request.get_full_path(),
    }
    return render_page(request, "agreements/edit_section.html", status=form.status, fragments=FRAGMENTS, **context)
