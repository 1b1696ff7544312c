"""What is contested of a lead's clocks, and what was waived: a line beside the verdict, which stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from smarketing.records.models import Dispute, DisputeReason, Subject
from smarketing.scorecard.explain.explanation import ClockExplained
from smarketing.terms.language import Words
from smarketing.web.pages.disputes import STATES, TONES
from smarketing.web.pages.spoken import VERDICTS
from smarketing.workflows.list_leads import LeadRow


@dataclass(frozen=True, slots=True)
class Contest:
    word: str
    tone: str
    sentence: str
    href: str


@dataclass(frozen=True)
class Contested:
    """`seen` are the disputes that this reader may open; `href` the form for another one, empty where they may not."""

    disputes: tuple[Dispute, ...]
    seen: frozenset[int]
    row: LeadRow
    href: str
    dispute_href: Callable[[int], str]
    words: Words
    zone: str

    def of(self, clock: ClockExplained) -> tuple[Contest, ...]:
        return tuple(self._contest(each, clock) for each in self.disputes if self._is_about(each, clock))

    def href_for(self, clock: ClockExplained) -> str:
        """Where this clock can be contested; empty where it is already, or counts for nobody."""
        is_taken = any(each.is_open or _is_waived(each) for each in self.disputes if self._is_about(each, clock))
        if not self.href or is_taken or clock.verdict == "void":
            return ""
        return f"{self.href}&{urlencode({'commitment': clock.clause.id, 'episode': clock.episode})}"

    def _is_about(self, each: Dispute, clock: ClockExplained) -> bool:
        if each.subject != Subject.WINDOW:
            return (each.commitment, each.episode) == (clock.clause.id, clock.episode)
        assert each.from_at and each.until_at
        inside = {
            "started": each.from_at <= clock.start.utc < each.until_at,
            "due": clock.due is not None and each.from_at <= clock.due.utc < each.until_at,
        }
        fits = any(inside.values()) if each.basis == "either" else inside[each.basis]
        of_source = not each.sources or clock.source in each.sources
        of_team = not each.teams or self.row.team in each.teams
        return fits and clock.clause.id in each.commitments and of_source and of_team and clock.verdict != "void"

    def _contest(self, each: Dispute, clock: ClockExplained) -> Contest:
        words = self.words
        reason = words(str(DisputeReason(each.reason).label))
        href = self.dispute_href(each.id) if each.id in self.seen else ""
        if _is_waived(each):
            return Contest(words("waived"), "good", self._waived(each, clock, reason), href)
        said = {
            "open": words("Contested: {reason}. The verdict stays until it is decided.", reason=reason),
            "accepted": words("The waiver was revoked: the original verdict counts.", reason=reason),
            "rejected": words("Contested: {reason}. The dispute was rejected.", reason=reason),
            "withdrawn": words("Contested: {reason}. The dispute was withdrawn.", reason=reason),
        }[each.state]
        state = words("revoked") if each.state == "accepted" else words(STATES[each.state])
        return Contest(state, "muted" if each.state == "accepted" else TONES[each.state], said, href)

    def _waived(self, each: Dispute, clock: ClockExplained, reason: str) -> str:
        words, verdict = self.words, self.words(VERDICTS[clock.verdict])
        by = each.decided_by.name if each.decided_by and each.id in self.seen else words("the other party")
        on = words.instant(each.decided_at or datetime.max, self.zone)
        if clock.verdict == "met" and each.was not in ("", "met"):
            return words(
                "Waived by {name}, {at}: {reason}. No effect: the promise was kept.", name=by, at=on, reason=reason
            )
        return words(
            "Waived by {name}, {at}: {reason}. The original verdict is {verdict}.",
            name=by,
            at=on,
            reason=reason,
            verdict=verdict,
        )


def _is_waived(each: Dispute) -> bool:
    waiver = getattr(each, "waiver", None)
    return waiver is not None and not hasattr(waiver, "revocation")
