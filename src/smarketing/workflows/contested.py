"""What a dispute is about, looked up in the facts as its reader may see them: one clock, or one count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.engine.metrics import TALLY_KINDS
from smarketing.records.access import Actor, Refused
from smarketing.records.models import Dispute, Subject
from smarketing.terms import zones
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.errors import FactsError, UserError
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.list_leads import LeadClock, LeadRow, list_leads
from smarketing.workflows.open_leads import OpenedLeads, open_leads

LEADS = frozenset({Kind.LEAD_VOLUME, Kind.LEAD_VALUE})  # of which one that was left out can be counted after all
TIMED = frozenset({Kind.SPEED_TO_LEAD, Kind.DISPOSITION_TIME, Kind.FOLLOW_UP_CADENCE})  # what can count as met


@dataclass(frozen=True, slots=True)
class Contested:
    """`clock` is None for a thing that was counted, or left out of the count. `terms` is the version that judged it."""

    row: LeadRow
    commitment: Commitment
    terms: Agreement
    clock: LeadClock | None
    is_left_out: bool = False

    @property
    def subject(self) -> Subject:
        return Subject.CLOCK if self.clock else Subject.COUNT

    @property
    def was(self) -> str:
        """The verdict of the clock; of a count, "void" where it was left out, else nothing."""
        return self.clock.verdict if self.clock else "void" if self.is_left_out else ""

    @property
    def may_become(self) -> tuple[str, ...]:
        """What whoever contests it may ask for; nothing for a clock that counts for nobody."""
        if self.clock is None:
            return ("met",) if self.is_left_out else ("void",)
        if self.clock.verdict == "void":
            return ()
        return ("void", "met") if self.clock.verdict != "met" and self.commitment.kind in TIMED else ("void",)

    @property
    def clause(self) -> str:
        return f"commitments.{self.commitment.id}"


def contested(
    actor: Actor,
    *,
    slug: str,
    commitment: str,
    src: str,
    lead_id: str,
    now: datetime,
    words: Words,
    episode: int = 0,
    is_left_out: bool = False,
) -> Contested:
    """The clock, or the thing counted, that somebody wants to contest.

    Takes    is_left_out  that the lead was left out of the count, which only whoever promised the count contests
    Raises Refused where there is no such lead or agreement for them, UserError where nothing was judged
    """
    opened = _opened(actor, slug, words)
    found = [each for version in opened.versions for each in version.commitments if each.id == commitment]
    if opened.slug != slug or not found:
        raise Refused(N_("There is no such promise."))
    promise = found[-1]
    is_count = promise.kind in TALLY_KINDS
    is_left_out = is_left_out and promise.kind in LEADS
    verdict = "void" if is_left_out else ""
    asked = LeadFilter(lead=(src, lead_id), commitment=commitment if is_count else "", verdict=verdict)
    said = {"scope": opened.scope, "now": now, "words": words}
    rows = list_leads(opened.facts, opened.versions, asked, **said).rows  # type: ignore[arg-type]
    if not rows and (not is_count or not _lead(opened, src, lead_id, now, words)):
        raise Refused(N_("There is no such lead."))
    clock = next((c for row in rows for c in row.clocks if (c.commitment, c.episode) == (commitment, episode)), None)
    if not rows or (clock is None and not is_count):
        raise UserError(
            N_("This lead was not judged by “{title}”."),
            hint=N_("Open the lead: its page says what judged it."),
            title=promise.title or promise.id,
        )
    at = (clock.started_at if clock else rows[0].counted_at) or now
    terms = _judging(opened.versions, at)
    mine = next((each for each in terms.commitments if each.id == commitment), promise)
    return Contested(rows[0], mine, terms, None if is_count else clock, is_left_out)


def _lead(opened: OpenedLeads, src: str, lead_id: str, now: datetime, words: Words) -> bool:
    only = LeadFilter(lead=(src, lead_id))
    return bool(list_leads(opened.facts, opened.versions, only, scope=opened.scope, now=now, words=words).rows)


def _opened(actor: Actor, slug: str, words: Words) -> OpenedLeads:
    try:
        return open_leads(actor, slug, words)
    except FactsError as error:
        raise Refused(N_("There is no such lead.")) from error


def _judging(versions: tuple[Agreement, ...], at: datetime) -> Agreement:
    """The version in force on the day of an instant; the first for what came before it."""
    begun = [each for each in versions if each.in_force.from_on <= at.astimezone(zones.zone(each.zone)).date()]
    return begun[-1] if begun else versions[0]


@dataclass(frozen=True, slots=True)
class LeadNow:
    """The lead of a dispute as its reader may open it, and what the facts say of the clock today."""

    verdict: str


def lead_of(actor: Actor, dispute: Dispute, *, now: datetime, words: Words) -> LeadNow | None:
    """None where it is about hours, or the lead is none of this reader's."""
    if dispute.subject == Subject.WINDOW:
        return None
    try:
        opened = _opened(actor, dispute.agreement.slug, words)
        only = LeadFilter(lead=(dispute.src, dispute.lead_id))
        rows = list_leads(opened.facts, opened.versions, only, scope=opened.scope, now=now, words=words).rows
    except UserError:
        return None
    wanted = (dispute.commitment, dispute.episode)
    verdicts = (c.verdict for row in rows for c in row.clocks if (c.commitment, c.episode) == wanted)
    return LeadNow(next(verdicts, "")) if rows else None
