"""What people do to a version: propose, sign, decline, answer, amend, end, remark, and say they have read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.records.access import Refused
from smarketing.records.agreements import members_of
from smarketing.records.models import Acknowledgement, Comment
from smarketing.terms.errors import UserError
from smarketing.terms.lifecycle import Status
from smarketing.web.proof import proof_required
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views import agreements
from smarketing.web.views.held_version import Opened, opened, spoken
from smarketing.web.views.posted import asking, whole_number
from smarketing.workflows.acknowledge_version import acknowledge_version
from smarketing.workflows.amend_version import amend_version
from smarketing.workflows.comment_on_clause import (
    comment_on_clause,
    correct_comment,
    remove_comment,
    settle_comment,
)
from smarketing.workflows.counter_version import counter_version, reopen_version
from smarketing.workflows.decline_version import decline_version
from smarketing.workflows.end_version import end_version
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.sign_version import sign_version, statement


def propose(request: Request, slug: str, number: int) -> HttpResponse:
    def act(it: Opened) -> None:
        revision = whole_number(request, "revision")
        propose_version(version_id=it.held.version.id, revision=revision, **_who(request))

    return _done(request, slug, number, act, request.words("Proposed. Now it waits for signatures."))


def counter(request: Request, slug: str, number: int) -> HttpResponse:
    """An answer to a proposal or to a refusal: the version is a draft again."""

    def act(it: Opened) -> None:
        again = reopen_version if it.held.status is Status.DECLINED else counter_version
        revision, note = whole_number(request, "revision"), _said(request, "note")
        again(version_id=it.held.version.id, note=note, revision=revision, **_who(request))

    said = request.words("It is a draft again: change what should be different, then propose it.")
    return _done(request, slug, number, act, said)


def decline(request: Request, slug: str, number: int) -> HttpResponse:
    def act(it: Opened) -> None:
        reasons, party = _said(request, "reasons"), _said(request, "party")
        decline_version(version_id=it.held.version.id, party=party, reasons=reasons, **_who(request))

    return _done(request, slug, number, act, request.words("Declined. The other side sees why."))


def amend(request: Request, slug: str, number: int) -> HttpResponse:
    it = opened(request, slug, number)
    try:
        version = amend_version(version_id=it.held.version.id, **_who(request))
    except UserError as error:
        return _refused(request, it, error)
    messages.success(request, request.words("This is the next version, as a draft. The one in force stays as it is."))
    return redirect("agreement_version", slug=slug, number=version.number)


def end(request: Request, slug: str, number: int) -> HttpResponse:
    def act(it: Opened) -> None:
        why, party = _said(request, "why"), _said(request, "party")
        end_version(version_id=it.held.version.id, party=party, why=why, **_who(request))

    return _done(request, slug, number, act, request.words("Ended. Text and signatures stay."))


def signatures(request: Request, slug: str, number: int) -> HttpResponse:
    """The page to sign on, and the signature."""
    it = opened(request, slug, number)
    if not it.held.seat.signs:
        raise Http404
    response: HttpResponse = _signing(request, it)
    return response


@proof_required
def _signing(request: Request, it: Opened) -> HttpResponse:
    """Only within five minutes of having proved who one is."""
    return _sign(request, it) if request.method == "POST" else _signing_page(request, it)


def _sign(request: Request, it: Opened) -> HttpResponse:
    if not request.POST.get("agreed"):
        return _signing_page(request, it, request.words("Tick that you have read the text and sign it."), 422)
    try:
        sign_version(
            version_id=it.held.version.id,
            party=_said(request, "party"),
            fingerprint=_said(request, "fingerprint"),
            method=_method(request),
            **_who(request),
        )
    except Refused:
        raise Http404 from None
    except UserError as error:
        told = spoken(error, request.words)
        return _signing_page(request, it, f"{told.what} {told.hint}".strip(), 409)
    messages.success(request, request.words("Signed."))
    return redirect("agreement_version", slug=it.held.version.agreement.slug, number=it.held.version.number)


def _signing_page(request: Request, it: Opened, trouble: str = "", status: int = 200) -> HttpResponse:
    held = it.held
    names = {party.id: party.name for party in held.terms.parties}
    statements = tuple(
        (
            party,
            names[party],
            statement(
                name=str(asking(request)),
                title=held.terms.title,
                version=held.version.number,
                party=names[party],
                fingerprint=held.revision.fingerprint,
                words=request.words,
            ),
        )
        for party in held.to_sign
    )
    if not statements and not trouble:
        return redirect("agreement_version", slug=held.version.agreement.slug, number=held.version.number)
    return render_page(
        request,
        "agreements/sign.html",
        status=status,
        page=it.frame(),
        document=it.document(),
        statements=statements,
        trouble=trouble,
    )


def _method(request: Request) -> str:
    """How the signer last proved who they are."""
    records = get_authentication_records(request, asking(request))
    return str(records[-1].get("method", "")) if records else ""


def acknowledgements(request: Request, slug: str, number: int) -> HttpResponse:
    it = opened(request, slug, number)
    if request.method == "POST":
        try:
            fingerprint = _said(request, "fingerprint")
            acknowledge_version(version_id=it.held.version.id, fingerprint=fingerprint, **_who(request))
        except UserError as error:
            return _refused(request, it, error)
        messages.success(request, request.words("Thank you. It is noted that you have read it."))
        return redirect("agreement_version", slug=slug, number=number)
    read = dict(Acknowledgement.objects.filter(version=it.held.version).values_list("person_id", "at"))
    members = members_of(it.held, timezone.now().date())
    people = sorted(((person, team, read.get(person.id)) for person, team in members), key=lambda each: not each[2])
    return render_page(
        request,
        "agreements/acknowledgements.html",
        page=it.frame("agreement_acknowledgements"),
        people=people,
        n_read=sum(at is not None for _, _, at in people),
    )


def comments(request: Request, slug: str, number: int) -> HttpResponse:
    def act(it: Opened) -> Comment:
        return comment_on_clause(
            version_id=it.held.version.id,
            clause=_said(request, "clause"),
            text=_said(request, "text"),
            answers_id=whole_number(request, "answers") or None,
            **_who(request),
        )

    return _remarked(request, slug, number, act)


def comment(request: Request, slug: str, number: int, comment_id: int) -> HttpResponse:
    """A remark corrected, or taken back where the text is empty."""

    def act(_: Opened) -> Comment:
        if request.method == "DELETE" or "removal" in request.POST:
            return remove_comment(comment_id=comment_id, **_who(request))
        return correct_comment(comment_id=comment_id, text=_said(request, "text"), **_who(request))

    return _remarked(request, slug, number, act)


def comment_settlement(request: Request, slug: str, number: int, comment_id: int) -> HttpResponse:
    def act(_: Opened) -> Comment:
        is_settled = _said(request, "is_settled") == "yes"
        return settle_comment(comment_id=comment_id, is_settled=is_settled, **_who(request))

    return _remarked(request, slug, number, act)


def _remarked(request: Request, slug: str, number: int, act: Callable[[Opened], Comment]) -> HttpResponse:
    """The margin of the clause for htmx, else the page at that clause."""
    it = opened(request, slug, number)
    try:
        remark = act(it)
    except UserError as error:
        return _refused(request, it, error)
    if request.htmx:
        return agreements.notes(request, it, remark.clause)
    response = redirect("agreement_version", slug=slug, number=number)
    response.headers["Location"] += f"#{remark.clause or 'remarks'}"
    return response


def _done(request: Request, slug: str, number: int, act: Callable[[Opened], None], said: str) -> HttpResponse:
    it = opened(request, slug, number)
    try:
        act(it)
    except UserError as error:
        return _refused(request, it, error)
    messages.success(request, said)
    return redirect("agreement_version", slug=slug, number=number)


def _refused(request: Request, it: Opened, error: UserError) -> HttpResponse:
    """What went wrong, above the document; what may not even be known to exist is not found."""
    if isinstance(error, Refused):
        raise Http404
    return render_page(
        request,
        "agreements/show.html",
        status=409,
        page=it.frame(),
        document=it.document(),
        trouble=spoken(error, request.words),
        said=request.POST,
    )


def _who(request: Request) -> dict[str, Any]:
    return {"by": asking(request), "now": timezone.now(), "words": request.words}


def _said(request: Request, name: str) -> str:
    return str(request.POST.get(name, ""))
