"""Things handed over every period: reports that sales owes marketing, reams that a supplier owes a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.builders import a_commitment, an_agreement, instant, some_deliveries

from smarketing.engine.clocks import Verdict
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate_deliveries
from smarketing.engine.history import Codebook


def verdicts(target: str, delivered: Sequence[tuple[str, float | None]], *, now: str, **rest: Any) -> list[str]:
    """One line per owed unit: the day its period began and its verdict."""
    name = target.split()[1]
    agreement = an_agreement(
        a_commitment("deliverable", target, **rest), zone="Europe/Madrid", in_force={"from_on": "2024-05-06"}
    )
    at = instant(now, "Europe/Madrid")
    compiled = compile_terms([agreement], Codebook(deliverables=(name,)), start=0, end=at)
    rows = [{"deliverable": name, "at": when, "quantity": amount} for when, amount in delivered]
    clocks = evaluate_deliveries(some_deliveries(rows, (name,), "Europe/Madrid"), compiled, at)["speed"]
    begins = [instant(f"2024-05-{day:02} 00:00", "Europe/Madrid") for day in range(1, 32)]
    return [
        f"{begins.index(start) + 1} May {Verdict(verdict).name.lower()}"
        for start, verdict in zip(clocks.start_at.tolist(), clocks.verdicts(at), strict=True)
    ]


def test_a_weekly_pipeline_report_is_owed_every_week_until_sunday_night() -> None:
    delivered = [("Fri 10 May 18:00", None), ("Mon 20 May 00:00", None), ("Mon 27 May 09:00", None)]
    assert verdicts("1 report", delivered, now="Wed 29 May 12:00", period="week") == [
        "6 May met",
        "13 May breached",
        "20 May met",
        "27 May met",
    ]


def test_the_last_microsecond_of_the_period_is_in_time() -> None:
    delivered = [("2024-05-12 23:59:59.999999", None)]
    assert verdicts("1 report", delivered, now="Mon 13 May 09:00", period="week") == ["6 May met", "13 May running"]


def test_every_unit_of_a_larger_amount_has_a_clock_of_its_own() -> None:
    delivered = [("Mon 6 May 10:00", 2.0), ("Tue 7 May 10:00", 0.5), ("Wed 8 May 10:00", 0.25)]
    found = verdicts("4 reams", delivered, now="Tue 14 May 00:00", period="week")
    assert found[:4] == ["6 May met", "6 May met", "6 May breached", "6 May breached"]
    assert set(found[4:]) == {"13 May running"}


def test_a_month_that_began_before_the_agreement_owes_nothing() -> None:
    assert verdicts("1 report", [], now="Wed 29 May 12:00", period="month") == []
