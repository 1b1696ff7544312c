"""Ids that went through a spreadsheet and lost digits there."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

COLUMNS = {
    "lead": ("lead_id", "person_key", "owner_id"),
    "touch": ("touch_id", "lead_id", "person_key", "owner_id"),
    "deal": ("deal_id", "lead_id", "person_key"),
    "stage_change": ("entity_id",),
}
SCIENTIFIC = r"^\d(\.\d+)?[eE]\+?\d{1,2}$"  # 1.23E+15
DECIMAL = r"^\d+\.0+$"  # 1234.0
LONG_NUMBER = r"^\d{16,}$"
ROUNDED = r"^[1-9]\d{14}0+$"  # a spreadsheet keeps 15 digits: the rest are zeros


def _ids(facts: Facts) -> pl.LazyFrame:
    return pl.concat([facts[table].select(id=name).drop_nulls() for table, names in COLUMNS.items() for name in names])


def spreadsheet_ids(facts: Facts) -> Evidence | None:
    is_number = pl.col("id").str.contains(SCIENTIFIC) | pl.col("id").str.contains(DECIMAL)
    return counted(_ids(facts), is_number, pl.col("id"))


def rounded_ids(facts: Facts) -> Evidence | None:
    """Ids of 16 digits and more with only zeros after the fifteenth; 16 digits end so by chance one time in ten."""
    long_numbers = _ids(facts).filter(pl.col("id").str.contains(LONG_NUMBER)).unique().collect()
    evidence = counted(long_numbers.lazy(), pl.col("id").str.contains(ROUNDED), pl.col("id"))
    by_chance = (10.0 ** (15 - long_numbers["id"].str.len_chars().cast(pl.Float64))).sum()
    return evidence if evidence and evidence.n > 2 * by_chance + 1 else None


SYMPTOMS = (
    Symptom(
        "spreadsheet_ids",
        N_("Ids written as numbers with an exponent or a decimal point"),
        N_("A spreadsheet turned them into numbers; digits may be gone and rows no longer find one another."),
        N_("Export again with the id columns as text; do not open and save the CSV in a spreadsheet."),
        Severity.WARNS,
        tuple(kind for kind in Kind if kind is not Kind.DELIVERABLE),
        spreadsheet_ids,
    ),
    Symptom(
        "rounded_ids",
        N_("Long ids that end in zeros"),
        N_("A spreadsheet keeps fifteen digits and writes zeros for the rest; different rows may share an id now."),
        N_("Export again with the id columns as text; do not open and save the CSV in a spreadsheet."),
        Severity.WARNS,
        tuple(kind for kind in Kind if kind is not Kind.DELIVERABLE),
        rounded_ids,
    ),
)
