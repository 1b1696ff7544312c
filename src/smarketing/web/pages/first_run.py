"""The way from nothing to a scorecard: which steps are behind, which is next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from smarketing.records.models import Agreement, Team, Version
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.starters import starters
from smarketing.workflows.find_facts import has_facts
from smarketing.workflows.found_organisation import is_founded
from smarketing.workflows.open_terms import SIGNED
from smarketing.workflows.skip_first_step import skipped_steps

# id, name, what it brings; the URL of a step is first_run_ID
STEPS = (
    ("administrator", N_("Administrator"), N_("Whoever runs smarketing here.")),
    ("teams", N_("Teams"), N_("Who promises what to whom.")),
    ("data", N_("Data"), N_("What your CRM saw, or a demo company to look around.")),
    ("agreement", N_("Agreement"), N_("A ready one to begin from; every number can be changed.")),
    ("scorecard", N_("Scorecard"), N_("Both teams sign, and the numbers appear.")),
)


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, skipped, here or empty."""

    id: str
    name: str
    text: str
    href: str
    state: str

    @property
    def is_open(self) -> bool:
        return self.state in ("here", "")


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class FirstRunPage:
    steps: tuple[Step, ...]
    done: frozenset[str]

    @classmethod
    def of(cls, words: Words, here: str = "") -> FirstRunPage:
        done, skipped = done_steps(), skipped_steps()
        states = {id: "done" if id in done else "skipped" if id in skipped else "" for id, _, _ in STEPS}
        states |= {here: "here"} if here else {}
        steps = (Step(id, words(name), words(text), step_path(id), states[id]) for id, name, text in STEPS)
        return cls(tuple(steps), done)

    @property
    def n_done(self) -> int:
        return len(self.done)

    @property
    def next(self) -> Step | None:
        """The first step that is neither done nor skipped."""
        return next((step for step in self.steps if step.is_open), None)


def done_steps() -> frozenset[str]:
    """Asked of what is there, so that a step taken elsewhere counts as well."""
    roles = set(Team.objects.filter(retired_at=None).values_list("role", flat=True))
    done = {
        "administrator": is_founded(),
        "teams": {"marketing", "sales"} <= roles,
        "data": has_facts(),
        "agreement": Agreement.objects.exists(),
        "scorecard": Version.objects.filter(status__in=SIGNED).exists(),
    }
    return frozenset(step for step, is_done in done.items() if is_done)


def step_path(step: str) -> str:
    return reverse("first_run" if step == "administrator" else f"first_run_{step}")


def path_of(name: str) -> str:
    """The address of a page that another part of the site brings; empty where it is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def starter_choices(words: Words) -> tuple[Choice, ...]:
    """The ready agreements: what each is called for short, and whom it suits."""
    said = [words(starter.purpose).partition(":") for starter in starters()]
    return tuple(
        Choice(starter.name, title.rstrip("."), rest.strip())
        for starter, (title, _, rest) in zip(starters(), said, strict=True)
    )
