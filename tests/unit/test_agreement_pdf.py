"""The agreement on paper: every part is there, text stays text, the same input gives the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from tests.cards import total_line
from tests.paper import check_standards, n_pages, text_of

from smarketing.charts.waterfall import waterfall
from smarketing.reports import typeset
from smarketing.reports.agreement_pdf import Acknowledgement, agreement_pdf
from smarketing.terms.agreement import Agreement, Signature
from smarketing.terms.document import document
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import words
from smarketing.terms.lifecycle import Status
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.starters import starter_text

AT = datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
HOSTILE = '#evil() *bold* $x$ \\u{41} [link](http://x) <script> "quotes" #import "/etc/passwd"'


def an_agreement(name: str = "small_b2b", language: str = "en", **changes: Any) -> Agreement:
    text = starter_text(name, language)
    return read_agreement_text(text, where=name, folder=None).model_copy(update=changes)


def paper(agreement: Agreement, language: str = "en", **more: Any) -> bytes:
    known: dict[str, Any] = {"fingerprint": fingerprint(agreement), "status": Status.PROPOSED, "at": AT}
    return agreement_pdf(agreement, words=words(language), **(known | more))


@pytest.mark.parametrize("language", ["en", "es", "it"])
@pytest.mark.parametrize("name", ["small_b2b", "multilevel_service"])
def test_every_section_is_on_paper_in_each_language(name: str, language: str) -> None:
    agreement = an_agreement(name, language)
    file = paper(agreement, language)
    said = squeezed(text_of(file))
    for section in document(agreement, words(language))[1:]:
        for part in (section.title, *section.text, *(cell for row in section.rows for cell in row)):
            for line in part.split("\n"):
                assert squeezed(line) in said, line
    check_standards(file, language)


def squeezed(text: str) -> str:
    """Text without blanks: lines break where they like, also after a hyphen or a slash."""
    return "".join(text.split())


def test_the_same_input_gives_the_same_bytes() -> None:
    agreement = an_agreement()
    assert paper(agreement) == paper(agreement)
    assert paper(agreement) != paper(agreement, at=AT.replace(hour=16))


def test_text_of_people_is_printed_and_never_run() -> None:
    agreement = an_agreement(title=HOSTILE, summary=HOSTILE, exceptions=(HOSTILE, "#panic()"))
    said = text_of(paper(agreement, acknowledgements=[Acknowledgement(HOSTILE, "#sys.inputs")]))
    assert squeezed(said).count(squeezed(HOSTILE)) >= 4 and "#panic()" in said and "#sys.inputs" in said


def test_characters_that_the_letters_lack_become_boxes_and_say_so() -> None:
    said = text_of(paper(an_agreement(summary="Für 日本 😀, \x00\x07 tab\there \u202egnp.exe\ufeff and שלום")))
    assert "Für □□ □," in said and "tab here gnp.exe and" in said
    assert "□ stands for a character" in said
    assert "□" not in text_of(paper(an_agreement()))


@pytest.mark.parametrize("seed", range(4))
def test_any_text_makes_a_file(seed: int) -> None:
    draw = Random(seed)
    soup = "".join(chr(draw.choice((*range(1, 0xD800), *range(0xE000, 0x11000)))) for _ in range(500))
    check_standards(paper(an_agreement(title=soup[:80] or "x", summary=soup)), "en")


def test_when_typst_itself_breaks_the_letters_of_europe_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = typeset._compiled, []

    class PanicException(BaseException):
        """What typst raises when it breaks."""

    def breaks_once(template: str, data: Any, at: datetime) -> bytes:
        calls.append(data)
        if len(calls) == 1:
            raise PanicException
        return real(template, data, at)

    monkeypatch.setattr(typeset, "_compiled", breaks_once)
    said = text_of(paper(an_agreement(summary="Año, così – Жук, שלום")))
    assert "Año, così – Жук, □□□□" in said and "□ stands for" in said and len(calls) == 2


def test_private_characters_become_boxes() -> None:
    assert "a□b" in text_of(paper(an_agreement(summary="a\ue000b")))


def test_who_signed_and_who_has_not() -> None:
    agreement = an_agreement()
    own, other = fingerprint(agreement), "sha256:" + "ab" * 32
    marketing, sales = (party.id for party in agreement.parties)
    signed = Signature(party=marketing, name="Maya Olmedo", signed_at=AT, fingerprint=own)
    said = text_of(paper(agreement, signatures=[signed]))
    assert f"Maya Olmedo {words('en').instant(AT, agreement.zone)} ({agreement.zone})" in said
    assert "not signed Sales Name Signature Place and date" in said
    assert squeezed(said).count(own) >= 3 + n_pages(paper(agreement)) - 2  # its box, the signature, every foot
    strange = Signature(party=sales, name="Sam", signed_at=AT, fingerprint=other)
    said = text_of(paper(agreement, signatures=[signed, strange]))
    assert "This signature is for another text" in said and "not signed" not in said and other in squeezed(said)


def test_who_has_read_it_stands_before_who_has_not() -> None:
    people = [Acknowledgement("Rita", "Sales"), Acknowledgement("Sam", "Sales", AT)]
    said = text_of(paper(an_agreement(), acknowledgements=people))
    assert "1 of 2 have read it." in said
    assert said.index("Sam Sales Wed 21 Oct 2026") < said.index("Rita Sales not yet")
    assert "have read it" not in text_of(paper(an_agreement()))


def test_the_foot_of_each_page_names_version_fingerprint_and_page() -> None:
    agreement = an_agreement(version=7)
    file = paper(agreement)
    said = text_of(file)
    assert said.count(fingerprint(agreement)) >= n_pages(file)
    assert said.count(f"{agreement.id} · version 7") == n_pages(file)
    assert f"Page {n_pages(file)} of {n_pages(file)}" in said


def test_charts_are_optional_and_in_the_one_family_of_letters() -> None:
    chart = waterfall(total_line(), role="marketing", words=words("en"))
    file = paper(an_agreement(), charts=[chart])
    assert chart.title in text_of(file) and chart.sentence in text_of(file)
    check_standards(file, "en")


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_word(status: Status) -> None:
    from smarketing.terms.lifecycle import NAMES

    name = NAMES[status]
    assert name[0].upper() + name[1:] in text_of(paper(an_agreement(), status=status))
