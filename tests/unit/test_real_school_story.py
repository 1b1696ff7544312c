"""The numbers of docs/explanation/nights-do-not-count.md come out of the exports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.real_facts import imported

from smarketing.ledger.folder import open_folder
from smarketing.scorecard.card import Line
from smarketing.terms.language import words
from smarketing.terms.period import read_period
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows.score_agreement import score

pytestmark = pytest.mark.data
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "nights-do-not-count.md").read_text(encoding="utf-8")
AGREEMENTS = ROOT / "docs" / "explanation" / "school"


@pytest.fixture(scope="module")
def lines(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Line]:
    folder = tmp_path_factory.mktemp("story") / "facts"
    files = [crm_data / "school_crm" / name for name in ("deals.csv", "contacts.csv", "calls.parquet")]
    imported(files, "school_crm", folder)
    now, period = datetime(2024, 6, 22, tzinfo=UTC), read_period("2023-07..2024-06")
    cards = {
        name: score(
            read_versions(AGREEMENTS / f"{name}.yaml"), open_folder(folder), period=period, now=now, words=words("en")
        )
        for name in ("round_the_clock", "opening_hours")
    }
    return {(name, line.id): line for name, card in cards.items() for line in card.lines}


@pytest.mark.parametrize(
    ("agreement", "commitment", "n_met", "n_breached", "n_void"),
    [
        ("round_the_clock", "hour", 3_477, 16_056, 2_060),
        ("round_the_clock", "half_day", 9_269, 10_262, 2_060),
        ("opening_hours", "hour", 4_745, 14_788, 2_060),
        ("opening_hours", "half_day", 13_672, 5_858, 2_060),
    ],
)
def test_breaches_on_both_calendars(
    lines: dict[tuple[str, str], Line], agreement: str, commitment: str, n_met: int, n_breached: int, n_void: int
) -> None:
    line = lines[agreement, commitment]
    assert (line.n_met, line.n_breached, line.n_void) == (n_met, n_breached, n_void)
    assert f"{n_breached:,}" in PAGE


def test_nights_are_four_in_ten_of_the_breaches(lines: dict[tuple[str, str], Line]) -> None:
    around, opened = (lines[name, "half_day"].n_breached for name in ("round_the_clock", "opening_hours"))
    assert around - opened == 4_404
    assert f"{(around - opened) / around:.1%}".replace("%", " %") in PAGE


def test_times_and_bands(lines: dict[tuple[str, str], Line]) -> None:
    around, opened = (lines[name, "hour"].speed for name in ("round_the_clock", "opening_hours"))
    assert around is not None and opened is not None
    assert (around.median_s, opened.median_s) == (23_640, 9_300)
    assert (around.n_never, opened.n_never) == (3_183, 3_183)
    assert (around.bands[0].n, opened.bands[0].n) == (213, 1_699)
    assert sum(band.n for band in around.bands) == sum(band.n for band in opened.bands) == 19_533


def test_without_a_history_of_assignments_rep_and_lead_clock_agree(lines: dict[tuple[str, str], Line]) -> None:
    assert lines["round_the_clock", "rep_hour"].n_breached == 16_041
