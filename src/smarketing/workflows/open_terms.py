"""Open the versions of an agreement as they were signed in the database."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from smarketing.terms import zones
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import N_, Words
from smarketing.terms.lifecycle import Status

if TYPE_CHECKING:
    from smarketing.records.models import Version

_KNOWN: dict[tuple[str, int], Agreement] = {}
SIGNED = (Status.SIGNED, Status.IN_FORCE, Status.SUPERSEDED, Status.ENDED)


def versions_of(slug: str | None = None, *, words: Words = ENGLISH) -> tuple[Agreement, ...]:
    """Every signed version of an agreement, the earliest first; those called off before their first day never held.

    Takes    slug  the agreement's id; None where there is only one
    Raises   TermsError when there is none, or several and none is named
    """
    held = _held()
    slugs = sorted(held)
    wanted = slug or (slugs[0] if len(slugs) == 1 else None)
    if wanted not in held:
        raise _nothing(slugs, slug, words)
    return _versions(held[wanted])


def every_agreement() -> dict[str, tuple[Agreement, ...]]:
    """The versions of every agreement of which one ever held, by its slug."""
    return {slug: _versions(held) for slug, held in sorted(_held().items())}


def kept_version(slug: str, number: int | None = None, *, words: Words = ENGLISH) -> Agreement:
    """A version in whatever state it is, with the signatures under its text; the latest where no number is said.

    Raises TermsError when no agreement has this id, or it has no such version
    """
    from smarketing.records.agreements import signed_terms
    from smarketing.records.models import Version

    versions = Version.objects.filter(agreement__slug=slug).order_by("-number")
    numbers = list(versions.values_list("number", flat=True))
    if not numbers:
        kept = ", ".join(sorted(set(Version.objects.values_list("agreement__slug", flat=True))))
        hint = words("Kept here: {choices}.", choices=kept) if kept else words("No agreement is kept here.")
        raise TermsError(words("There is neither a file nor an agreement of this name."), where=slug, hint=hint)
    found = versions.filter(number=number or numbers[0]).first()
    if found is None:
        hint = words("Its versions: {choices}.", choices=", ".join(str(each) for each in reversed(numbers)))
        raise TermsError(words("There is no version {n} of it.", n=number), where=slug, hint=hint)
    return signed_terms(found)


def _held() -> dict[str, list[Version]]:
    """Signed versions that ever held, by the slug of their agreement, in the order of their numbers."""
    from smarketing.records.agreements import did_hold
    from smarketing.records.models import Version

    found: dict[str, list[Version]] = {}
    for version in Version.objects.filter(status__in=SIGNED).select_related("agreement").order_by("number"):
        if did_hold(version):
            found.setdefault(version.agreement.slug, []).append(version)
    return found


def _versions(held: list[Version]) -> tuple[Agreement, ...]:
    from smarketing.records.agreements import signed_terms

    told = [_as_held(signed_terms(each), each.signed_at, each.ended_at, is_first=each is held[0]) for each in held]
    return tuple(_known(terms) for terms in told)


def _known(terms: Agreement) -> Agreement:
    """The same object as the last time while it says the same: what is kept about a version is found by it."""
    key = (terms.id, terms.version)
    known = _KNOWN.get(key)
    if known is not None and known == terms:
        return known
    _KNOWN[key] = terms
    return terms


def _as_held(terms: Agreement, signed_at: datetime | None, ended_at: datetime | None, *, is_first: bool) -> Agreement:
    """The terms for the days on which they really held: a clock is judged under what was in force when it started.

    A version that takes over and is signed after its first day holds from the day of the last signature, so that
    nothing which was judged already is judged again; one that was called off holds to the end of that day.
    """
    days, zone = terms.in_force, zones.zone(terms.zone)
    if signed_at is not None and not is_first:
        days = days.model_copy(update={"from_on": max(days.from_on, signed_at.astimezone(zone).date())})
    if ended_at is not None:
        ended_on = ended_at.astimezone(zone).date()
        days = days.model_copy(update={"until_on": min(days.until_on or ended_on, ended_on)})
    return terms.model_copy(update={"in_force": days})


def _nothing(slugs: list[str], slug: str | None, words: Words) -> TermsError:
    if slug is None and slugs:
        hint = words("Name one of {choices}.", choices=", ".join(slugs))
        return TermsError(words(N_("Several agreements are signed here.")), where="--agreement", hint=hint)
    hint = words(N_("Sign one on the site, or name a file: --agreement FILE."))
    return TermsError(words(N_("No agreement is signed here.")), where=slug or "--agreement", hint=hint)
