"""Bombs are refused at once and in little memory: each is opened by a child that may not have more."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from tests.workbooks import MAIN, cells, lead, leads, number, parts, sheet, text, workbook, zipped

CHILD = """
import json, resource, sys, time
from pathlib import Path
from smarketing.sources.files.open_file import open_file
from smarketing.terms.errors import UserError
import polars as pl
pl.DataFrame({"warm": ["up"]}).select(pl.col("warm").str.strip_chars())
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv[2]) * (1 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
before, began = resource.getrusage(resource.RUSAGE_SELF), time.process_time()
n = 0
try:
    for file in open_file(Path(sys.argv[1])):
        for rows in file.read():
            n += rows.cells.height + len(rows.torn)
    said = ""
except UserError as error:
    said = str(error)
after = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"said": said, "n": n, "cpu_s": time.process_time() - began,
                  "grown_kib": after.ru_maxrss - before.ru_maxrss}))
"""


def opened(tmp_path: Path, content: bytes, name: str, *, mib: int = 400) -> dict[str, object]:
    """What a child with `mib` more address space than it needs to start makes of the file."""
    path = tmp_path / name
    path.write_bytes(content)
    began = time.monotonic()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(mib)], capture_output=True, text=True, timeout=120, check=False
    )
    assert child.returncode == 0, child.stderr[-2_000:]
    assert time.monotonic() - began < 120
    found: dict[str, object] = json.loads(child.stdout)
    return found


def check_refused(found: dict[str, object], what: str) -> None:
    assert what in str(found["said"]), found
    assert float(str(found["cpu_s"])) < 2, found
    assert int(str(found["grown_kib"])) < 100 * 1024, found


def test_a_sheet_that_unpacks_to_eighty_mebibytes(tmp_path: Path) -> None:
    head, tail = leads(lead("a")).split("</sheetData>")
    body = head + f"<row>{lead('b')}</row>" * 400_000 + "</sheetData>" + tail
    content = zipped(parts(body))
    assert len(content) < 1 << 20 < 80 << 20 < len(body)
    check_refused(opened(tmp_path, content, "bomb.xlsx"), "unpacks to far more")


def test_a_shared_string_that_unpacks_to_a_hundred_mebibytes(tmp_path: Path) -> None:
    content = workbook(leads(lead("a")), strings="<si><t>" + "a" * (100 << 20) + "</t></si>")
    check_refused(opened(tmp_path, content, "bomb.xlsx"), "unpacks to far more")


def test_an_entry_that_lies_about_its_size(tmp_path: Path) -> None:
    """The list of entries says 1,000 bytes; what follows is 40 MiB."""
    body = leads(lead("a")).replace("</sheetData>", f"<row>{lead('b')}</row>" * 200_000 + "</sheetData>").encode()
    packed = bytearray(zipped(parts(body.decode())))
    at = packed.rfind(b"PK\x01\x02", 0, packed.rfind(b"xl/worksheets/sheet1.xml"))
    packed[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    packed[at + 16 : at + 20] = zlib.crc32(body).to_bytes(4, "little")
    found = opened(tmp_path, bytes(packed), "liar.xlsx")
    assert found["said"], found
    assert int(str(found["grown_kib"])) < 100 * 1024


def test_entities_that_expand(tmp_path: Path) -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    body = f"<?xml version='1.0'?>{declared}]>" + leads(lead("a", status="x")).replace("<t>x</t>", "<t>&j;</t>")
    check_refused(opened(tmp_path, workbook(body), "laughs.xlsx"), "entities")


def test_an_entity_from_a_file(tmp_path: Path) -> None:
    body = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + leads(lead("a")).replace("<t>a</t>", "<t>&a;</t>")
    check_refused(opened(tmp_path, workbook(body), "xxe.xlsx"), "entities")


def test_a_sheet_that_claims_seventeen_thousand_million_cells(tmp_path: Path) -> None:
    claimed = '<dimension ref="A1:XFD1048576"/>'
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    found = opened(tmp_path, workbook(leads(f'<row r="2">{lead("a")}</row>', far, before=claimed)), "far.xlsx")
    assert found["said"] == "", found
    assert int(str(found["grown_kib"])) < 64 * 1024


@pytest.mark.parametrize("row", ['<row r="9999999">', '<row r="1048577">'])
def test_a_row_beyond_the_last_one(tmp_path: Path, row: str) -> None:
    check_refused(opened(tmp_path, workbook(leads(f"{row}{lead('a')}</row>")), "far.xlsx"), "beyond number")


@pytest.mark.parametrize("place", ["XFE2", "ZZZZ2", "AAAAAAAAAAAAAAAA2"])
def test_a_column_beyond_the_last_one(tmp_path: Path, place: str) -> None:
    body = leads(f'<c r="{place}"><v>1</v></c>')
    check_refused(opened(tmp_path, workbook(body), "far.xlsx"), "beyond column")


def test_ten_thousand_entries(tmp_path: Path) -> None:
    content = parts(leads(lead("a"))) | {f"junk/{n}": "" for n in range(10_001)}
    check_refused(opened(tmp_path, zipped(content), "many.xlsx"), "more than 10000 entries")


def test_a_workbook_inside_of_a_workbook_is_not_opened(tmp_path: Path) -> None:
    content = parts(leads(lead("a"))) | {"xl/embeddings/inner.xlsx": workbook(leads(lead("b")))}
    found = opened(tmp_path, zipped(content), "nested.xlsx")
    assert (found["said"], found["n"]) == ("", 1)


def test_a_hundred_thousand_levels_of_xml(tmp_path: Path) -> None:
    body = f'<worksheet xmlns="{MAIN}">' + "<a>" * 200_000
    found = opened(tmp_path, workbook(body), "deep.xlsx")
    assert found["said"], found
    assert int(str(found["grown_kib"])) < 100 * 1024


def test_one_cell_of_twenty_mebibytes_in_a_workbook(tmp_path: Path) -> None:
    """Packed so badly that no ratio gives it away: the row is set aside, the file read on."""
    import random

    noise = random.Random(1).randbytes(2 << 20).hex()
    found = opened(tmp_path, workbook(leads(lead("a", status=noise * 5), lead("b"))), "long.xlsx")
    assert (found["said"], found["n"]) == ("", 2)
    assert int(str(found["grown_kib"])) < 150 * 1024


def test_one_line_of_a_hundred_mebibytes(tmp_path: Path) -> None:
    content = b"Id,Created\na,2026-01-05\n" + b"x" * (100 << 20) + b"\nb,2026-01-05\n"
    found = opened(tmp_path, content, "line.csv")
    assert (found["said"], found["n"]) == ("", 3)
    assert int(str(found["grown_kib"])) < 100 * 1024


def test_a_quote_that_opens_in_front_of_a_quarter_million_rows(tmp_path: Path) -> None:
    content = b'Id,Created\n"a,2026-01-05\n' + b"b,2026-01-05\n" * 250_000
    found = opened(tmp_path, content, "quote.csv")
    assert (found["said"], found["n"]) == ("", 250_001)
    assert int(str(found["grown_kib"])) < 250 * 1024


def test_a_million_columns(tmp_path: Path) -> None:
    header = b",".join(b"c%d" % n for n in range(1_000_000))
    check_refused(opened(tmp_path, header + b"\n" + b"," * 999_999, "wide.csv"), "columns")


def test_a_header_of_a_hundred_mebibytes(tmp_path: Path) -> None:
    found = opened(tmp_path, b"x" * (100 << 20), "header.csv")
    assert found["said"], found
    assert int(str(found["grown_kib"])) < 100 * 1024


def test_json_of_a_hundred_thousand_levels(tmp_path: Path) -> None:
    content = b'{"Id": "a"}\n{"Id": ' + b"[" * 100_000 + b"]" * 100_000 + b'}\n{"Id": ' + b'{"a":' * 100_000 + b"\n"
    found = opened(tmp_path, content, "deep.jsonl")
    assert (found["said"], found["n"]) == ("", 3)


def test_json_with_a_million_different_keys(tmp_path: Path) -> None:
    content = b"\n".join(b'{"k%d": 1}' % n for n in range(1_000_000))
    check_refused(opened(tmp_path, content, "keys.jsonl"), "different keys")


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    """Twenty mebibytes of rows: what is kept grows with a chunk, not with the file."""
    lines = b"".join(b"r%d,2026-01-05T10:00,rita,Web,7,New and waiting for an answer\n" % n for n in range(350_000))
    found = opened(tmp_path, b"Id,Created,Owner,Source,Score,Status\n" + lines, "large.csv", mib=600)
    assert (found["said"], found["n"]) == ("", 350_000)
    assert int(str(found["grown_kib"])) < 150 * 1024


def test_a_large_workbook_is_read_in_little_memory(tmp_path: Path) -> None:
    rows = [cells(f"r{n}", text(f"name {n * 7919 % 100_003}"), number(n * 31 % 9_973)) for n in range(25_000)]
    found = opened(tmp_path, workbook(sheet(cells("Id", "Name", "N"), *rows)), "large.xlsx", mib=600)
    assert (found["said"], found["n"]) == ("", 25_000)
    assert int(str(found["grown_kib"])) < 150 * 1024
