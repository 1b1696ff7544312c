"""Show an agreement's scorecard to one reader: counted once for everybody, names only for those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import LeadScope
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.waived import NONE, Waivers
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError, UserError
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import Words
from smarketing.terms.period import Period
from smarketing.workflows.card_shelf import CardShelf
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_waivers import waivers_of
from smarketing.workflows.read_scorecard import FRESH, read_scorecard
from smarketing.workflows.score_agreement import ALL
from smarketing.workflows.veil_card import veil_of

AXES = tuple(Axis)
A_MOMENT_S = 2.5


@dataclass(frozen=True, slots=True)
class Counted:
    """A card before anybody's name is hidden, and the team of each rep."""

    card: Scorecard
    team_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is of a scorecard: no `card` while it is being counted, or where `trouble` says why there is none.

    `whole` is the card of all leads at the same instant; the same object where nothing was narrowed.
    """

    at: datetime
    card: Scorecard | None = None
    whole: Scorecard | None = None
    trouble: UserError | None = None

    @property
    def is_counting(self) -> bool:
        return self.card is None and self.trouble is None

    @property
    def has_no_facts(self) -> bool:
        return isinstance(self.trouble, FactsError)


SHELF: CardShelf[Counted] = CardShelf()


def show_scorecard(
    versions: tuple[Agreement, ...],
    *,
    scope: LeadScope,
    period: Period,
    now: datetime,
    words: Words,
    at: datetime | None = None,
    only: Mapping[Axis, str] = ALL,
    wait_s: float = A_MOMENT_S,
) -> Shown:
    """The scorecard of one period as `scope` may see it.

    Takes    versions  of one agreement, oldest first
             at        an earlier instant that the card is about; where it is None, a card of the last minutes will do
             only      what it is narrowed to, as groups of the card that `scope` sees name it
             wait_s    how long a reader waits for numbers before they are told that it is being counted
    """
    moment = min(at, now) if at else now
    try:
        facts = open_facts(None, shown_at=now)
        waivers = waivers_of(versions[-1].id, at=moment)
        key = (str(facts.path), facts.sequence, *map(fingerprint, versions), period.label, waivers)
        moment = moment if at else SHELF.moment(key, now)
        fresh = timedelta() if at else FRESH
        found = SHELF.card(
            key, moment, lambda: count(versions, facts, period, moment, words, fresh, waivers=waivers), wait_s=wait_s
        )
        if found is None:
            return Shown(moment)
        veil = veil_of(found.card, scope, found.team_of, words)
        whole = veil.over(found.card, {}) if veil else found.card
        if not only:
            return Shown(whole.now, whole, whole)
        wanted, now_of_it = veil.lifted(only) if veil else dict(only), whole.now
        key = (*key, *sorted(wanted.items()))
        part = SHELF.card(
            key,
            now_of_it,
            lambda: count(versions, facts, period, now_of_it, words, wanted=wanted, waivers=waivers),
            wait_s=wait_s,
        )
    except UserError as error:
        error.translate(words)
        return Shown(moment, trouble=error)
    if part is None:
        return Shown(whole.now)
    return Shown(whole.now, veil.over(part.card, only) if veil else part.card, whole)


def count(
    versions: tuple[Agreement, ...],
    facts: Facts,
    period: Period,
    at: datetime,
    words: Words,
    fresh: timedelta = timedelta(),
    wanted: Mapping[Axis, str] = ALL,
    waivers: Waivers = NONE,
) -> Counted:
    said: dict[str, Any] = {"only": wanted, "waivers": waivers, "words": words, "fresh": fresh}
    card = read_scorecard(facts, versions, period=period, now=at, by=AXES, **said)
    book = open_replica(facts).codebook
    teams = {owner: book.teams[team] for owner, team in zip(book.owners, book.team_of, strict=True) if team >= 0}
    return Counted(card, teams)
