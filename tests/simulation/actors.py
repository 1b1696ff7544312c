"""Whoever acts in a world: sources that send, web processes that take in, workers, people who sign."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.db import DatabaseError, connections
from tests.negotiations import fingerprint
from tests.simulation.installation import SECOND, propose_for
from tests.simulation.stories import Parcel

from smarketing.cli.alert_raiser import AlertRaiser
from smarketing.cli.inbox_drain import InboxDrain
from smarketing.cli.job_runner import Runner
from smarketing.cli.notice_sender import NoticeSender
from smarketing.ledger.group_commit import GroupCommit
from smarketing.ledger.models import DrainLease, InboxRow
from smarketing.records.models import Moment, Person, Version
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.sources.webhook.signatures.request import Signed
from smarketing.tasks import EVERY, TASKS
from smarketing.workflows import receive_events as receiving
from smarketing.workflows.sign_version import sign_version

if TYPE_CHECKING:
    from datetime import datetime

    from tests.simulation.world import World

SECOND_S, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
JOBS = ("refresh_open_clocks", "turn_versions")
FAR = timedelta(days=400)


@dataclass(eq=False)
class Actor:
    """`next_at` is when it acts again; `skew` how much its clock is ahead."""

    world: World
    name: str
    next_at: datetime
    skew: timedelta = timedelta(0)
    is_frozen: bool = False
    has_lost_lock: bool = False
    wakes_for_others = False
    is_called = False  # it acts when another one calls

    def act(self) -> Any:
        raise NotImplementedError

    def die(self) -> None:
        """Everything in memory is gone; somebody starts it again."""
        self.next_at = self.world.now + self.world.dice["actors"].choice((1, 20, 400, 5_000)) * SECOND_S
        self.has_lost_lock = False
        for name in [name for name, holder in self.world.locks.items() if holder is self]:
            del self.world.locks[name]

    def check_at(self, point: str) -> None:
        """Called at every named point that it comes by."""

    def later(self, *choices: timedelta) -> None:
        self.next_at = self.world.now + self.world.dice["actors"].choice(choices)


@dataclass(eq=False)
class Web(Actor):
    """Takes in what is sent."""

    is_called = True

    def __post_init__(self) -> None:
        self.group = GroupCommit()

    def die(self) -> None:
        super().die()
        self.group = GroupCommit()

    def answer(self, parcel: Parcel) -> int:
        body = json.dumps({"events": parcel.events}).encode()
        request = Signed("POST", f"/in/{parcel.src}", {"content-type": "application/json"}, body)
        now, shape = self.world.instant(), SHAPES["generic"]
        try:
            with mock.patch.object(receiving, "GROUP", self.group):
                received = receiving.receive_events(
                    slug=parcel.src, request=request, encoding="", has_token=True, is_in_pace=lambda: True, now=now
                )
        except DatabaseError:
            return 503
        receipt = received.receipt
        for name in ("duplicates", "conflicts"):
            if getattr(receipt, name):
                self.world.tell(name)
        for event in shape.split(body, {}):
            self.world.acked_as(parcel.src, event.key, event.raw)
        return 202


@dataclass(eq=False)
class Sender(Actor):
    """All sources: what is to be sent is sent to a web process that is up, and again if nobody said that it came."""

    parcels: deque[Parcel] = field(default_factory=deque)

    def act(self) -> Any:
        world, sent = self.world, list[Any]()
        while self.parcels and self.parcels[0].at <= world.now:
            parcel = self.parcels.popleft()
            sent.append([parcel.src, len(parcel.events), self._send(parcel)])
        self.next_at = self.parcels[0].at if self.parcels else world.now + FAR
        world.wake()
        return sent

    def _send(self, parcel: Parcel) -> str:
        world, dice = self.world, self.world.dice["actors"]
        web = dice.choice([actor for actor in world.actors if isinstance(actor, Web)])
        status = 0
        if web.next_at <= world.now:
            with world.acting(web):
                status = web.answer(parcel)
        is_heard = not world.faults.comes(0.05 if world.faults.unknown else 0.0)
        if (status != 202 or not is_heard) and (parcel.is_insistent or world.is_calm):
            world.tell("sent_again")
            again = Parcel(world.now + dice.choice((1, 7, 50)) * MINUTE, parcel.src, parcel.events)
            self.parcels = deque(sorted([*self.parcels, again]))
        return str(status)


class Quiet(threading.Event):
    """Nobody waits in a world."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return False


