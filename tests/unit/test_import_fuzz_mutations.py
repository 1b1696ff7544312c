"""Exports with random damage: an answer or a sentence, never a traceback; and no row disappears.

`SMARKETING_EXAMPLES=20000` turns the volume up.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small_import import LEADS, bring, check_adds_up, profile
from tests.workbooks import lead, leads, parts, workbook, zipped

from smarketing.terms.errors import UserError

EXAMPLES = int(os.environ.get("SMARKETING_EXAMPLES", "40"))
HEADER = ["Id", "Created", "Owner", "Source", "Score", "Status"]
ROWS = [[f"r{n}", f"2026-01-{n % 28 + 1:02}T10:00", "Íñigo", "Web, mail", str(n), f"say “{n}”"] for n in range(40)]
PROFILE = profile(LEADS)
TOKENS = (
    b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"\xc3", b"{", b"}", b"[", b"]", b"\\", b"\\u0000", b"NaN", b"1e999", b"=1+1", b"<", b">", b"&a;",
    b"<!DOCTYPE x>", b"]]>", b"#REF!", b"2026-02-30", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"9" * 400, b"a" * 2_000,
    b"PK\x03\x04", b"PAR1", b"Id", b"sep=;", b"\x1a", b"\x85", b"\xe2\x80\xa8",
)  # fmt: skip
settled = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def as_csv(encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, *ROWS])
    return text.getvalue().encode(encoding, "ignore")


def as_parquet() -> bytes:
    packed = io.BytesIO()
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_parquet(packed)
    return packed.getvalue()


SEEDS = {
    "leads.csv": as_csv("utf-8"),
    "leads-16.csv": as_csv("utf-16"),
    "leads-1252.csv": as_csv("cp1252"),
    "leads.jsonl": "\n".join(
        json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS
    ).encode(),
    "leads.xlsx": workbook(leads(*[lead(row[0], created=row[1]) for row in ROWS])),
    "leads.parquet": as_parquet(),
    "inside.xlsx": leads(*[lead(row[0], created=row[1]) for row in ROWS]).encode(),
}


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    content = bytearray(SEEDS[name])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        match draw(st.integers(0, 5)):
            case 0:
                content[at:at] = draw(st.sampled_from(TOKENS))
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = content[at : at + length] * draw(st.integers(1, 30))
            case 3 if at < len(content):
                content[at] ^= 1 << draw(st.integers(0, 7))
            case 4:
                content[at : at + length] = draw(st.binary(min_size=0, max_size=40))
            case 5:
                del content[at:]
    if name == "inside.xlsx":  # the archive is whole, what it holds is not
        return zipped(parts("") | {"xl/worksheets/sheet1.xml": bytes(content)})
    return bytes(content)


@pytest.mark.parametrize("name", SEEDS)
def test_damage_of_any_kind_is_told_and_never_thrown(name: str) -> None:
    @settled
    @given(damaged(name))
    def is_answered(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            try:
                found = bring(Path(folder), content, name=name, by=PROFILE)
            except UserError as error:
                assert error.what and "Traceback" not in error.what
            else:
                check_adds_up(found)
                assert found.file.n_rows + found.file.n_blank + found.file.n_unused <= content.count(b"\n") + 2_000
            assert time.process_time() - began < 5

    is_answered()


ODD = (
    *("", " ", '"', '""', "a\nb", "a\r\nb", "\r", ",", ";", "\t", "|", "'", "\\", "=1", "\ufeff", "NULL", "true"),
    *("\x00", "\x1e", "\x1f", "\u2028", "\x85", "\ud7ff", "x" * 300, "2026-01-05", "1,5", "#N/A", "\u202e", "-"),
)
CELLS = st.one_of(st.text(max_size=20), st.sampled_from(ODD))


@st.composite
def exports(draw: st.DrawFn) -> tuple[list[list[str]], bytes]:
    rows = [
        [
            f"r{n}",
            draw(st.one_of(st.just("2026-01-05T10:00"), CELLS)),
            draw(CELLS),
            draw(CELLS),
            draw(CELLS),
            f"mark{n}x",
        ]
        for n in range(draw(st.integers(1, 12)))
    ]
    delimiter = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    bare = any(set(cell) & set("\r\n") for row in rows for cell in row)  # which some writers leave without quotes
    quoting = csv.QUOTE_ALL if bare else draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
    return rows, text.getvalue().encode(encoding, "surrogatepass")


@settled
@given(exports())
def test_every_row_of_a_well_formed_export_is_a_fact_or_a_reject(export: tuple[list[list[str]], bytes]) -> None:
    """Whatever stands in the cells: the mark of each row is found again, in the facts or among the rejects."""
    rows, content = export
    with tempfile.TemporaryDirectory() as folder:
        found = bring(Path(folder), content, by=PROFILE)
        check_adds_up(found)
        assert found.file.n_rows == len(rows)
        kept = set(found.frame()["status"].to_list())
        set_aside = {row["Status"] or row["rejected value"] for row in found.rejects}
        for row in rows:
            mark = row[-1]
            assert (mark in kept) != any(mark in text for text in set_aside), row
        assert len(kept) == found.file.n_accepted


@settled
@given(exports())
def test_the_order_of_rows_changes_no_fact(export: tuple[list[list[str]], bytes]) -> None:
    rows, _ = export
    with tempfile.TemporaryDirectory() as folder:
        states = []
        for name, order in (("one", rows), ("two", rows[::-1])):
            text = io.StringIO(newline="")
            csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADER, *order])
            found = bring(Path(folder), text.getvalue(), name=f"{name}.csv", by=PROFILE, folder=name)
            states.append((found.frame().sort("lead_id"), found.counts))
        assert states[0][0].equals(states[1][0])
        assert states[0][1] == states[1][1]
