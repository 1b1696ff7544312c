"""The benchmark's company as facts at rest, as an import leaves them, and a batch of news of a hundred of its leads."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars as pl

from bench.company import NOW, STAGES, company, histories
from bench.store import DATA
from smarketing.engine.history import CONNECTED, HUMAN, INBOUND, NEVER, History
from smarketing.facts.frames import completed, table_named
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS
from smarketing.ledger.folder import Folder, create_folder, open_folder
from smarketing.ledger.replica import open_replica

N_DIRTY, N_NEW = 100, 20
INSTANT = pl.Datetime("us", "UTC")


def prepare_facts(n_leads: int) -> Path:
    """A folder of facts with its replica, made once and never written to again."""
    path = DATA / f"{n_leads}-facts"
    if (path / "replica" / "replica.json").exists():
        return path
    shutil.rmtree(path, ignore_errors=True)
    folder = create_folder(path)
    fill(folder, n_leads)
    open_replica(folder)
    return path


def fill(facts: Folder, n_leads: int) -> None:
    """Bring the whole company into empty facts."""
    facts.merge({"owner": _owners()})
    for history in histories(n_leads):
        facts.merge(_tables(history))


def a_copy(path: Path, name: str) -> Folder:
    """The facts to be written to: files are linked, for a merge writes new ones and never changes any."""
    target = path.with_name(f"{path.name}-{name}")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(path, target, copy_function=_link, ignore=shutil.ignore_patterns("*.lock"))
    return open_folder(target)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def news(n_leads: int, number: int) -> dict[str, pl.DataFrame]:
    """What a webhook brings in a minute: twenty new leads, and a touch and a stage for each of eighty recent ones."""
    draw = np.random.default_rng(number)
    at = NOW + number * 60_000_000
    recent = draw.choice(np.arange(int(n_leads * 0.97), n_leads), N_DIRTY - N_NEW, replace=False)
    ids = [*_ids(recent), *(f"N{number:04}-{k:02}" for k in range(N_NEW))]
    reps = [f"rep{k:03}" for k in draw.integers(0, 400, N_DIRTY)]
    seen = {"src": "crm", "seen_at": at, "updated_at": at}
    new = {"lead_id": ids[-N_NEW:], "created_at": [at - k for k in range(N_NEW)], "owner_id": reps[-N_NEW:]}
    touch = {
        "touch_id": [f"n{number}-{k}" for k in range(N_DIRTY)],
        "lead_id": ids,
        "owner_id": reps,
        "occurred_at": at,
    }
    step = {"change_id": [f"n{number}-{k}" for k in range(N_DIRTY)], "entity_id": ids, "changed_at": at}
    return {
        "lead": _frame("lead", new | {"grade": "A", "channel": "email"} | seen),
        "touch": _frame("touch", touch | {"kind": "call", "direction": "out", "outcome": "no_answer"} | seen),
        "stage_change": _frame(
            "stage_change", step | {"entity": "lead", "field": "lifecycle", "to_value": "mql"} | seen
        ),
    }


def _ids(numbers: np.ndarray) -> list[str]:
    return [f"L{number:09}" for number in numbers]


def _owners() -> pl.DataFrame:
    book = company().codebook
    teams = [book.teams[code] for code in book.team_of]
    given = {"owner_id": book.owners, "name": book.owners, "team": teams, "calendar": book.owner_calendars}
    return _frame("owner", {"src": "crm", "seen_at": 0, "kind": "person"} | given)


def _tables(history: History) -> dict[str, pl.DataFrame]:
    book, leads = company().codebook, history.leads
    own = np.arange(len(leads)) + history.first
    seen = {"src": "crm", "seen_at": 0}

    def named(codes: np.ndarray, names: tuple[str, ...]) -> pl.Series:
        return pl.Series(names).gather(codes)

    def ids(lead: np.ndarray) -> pl.Series:
        return pl.Series(own[lead]).cast(pl.String).str.zfill(9).str.replace("^", "L")

    def keys(letter: str, n: int) -> list[str]:
        return [f"{letter}{history.first}-{k}" for k in range(n)]

    touches, stages, deals = history.touches, history.stages, history.deals
    is_in = (touches.flags & INBOUND) > 0
    return {
        "lead": _frame(
            "lead",
            {
                "lead_id": ids(np.arange(len(leads))),
                "created_at": leads.created_at,
                "owner_id": named(leads.owner, book.owners),
                "grade": named(leads.grade, book.grades),
                "channel": named(leads.source, book.sources),
                "reason": pl.Series(np.where(leads.void > 0, "duplicate", "")).replace("", None),
            }
            | seen,
        ),
        "touch": _frame(
            "touch",
            {
                "touch_id": keys("t", len(touches)),
                "lead_id": ids(touches.lead),
                "owner_id": named(touches.owner, book.owners),
                "kind": named(touches.kind, TOUCH_KINDS),
                "direction": np.where(is_in, "in", "out"),
                "occurred_at": touches.at,
                "duration_s": touches.duration_s,
                "outcome": np.where(touches.flags & CONNECTED, "connected", "sent"),
                "automated": (touches.flags & HUMAN) == 0,
            }
            | seen,
        ),
        "stage_change": _frame(
            "stage_change",
            {
                "change_id": keys("c", len(stages)),
                "entity": "lead",
                "entity_id": ids(stages.lead),
                "field": "lifecycle",
                "to_value": named(stages.stage, STAGES),
                "changed_at": stages.at,
            }
            | seen,
        ),
        "deal": _frame(
            "deal",
            {
                "deal_id": keys("d", len(deals)),
                "lead_id": ids(deals.lead),
                "owner_id": named(deals.owner, book.owners),
                "status": named(deals.status, DEAL_STATUS),
                "amount": deals.amount / 10_000,
                "currency": "EUR",
                "created_at": deals.created_at,
                "closed_at": pl.Series(deals.closed_at).replace(NEVER, None),
            }
            | seen,
        ),
    }


def _frame(name: str, columns: dict[str, object]) -> pl.DataFrame:
    """Rows of a table; single values stand in every row."""
    table = table_named(name)
    rows = pl.DataFrame({key: value for key, value in columns.items() if not isinstance(value, str | int)})
    fixed = [pl.lit(value).alias(key) for key, value in columns.items() if isinstance(value, str | int)]
    known = rows.with_columns(fixed).select(column for column in table.names if column in columns)
    return completed(known.cast({column: table.schema[column] for column in known.columns}), table)
