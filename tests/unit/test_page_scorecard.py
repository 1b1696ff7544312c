"""The scorecard page: one file without scripts or requests, every chart with its table, people's text as text."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.cards import depth_line, month_card, october_groups, speed_line, total_line

from smarketing.reports.page import page_of, render_page
from smarketing.scorecard.card import Axis, Group, Reason, Scorecard
from smarketing.scorecard.part import part_of
from smarketing.scorecard.word import Word
from smarketing.terms.language import words

VOID = {"meta", "link", "input", "br", "img", "hr"}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


class Outline(HTMLParser):
    """Tags as they open and close, and what stands out on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).replace("\u00a0", " ").split())


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    found.close()
    return found


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(month_card(), words=words("en"))


@pytest.fixture(scope="module")
def seen(page: str) -> Outline:
    return outline(page)


def test_a_ring_is_never_more_than_full_and_hides_no_missed_promise(page: str) -> None:
    rings = [attrs for _, attrs in outline(page).tags if attrs.get("class") == "ring"]
    assert [ring["aria-label"] for ring in rings] == ["97\u00a0% kept, by weight", "90\u00a0% kept, by weight"]
    assert [ring["style"] for ring in rings] == ["--share: 0.9700", "--share: 0.9000"]


def test_a_ring_says_100_percent_only_when_nothing_was_missed() -> None:
    almost = replace(month_card().parties[0], total=replace(month_card().total, kept=0.998))
    found = outline(render_page(month_card(parties=(almost,)), words=words("en")))
    assert "99 %" in found.text and "100 %" not in [text.replace("\u00a0", " ") for text in found.texts]


def test_every_tag_that_opens_closes(seen: Outline) -> None:
    assert seen.wrong == []
    assert seen.open == []


