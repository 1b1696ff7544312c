"""Runs one seed: a world lives, its faults stop, it settles, and everything is compared."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulation.actors import FAR, Sender, Signers, Web, Worker
from tests.simulation.installation import installed
from tests.simulation.invariants import check_everything
from tests.simulation.stories import LONG, SHORT
from tests.simulation.world import Stopped, World

MINUTE = timedelta(minutes=1)
SETTLES = 10 * MINUTE
LONG_EVERY = 20  # one world of so many is a long one


@dataclass(frozen=True)
class Outcome:
    seed: int
    trace: str
    steps: int
    saw: Counter[str] = field(compare=False)
    lines: list[str] = field(compare=False, default_factory=list)


class Failed(Exception):
    """A seed that is a bug report."""

    def __init__(self, seed: int, world: World, error: BaseException) -> None:
        long = " --long" * (world.size is LONG)
        super().__init__(f"{error}\n  python -m tests.simulation --seed {seed}{long}  (step {world.steps})")
        self.seed, self.lines = seed, world.lines


def simulate(seed: int, *, is_long: bool = False, until_step: int = 0) -> Outcome:
    """One world from its first event to the comparison. Raises Failed."""
    size = LONG if is_long or seed % LONG_EVERY == 0 else SHORT
    with installed(f"world-{seed}") as (home, alias):
        world = World(seed, size, home, alias, until_step)
        try:
            with world.running():
                _live(world)
        except Stopped:
            world.tell("stopped")
        except Exception as error:
            raise Failed(seed, world, error) from error
        return Outcome(seed, world.trace.hexdigest(), world.steps, world.saw, world.lines)


def _live(world: World) -> None:
    dice, begins = world.dice["actors"], world.now
    skews = [timedelta(seconds=dice.choice((0, 0, 1, -20, 20))) for _ in range(world.size.n_workers)]
    workers = [Worker(world, f"worker {n}", begins + n * MINUTE, skew) for n, skew in enumerate(skews)]
    webs = [Web(world, f"web {n}", begins, timedelta(seconds=dice.choice((0, 5, -120, 240)))) for n in range(2)]
    sender = Sender(world, "sources", world.story.parcels[0].at, parcels=deque(world.story.parcels))
    world.actors = [*workers, *webs, sender]
    if dice.random() < 0.4:
        world.actors.append(Signers(world, "people", begins + dice.choice((1, 20, 50)) * 60 * MINUTE))
    _downtime(world, workers)
    world.live(max(world.story.until, world.story.parcels[-1].at) + 70 * MINUTE)
    _settle(world, workers, sender)
    check_everything(world)


def _downtime(world: World, workers: list[Worker]) -> None:
    """Sometimes nobody works for a day."""
    dice = world.dice["actors"]
    if dice.random() < 0.3:
        world.tell("downtime")
        hours = dice.choice((5, 26))
        for worker in workers:
            worker.next_at = world.now + timedelta(hours=hours)


def _settle(world: World, workers: list[Worker], sender: Sender) -> None:
    world.faults.stop()
    world.is_calm = True
    world.note("calm")
    begins, end = world.now, world.now + SETTLES
    for web in world.actors:
        if isinstance(web, Web):
            web.next_at = world.now
    if sender.parcels:
        sender.parcels = deque(sorted(sender.parcels))
        for parcel in sender.parcels:
            parcel.at = world.now
        sender.next_at = world.now
    for turn, at in enumerate((begins, begins + MINUTE, begins + 5 * MINUTE, end)):
        for n, worker in enumerate(workers):
            worker.next_at = at if n == turn % len(workers) else end + FAR
        world.live(at)
    assert all(parcel.at > world.now for parcel in sender.parcels) or not sender.parcels, "I13: something was not sent"
    assert sender.next_at >= world.now + FAR - timedelta(days=30)
