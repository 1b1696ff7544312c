"""Ask for a waiver of the hours of an outage, of every clock that started or was due in them; and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from smarketing.engine.clocks import Verdict
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.metrics import CLOCK_KINDS
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import Refused, actor_of
from smarketing.records.disputes import Bench
from smarketing.records.events import one_write
from smarketing.records.models import Agreement, Dispute, Person, Subject
from smarketing.records.parties import Roster
from smarketing.scorecard.waived import DUE, EITHER, STARTED, WaivedWindow, Waivers, Waiving
from smarketing.terms.agreement import Agreement as Terms
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.instants import micros
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.dispute_times import decided_by
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.raise_dispute import check_said
from smarketing.workflows.tell_disputes import tell_raised

BASES = (STARTED, DUE, EITHER)
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class WouldChange:
    """The clocks of one commitment that a window would waive, by their verdict now."""

    commitment: str
    n_met: int
    n_breached: int
    n_running: int

    @property
    def n(self) -> int:
        return self.n_met + self.n_breached + self.n_running


def waive_window(
    *, slug: str, window: WaivedWindow, clause: str, text: str, by: Person, now: datetime, words: Words = ENGLISH
) -> Dispute:
    """The request, open: somebody of the other party decides, nobody alone.

    Raises   Refused for who may not ask, UserError for hours or promises that make no sense
    """
    versions = _versions(slug, words)
    terms, bench = versions[-1], Bench(actor_of(by, now.date()), versions[-1], Roster.today())
    party = bench.raises_for(windows=True)
    if not party:
        raise Refused(N_("You may not ask for this."))
    check_window(window, terms)
    cited = clause or f"commitments.{window.commitments[0]}"
    check_said(terms, cited, window.reason, text)
    with one_write(verb="waive_window", by=by, now=now) as write:
        dispute = Dispute.objects.create(
            agreement=Agreement.objects.get(slug=slug),
            version=terms.version,
            subject=Subject.WINDOW,
            clause=cited,
            commitments=list(window.commitments),
            from_at=window.from_at,
            until_at=window.until_at,
            basis=window.basis,
            sources=list(window.sources),
            teams=list(window.teams),
            reason=window.reason,
            text=text.strip(),
            party=party,
            raised_by=by,
            raised_at=now,
            due_at=decided_by(terms, bench.deciding_party(party), now),
        )
        tell_raised(dispute, now)
        told = {"commitments": list(window.commitments), "basis": window.basis, "reason": window.reason}
        write.about(dispute, agreement=slug, from_at=window.from_at, until_at=window.until_at, **told)
    return dispute


def check_window(window: WaivedWindow, terms: Terms) -> None:
    """Raises UserError unless the window is one, and about promises that are judged by clocks of leads."""
    known = {each.id for each in waivable(terms)}
    if not window.commitments or not set(window.commitments) <= known:
        raise UserError(N_("Choose at least one promise."), where="commitments")
    if window.basis not in BASES:
        raise UserError(N_("Choose which clocks are meant."), where="basis")
    if not window.from_at < window.until_at:
        raise UserError(N_("The hours end before they begin."), where="until")
    if window.until_at - window.from_at > LONGEST:
        raise UserError(N_("A window is at most {n} days long."), where="until", n=LONGEST.days)


def waivable(terms: Terms) -> list[Commitment]:
    """The promises whose clocks can be waived by the hour."""
    return [each for each in terms.commitments if each.kind in CLOCK_KINDS and each.kind is not Kind.DELIVERABLE]


def preview_window(
    facts: Facts, versions: Sequence[Terms], window: WaivedWindow, *, already: Waivers, now: datetime
) -> tuple[WouldChange, ...]:
    """What the window would change beside the waivers there are `already`, commitment by commitment.

    Raises FactsError when the facts cannot be read
    """
    replica, at = open_replica(facts), micros(now)
    start, end = min(replica.first_at, at), max(replica.latest_at, at) + 1
    compiled = compile_terms(versions, replica.codebook, start=start, end=end)
    numbers = replica.numbers_of([(each.src, each.lead_id) for each in already.ones])
    before, wanted = Waiving.of(already, compiled, numbers), Waiving.of(Waivers(windows=(window,)), compiled, ())
    counts = {name: np.zeros(len(Verdict), np.int64) for name in window.commitments}
    until = micros(window.until_at)
    for bucket in range(replica.n_buckets):
        if replica.span(bucket)[0] >= until:
            continue
        found = evaluate(replica.history(bucket), compiled, now=at).clocks
        for name in window.commitments:
            if name in found:
                begun = found[name].take(found[name].start_at <= at)
                plain, _ = before.over(name, begun, at)
                _, changed = wanted.over(name, plain, at)
                counts[name] += np.bincount(begun.verdicts(at).take(changed.rows), minlength=len(Verdict))
    return tuple(
        WouldChange(name, int(n[Verdict.MET]), int(n[Verdict.BREACHED]), int(n[Verdict.RUNNING]))
        for name, n in counts.items()
    )


def _versions(slug: str, words: Words) -> tuple[Terms, ...]:
    try:
        return versions_of(slug, words=words)
    except UserError as error:
        raise Refused(N_("There is no such agreement.")) from error
