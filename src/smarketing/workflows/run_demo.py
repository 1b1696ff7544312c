"""Walk the demo company through the real pipeline: export, import, check, score, explain, page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from smarketing import __version__
from smarketing.facts.readiness import Readiness
from smarketing.ledger.durable import write_durably
from smarketing.ledger.folder import create_folder
from smarketing.ledger.receipts import Receipt
from smarketing.ledger.store import Facts
from smarketing.reports.page import render_page
from smarketing.scorecard.card import Axis, Scorecard
from smarketing.scorecard.explain import Explanation
from smarketing.sources.demo import N_LEADS, SEED, UNTIL_ON, DemoExports, write_demo
from smarketing.sources.read_profile import read_profile
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain, Period, period_of
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.check_readiness import check_readiness
from smarketing.workflows.explain_lead import explain_lead
from smarketing.workflows.find_breach import find_breach
from smarketing.workflows.import_files import Tell, import_files
from smarketing.workflows.score_agreement import score

MARK = "smarketing-demo.json"  # a folder with this file is a demo's, and may be written again
AXES = (Axis.REP, Axis.TEAM, Axis.TIER, Axis.SOURCE, Axis.WEEK)
EXPLAINED = "speed"


@dataclass(frozen=True, slots=True)
class Exported:
    exports: DemoExports


@dataclass(frozen=True, slots=True)
class Imported:
    receipt: Receipt
    facts: Path


@dataclass(frozen=True, slots=True)
class Checked:
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Scored:
    """The month that still runs, and the one before it, closed."""

    card: Scorecard
    closed: Scorecard


@dataclass(frozen=True, slots=True)
class Explained:
    """None when no lead was answered too late in the month."""

    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Published:
    """The page of the running month first."""

    pages: tuple[Path, ...]


Step = Exported | Imported | Checked | Scored | Explained | Published


def run_demo(
    folder: Path,
    *,
    words: Words,
    n_leads: int = N_LEADS,
    seed: int = SEED,
    until_on: date = UNTIL_ON,
    progress: Tell | None = None,
) -> Iterator[Step]:
    """Each step as soon as it is done. Run again in the same folder it writes the same bytes and adds no fact.

    Raises  UserError when the folder holds something else, or the demo of another size, seed or day
    """
    _claim(folder, {"n_leads": n_leads, "seed": seed, "until_on": until_on.isoformat(), "program": __version__}, words)
    exports = write_demo(folder, n_leads=n_leads, seed=seed, until_on=until_on)
    yield Exported(exports)
    now = exports.exported_at
    profile = read_profile(str(exports.profile), words)
    files = list(exports.files.values())
    facts = create_folder(folder / "facts")
    receipt = import_files(files, profile=profile, facts=facts, now=now, progress=progress, words=words)
    yield Imported(receipt, facts.path)
    yield Checked(check_readiness(facts, now=now))
    month, versions = period_of(Grain.MONTH, until_on), read_versions(exports.agreement, words=words)
    card, closed = (
        score(versions, facts, period=period, now=now, by=AXES, words=words) for period in (month, month.previous())
    )
    yield Scored(card, closed)
    yield Explained(_explained(versions, facts, month, now, words))
    yield Published(tuple(_published(folder, card, words) for card in (card, closed)))


def _claim(folder: Path, asked: dict[str, object], words: Words) -> None:
    """Make the folder ours, or refuse to touch it."""
    mark, where = folder / MARK, str(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(words(NOT_A_FOLDER), where=where, hint=words(ANOTHER))
    if not mark.exists() and folder.is_dir() and any(folder.iterdir()):
        raise UserError(words(OTHER_FILES), where=where, hint=words(ANOTHER))
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")) != asked:
        raise UserError(words(OTHER_DEMO), where=where, hint=words(DELETE_IT))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(mark, lambda part: part.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8"))
    except OSError as error:
        raise UserError(words(NO_PLACE, reason=words.trouble(error)), where=where, hint=words(ANOTHER)) from None


NOT_A_FOLDER = N_("This is a file.")
OTHER_FILES = N_("This folder holds other files, and the demo overwrites nothing that is not its own.")
OTHER_DEMO = N_("This folder holds a demo of another size, seed, day or version.")
NO_PLACE = N_("The demo cannot be written here: {reason}.")
ANOTHER = N_("Name another folder: --directory DIR.")
DELETE_IT = N_("Delete it, or name another folder: --directory DIR.")


def _explained(
    versions: Sequence[Agreement], facts: Facts, month: Period, now: datetime, words: Words
) -> Explanation | None:
    lead_id = find_breach(versions, facts, commitment=EXPLAINED, period=month, now=now)
    if lead_id is None:
        return None
    return explain_lead(lead_id, commitment=EXPLAINED, versions=versions, facts=facts, now=now, say=words)


def _published(folder: Path, card: Scorecard, words: Words) -> Path:
    path = folder / f"scorecard-{card.period.label}.html"
    page = render_page(card, words=words)
    write_durably(path, lambda part: part.write_text(page, encoding="utf-8"))
    return path
