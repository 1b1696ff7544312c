"""The promise behind a verdict: its clause, the version that makes it, and the calendar it is measured on."""

from __future__ import annotations

from smarketing.engine.clauses import Clause, Version
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import NEVER
from smarketing.scorecard.explain.case import local_date
from smarketing.scorecard.explain.explanation import CalendarSeen, ClauseSeen, VersionSeen, instant_or_none
from smarketing.terms.agreement import Party
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.hours import week_words
from smarketing.terms.language import Words
from smarketing.terms.promise_words import target_words
from smarketing.terms.zones import tzdb_version


def version_seen(version: Version, words: Words) -> VersionSeen:
    agreement = version.agreement
    since = words.day(local_date(agreement.zone, version.start_at))
    if version.end_at == NEVER:
        why = words("Version {version} has been in force since {since}.", version=agreement.version, since=since)
    else:
        until = words.day(local_date(agreement.zone, version.end_at - 1))
        why = words(
            "Version {version} was in force from {since} to {until}.",
            version=agreement.version,
            since=since,
            until=until,
        )
    return VersionSeen(
        agreement=agreement.id,
        version=agreement.version,
        fingerprint=fingerprint(agreement),
        from_on=agreement.in_force.from_on,
        until=instant_or_none(version.end_at, agreement.zone),
        why=why,
    )


def clause_seen(version: Version, clause: Clause, words: Words) -> ClauseSeen:
    promise = clause.commitment
    return ClauseSeen(
        number=version.agreement.commitments.index(promise) + 1,
        id=promise.id,
        kind=promise.kind.value,
        party=promise.party,
        title=promise.title or promise.id,
        text=promise.description,
        target=target_words(promise.target, words),
    )


def calendar_seen(
    compiled: Compiled,
    position: int,
    version: Version,
    clause: Clause,
    *,
    owner: int,
    override: int | None,
    words: Words,
) -> CalendarSeen:
    """The calendar of a clock, and why it is this one: by override, owner, commitment, party, or as the first."""
    agreement, commitment = version.agreement, clause.commitment
    if position >= len(compiled.calendars):
        why = words("The time allowed is by the clock, nights and weekends included.")
        return CalendarSeen("", words("around the clock"), agreement.zone, tzdb_version(), {}, why)
    calendar = compiled.calendars[position]
    own = version.codebook.owner_calendars[owner] if owner >= 0 else ""
    if override and commitment.overrides[override - 1].calendar:
        why = words("Override {number} of the commitment names it.", number=override)
    elif own == calendar.id:
        why = words("It is the owner's own.")
    elif commitment.calendar:
        why = words("The commitment names it.")
    elif _party(version, clause).calendar:
        why = words("It is the party's.")
    else:
        why = words("It is the first of the agreement.")
    hours = week_words(calendar.week)
    return CalendarSeen(calendar.id, calendar.name, calendar.zone, tzdb_version(), hours, why)


def _party(version: Version, clause: Clause) -> Party:
    return next(party for party in version.agreement.parties if party.id == clause.commitment.party)
