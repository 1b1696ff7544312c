"""Agreements for programs: the list, one version as data or YAML, what changed, a draft from YAML."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status

from smarketing.records.agreements import Held, foremost, held_version, held_versions
from smarketing.terms.difference import differences
from smarketing.terms.marked import N_
from smarketing.web.api.shapes import (
    AgreementOut,
    ChangesOut,
    DifferenceOut,
    DraftIn,
    DraftOut,
    SignatureOut,
    VersionOut,
)
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.draft_agreement import draft_agreement

router = Router()
YAML = "application/yaml"


@router.get("", response=list[AgreementOut], url_name="agreements", summary=N_("All agreements"))
def index(request: Request) -> list[AgreementOut]:
    """Of each agreement the version that people mean: in force, else about to be, else the newest."""
    by_slug: dict[str, list[Held]] = {}
    for held in held_versions(request.actor):
        by_slug.setdefault(held.version.agreement.slug, []).append(held)
    found = (foremost(each) for each in by_slug.values())
    return [_listed(each) for each in found if each]


@router.post("/drafts", url_name="drafts", response={201: DraftOut}, summary=N_("A draft from a YAML text"))
def draft(request: Request, said: DraftIn) -> Status[DraftOut]:
    """A new agreement, or the next version of one that is there, as a draft."""
    made = draft_agreement(text=said.text, by=signed_in(request), now=timezone.now(), words=request.words)
    fingerprint = made.revisions.get(number=1).fingerprint
    answer = DraftOut(id=made.agreement.slug, version=made.number, status=made.status, fingerprint=fingerprint)
    return Status(201, answer)


@router.get("/{slug}", response=VersionOut, url_name="agreement", summary=N_("One agreement"))
def agreement(request: Request, slug: str) -> VersionOut:
    """The version that people mean: in force, else about to be, else the newest."""
    held = foremost(held_versions(request.actor, slug=slug))
    if held is None:
        raise Http404
    return _whole(held)


@router.get(
    "/{slug}/versions", response=list[AgreementOut], url_name="versions", summary=N_("All versions of an agreement")
)
def versions(request: Request, slug: str) -> list[AgreementOut]:
    """The newest first."""
    found = held_versions(request.actor, slug=slug)
    if not found:
        raise Http404
    return [_listed(each) for each in found]


@router.get("/{slug}/versions/{number}", response=VersionOut, url_name="version", summary=N_("One version as data"))
def version(request: Request, slug: str, number: int) -> VersionOut:
    return _whole(_held(request, slug, number))


@router.get("/{slug}/versions/{number}/yaml", response=str, url_name="version_yaml", summary=N_("One version as YAML"))
def version_yaml(request: Request, slug: str, number: int) -> HttpResponse:
    """The text as it was written, remarks included."""
    return HttpResponse(_held(request, slug, number).revision.text, content_type=f"{YAML}; charset=utf-8")


@router.get(
    "/{slug}/versions/{number}/changes",
    response=ChangesOut,
    url_name="version_changes",
    summary=N_("What changed between two versions, in words"),
)
def changes(
    request: Request,
    slug: str,
    number: int,
    before: Annotated[int, Query(..., description="the version to compare with; the one before if left out")] = 0,
) -> ChangesOut:
    after = _held(request, slug, number)
    earlier = _held(request, slug, before or number - 1)
    found = differences(earlier.terms, after.terms, request.words)
    told = [
        DifferenceOut(section=each.section, thing=each.thing, sentence=each.sentence, effect=each.effect)
        for each in found
    ]
    return ChangesOut(before=earlier.version.number, after=number, differences=told)


def _held(request: Request, slug: str, number: int) -> Held:
    held = held_version(request.actor, slug, number)
    if held is None:
        raise Http404
    return held


def _listed(held: Held) -> AgreementOut:
    version = held.version
    return AgreementOut(
        id=version.agreement.slug,
        title=version.agreement.title,
        version=version.number,
        status=version.status,
        from_on=version.from_on,
        until_on=version.until_on,
    )


def _whole(held: Held) -> VersionOut:
    version = held.version
    return VersionOut(
        id=version.agreement.slug,
        version=version.number,
        status=version.status,
        fingerprint=held.revision.fingerprint,
        from_on=version.from_on,
        until_on=version.until_on,
        signatures=[
            SignatureOut(party=s.party, name=s.name, signed_at=s.signed_at, fingerprint=s.fingerprint)
            for s in held.standing
        ],
        terms=held.terms.model_dump(mode="json"),
    )
