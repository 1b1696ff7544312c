"""One lead as its page shows it: how it stands under each promise, drawn on working time, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from smarketing.charts.ruler import clock_ruler
from smarketing.reports.figures import Draw, Figure, figure
from smarketing.scorecard.explain.explanation import ClockExplained, Explanation
from smarketing.terms.code_names import CHANNELS, OUTCOMES, REASONS, STAGES, TOUCHES, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.offsets import US
from smarketing.web.pages.lead_contests import Contest, Contested
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.list_leads import Neighbours
from smarketing.workflows.show_lead import Happening, ShownLead

TONES = {"met": "good", "breached": "bad", "running": "open", "void": "muted"}
DETAILS = {
    "object": N_("Record in the CRM"),
    "medium": N_("Medium"),
    "campaign": N_("Campaign"),
    "content": N_("Content"),
    "landing_page": N_("Page of the request"),
    "score": N_("Score"),
    "grade": N_("Grade"),
    "reason": N_("Reason"),
    "duplicate_of": N_("Duplicate of"),
}
CLOCKS = {
    "lead": N_("Lead clock: handover to touch"),
    "system": N_("System clock: handover to owner"),
    "rep": N_("Rep clock: owner to touch"),
}
MOST_RULERS = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """One clock of the lead: what it says, drawn, and the rule it was judged by."""

    id: str
    title: str
    word: str
    tone: str
    sentence: str
    ruler: Figure
    facts: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str, str, bool], ...]
    clause: str
    contests: tuple[Contest, ...] = ()
    contest_href: str = ""
    hours: str = ""  # whose clock its instants are on, where that is not the reader's


@dataclass(frozen=True, slots=True)
class Silent:
    """A promise that has nothing to say of this lead, and why."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    tone: str  # marketing, sales, good, bad, muted
    icon: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class LeadPage:
    name: str
    src: str
    person: str
    lead: str
    marks: tuple[tuple[str, str, str, str], ...]
    details: tuple[tuple[str, str], ...]
    standings: tuple[Standing, ...]
    silent: tuple[Silent, ...]
    moments: tuple[Moment, ...]
    zone: str
    place: str
    before: str
    after: str
    query: str


def lead_page(
    shown: ShownLead,
    *,
    words: Words,
    zone: str,
    draw: Draw,
    href_of: Callable[[str, str], str],
    around: Neighbours | None = None,
    query: str = "",
    contested: Contested | None = None,
) -> LeadPage:
    """Everything about one lead in the reader's words; instants of the timeline are in the reader's `zone`.

    Takes    around  where it stands in the list that it was opened from, `query` asked for that list
    """
    row = shown.row
    standings = tuple(
        _standing(explanation, clock, words, zone, draw, contested)
        for explanation in shown.explanations
        for clock in explanation.clocks[-MOST_RULERS:]
    )
    return LeadPage(
        name=row.lead_id,
        src=row.src,
        person=row.person_key if shown.shows_person else "",
        lead=_lead(shown, words, zone),
        marks=tuple((each.id, each.title, each.word, each.tone) for each in standings),
        details=_details(shown, words),
        standings=standings,
        silent=tuple(
            Silent(each.commitment, each.why_nothing or each.sentence)
            for each in shown.explanations
            if not each.clocks and (each.why_nothing or each.sentence)
        ),
        moments=tuple(_moment(each, words) for each in shown.happenings),
        zone=zone,
        place=_place(around, words),
        before=f"{href_of(*around.before)}?{query}" if around and around.before else "",
        after=f"{href_of(*around.after)}?{query}" if around and around.after else "",
        query=query,
    )


def _place(around: Neighbours | None, words: Words) -> str:
    if around is None:
        return ""
    return words("{place} of {n} in the list", place=words.number(around.place), n=words.number(around.n))


def _lead(shown: ShownLead, words: Words, zone: str) -> str:
    """One sentence: where it came from, when, whose it is, how far it got."""
    row = shown.row
    source, at = said(row.source, CHANNELS, words), words.instant(row.created_at, zone)
    parts = [words("Came on {at} from {source}.", at=at, source=source) if source else words("Came on {at}.", at=at)]
    if row.owner:
        owned = words("{name} of {team} owns it.", name=row.owner, team=row.team)
        parts.append(owned if row.team else words("{name} owns it.", name=row.owner))
    if row.stage:
        parts.append(words("It is at the stage {stage}.", stage=said(row.stage, STAGES, words)))
    return " ".join(parts)


