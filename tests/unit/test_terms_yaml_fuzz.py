"""Whatever is in a file, reading it ends soon, in an agreement or in faults with lines; never in anything else.

SMARKETING_FUZZ sets how many examples each test tries; a night may take a hundred thousand.
"""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement_files import AGREEMENT

from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.holiday_feed import Mistake, feed_days
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.yaml_nodes import Reading, decoded

EXAMPLES = int(os.environ.get("SMARKETING_FUZZ", "150"))
LONGEST_S = 2.0
ODD = [
    "{",
    "}",
    "[",
    "]",
    ":",
    "-",
    "?",
    "&a",
    "*a",
    "!!x",
    "|",
    ">",
    "'",
    '"',
    "#",
    "\t",
    "\r",
    "%",
    "@",
    "`",
    "<<",
    ",",
]
ODD += ["---", "...", "\ufeff", "\u2028", "\x00", "\ud800", "\u202e", "12:30", "yes", "010", "~", "1e400", "9" * 5000]
ODD += ["\n", "\n ", "  ", "é", "null", "2026-02-30", ".nan", "0x", "-", "{a: ", "[[[[[["]


def read(text: str) -> None:
    started = time.process_time()
    try:
        read_agreement_text(text, where="fuzzed.yaml", folder=None)
    except UnreadableTerms as error:
        assert error.faults
        n_lines = text.count("\n") + text.count("\r") + text.count("\u2028") + text.count("\x85") + 2
        assert all(fault.what and 0 <= fault.line <= n_lines for fault in error.faults)
        assert len(str(error)) < 20_000
    assert time.process_time() - started < LONGEST_S


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_an_agreement_with_parts_torn_out_and_put_in(data: st.DataObject) -> None:
    text = AGREEMENT
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(ODD)) + text[end:]
    read(text)


LINES = AGREEMENT.splitlines(keepends=True)


@settings(deadline=None, max_examples=EXAMPLES)
@given(order=st.permutations(range(len(LINES))), n=st.integers(1, len(LINES)))
def test_the_lines_of_an_agreement_in_any_order(order: list[int], n: int) -> None:
    read("".join(LINES[position] for position in order[:n]))


@settings(deadline=None, max_examples=EXAMPLES)
@given(line=st.integers(0, len(LINES) - 1), value=st.one_of(st.sampled_from(ODD), st.text(max_size=30)))
def test_any_value_for_any_key(line: int, value: str) -> None:
    key, colon, _ = LINES[line].partition(":")
    read("".join([*LINES[:line], f"{key}{colon} {value}\n", *LINES[line + 1 :]]))


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    read(text)


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    try:
        read(decoded(content, Reading("fuzzed.yaml")))
    except UnreadableTerms as error:
        assert error.faults


ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Feast\r\nDTSTART;VALUE=DATE:20260501\r\n"
    b"DTEND;VALUE=DATE:20260502\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1FR\r\nEXDATE;VALUE=DATE:20270507\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_a_torn_feed(data: st.DataObject) -> None:
    content = ICS
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 12)))
        content = content[:start] + data.draw(st.binary(max_size=6)) + content[end:]
    started = time.process_time()
    try:
        feed_days(content)
    except Mistake as mistake:
        assert str(mistake)
    assert time.process_time() - started < LONGEST_S


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: " + "'" * 500_000,
        "a:\n" + " - b\n" * 100_000,
        "".join(f"k{n}: v\n" for n in range(60_000)),
        "&a " * 100_000,
        "x" * 900_000,
        "a: |\n" + "  x\n" * 200_000,
        "#" * 900_000,
        "a: " + "\\" * 500_000,
        "target: " + "9" * 900_000,
        "exceptions: {" + ", ".join(f"k{n}: 1" for n in range(19_000)) + "}",
    ],
    ids=lambda bomb: bomb[:12].strip(),
)
def test_a_bomb_is_defused_soon(bomb: str) -> None:
    read(bomb)
    read(AGREEMENT + bomb)
