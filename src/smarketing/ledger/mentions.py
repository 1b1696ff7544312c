"""What each file of a table mentions, remembered: files never change, so a refresh reads the new ones only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.facts.frames import empty, table_named
from smarketing.ledger.folder import Folder, read_whole, scan_files

Question = Callable[[pl.LazyFrame], pl.LazyFrame]


def mentioned(folder: Folder, table: str, question: Question) -> pl.DataFrame:
    """The answers of all files of a table to a question, one after the other.

    Takes    question  a function of a module, small in what it answers; the same one is remembered as such
    Raises   FactsError when a file is damaged
    """
    if (rows := folder.held(table)) is not None:
        if rows.is_empty():
            return _of_nothing(table, question)
        answer: Any = question(rows)  # type: ignore[arg-type]  # a few rows are asked sooner without a plan
        return answer  # type: ignore[no-any-return]
    return mentioned_in([(folder.path / part.file, part.n_bytes) for part in folder.parts(table)], table, question)


def mentioned_in(files: Iterable[tuple[Path, int]], table: str, question: Question) -> pl.DataFrame:
    """The same of some files of a table, each with its size in bytes."""
    answers = [_of_part(file, n_bytes, table, question) for file, n_bytes in files]
    return pl.concat(answers) if answers else _of_nothing(table, question)


@lru_cache(maxsize=256)
def _of_nothing(table: str, question: Question) -> pl.DataFrame:
    return question(empty(table_named(table)).lazy()).collect()


def _of_part(file: Path, n_bytes: int, table: str, question: Question) -> pl.DataFrame:
    try:
        return _answer(file, file.stat().st_mtime_ns, n_bytes, table, question)
    except OSError:  # gone: let reading it say so
        return read_whole(question(scan_files([file], table_named(table))), file)


@lru_cache(maxsize=1_024)
def _answer(file: Path, _mtime_ns: int, _n_bytes: int, table: str, question: Question) -> pl.DataFrame:
    return read_whole(question(scan_files([file], table_named(table))), file)
