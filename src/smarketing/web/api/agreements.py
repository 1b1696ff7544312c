"""Agreements for programs: the list, one version as data or YAML, a draft from YAML."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Router

from smarketing.records.agreements import Held, foremost, held_version, held_versions
from smarketing.web.api.shapes import AgreementOut, DraftIn, DraftOut, Problem, SignatureOut, VersionOut
from smarketing.web.request import Request
from smarketing.workflows.draft_agreement import draft_agreement

router = Router()
REFUSED = {401: Problem, 404: Problem}
YAML = "application/yaml"


@router.get("/", response={200: list[AgreementOut], 401: Problem}, url_name="agreements", summary="All agreements")
def index(request: Request) -> list[AgreementOut]:
    by_slug: dict[str, list[Held]] = {}
    for held in held_versions(request.actor):
        by_slug.setdefault(held.version.agreement.slug, []).append(held)
    found = [foremost(each) for each in by_slug.values()]
    return [_agreement(each) for each in found if each]


@router.get("/{slug}/versions", response={200: list[AgreementOut], **REFUSED}, url_name="versions")
def versions(request: Request, slug: str) -> list[AgreementOut]:
    found = held_versions(request.actor, slug=slug)
    if not found:
        raise Http404
    return [_agreement(each) for each in found]


@router.get("/{slug}/versions/{number}", response={200: VersionOut, **REFUSED}, url_name="version")
def version(request: Request, slug: str, number: int) -> VersionOut:
    held = _held(request, slug, number)
    return VersionOut(
        id=slug,
        version=number,
        status=held.version.status,
        fingerprint=held.revision.fingerprint,
        from_on=held.version.from_on,
        until_on=held.version.until_on,
        signatures=[
            SignatureOut(party=s.party, name=s.name, signed_at=s.signed_at, fingerprint=s.fingerprint)
            for s in held.standing
        ],
        terms=held.terms.model_dump(mode="json"),
    )


@router.get("/{slug}/versions/{number}/yaml", url_name="version_yaml", response={200: str, **REFUSED})
def version_yaml(request: Request, slug: str, number: int) -> HttpResponse:
    return HttpResponse(_held(request, slug, number).revision.text, content_type=f"{YAML}; charset=utf-8")


@router.post("/drafts", url_name="drafts", response={201: DraftOut, 401: Problem, 404: Problem, 422: Problem})
def draft(request: Request, said: DraftIn) -> tuple[int, DraftOut]:
    """A new agreement, or the next version of one that is there, as a draft."""
    assert request.actor.person is not None
    made = draft_agreement(text=said.text, by=request.actor.person, now=timezone.now(), words=request.words)
    revision = made.revisions.get(number=1)
    answer = DraftOut(id=made.agreement.slug, version=made.number, status=made.status, fingerprint=revision.fingerprint)
    return 201, answer


def _held(request: Request, slug: str, number: int) -> Held:
    held = held_version(request.actor, slug, number)
    if held is None:
        raise Http404
    return held


def _agreement(held: Held) -> AgreementOut:
    version = held.version
    return AgreementOut(
        id=version.agreement.slug,
        title=version.agreement.title,
        version=version.number,
        status=version.status,
        from_on=version.from_on,
        until_on=version.until_on,
    )
