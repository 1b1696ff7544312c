"""Ids that went through a spreadsheet and lost digits there."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.terms.commitment import Kind
from smarketing.terms.language import N_

COLUMNS = {
    "lead": ("lead_id", "person_key", "owner_id"),
    "touch": ("touch_id", "lead_id", "person_key", "owner_id"),
    "deal": ("deal_id", "lead_id", "person_key"),
    "stage_change": ("entity_id",),
}
SCIENTIFIC = r"^\d(\.\d+)?[eE]\+?\d{1,2}$"  # 1.23E+15
DECIMAL = r"^\d+\.0+$"  # 1234.0
ROUNDED = r"^[1-9]\d{14}0+$"  # a spreadsheet keeps 15 digits: the rest are zeros


def _texts(facts: Facts) -> pl.LazyFrame:
    frames = [facts[table].select(id=name).drop_nulls() for table, names in COLUMNS.items() for name in names]
    return pl.concat(frames).unique()


def spreadsheet_ids(facts: Facts) -> Evidence | None:
    text = pl.col("id")
    return counted(_texts(facts), text.str.contains(SCIENTIFIC) | text.str.contains(DECIMAL), text)


def rounded_ids(facts: Facts) -> Evidence | None:
    """Ids of 16 digits and more with only zeros after the fifteenth; 16 digits end so by chance one time in ten."""
    text = pl.col("id")
    n_digits = text.str.len_chars()
    is_long_number = text.str.contains(r"^\d{16,}$")
    evidence = counted(_texts(facts), text.str.contains(ROUNDED), text, among=is_long_number)
    if evidence is None:
        return None
    by_chance = (
        _texts(facts).filter(is_long_number).select((10.0 ** (15 - n_digits.cast(pl.Float64))).sum()).collect().item()
    )
    return evidence if evidence.n > 2 * by_chance + 1 else None


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