def _details(shown: ShownLead, words: Words) -> tuple[tuple[str, str], ...]:
    row = shown.row
    found = [(words("System"), row.src), (words("Tier"), row.tier), (words("Status in the CRM"), row.status)]
    found += [
        (words(DETAILS[name]), said(value, REASONS, words) if name == "reason" else value)
        for name, value in shown.details.items()
    ]
    return tuple((name, value) for name, value in found if value)


def _standing(
    explanation: Explanation, clock: ClockExplained, words: Words, zone: str, draw: Draw, contested: Contested | None
) -> Standing:
    many = len(explanation.clocks) > 1
    chart = clock_ruler(clock, explanation.now, words)
    key = f"{clock.clause.id}-{clock.episode}" if many else clock.clause.id
    return Standing(
        id=key,
        title=clock.clause.title or clock.clause.id,
        word=words(VERDICTS[clock.verdict]),
        tone=TONES[clock.verdict],
        sentence=clock.sentence,
        ruler=figure(chart, words, draw=draw),
        facts=tuple(_facts(clock, words)),
        timings=tuple(
            (
                words(CLOCKS[each.clock]),
                "–" if each.elapsed_us is None else words.duration(each.elapsed_us / US),
                each.owner,
                each.is_judged,
            )
            for each in clock.timings
        ),
        clause=clock.clause.id,
        contests=contested.of(clock) if contested else (),
        contest_href=contested.href_for(clock) if contested else "",
        hours="" if clock.calendar.zone == zone else words("Hours on the clock of {zone}.", zone=clock.calendar.zone),
    )


def _facts(clock: ClockExplained, words: Words) -> Iterator[tuple[str, str]]:
    zone = clock.calendar.zone
    yield words("Promise"), f"{clock.clause.target}"
    yield words("Allowed"), clock.allowance
    yield words("Open time used"), words.duration(clock.elapsed_us / US)
    for title, at in (
        (words("Started"), clock.start),
        (words("At risk"), clock.risk),
        (words("Due"), clock.due),
        (words("Stopped"), clock.stop),
        (words("Broken at"), clock.breached),
    ):
        if at:
            yield title, words.instant(at.utc, zone)
    for pause in clock.pauses:
        yield words("Pause"), f"{pause.status}: {words.duration(pause.open_us / US)}"
    yield words("Calendar"), f"{clock.calendar.name or clock.calendar.id}. {clock.calendar.why}"
    yield words("Time zone"), words("{zone}, database {version}", zone=zone, version=clock.calendar.tzdb)
    yield words("Agreement"), f"{clock.version.agreement}. {clock.version.why}"


def _moment(each: Happening, words: Words) -> Moment:
    text, tone, icon = _told(each, words)
    notes = [said(each.outcome, OUTCOMES | REASONS, words) if each.outcome else "", each.who]
    if each.duration_s:
        notes.append(words.duration(each.duration_s))
    if each.amount is not None:
        notes.append(words.money(each.amount, each.currency or "EUR"))
    return Moment(each.at, tone, icon, text, " · ".join(filter(None, notes)))


def _told(each: Happening, words: Words) -> tuple[str, str, str]:
    """What happened in a few words, its tone and its drawing."""
    if each.kind == "touch":
        return _touch(each, words)
    stage = said(each.what, STAGES, words)
    told = {
        "created": (words("The lead was made"), "marketing", "sparkles"),
        "owner": (words("Given to an owner"), "sales", "user"),
        "stage": (words("Reached the stage {stage}", stage=stage), "marketing", "flag"),
        "status": (words("Status: {status}", status=each.what), "muted", "tag"),
        "deal": (words("A deal was opened"), "sales", "briefcase"),
        "won": (words("The deal was won"), "good", "trophy"),
        "lost": (words("The deal was lost"), "bad", "x-circle"),
    }
    return told[each.kind]


def _touch(each: Happening, words: Words) -> tuple[str, str, str]:
    icons = {"call": "phone", "email": "envelope", "meeting": "calendar", "sms": "device-phone-mobile"}
    kind, icon = said(each.what, TOUCHES, words), icons.get(each.what, "chat-bubble-left-right")
    if each.is_automated:
        return words("Sent by a machine: {kind}", kind=kind), "muted", icon
    if each.direction == "in":
        return words("From the lead: {kind}", kind=kind), "good", icon
    if each.direction == "internal":
        return words("Among ourselves: {kind}", kind=kind), "muted", icon
    return words("To the lead: {kind}", kind=kind), "sales", icon
