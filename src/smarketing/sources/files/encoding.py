"""Which encoding a text file is written in, and decoding that marks bad bytes instead of hiding them."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

BLOCK = 1 << 20
SAMPLE = 64 << 10
MAX_BAD_BYTES = 100_000
MARK = "smarketing.mark"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The ones CRMs and spreadsheets still write; UTF-8 is recognised before these are asked.
_LEGACY = ["gb18030", "big5", "euc_kr", "cp932", "cp1251", "cp1253", "cp1252"]
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]+")


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    """Each undecodable byte becomes a lone surrogate, which no decoded text contains: its row is then rejected."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(MARK, _mark_bad_bytes)


def text_encoding(path: Path) -> str:
    """The name of the codec that reads this file.

    A byte order mark decides, then zero bytes (UTF-16 without one), then whether all of it is UTF-8; a file that is
    mostly UTF-8 stays UTF-8, so that only its bad rows are rejected. What is left is guessed from its letters.

    Raises UserError when the file is no text at all.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    wide = _wide_without_mark(head)
    if wide:
        return wide
    if _is_binary(head):
        raise UserError(
            N_("This is not a text file."),
            where=path.name,
            hint=N_("Export it as CSV, XLSX, Parquet or JSON Lines."),
        )
    sample = _first_bad_stretch(path)
    if sample is None or _is_mostly_utf8(sample):
        return "utf-8"
    return _guess(sample)


def _wide_without_mark(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd / half > 0.3 and even / half < 0.05:
        return "utf-16-le"
    if even / half > 0.3 and odd / half < 0.05:
        return "utf-16-be"
    return ""


def _is_binary(head: bytes) -> bool:
    controls = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    return controls > len(head) * 0.1


def _first_bad_stretch(path: Path) -> bytes | None:
    """None when the whole file is UTF-8, else the bytes around the first that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        while True:
            at = file.tell()
            block = file.read(BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                file.seek(max(0, at + error.start - SAMPLE))
                return file.read(4 * SAMPLE)
            if not block:
                return None


def _is_mostly_utf8(sample: bytes) -> bool:
    good = _MULTIBYTE.findall(sample)
    n_bad = len(_HIGH.findall(sample)) - sum(map(len, good))
    return len(good) > n_bad


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    # Lines without a foreign letter say nothing and drown those that do.
    telling = b"\n".join(line for line in sample.split(b"\n") if _HIGH.search(line)) or sample
    if _kana_share(telling) > 0.15:
        return "cp932"
    runs = [len(run) for run in _RUN.findall(telling)]
    if runs.count(1) > len(runs) / 2:  # letters with accents stand alone among plain ones: a western language
        on_a_mac = len(re.findall(rb"[\x80-\x9f]", telling)) > sum(runs) / 2
        return "mac_roman" if on_a_mac else "cp1252"
    best = from_bytes(telling, cp_isolation=_LEGACY, threshold=0.4, enable_fallback=False).best()
    return best.encoding if best else "cp1252"


def _kana_share(sample: bytes) -> float:
    """How much of what is not ASCII would be Japanese syllables; no other language has any."""
    letters = [letter for letter in sample.decode("cp932", errors="ignore") if not letter.isascii()]
    return sum("\u3041" <= letter <= "\u30ff" for letter in letters) / max(len(letters), 1)