@dataclass(eq=False)
class Worker(Actor):
    """Empties the inbox, does jobs, raises alerts: the three threads of a worker, one after the other."""

    wakes_for_others = True

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        leaving = Quiet()
        self.drain, self.raiser = InboxDrain(self.name, leaving), AlertRaiser(leaving)
        self.runner = Runner({name: TASKS[name] for name in JOBS}, {name: EVERY[name] for name in JOBS})
        self.runner.name = self.name

    def die(self) -> None:
        super().die()
        self._start()

    def act(self) -> Any:
        self.later(MINUTE, 7 * HOUR, 16 * HOUR, 30 * HOUR)
        parts, order = (self._drain, self._jobs, self._alerts, self._send), self.world.dice["order"]
        n = 4 if self.world.is_calm else order.randint(1, 4)
        return [part() for part in order.sample(parts, n)]

    def _drain(self) -> Any:
        self.drain.renewed = self.drain.asked = 0.0
        before = self.drain.lease.fence if self.drain.lease else 0
        n = 0
        while self.drain.step():
            n += 1
        if self.drain.lease and before and self.drain.lease.fence != before:
            self.world.tell("lease_stolen")
        return ["drain", n]

    def _jobs(self) -> Any:
        n = 0
        try:
            self.runner._look_around()
            while self.runner._do_next():
                n += 1
        except DatabaseError:
            return ["jobs", "no database"]
        return ["jobs", n]

    def _alerts(self) -> Any:
        try:
            self.raiser.step()
            self._look_at_next()
        except DatabaseError:
            return ["alerts", "no database"]
        return ["alerts"]

    def _send(self) -> Any:
        try:
            NoticeSender(self.name, Quiet()).run_until_sent()
        except DatabaseError:
            return ["send", "no database"]
        return ["send"]

    def _look_at_next(self) -> None:
        """Now and then somebody is awake just when something is due."""
        if self.world.dice["actors"].random() < 0.5:
            at = Moment.objects.filter(state="waiting", at__gt=self.world.now).order_by("at").values_list("at").first()
            if at:
                self.next_at = min(self.next_at, at[0] + self.world.dice["actors"].choice((0, 1, 40)) * SECOND_S)

    def check_at(self, point: str) -> None:
        """I12: who writes about a batch holds the lease at that instant."""
        if point == "batch.mark.after" and self.drain.lease is not None:
            held, row = self.drain.lease, DrainLease.objects.get()
            assert (row.holder, row.fence) == (held.holder, held.fence), f"I12: {self.name} writes without its lease"


@dataclass(eq=False)
class Signers(Actor):
    """Sam proposes the second version some day, and both teams sign it later, perhaps after its first day."""

    todo: deque[str] = field(default_factory=lambda: deque(("propose", "marketing", "sales")))
    n_writes: int = 0

    def act(self) -> Any:
        step = self.todo[0]
        self.later(HOUR, 5 * HOUR, 26 * HOUR)
        try:
            self._do(step)
        except DatabaseError:
            return [step, "no database"]
        self.todo.popleft()
        if not self.todo:
            self.next_at = self.world.now + FAR
            self.world.tell("signed")
        return [step]

    def _do(self, step: str) -> None:
        now, version = self.world.instant(), Version.objects.get(number=SECOND)
        if step == "propose":
            if version.status == "draft":
                days = self.world.dice["actors"].choice((0, 1, 2))
                propose_for(now.date() + timedelta(days=days), now)
            return
        person = Person.objects.get(email="maya@example.com" if step == "marketing" else "sam@example.com")
        shown = fingerprint(version)
        sign_version(version_id=version.id, party=step, fingerprint=shown, method="password", by=person, now=now)


def n_waiting() -> int:
    return InboxRow.objects.filter(state="waiting").count()


def close() -> None:
    connections["default"].close()
