"""Open the versions of an agreement as they were signed in the database."""

from __future__ import annotations

from datetime import datetime

from smarketing.terms import zones
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import N_, Words
from smarketing.terms.lifecycle import Status

_KNOWN: dict[tuple[str, int], Agreement] = {}
SIGNED = (Status.SIGNED, Status.IN_FORCE, Status.SUPERSEDED, Status.ENDED)


def versions_of(slug: str | None = None, *, words: Words = ENGLISH) -> tuple[Agreement, ...]:
    """Every signed version of an agreement, the earliest first; those called off before their first day never held.

    Takes    slug  the agreement's id; None where there is only one
    Raises   TermsError when there is none, or several and none is named
    """
    from smarketing.records.agreements import did_hold, signed_terms
    from smarketing.records.models import Version

    signed = Version.objects.filter(status__in=SIGNED).select_related("agreement").order_by("number")
    held = [version for version in signed if did_hold(version)]
    slugs = sorted({version.agreement.slug for version in held})
    wanted = slug or (slugs[0] if len(slugs) == 1 else None)
    if wanted not in slugs:
        raise _nothing(slugs, slug, words)
    found: list[Agreement] = []
    for version in held:
        if version.agreement.slug == wanted:
            held_terms = _as_held(signed_terms(version), version.signed_at, version.ended_at, is_first=not found)
            found.append(_known(held_terms))
    return tuple(found)


def every_agreement() -> dict[str, tuple[Agreement, ...]]:
    """The versions of every agreement of which one ever held, by its slug."""
    from smarketing.records.agreements import did_hold
    from smarketing.records.models import Version

    signed = Version.objects.filter(status__in=SIGNED).select_related("agreement")
    slugs = sorted({version.agreement.slug for version in signed if did_hold(version)})
    return {slug: versions_of(slug) for slug in slugs}


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
