"""Small companies behind the pages of leads and of the plan: facts with hostile ids, an agreement both have signed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.cast import Cast
from tests.negotiations import a_signed
from tests.past_company import past_company, table

from smarketing.ledger.folder import Folder, open_folder

SIGNED = datetime(2025, 1, 2, 9, tzinfo=UTC)
HOSTILE = ("a/b", "50% off", 'it\'s "so"', "läd ü", "=2+5", "<script>alert(1)</script>", "日本")
AGREEMENT = """
id: company
version: 1
title: Promises of a small company
summary: Everybody gets an answer.
zone: Europe/Madrid
in_force: {from_on: 2025-01-01}
parties:
  - {id: marketing, name: Marketing, role: marketing, teams: [Marketing], contacts: [{name: Maya Olmedo}]}
  - id: sales
    name: Sales
    role: sales
    teams: [Sales]
    contacts: [{name: Sam Whitlock}]
    capacity: {reps: 3, hours_per_rep: 140, marketing_share: 0.5, minutes_per_attempt: 6}
tiers:
  - {id: gold, grades: [A], worth: 100}
  - {id: plain, worth: 40}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {mon-fri: 09:00-18:00}
commitments:
  - {id: volume, party: marketing, kind: lead_volume, target: 50 leads, stage: lead, title: Leads}
  - id: speed
    party: sales
    kind: speed_to_lead
    title: First call
    target: 80 % within 4 business hours
    description: A lead is called before it forgets us.
  - {id: depth, party: sales, kind: follow_up_depth, target: 3 touches within 5 business days, title: Attempts}
consequences:
  - {strikes: 1, step: Talk it over}
"""


def company_facts(path: Path, *, n_leads: int = 200) -> Folder:
    """A year of leads, some with ids that CRMs really make; `rita` is of the team north, the others of south."""
    folder = past_company(path, n_leads=n_leads)
    rows: list[dict[str, Any]] = [
        {
            "lead_id": each,
            "created_at": datetime(2025, 6, 2, 8, n, tzinfo=UTC),
            "owner_id": "rita",
            "campaign": each,
            "person_key": f"{n}@hostile.example",
        }
        for n, each in enumerate(HOSTILE)
    ]
    folder.merge({"lead": table("lead", rows)})
    return open_folder(path)


def stand_in(monkeypatch: pytest.MonkeyPatch, facts: Folder) -> None:
    """What the pages open instead of the database's facts; charts are a line of text."""
    for module in ("open_leads", "open_plan"):
        monkeypatch.setattr(f"smarketing.workflows.{module}.open_facts", lambda *_, **__: facts)
    monkeypatch.setattr("smarketing.reports.kept_drawings.render", lambda chart, **_: f"<svg><!--{chart.id}--></svg>")


def sign(cast: Cast) -> None:
    """Both parties sign; Rita owns the leads of `rita`, and the teams are those of the facts."""
    from smarketing.records.models import OwnerLink

    a_signed(cast, AGREEMENT, now=SIGNED)
    OwnerLink.objects.create(person=cast.rita, src="crm", owner_id="rita")
    cast.sales.fact_names = ["north", "south"]
    cast.sales.save()


def names(folder: Folder) -> set[str]:
    return set(folder.scan("owner").select(pl.col("name")).collect()["name"])
