"""Pages of a scorecard, without a browser: what stands on them and where each number leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.cards import TODAY, month_card, speed_line

from smarketing.charts.chart import Chart
from smarketing.charts.render import Size
from smarketing.records.access import LeadScope
from smarketing.reports.kept_drawings import KeptDrawings
from smarketing.scorecard.card import Axis, Group, Line, Scorecard
from smarketing.scorecard.part import part_of
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.terms.period import Grain, read_period
from smarketing.terms.target import Measure
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_board import sides
from smarketing.web.pages.scorecard_charts import Studio, every_sketch, of_line
from smarketing.web.pages.scorecard_filters import narrowed_of
from smarketing.web.pages.scorecard_query import Query, read_query
from smarketing.web.pages.scorecard_tables import cohorts, heats, linked_grid, people
from smarketing.workflows.veil_card import veil_of, veiled

EN = words("en")
PATH = "/scorecards/tramontana/"
ON = date(2026, 10, TODAY)
LINKS = LeadLinks("/leads/", "tramontana", "2026-10")


def a_studio(**changes: object) -> Studio:
    def blank(chart: Chart, *, language: str, size: Size) -> str:
        return f"<svg>{chart.id} {language} {size.name}</svg>"

    return replace(Studio(LINKS, EN, blank, lambda name: f"{PATH}charts/{name}.json"), **changes)  # type: ignore[arg-type]


def said(href: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(href).query).items()}


# the question


def test_an_address_without_a_question_is_this_month() -> None:
    query = read_query({}, path=PATH, today=ON)
    assert (query.period.label, query.by, query.measure) == ("2026-10", None, Measure.SHARE)
    assert query.href() == f"{PATH}?period=2026-10"


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ({"period": "2026-W41"}, "2026-W41"),
        ({"on": "2026-08-30", "unit": "quarter"}, "2026-Q3"),
        ({"on": "2026-10-05", "unit": "week"}, "2026-W41"),
        ({"unit": "year"}, "2026"),
    ],
)
def test_a_period_is_named_or_jumped_to(asked: dict[str, str], label: str) -> None:
    assert read_query(asked, path=PATH, today=ON).period.label == label


def test_every_answer_stands_in_the_address() -> None:
    asked = {"period": "2026-10", "by": "team", "grain": "week", "measure": "mean", "tier": "a"}
    asked["at"] = "2026-10-20T08:00:00Z"
    query = read_query(asked, path=PATH, today=ON)
    assert said(query.href()) == asked
    assert said(query.href(period="2026-09", at=None)).get("at") is None
    assert "tier" not in said(query.without(Axis.TIER))


@pytest.mark.parametrize("asked", [{"period": "soon"}, {"by": "mood"}, {"measure": "sum"}, {"at": "2026-10-20"}])
def test_what_cannot_be_read_is_refused_with_a_hint(asked: dict[str, str]) -> None:
    with pytest.raises(UserError) as refused:
        read_query(asked, path=PATH, today=ON)
    assert refused.value.hint


# where numbers lead


def test_links_of_groups_narrow_the_leads() -> None:
    assert said(LINKS.group(Axis.REP, "u-1", "speed")) == {
        "agreement": "tramontana", "commitment": "speed", "period": "2026-10", "rep": "u-1",
    }  # fmt: skip
    assert said(LINKS.group(Axis.TEAM, ""))["team"] == "-"
    week = said(LINKS.group(Axis.WEEK, "2026-W41", "speed"))
    assert (week["from"], week["until"]) == ("2026-10-05", "2026-10-11")
    assert LINKS.group(Axis.REP, "~3", "speed") == ""


def test_filters_of_the_page_go_along() -> None:
    links = replace(LINKS, only={Axis.TEAM: "Iberia"}, at="2026-10-20T10:00:00Z")
    assert said(links.of("speed", verdict="met"))["team"] == "Iberia"
    assert said(links.group(Axis.REP, "u-1"))["at"] == "2026-10-20T10:00:00Z"


def test_nothing_leads_on_from_a_rep_whose_name_is_hidden() -> None:
    links = replace(LINKS, only={Axis.REP: "~2"})
    (sales,) = (side for side in sides(month_card(), links, PATH, "", EN) if side.role == "sales")
    assert sales.promises[0].leads == "" and not any(way.href for way in sales.promises[0].counts)
    assert not any(
        href for sketch in every_sketch(month_card(), a_studio(links=links)) for row in sketch.hrefs for href in row
    )
    touches, arrivals = heats(month_card(), links, EN)
    assert not any(hour.href for week in (touches, arrivals) for _, day in week.days for hour in day)


def test_the_board_has_both_teams_and_every_verdict_leads_on() -> None:
    marketing, sales = sides(month_card(), LINKS, PATH, "?period=2026-10", EN)
    assert (marketing.role, sales.role) == ("marketing", "sales")
    speed = sales.promises[0]
    assert speed.href == f"{PATH}commitments/speed/?period=2026-10"
    assert [said(way.href)["verdict"] for way in speed.counts] == ["met", "breached", "running", "at_risk", "void"]
    assert speed.counts[1].name == "48 breached"
    assert said(speed.leads)["commitment"] == "speed"


def test_what_a_page_is_narrowed_to_is_said() -> None:
    query = Query(PATH, read_period("2026-10"), only={Axis.TEAM: "Iberia", Axis.SOURCE: "-"})
    narrowed = narrowed_of(month_card(), query, EN)
    assert narrowed is not None
    assert [chip.label for chip in narrowed.chips] == ["Team", "Source"]
    assert narrowed.chips[0].name == "Iberia"
    assert "team" not in said(narrowed.chips[0].without) and said(narrowed.chips[0].without)["source"] == "-"
    assert said(narrowed.all) == {"period": "2026-10"}
    assert any("neither met nor missed" in note for note in narrowed.notes)
    assert narrowed_of(month_card(), replace(query, only={}), EN) is None


def test_a_filter_that_fits_nothing_is_named_as_it_was_asked() -> None:
    query = Query(PATH, read_period("2026-10"), only={Axis.REP: "u-999"})
    narrowed = narrowed_of(month_card(), query, EN)
    assert narrowed is not None and narrowed.chips[0].name == "u-999"


def test_a_part_of_a_number_is_neither_met_nor_missed() -> None:
    card = month_card()
    card = replace(card, lines=tuple(map(part_of, card.lines)))
    marketing, sales = sides(card, LINKS, PATH, "?period=2026-10", EN)
    leads = marketing.promises[0]
    assert (leads.it.word, leads.tone, leads.it.dots) == ("A part", "muted", ())
    assert leads.it.target.endswith("(of the whole promise)") and leads.it.pace == "90\u00a0% of the whole promise"
    assert marketing.summary == "What these leads bring to the whole promises"
    assert sales.promises[0].it.word == "Behind"
    sketches = {sketch.chart.id: sketch.chart for sketch in every_sketch(card, a_studio())}
    assert "of the whole promise" in sketches["waterfall-mqls"].sentence
    assert "goal line of the whole promise" in [text for _, text in sketches["waterfall-mqls"].legend]
    trend = sketches["trend-mqls"]
    assert "a part of it" in trend.sentence and {row[-1] for row in trend.table.rows} == {"a part"}


def test_every_cell_of_a_grid_leads_on() -> None:
    grid = linked_grid(month_card(), Axis.REP, LINKS, EN)
    assert grid is not None
    first = grid.rows[0]
    assert (first.name, first.cells[0].it.text) == ("Priya Raman", "93.9\u00a0%")
    assert said(first.cells[0].href) == said(LINKS.group(Axis.REP, "u-1", "speed"))
    assert said(grid.rows[-1].cells[0].href)["rep"] == "u-3"


def test_cohorts_lead_to_their_stage() -> None:
    sources, tiers = cohorts(month_card(), LINKS, EN)
    assert said(sources.rows[0].cells[1].href)["reached"] == "mql"
    assert "stage" not in said(sources.rows[0].cells[0].href)
    assert said(tiers.rows[0].href)["tier"] == "a"


def test_who_fell_short_leads_to_the_misses() -> None:
    (person,) = people(month_card(), LINKS, EN)
    assert person.it.name == "Bruno Salvatierra"
    assert said(person.hrefs[0])["verdict"] == "breached"


def test_hours_in_which_leads_came_lead_to_them() -> None:
    touches, arrivals = heats(month_card(), LINKS, EN)
    monday_at_11 = arrivals.days[0][1][11]
    assert (said(monday_at_11.href)["weekday"], said(monday_at_11.href)["hour"]) == ("0", "11")
    assert monday_at_11.step == 5
    tried = said(touches.days[0][1][11].href)
    assert (tried["touched"], tried["weekday"], tried["hour"]) == ("1", "0", "11")
    assert touches.clock == "Hours on the clock of Europe/Madrid."


# charts


def test_charts_have_names_of_their_own_and_a_way_for_each_row() -> None:
    sketches = list(every_sketch(month_card(), a_studio()))
    names = [sketch.chart.id for sketch in sketches]
    assert len(set(names)) == len(names)
    assert {"waterfall-mqls", "in-time-speed", "waiting-speed", "depth-depth", "funnel", "heat-touches"} <= set(names)
    in_time = next(sketch for sketch in sketches if sketch.chart.id == "in-time-speed")
    assert len(in_time.hrefs) == len(in_time.chart.table.rows)
    assert said(in_time.hrefs[0][2])["verdict"] == "breached"
    assert said(in_time.hrefs[0][2])["day"] == "2026-10-01"


def test_a_mean_is_drawn_where_a_mean_was_asked_for() -> None:
    (sketch,) = of_line(speed_line(), "sales", a_studio(measure=Measure.MEAN))
    assert sketch.chart.id == "waiting-speed"
    assert sketch.chart.legend[0][1] == "mean"


def test_months_are_the_past_periods() -> None:
    (sketch,) = of_line(speed_line(), "sales", a_studio(grain=Grain.MONTH, measure=Measure.SHARE))
    assert sketch.chart.table.rows == ()  # the made-up past has no counts
    (sketch,) = of_line(with_weeks(), "sales", a_studio(grain=Grain.WEEK))
    assert [row[0] for row in sketch.chart.table.rows] == ["Mon 5 Oct – Sun 11 Oct"]
    assert said(sketch.hrefs[0][1])["from"] == "2026-10-05"


def with_weeks() -> Line:
    week = Group(n_met=9, n_breached=3, actual=0.75, target=0.8, n=12, id="2026-W41", name="2026-W41")
    line = speed_line()
    return replace(line, groups={**line.groups, Axis.WEEK: (week,)})


def test_a_chart_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(chart: Chart, *, language: str, size: Size) -> str:
        drawn.append(chart.id)
        return f"<svg>{language} {size}</svg>"

    monkeypatch.setattr("smarketing.reports.kept_drawings.render", draw)
    (sketch,) = of_line(speed_line(), "sales", a_studio())
    keep = KeptDrawings(tmp_path / "charts")
    first = keep(sketch.chart, language="en", size=Size.WIDE)
    assert KeptDrawings(tmp_path / "charts")(sketch.chart, language="en", size=Size.WIDE) == first
    assert len(drawn) == 1
    assert keep(sketch.chart, language="es", size=Size.WIDE) != first
    assert keep(replace(sketch.chart, title="Other"), language="en", size=Size.WIDE)
    assert len(drawn) == 3


def test_a_full_disk_draws_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.reports.kept_drawings.render", lambda *_, **__: "<svg/>")
    (tmp_path / "charts").write_text("a file where the folder should be")
    (sketch,) = of_line(speed_line(), "sales", a_studio())
    assert KeptDrawings(tmp_path / "charts")(sketch.chart, language="en", size=Size.WIDE) == "<svg/>"


# names


TEAMS = {"u-1": "Americas", "u-2": "Iberia", "u-3": "Iberia"}


def reps(card: Scorecard) -> list[tuple[str, str]]:
    return [(group.id, group.name) for line in card.lines for group in line.groups.get(Axis.REP, ())]


def test_names_are_hidden_from_who_has_no_need_of_them() -> None:
    card = veiled(month_card(), LeadScope(everything=True), TEAMS, EN)
    assert reps(card) == [("~1", "Rep 1"), ("~2", "Rep 2"), ("~3", "Rep 3"), ("", "")]
    assert "Salvatierra" not in str(card.to_json())


def test_own_names_and_those_of_own_teams_stay() -> None:
    scope = LeadScope(owners=frozenset({("demo", "u-1")}), named_teams=frozenset({"Iberia"}))
    names = [name for _, name in reps(veiled(month_card(), scope, {**TEAMS, "u-1": "Europe"}, EN))]
    assert names == ["Priya Raman", "Inés Carballo", "Bruno Salvatierra", ""]


def test_a_team_of_one_is_a_person() -> None:
    card = veiled(month_card(), LeadScope(everything=True), TEAMS, EN)
    (line,) = [line for line in card.lines if Axis.TEAM in line.groups]
    assert [group.id for group in line.groups[Axis.TEAM]] == ["Iberia"]


def test_masks_and_teams_are_never_crossed() -> None:
    veil = veil_of(month_card(), LeadScope(everything=True), TEAMS, EN)
    assert veil is not None
    rep = veil.over(month_card(), {Axis.REP: "~1"})
    assert not any(line.groups.get(Axis.TEAM) for line in rep.lines) and any(reps(rep))
    team = veil.over(month_card(), {Axis.TEAM: "Iberia"})
    assert {key for key, _ in reps(team)} == {""}
    with pytest.raises(UserError, match="together"):
        veil.lifted({Axis.REP: "~1", Axis.TEAM: "Iberia"})


def test_a_hidden_name_asks_for_nothing_as_one_that_nobody_has() -> None:
    veil = veil_of(month_card(), LeadScope(everything=True), TEAMS, EN)
    assert veil is not None
    assert veil.lifted({Axis.REP: "u-2"}) == veil.lifted({Axis.REP: "nobody"}) == {Axis.REP: ""}
    assert veil.lifted({Axis.TEAM: "Americas"}) == {Axis.TEAM: ""}
    assert veil.lifted({Axis.REP: "~2"}) == {Axis.REP: "u-2"}
    assert veil.lifted({Axis.REP: "-", Axis.SOURCE: "web"}) == {Axis.REP: "-", Axis.SOURCE: "web"}


def test_own_names_may_be_asked_for() -> None:
    scope = LeadScope(owners=frozenset({("demo", "u-1")}), named_teams=frozenset({"Iberia"}))
    veil = veil_of(month_card(), scope, {**TEAMS, "u-1": "Europe"}, EN)
    assert veil is not None
    wanted = {Axis.REP: "u-2", Axis.TEAM: "Iberia"}
    assert veil.lifted(wanted) == wanted
    assert ("u-2", "Inés Carballo") in reps(veil.over(month_card(), wanted))


def test_who_may_see_names_sees_the_card_itself() -> None:
    card = month_card()
    assert veiled(card, LeadScope(everything=True, shows_names=True), TEAMS, EN) is card


def test_the_instant_of_a_page_is_in_no_address() -> None:
    query = read_query({"seen": "2026-10-21T15:30:00Z"}, path=PATH, today=ON)
    assert query.seen == datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
    assert "seen" not in query.href()
