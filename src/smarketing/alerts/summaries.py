"""Who gets the pulse of a team or the summary of a week this morning, by which way, and under which key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from smarketing.alerts.directory import Directory, Somebody, Wishes
from smarketing.alerts.firing import BRAKE, Draft, Firing, key_of
from smarketing.alerts.raising import drafts
from smarketing.alerts.recipients import crews_of_party
from smarketing.alerts.tally import Tally
from smarketing.alerts.working_days import morning
from smarketing.terms.agreement import Agreement, Party
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.calendar import Calendar
from smarketing.terms.period import Grain, Period, period_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Summary(Draft):
    """`about` is a team on a day, or an agreement in a week; nobody is told of that twice by one way."""

    about: str = ""
    team_id: int | None = None
    on: date = date.min
    week: Period | None = None

    @property
    def key(self) -> str:
        reader = self.recipient.key if self.endpoint_id is None else f"endpoint:{self.endpoint_id}"
        return key_of(self.firing.rule.on.value, self.about, reader, self.channel)


def due_summaries(agreement: Agreement, directory: Directory, tally: Tally, now: datetime) -> list[Summary]:
    """Everything that the rules of an agreement in force ask for now, written already or not; each key once."""
    found: dict[str, Summary] = {}
    for rule in agreement.alerts:
        if rule.on in (Occasion.PULSE, Occasion.WEEKLY_SUMMARY):
            for each in _of_rule(rule, agreement, directory, tally, now):
                found.setdefault(each.key, each)
    return list(found.values())


def calendar_of_party(party: Party, agreement: Agreement) -> Calendar:
    """The first of the agreement where the party names none."""
    return next((each for each in agreement.calendars if each.id == party.calendar), agreement.calendars[0])


def _of_rule(
    rule: AlertRule, agreement: Agreement, directory: Directory, tally: Tally, now: datetime
) -> Iterator[Summary]:
    parties = {party.id for party in agreement.parties}
    for party in agreement.parties:
        to = tuple(role for role in rule.to if role == party.id or role not in parties)
        crews = crews_of_party(party, directory)
        about: tuple[int | None, ...] = crews if rule.on is Occasion.PULSE else (None,)
        for crew in about if to else ():
            for draft in _drafts(rule, to, party, crew, agreement, directory, tally, now):
                if crew is None or _is_of(draft.recipient.somebody, crew, crews, directory):
                    yield from _due(draft, party, crew, now)


def _drafts(
    rule: AlertRule,
    to: tuple[str, ...],
    party: Party,
    crew: int | None,
    agreement: Agreement,
    directory: Directory,
    tally: Tally,
    now: datetime,
) -> Iterator[Draft]:
    """Morning messages keep neither quiet hours nor digests: the reader chose their time. The brake holds them."""
    asked = rule.model_copy(update={"to": to, "urgent": True, "digest": False, "most": None})
    team = min(directory.crews[crew].names) if crew is not None else ""
    firing = Firing((rule.on.value,), asked, agreement, team=team, party=party.id)
    for draft in drafts(firing, directory, tally, now):
        is_braked = draft.bundle is not None and draft.bundle.why == BRAKE
        free = draft if draft.bundle is None or is_braked else replace(draft, bundle=None, reason="")
        at = free.not_before_at if is_braked else now
        yield replace(free, firing=replace(firing, rule=rule), not_before_at=at)


def _is_of(somebody: Somebody | None, crew: int, crews: tuple[int, ...], directory: Directory) -> bool:
    """Who works in some teams of a party gets the pulse of these, who works in none that of every team."""
    own = set(directory.crews_of.get(somebody.id, ())) if somebody and somebody.id is not None else set()
    return crew in own or not own & set(crews)


def _due(draft: Draft, party: Party, crew: int | None, now: datetime) -> Iterator[Summary]:
    """The draft as a summary, if it is the reader's time for it."""
    agreement, reader = draft.firing.agreement, draft.recipient.somebody or Somebody(None)
    wishes = reader.wishes if reader.id is not None else Wishes()
    calendar = calendar_of_party(party, agreement)
    on = morning(calendar, reader.zone or agreement.zone, wishes.digest_at, now)
    if on is None:
        return
    plain = {f.name: getattr(draft, f.name) for f in fields(Draft)}
    if crew is not None:
        yield Summary(**plain, about=f"team:{crew}:{on}", team_id=crew, on=on)
        return
    week = period_of(Grain.WEEK, on - WEEK, week_starts_on=agreement.week_starts_on)
    yield Summary(**plain, about=f"{agreement.id}:{week}", on=on, week=week)
