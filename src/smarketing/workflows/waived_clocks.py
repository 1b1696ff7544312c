"""Waivers over clocks that still run: nobody is warned of them, and the boards say why; revoked, they come back."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from smarketing.ledger.models import FACTS, OpenClock
from smarketing.records.events import hold_chain
from smarketing.records.models import Dispute, Moment, MomentState, Notice, NoticeState, Subject
from smarketing.scorecard.waived import DUE, STARTED, WaivedWindow, Waivers
from smarketing.scorecard.waived_clock import Covering, NamedClock
from smarketing.terms.alert_rule import Occasion
from smarketing.workflows.open_waivers import every_waiver, in_force

ABOUT_CLOCKS = frozenset({Occasion.REMINDER, Occasion.BREACH, Occasion.ESCALATION})
WAIVED = "waived"  # why a notice is not sent; a moment stands down for "waived:" and the reason of the dispute


class WaivedClocks:
    """What is waived at an instant, to look clocks up in."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.found = {slug: Covering(waivers) for slug, waivers in every_waiver(at=now).items()}

    def __bool__(self) -> bool:
        return bool(self.found)

    def reason(self, clock: OpenClock) -> str:
        """The reason of the dispute that waived this clock; empty where none did."""
        covering = self.found.get(clock.agreement)
        return covering.reason_over(_named(clock)) if covering else ""

    def reason_of(self, moment: Moment, clock: OpenClock | None) -> str:
        """The same of the clock that a moment is about, open or answered; empty for what is about no clock."""
        covering = self.found.get(moment.agreement)
        if covering is None or moment.occasion not in ABOUT_CLOCKS:
            return ""
        return covering.reason_over(_named(clock) if clock else _answered(moment))

    def condition(self) -> Q:
        """Which rows of the table of open clocks are waived."""
        return reduce(or_, (self._of(slug, covering.waivers) for slug, covering in self.found.items()), Q(pk__in=[]))

    def _of(self, slug: str, waivers: Waivers) -> Q:
        covered = reduce(or_, map(_within, waivers.windows), Q(pk__in=[]))
        if waivers.ones:
            names = ("commitment", "src", "lead_id", "episode")
            same = {f"dispute__{name}": OuterRef(name) for name in names}
            one = in_force(self.now).filter(dispute__agreement__slug=slug, **same)
            covered |= Q(lead_id__in=sorted({each.lead_id for each in waivers.ones})) & Q(Exists(one))
        return Q(agreement=slug) & covered


def held_waivers(now: datetime) -> WaivedClocks:
    """The waivers, which nobody gives or revokes until the transaction around this ends."""
    if in_force(now).exists():
        hold_chain()
    return WaivedClocks(now)


def bring_back(dispute: Dispute) -> None:
    """What was not said because of this waiver waits again where its clock still runs; other waivers hold it still."""
    promises = dispute.commitments if dispute.subject == Subject.WINDOW else [dispute.commitment]
    names = ("src", "lead_id", "agreement", "commitment", "episode")
    runs = Exists(OpenClock.objects.filter(**{name: OuterRef(name) for name in names}))
    theirs = Q(agreement=dispute.agreement.slug, commitment__in=promises) & Q(runs)
    moments = Moment.objects.filter(theirs, state=MomentState.STOOD_DOWN, why__startswith=f"{WAIVED}:")
    moments.update(state=MomentState.WAITING, why="")
    notices = Notice.objects.filter(theirs, state=NoticeState.SUPPRESSED, reason=WAIVED)
    notices.update(state=NoticeState.WAITING, reason="", digest=None)


def _named(clock: OpenClock) -> NamedClock:
    return NamedClock(
        clock.commitment,
        clock.src,
        clock.lead_id,
        clock.episode,
        clock.start_at,
        clock.due_at,
        clock.source or "",
        clock.team or "",
    )


def _answered(moment: Moment) -> NamedClock:
    """A clock that is in no table any more, with the source and the team of its lead today."""
    leads, owners = FACTS["lead"].objects, FACTS["owner"].objects  # type: ignore[attr-defined]
    facts = leads.filter(src=moment.src, lead_id=moment.lead_id)
    channel, source, owner = facts.values_list("channel", "source_raw", "owner_id").first() or ("", "", None)
    team = owners.filter(src=moment.src, owner_id=owner).values_list("team", flat=True).first() if owner else ""
    return NamedClock(
        moment.commitment,
        moment.src,
        moment.lead_id,
        moment.episode,
        moment.start_at,
        moment.due_at,
        channel or source or "",
        team or "",
    )


def _within(window: WaivedWindow) -> Q:
    started = Q(start_at__gte=window.from_at, start_at__lt=window.until_at)
    due = Q(due_at__gte=window.from_at, due_at__lt=window.until_at)
    found = {STARTED: started, DUE: due}.get(window.basis, started | due) & Q(commitment__in=window.commitments)
    for name, wanted in (("source", window.sources), ("team", window.teams)):
        found = found & Q(**{f"{name}__in": list(wanted)}) if wanted else found
    return found
