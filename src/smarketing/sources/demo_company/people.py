"""Who fills in the forms: names, companies and addresses in three languages, all of them invented."""

from __future__ import annotations

import unicodedata
from itertools import chain

import numpy as np
import polars as pl

from smarketing.sources.demo_company.arrivals import Arrivals, Codes
from smarketing.sources.demo_company.cast import MARKETS
from smarketing.sources.demo_company.company import Company
from smarketing.sources.demo_company.market import CHANNELS, FIRMS, FIRST, LAST

LANGUAGES = tuple(dict.fromkeys(market.language for market in MARKETS))


def people(whole: Company) -> pl.DataFrame:
    """One row per lead; a twin is the same person as its earlier request."""
    coming = whole.coming
    row = np.where(whole.given.twin_of >= 0, whole.given.twin_of, np.arange(len(coming)))
    first = _pick(FIRST, coming, row, coming.first_name)
    last = _pick(LAST, coming, row, coming.last_name)
    firm = _pick(FIRMS, coming, row, coming.firm)
    frame = pl.DataFrame({"first": first, "last": last, "firm": firm, "number": row + 1})
    ascii_first, ascii_last = (_plain(frame[name]) for name in ("first", "last"))
    return frame.select(
        pl.col("first", "last"),
        email=pl.concat_str(ascii_first, pl.lit("."), ascii_last, pl.col("number"), pl.lit("@example.com")),
        company=pl.concat_str("firm", pl.lit(" "), "last"),
    )


def campaign_names(coming: Arrivals) -> pl.Series:
    """The campaign of each lead in its market's language; empty for channels without campaigns."""
    table = [channel.campaigns[language] for channel in CHANNELS for language in LANGUAGES]
    offsets = np.cumsum([0, *(len(names) for names in table)])
    cell = coming.channel * len(LANGUAGES) + _language(coming)
    chosen = offsets[cell] + coming.campaign % np.array([len(names) for names in table])[cell]
    return pl.Series([name for names in table for name in names]).gather(chosen)


def _language(coming: Arrivals) -> Codes:
    return np.array([LANGUAGES.index(market.language) for market in MARKETS])[coming.market]


def _pick(names: dict[str, str], coming: Arrivals, row: Codes, at: Codes) -> pl.Series:
    lists = [names[language].split() for language in LANGUAGES]
    sizes = np.array([len(some) for some in lists])
    language = _language(coming)[row]
    return pl.Series(list(chain(*lists))).gather((np.cumsum(sizes) - sizes)[language] + at[row] % sizes[language])


def _plain(names: pl.Series) -> pl.Series:
    """Letters only, without accents: what an address may hold."""
    spelled = {name: _letters(name) for name in names.unique()}
    return names.replace_strict(spelled, return_dtype=pl.String)


def _letters(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name).lower() if c.isascii() and c.isalpha())