def test_there_is_nothing_to_run_and_nothing_to_fetch(page: str, seen: Outline) -> None:
    assert {"script", "link", "iframe", "object", "embed", "img", "form"} & {tag for tag, _ in seen.tags} == set()
    assert [name for _, attributes in seen.tags for name in attributes if name.startswith("on")] == []
    addresses = {value for _, a in seen.tags for name, value in a.items() if name in ("src", "href", "action")}
    assert all(str(address).startswith("#") for address in addresses)
    assert set(re.findall(r"https?://[^\"' <)]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in page and "url(http" not in page


def test_the_page_forbids_what_it_does_not_need(seen: Outline) -> None:
    rules = [a["content"] for tag, a in seen.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert rules == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_the_page_is_small(page: str) -> None:
    assert len(gzip.compress(page.encode())) < 300_000


def test_ids_are_unique_and_every_link_on_the_page_arrives(seen: Outline) -> None:
    ids = [a["id"] for _, a in seen.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {str(a["href"])[1:] for tag, a in seen.tags if tag == "a"}
    assert targets <= set(ids)


def test_every_chart_has_its_table_and_its_sentence(page: str) -> None:
    figures = re.findall(r'<figure class="chart".*?</figure>', page, re.S)
    assert len(figures) >= 10
    for figure in figures:
        assert "<svg role=" in figure
        assert '<details class="data">' in figure and "<tbody>" in figure
        assert re.search(r"<figcaption>\s*<h3>[^<]+</h3>\s*<p>[^<]+\.</p>", figure)


def test_headings_go_down_one_step_at_a_time(seen: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_marketing_and_sales_stand_side_by_side(page: str) -> None:
    assert page.index('class="side marketing"') < page.index('class="side sales"') < page.index('id="charts"')
    assert page.index('class="stack marketing"') < page.index('class="stack sales"')


def test_each_promise_says_actual_target_line_projection_and_a_word(seen: Outline) -> None:
    text = seen.text
    assert "Qualified leads handed over ↗ On track 252 leads promised: 280 leads a month" in text
    assert "goal line today 190 · heading for 372 · 2.8 a day still needed" in text
    assert "First answer ↘ Behind 78.5 % promised: 80 % within 2 business hours" in text
    assert "misses are used up 1.6 times too fast" in text
    assert "175 met · 48 breached · 6 running · 2 at risk · 11 left out (duplicate 7, test 4)" in text
    assert "missed 2 periods in a row" in text


def test_who_fell_short_is_named_with_the_misses(page: str, seen: Outline) -> None:
    text = seen.text
    assert "Bruno Salvatierra First answer 45.2 % 17 of 31 breached; promised 80 % within 2 business hours" in text
    people = page[page.index('class="people"') : page.index("</ul>", page.index('class="people"'))]
    assert "Priya" not in people


def test_consequences_that_are_due_are_announced(seen: Outline) -> None:
    assert "What the agreement now asks for" in seen.text
    assert "First answer: missed 2 periods in a row" in seen.text


def test_provenance_is_complete(seen: Outline) -> None:
    for said in ("Wed 21 Oct 2026, 17:30:00 (Europe/Madrid)", "sha256:5f5f", "state 7, 486 leads", "2026b", "0.1.0"):
        assert said in seen.text


def test_a_closed_month_speaks_in_the_past() -> None:
    text = outline(render_page(month_card(today=31), words=words("en"))).text
    assert "Closed: all 31 days have passed" in text
    assert "✓ Met" in text and "kept with 92 to spare" in text
    assert "heading for" not in text


@pytest.mark.parametrize("language", ["es", "it"])
def test_the_page_speaks_the_reader_s_language(language: str) -> None:
    found = outline(render_page(month_card(), words=words(language)))
    assert dict(found.tags)["html"] == {"lang": language}
    assert {"es": "Octubre 2026", "it": "Ottobre 2026"}[language] in found.text.replace(" de ", " ")
    assert "327.600 €" in found.text and "78,5 %" in found.text


def hostile_card() -> Scorecard:
    group = Group(n_met=1, n_breached=9, actual=0.1, target=0.8, is_target_met=False, n=10, id=HOSTILE, name=HOSTILE)
    line = speed_line(
        title=HOSTILE, description=HOSTILE, contact=HOSTILE, target=HOSTILE, id="hostile",
        voids=(Reason(HOSTILE, 2),), groups=dict.fromkeys(Axis, (group,)),
    )  # fmt: skip
    card = month_card()
    return replace(
        card,
        lines=(line, total_line("other", title=HOSTILE, target_unit=HOSTILE, actual_unit=HOSTILE)),
        agreement=replace(card.agreement, title=HOSTILE, id=HOSTILE),
        parties=tuple(replace(party, name=HOSTILE) for party in card.parties),
        steps=(replace(card.steps[0], text=HOSTILE, responsible=HOSTILE),),
        sources=(replace(card.sources[0], id=HOSTILE, name=HOSTILE),),
    )


def test_what_people_wrote_is_shown_and_never_obeyed() -> None:
    page = render_page(hostile_card(), words=words("en"))
    found = outline(page)
    assert "<script" not in page and "<img" not in page
    assert found.wrong == [] and found.open == []
    assert [name for _, attributes in found.tags for name in attributes if name.startswith("on")] == []
    assert found.text.count("alert(1)") >= 8


def test_without_reps_the_page_says_how_to_see_them() -> None:
    card = month_card(lines=(speed_line(groups={}),))
    assert "Make this page with --by rep to see who fell short." in outline(render_page(card, words=words("en"))).text


def test_when_nobody_fell_short_the_page_says_so() -> None:
    best = {Axis.REP: october_groups()[Axis.REP][:2]}
    card = month_card(lines=(speed_line(groups=best),))
    assert "Nobody. Every rep" in outline(render_page(card, words=words("en"))).text


def test_one_miss_says_nothing_about_a_person() -> None:
    one = Group(n_met=0, n_breached=1, actual=0.0, target=0.8, is_target_met=False, n=1, id="u-9", name="Unlucky")
    card = month_card(lines=(speed_line(groups={Axis.REP: (one,)}),))
    page = render_page(card, words=words("en"))
    assert 'class="people"' not in page


def test_an_empty_month_says_the_next_step() -> None:
    bare = {"actual": None, "attainment": None, "days": (), "trend": (), "pace": None, "progress": None}
    lines = (
        replace(total_line(), **bare, word=Word.NO_DATA, why="No lead came in."),
        replace(speed_line(groups={}), **bare, speed=None, word=Word.NO_DATA, n_met=0, n_breached=0, clocks={}),
        replace(depth_line(), **bare, depth=None, word=Word.NO_DATA),
    )
    card = month_card(lines=lines, steps=(), sources=(), tiers=())
    empty = replace(
        card,
        provenance=replace(card.provenance, n_leads=0),
        funnel=replace(card.funnel, n_leads=0, stages=()),
        heat=replace(card.heat, arrivals=((0,) * 24,) * 7, touches=((0,) * 24,) * 7),
    )
    page = render_page(empty, words=words("en"))
    found = outline(page)
    assert found.open == [] and found.wrong == []
    assert "There are no leads to judge yet." in found.text
    assert "smarketing import FILE" in found.text
    assert "No data yet" in found.text
    assert "<svg role=" not in page


def test_an_agreement_without_promises_is_said() -> None:
    page = render_page(month_card(lines=()), words=words("en"))
    assert "This agreement promises nothing." in outline(page).text


def test_a_narrowed_card_says_whose_it_is_on_paper_too() -> None:
    card = replace(month_card(), only={Axis.TEAM: "Iberia", Axis.SOURCE: "-"})
    said = page_of(replace(card, lines=tuple(map(part_of, card.lines))), words("en")).summary
    assert said.startswith("1 promises are kept or on track, 1 are behind")
    assert "Only Team: Iberia, Source: " in said and "beside the whole promise" in said


def test_both_schemes_and_paper_are_styled(page: str) -> None:
    assert "light-dark(" in page and "color-scheme: light dark" in page
    assert ":root:has(#scheme-dark:checked)" in page
    assert "@media print" in page
