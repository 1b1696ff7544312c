"""I7: whoever had to be told was told once; whatever was said, the naive oracle would have said as well."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from tests.oracle import business_time_twin as walk
from tests.oracle.twin import Known as KnownLead
from tests.oracle.twin import OneLead, Rows, Tick, in_force
from tests.simulation import oracle

from smarketing.engine.history import NEVER
from smarketing.records.models import Endpoint, Installation, Moment, Notice
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.calendar import Calendar
from smarketing.terms.instants import micros
from smarketing.workflows.send_notices import message_id_of

if TYPE_CHECKING:
    from tests.simulation.world import World

OLD_US = 86_400_000_000
WALKED = 60 * OLD_US
SKEWED_US = 60_000_000
OVER = timedelta(minutes=5)
Key = tuple[str, str, int, str]  # lead, commitment, episode, rule


@dataclass(frozen=True)
class Due:
    """A moment at which a rule speaks of a clock, and when that clock stops."""

    at: int
    stop_at: int
    is_breach: bool


@dataclass
class Foresight:
    """Tells when somebody must speak of each lead, once for as long as the same is known of it."""

    judge: oracle.Judge
    told: dict[tuple[int, str], dict[Key, Due]] = field(default_factory=dict)

    def of(self, facts: oracle.Facts, n_versions: int) -> dict[Key, Due]:
        """Every moment of every reminder, breach and first step of a ladder, under the first so many versions."""
        found: dict[Key, Due] = {}
        for own in oracle.by_lead(facts):
            key = (n_versions, repr(own))
            if key not in self.told:
                self.told[key] = _moments(own, self.judge, n_versions)
            found |= self.told[key]
        return found


def _moments(own: Rows, judge: oracle.Judge, n_versions: int) -> dict[Key, Due]:
    found: dict[Key, Due] = {}
    versions, until = list(judge.versions[:n_versions]), judge.until
    known = KnownLead.at(own, own.leads[0], until)
    for name, ticks in judge.clocks_of(own, n_versions).items():
        for tick in ticks:
            agreement = next(each for number, each in enumerate(versions) if in_force(versions, number, tick.start_at))
            commitment = next(each for each in agreement.commitments if each.id == name)
            one = OneLead(known, agreement, commitment, own.owners, until, versions)
            for rule in agreement.alerts:
                if not tick.void and rule.on is not Occasion.UNASSIGNED and rule.fits(commitment):
                    at = _at(rule, tick, one)
                    if at != NEVER:
                        found[tick.lead, name, tick.episode, rule.id] = Due(
                            at, tick.stop_at, rule.on is Occasion.BREACH
                        )
    return found


def _at(rule: AlertRule, tick: Tick, one: OneLead) -> int:
    calendar, allowance = one.terms(tick.owner)
    pauses = [(max(begin, tick.start_at), end) for begin, end in one.pauses()]
    allowed = allowance.amount * 1_000_000
    if rule.on is Occasion.BREACH:
        return tick.due_at
    if rule.on is Occasion.ESCALATION:
        assert rule.after is not None
        if tick.due_at == NEVER:
            return NEVER
        return walk.due(calendar, tick.due_at, rule.after.amount * 1_000_000, [])
    if rule.at is not None:
        return _ran(calendar, tick.start_at, allowed * int(rule.at * 10_000) // 10_000, tuple(pauses))
    assert rule.before is not None
    used = allowed - rule.before.amount * 1_000_000  # at its last instant, should the office close just then
    return min(_ran(calendar, tick.start_at, used, tuple(pauses), is_last=True), tick.due_at) if used > 0 else NEVER


@lru_cache(maxsize=4_096)
def _ran(
    calendar: Calendar, start: int, used: int, pauses: tuple[tuple[int, int], ...], *, is_last: bool = False
) -> int:
    """When so much has run, walking from one open stretch to the next; with `is_last` the last such instant."""
    for begin, end in walk.running(calendar, start, start + WALKED, list(pauses)):
        if end - begin > used or (end - begin == used and not is_last):
            return begin + used
        used -= end - begin
    return NEVER


@dataclass
class States:
    """What was known when: the expectations after each change of the facts or terms."""

    found: list[tuple[int, dict[Key, Due]]]

    def allows(self, key: Key, at: int) -> bool:
        """Whether at some time this moment was expected, and came while its clock ran or had been missed."""
        for number, (_, known) in enumerate(self.found):
            until = self.found[number + 1][0] if number + 1 < len(self.found) else NEVER
            due = known.get(key)
            if due and due.at == at and at <= until + SKEWED_US and (due.is_breach or due.stop_at > at):
                return True
        return False

    def owed_since(self, key: Key, now: int) -> int:
        """Since when nothing that was known answered it: facts that take an answer back owe it from then on.

        A breach that ended late is over as well, once it is a day old: nobody is woken by it after so long a downtime.
        """
        since, until = None, now
        for at, known in reversed(self.found):
            due = known.get(key)
            if due is None or due.stop_at <= (due.at if due.is_breach else until):
                break
            if since and max(due.stop_at, due.at + OLD_US) <= until:
                break
            since = until = at
        return since or now


def check_notices(world: World, states: States) -> None:
    check_moments(world, states)
    check_messages(world)


def check_moments(world: World, states: States) -> None:
    raised = Moment.objects.filter(state="raised", level=0, occasion__in=("reminder", "breach", "escalation"))
    spoken = set[Key]()
    for moment in raised:
        key = (f"{moment.src}:{moment.lead_id}", moment.commitment, moment.episode, moment.rule)
        spoken.add(key)
        assert states.allows(key, micros(moment.at)), f"I7: nobody expected {key} at {moment.at}"
        assert moment.raised_at is not None and moment.raised_at >= moment.at, f"I7: {moment} spoke before its time"
        assert moment.notices.exists(), f"I7: {moment} was raised and nobody was told, nor why not"
        if moment.raised_at - moment.at > timedelta(hours=3):
            world.saw["alert_late"] += 1
            world.saw["alert_after_downtime"] += world.saw["downtime"]
    now, (_, last) = micros(world.now), states.found[-1]
    met = {key for key, due in last.items() if due.is_breach and due.stop_at <= due.at}
    world.saw["breach_corrected"] += len(spoken & met)
    for key, due in last.items():
        is_open = due.stop_at > now
        is_late = due.is_breach and due.at < due.stop_at <= now and due.at >= now - OLD_US + SKEWED_US
        if (
            due.at < now - SKEWED_US
            and (is_open or is_late)
            and due.at >= states.owed_since(key, now) - OLD_US + 2 * SKEWED_US
        ):
            assert key in spoken, f"I7: {key} was due at {datetime.fromtimestamp(due.at / 1e6)} and nobody spoke"


def check_messages(world: World) -> None:
    """Each message came once, or once more where its sender died or was not answered."""
    receivers, named = world.receivers, dict[str, Notice]()
    for notice in Notice.objects.exclude(channel="in_app"):
        is_mail = notice.endpoint_id is None
        name = f"mail {message_id_of(notice, world.now)}" if is_mail else f"hook {notice.key}"
        named[name] = notice
        n = receivers.came[name]
        is_told = notice.state == "sent" and notice.digest_id is None
        assert n >= 1 or not is_told, f"I7: {notice} is marked as sent and never came"
        assert n <= 1 + receivers.excused[name], f"I7: {notice} came {n} times"
        world.saw["came_twice"] += n > 1
    strangers = set(receivers.came) - set(named)
    assert not strangers, f"I7: nobody wrote {strangers}"
    assert Installation.objects.count() <= 1
    waiting = Notice.objects.filter(state="waiting", n_tries=0, digest=None, not_before_at__lt=world.now - OVER)
    resting = Endpoint.objects.filter(retry_at__gt=world.now).values("id")
    late = list(waiting.exclude(endpoint__in=resting))
    assert not late, f"I7: {late[0]} should have left at {late[0].not_before_at}"
    states = Counter(Notice.objects.values_list("state", flat=True))
    world.saw["digest"] += Notice.objects.filter(occasion="digest").count()
    world.saw["suppressed"] += states["suppressed"]
    assert not Notice.objects.filter(state="suppressed", reason="").exists(), "I7: suppressed without a reason"
    world.note("notices", sorted(Notice.objects.values_list("key", "state", "reason")))
