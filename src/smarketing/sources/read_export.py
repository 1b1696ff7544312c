"""One file of an export read to its end: facts handed on, rejected rows written, every row counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from smarketing.facts.ahead import ahead
from smarketing.sources.export import Export
from smarketing.sources.headers import Headers, Matched, unused
from smarketing.sources.map_rows import Mapper
from smarketing.sources.rejects import RejectsFile

EXAMPLES = 20
READING_THREADS = 2  # more chunks at once would take more memory, and little less time
Keep = Callable[[str, pl.DataFrame], None]
Tell = Callable[[float, int], None]


@dataclass(slots=True)
class FileCount:
    """The rows of one file. `n_rows` are those that should become facts: what is blank, a header come again, or not
    a fact by the profile's own word is counted beside them."""

    n_rows: int = 0
    n_rejected: int = 0
    n_blank: int = 0
    n_unused: int = 0
    n_twice: int = 0
    n_emptied: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str, str, str]] = field(default_factory=list)
    lost_ids: dict[str, None] = field(default_factory=dict)
    unread_columns: list[str] = field(default_factory=list)


def read_export_file(
    matched: Matched, export: Export, *, now: datetime, rejects: RejectsFile, keep: Keep, tell: Tell
) -> FileCount:
    """Read a file chunk by chunk.

    Takes    keep  gets the name of a fact table and rows of it, with read_cells.ROW
             tell  gets the share of the file that is read, and how many rows so far
    Raises   UserError when the file turns out to be damaged or to need a column that it lacks
    """
    mapper = Mapper(
        matched, export.profile, src=export.src, zone=export.zone, now=now, lookups=export.looked_up(matched)
    )
    count = FileCount(unread_columns=unused(matched.rules, Headers(matched.file.headers, matched.file.title)))
    for rows, chunk in ahead(mapper.read, matched.file.read(), n_threads=READING_THREADS):
        mapped = mapper.joined(chunk)
        for table, facts in mapped.frames.items():
            keep(table, facts)
        shown = rejects.add(rows, mapped.rejects)
        count.n_rows += mapped.n_rows + len(rows.torn)
        count.n_rejected += len(shown)
        count.n_blank += rows.n_blank + rows.n_repeated_headers
        count.n_unused += mapped.n_unused
        count.n_twice += mapped.n_twice
        count.n_emptied += mapped.n_emptied
        count.lost_ids.update(dict.fromkeys(mapped.lost_ids))
        count.reasons.update(reason for _, _, _, reason in shown)
        count.examples += shown[: EXAMPLES - len(count.examples)]
        tell(rows.share, count.n_rows)
    return count
