"""The demo company as a source like any other: it writes the exports of its CRM, and they enter by the same door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from smarketing.sources.demo_company.company import company
from smarketing.sources.demo_company.files import write_exports
from smarketing.sources.demo_company.story import AMENDED_MONTH, story_until
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import read_versions

UNTIL_ON = date(2026, 10, 21)  # the story's last day unless another is asked for
SEED = 7
N_LEADS = 8_000
MOST_LEADS = 100_000
AGREEMENTS = Path(__file__).parent / "demo_company" / "agreement"
PROFILE = Path(__file__).parent / "profiles" / "demo.yaml"


@dataclass(frozen=True, slots=True)
class DemoExports:
    """What was written: the exports by name, the agreement's folder, the profile, and when the export was taken."""

    files: dict[str, Path]
    agreement: Path
    profile: Path
    exported_at: datetime
    n_leads: int


def write_demo(
    folder: Path, *, n_leads: int = N_LEADS, seed: int = SEED, until_on: date = UNTIL_ON, language: str = "en"
) -> DemoExports:
    """Write the demo company's exports and agreement into `folder`.

    Takes   n_leads about as many leads come in over the fourteen months; 1 … 100,000
            until_on the last day of the story; the same seed and day give the same bytes
            language in which the agreement is written: en, es or it
    Raises  UserError for a size outside that range
    """
    if not 1 <= n_leads <= MOST_LEADS:
        raise UserError(
            N_("The demo company cannot have {n} leads."),
            hint=N_("Ask for a number between 1 and {most}."),
            n=n_leads,
            most=MOST_LEADS,
        )
    tale = story_until(until_on)
    versions = read_versions(AGREEMENTS)
    calendars = {calendar.id: calendar for calendar in versions[-1].calendars}
    whole = company(tale, calendars, n_leads=n_leads, seed=seed)
    exports, agreement = folder / "exports", folder / "agreement"
    for path in (exports, agreement):
        path.mkdir(parents=True, exist_ok=True)
    files = write_exports(whole, exports, seed)
    for source in sorted(agreement_folder(language).glob("*.yaml")):
        (agreement / source.name).write_text(_redated(source.read_text("utf-8"), until_on), "utf-8", newline="\n")
    profile = folder / "profile.yaml"
    profile.write_text(PROFILE.read_text("utf-8"), "utf-8", newline="\n")
    return DemoExports(files, agreement, profile, tale.exported_at, len(whole.coming))


def agreement_folder(language: str) -> Path:
    """The versions of the demo's agreement in a language; English stands beside the folders of the others."""
    return AGREEMENTS if language == "en" else AGREEMENTS / language


def _redated(text: str, until_on: date) -> str:
    """The shipped agreements hold for the default story; another last day moves their beginnings along."""
    usual, wanted = story_until(UNTIL_ON), story_until(until_on)
    moved = {
        (usual.month_start(month) - timedelta(days)).isoformat(): (
            wanted.month_start(month) - timedelta(days)
        ).isoformat()
        for month, days in ((0, 0), (AMENDED_MONTH, 0), (AMENDED_MONTH, 1), (16, 1))  # firsts, and ends
    }
    return re.sub("|".join(moved), lambda found: moved[found[0]], text)
