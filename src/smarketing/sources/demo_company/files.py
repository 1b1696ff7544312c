"""The exports as files, with the flaws that real ones have: rows twice, rows that mean nothing, three date formats."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from smarketing.sources.demo_company import tables
from smarketing.sources.demo_company.company import Company
from smarketing.sources.demo_company.history import history

# What people and scripts leave in an export. The import must set each of these aside and say why.
BROKEN_LEADS = tuple(
    f"{identity},{created},{name},Doe,{name.lower()}.doe@example.com,Doe Heating,{country},q-900,New,Lead,,"
    "Organic,organic,,/demo,61,B,no,,"
    for identity, created, name, country in (
        ("L-990001", "31/02/2026 10:14:00", "Ana", "Spain"),  # no such day
        ("L-990002", "", "Teo", "Spain"),
        ("L-990003", "29/03/2026 02:30:00", "Ugo", "Italy"),  # the hour that summer time skips
        ("", "14/01/2026 09:12:44", "Kim", "United States"),
        ("L-990005", "yesterday", "Ivy", "Europe"),
        ("L-990006", "07/13/2026 11:00:00", "Sam", "United States"),  # month first
    )
)
BROKEN_ACTIVITIES = (
    '{"id":"A-9900001","type":"Fax","direction":"outbound","lead_id":"L-100040","user_id":"u-102",'
    '"happened_at":"2025-09-05T10:00:00Z","logged_at":"2025-09-05T10:00:10Z","outcome":"Sent","automated":false}',
    '{"id":"A-9900002","type":"Call","direction":"outbound","lead_id":"L-100041","user_id":"u-102",'
    '"happened_at":"2026-02-30T10:00:00Z","logged_at":"2026-03-01T10:00:10Z","outcome":"No answer","automated":false}',
    '{"id":"A-9900003","type":"Call","direction":"outbound","lead_id":"L-100042","user_id":"u-102",'
    '"logged_at":"2026-03-01T10:00:10Z","outcome":"No answer","automated":false}',
)
BROKEN_DEALS = (
    "D-9901;;u-104;New business;Open;to be agreed;EUR;12/02/2026 11:00:00;;",
    "D-9902;;u-104;New business;Perhaps;4.500,00;EUR;13/02/2026 11:00:00;;",
)
N_REPEATED_LEADS, N_REPEATED_ACTIVITIES = 40, 60


def write_exports(whole: Company, folder: Path, seed: int) -> dict[str, Path]:
    """Write every export into `folder` and name each by what it holds."""
    changes = history(whole)
    leads = tables.leads(whole, changes)
    activities = tables.activities(whole)
    files = {name: folder / f"{name}.{ending}" for name, ending in ENDINGS.items()}
    tables.users().write_csv(files["users"])
    _write_csv(leads, files["leads"], BROKEN_LEADS, N_REPEATED_LEADS)
    tables.lead_history(changes).write_csv(files["history"])
    _write_jsonl(activities, files["activities"])
    _write_csv(tables.deals(whole), files["deals"], BROKEN_DEALS, 0, separator=";")
    tables.spend(whole, seed).write_csv(files["ad-spend"])
    tables.deliveries(whole.tale, seed).write_csv(files["deliveries"])
    return files


ENDINGS = {
    "users": "csv",
    "leads": "csv",
    "history": "csv",
    "activities": "jsonl",
    "deals": "csv",
    "ad-spend": "csv",
    "deliveries": "csv",
}


def _write_csv(frame: pl.DataFrame, path: Path, broken: tuple[str, ...], n_repeated: int, separator: str = ",") -> None:
    """The broken lines stand in the middle; the repeated rows, as after a second export, at the end."""
    middle = len(frame) // 2
    head = frame.head(middle).write_csv(separator=separator)
    rest = pl.concat([frame.slice(middle), frame.slice(middle // 2, n_repeated)])
    tail = rest.write_csv(separator=separator, include_header=False)
    path.write_text(head + "".join(f"{line}\n" for line in broken) + tail, encoding="utf-8", newline="\n")


def _write_jsonl(frame: pl.DataFrame, path: Path) -> None:
    middle = len(frame) // 2
    parts = [frame.head(middle), pl.concat([frame.slice(middle), frame.slice(middle // 2, N_REPEATED_ACTIVITIES)])]
    head, tail = (part.write_ndjson() for part in parts)
    text = head + "".join(f"{line}\n" for line in BROKEN_ACTIVITIES) + tail
    path.write_text(text, encoding="utf-8", newline="\n")
