"""Which fact table a file is most like, and which of its columns says what, by headers and sample values."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import polars as pl

from smarketing.facts.schema import TABLES, Column, DType
from smarketing.sources.header_words import FILE_WORDS, TELLING, WORDS
from smarketing.sources.headers import plain
from smarketing.sources.profile import Decimals
from smarketing.sources.proposal import Seen
from smarketing.sources.read_numbers import amounts
from smarketing.sources.read_times import Style, instants

SAMPLE = 1_000
EMPTY_WORDS = ("-", "--", "n/a", "na", "null", "none", "select", "(empty)", "(blank)", "nan", "\\n", "sin asignar")
DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y")
CLOCKS = (" %H:%M", " %H:%M:%S", " %I:%M %p", ", %H:%M", ", %I:%M %p", "")
ANY_ID = ("id", "recordid", "idregistro", "identificador")  # of the row, whatever the row is about
SPECIALS = ("epoch_s", "epoch_ms", "excel_1900")


def bare_word(header: str) -> str:
    bare = unicodedata.normalize("NFKD", header)
    return plain("".join(letter for letter in bare if not unicodedata.combining(letter))).removeprefix("property")


def table_of(seen: Seen) -> str:
    """The fact table that this file is most like, by its telling columns, its name and the others; none by chance."""
    words = {bare_word(header) for header in seen.cells.columns}
    stem = bare_word(seen.file.path.stem * seen.is_first + seen.file.sheet)

    def likeness(table: str) -> float:
        hits = [name for name, known in WORDS[table].items() if words & set(known.split())]
        named = any(word in stem for word in FILE_WORDS[table].split())
        return (sum(3 if name in TELLING[table] else 1 for name in hits) + 4 * named) if hits else 0

    best = max(WORDS, key=likeness)
    return best if likeness(best) >= 2 else ""


def columns_of(seen: Seen) -> dict[str, str]:
    """For each fact column the header that says it most plainly; a header fills one column of a kind."""
    by_word = {bare_word(header): header for header in reversed(seen.cells.columns)}
    found: dict[str, str] = {}
    for name, known in WORDS[seen.table].items():
        column = TABLES[seen.table].column(name)
        candidates = [by_word[word] for word in known.split() if word in by_word]
        fitting = [header for header in candidates if _could_be(seen, header, column)]
        if fitting:
            found[name] = fitting[0]
    if seen.table == "lead" and "lead_id" in found:
        found.setdefault("person_key", found["lead_id"])  # activities that name the contact then find the lead
    own = TABLES[seen.table].key[-1]
    if own in WORDS[seen.table] and own in found and not _is_id(seen, found[own]):
        del found[own]  # rows then get ids from their content
    return found


def _is_id(seen: Seen, header: str) -> bool:
    """What repeats is no id, but where its name says whose id it is: then a row or two came twice."""
    cells = seen.cells[header].drop_nulls()
    n_distinct = cells.n_unique()
    return n_distinct == len(cells) or (bare_word(header) not in ANY_ID and 2 * n_distinct >= len(cells))


def _could_be(seen: Seen, header: str, column: Column) -> bool:
    texts = filled_cells(seen, header)
    if texts.is_empty():
        return not column.required
    if column.dtype in (DType.INSTANT, DType.DAY):
        return bool(time_formats(texts)[0] >= 0.8)
    if column.dtype is DType.MONEY or column.name in ("impressions", "clicks", "score"):
        return any(share_read(texts, seen, header, sign) >= 0.8 for sign in (".", ","))
    return True


def filled_cells(seen: Seen, header: str) -> pl.Series:
    texts = seen.cells[header].drop_nulls()
    return texts.filter(~texts.str.to_lowercase().is_in(EMPTY_WORDS)).head(SAMPLE)


def share_read(texts: pl.Series, seen: Seen, header: str, decimal: Decimals) -> float:
    typed = seen.typed.get(header)
    if typed is not None and typed.all():
        return 1.0
    read, _ = amounts(texts, None, decimal)
    return read.reasons.null_count() / max(len(texts), 1)


def time_formats(texts: pl.Series) -> tuple[float, list[str], bool]:
    share, formats, is_doubtful = _formats_of(tuple(texts))
    return share, list(formats), is_doubtful


@lru_cache(maxsize=256)
def _formats_of(values: tuple[str, ...]) -> tuple[float, tuple[str, ...], bool]:
    """How much of a column can be read as times, by which formats, and whether day and month may be swapped."""
    texts = pl.Series(values, dtype=pl.String)

    def share(formats: tuple[str, ...]) -> float:
        return instants(texts, Style(zone="UTC", format=formats)).reasons.null_count() / max(len(texts), 1)

    plainly = share(())
    if plainly >= 0.999:
        return plainly, (), False
    scores = {written: share((written,)) for date in DATES for written in (date + clock for clock in CLOCKS)}
    if 0.5 <= plainly >= max(scores.values()):
        return plainly, (), False  # some cells are no times at all: no form would read them either
    if max(scores.values()) < 0.5:
        numbers = {name: share((name,)) for name in SPECIALS}
        best = max(numbers, key=lambda name: numbers[name])
        return max(plainly, numbers[best]), (best,) if numbers[best] > plainly else (), False
    best = max(scores, key=lambda written: scores[written])
    twin = best.replace("%d", "#").replace("%m", "%d").replace("#", "%m")
    is_doubtful = twin != best and abs(scores.get(twin, 0) - scores[best]) < 1e-9
    chosen = [best]
    others = [written for written in scores if written != best and scores[written] > 0 and written != twin]
    order = best[:5]
    for written in sorted(others, key=lambda w: -scores[w]):
        if written[:5] == order and share((*chosen, written)) > share(tuple(chosen)):
            chosen.append(written)
    return share(tuple(chosen)), tuple(chosen), is_doubtful
