"""Every number of a scorecard opens to exactly its leads; filters, order, pages, and what is not told to whom."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.past_company import SEEN, facts_folder

from smarketing.charts.chart import Chart
from smarketing.charts.render import Size
from smarketing.ledger.folder import Folder, open_folder
from smarketing.records.access import LeadScope
from smarketing.scorecard.card import Axis, Line, Scorecard, Shape
from smarketing.sources.demo import write_demo
from smarketing.sources.read_profile import read_profile
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.terms.period import read_period
from smarketing.terms.read_yaml import read_versions
from smarketing.web.pages.commitment_groups import commitment_grid
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.scorecard_board import counts
from smarketing.web.pages.scorecard_charts import Studio, every_sketch, past
from smarketing.web.pages.scorecard_query import instant_text
from smarketing.web.pages.scorecard_tables import LinkedCell, clocks, cohorts, heats
from smarketing.workflows.import_files import import_files
from smarketing.workflows.lead_filter import LeadFilter, lead_filter
from smarketing.workflows.list_leads import LeadList, every_lead, list_leads
from smarketing.workflows.score_agreement import score

EN = words("en")
ALL = LeadScope(everything=True, shows_names=True)
AXES = (Axis.REP, Axis.TEAM, Axis.TIER, Axis.SOURCE, Axis.WEEK, Axis.DAY)
# period, what it is narrowed to ("?": the largest), and how many days ago it is looked at
VIEWS: tuple[tuple[str, dict[str, str], int], ...] = (
    ("2026-10", {}, 0),
    ("2026-09", {}, 0),
    ("2026-10", {"team": "?"}, 0),
    ("2026-09", {"rep": "?"}, 0),
    ("2026-10", {"rep": "-"}, 0),
    ("2026-10", {}, 9),
    ("2026-09", {"team": "?", "source": "?"}, 30),
)


@dataclass(frozen=True)
class Company:
    """The demo company as it stands when its CRM was exported."""

    facts: Folder
    versions: tuple[Agreement, ...]
    now: datetime

    def asked(self, scope: LeadScope = ALL, **said: str) -> LeadList:
        wanted = lead_filter({name.rstrip("_"): value for name, value in said.items()}, EN)
        return list_leads(self.facts, self.versions, wanted, scope=scope, now=self.now, words=EN)

    def behind(self, href: str) -> int:
        said = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
        said.pop("agreement")
        return self.asked(**said).n

    def card(self, month: str, now: datetime | None = None, **only: str) -> Scorecard:
        period, wanted = read_period(month), {Axis(axis): name for axis, name in only.items()}
        return score(self.versions, self.facts, period=period, now=now or self.now, by=AXES, only=wanted, words=EN)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("demo")
    exports = write_demo(folder / "exports", n_leads=900, until_on=date(2026, 10, 21))
    facts = facts_folder(folder / "facts", {})
    profile, files = read_profile(str(exports.profile), EN), list(exports.files.values())
    import_files(files, profile=profile, facts=facts, now=exports.exported_at, words=EN)
    return Company(
        open_folder(folder / "facts"), tuple(read_versions(exports.agreement, words=EN)), exports.exported_at
    )


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: " ".join(map(str, view)))
def month(company: Company, request: pytest.FixtureRequest) -> tuple[Scorecard, LeadLinks]:
    period, only, days = request.param
    named = {axis: a_name(company, axis) if name == "?" else name for axis, name in only.items()}
    at = company.now - timedelta(days=days) if days else None
    links = LeadLinks("/leads/", "demo", period, {Axis(axis): name for axis, name in named.items()})
    if at:
        links = replace(links, at=instant_text(at))
    return company.card(period, at, **named), links


def a_name(company: Company, axis: str) -> str:
    """The group that has most leads."""
    found = company.card("2026-10").lines[0].groups[Axis(axis)]
    return max((group for group in found if group.id), key=lambda group: group.n).id


def a_studio(links: LeadLinks) -> Studio:
    def blank(chart: Chart, *, language: str, size: Size) -> str:
        return f"<svg>{chart.id} {language} {size.name}</svg>"

    return Studio(links, EN, blank, lambda name: name)


def judged(card: Scorecard) -> Iterator[Line]:
    return (line for line in card.lines if line.kind != "deliverable")


# every number opens to its leads


def test_the_verdicts_of_a_line(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    checked = 0
    for line in judged(card):
        for way in counts(line, links, EN):
            n = int(way.name.split()[0].replace(",", ""))
            assert company.behind(way.href) == n, (line.id, way)
            checked += 1
    assert checked >= 8 or links.only


def test_the_cells_of_its_groups(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    checked = 0
    for line in judged(card):
        for axis in AXES[:5]:
            for group in line.groups.get(axis, ()):
                ways = {
                    "met": group.n_met,
                    "breached": group.n_breached,
                    "running": group.n_running,
                    "void": group.n_void,
                }
                if line.shape is Shape.TOTAL:
                    ways = {"": group.n}
                for verdict, n in ways.items():
                    more = {"verdict": verdict} if verdict else {}
                    assert company.behind(links.group(axis, group.id, line.id, **more)) == n, (line.id, axis, group)
                    checked += 1
            grid = commitment_grid(line, axis, links, EN)
            assert all(cell.it.text in ("0", "–") for row in grid.rows for cell in row.cells[2:] if not cell.href)
    assert checked > 100


def test_the_first_numbers_of_every_chart(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    seen = set()
    for sketch in every_sketch(card, a_studio(links)):
        if sketch.chart.id.startswith(("brought", "trend", "heat")) or not sketch.hrefs:
            continue
        for row, hrefs in zip(sketch.chart.table.rows, sketch.hrefs, strict=True):
            for text, href in zip(row[1:], hrefs[1:], strict=False):
                number = text.replace(",", "")
                if href and number.isdigit():
                    seen.add(sketch.chart.id)
                    assert company.behind(href) == int(number), (sketch.chart.id, row, href)
    assert len(seen) > 4, seen


def test_the_days_of_a_line(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    for line in judged(card):
        for day in line.days[:10]:
            more = {} if line.shape is Shape.TOTAL else {"verdict": "counted"}
            href = links.between(day.on, day.on + timedelta(days=1), line.id, **more)
            assert company.behind(href) == day.n, (line.id, day.on)


def test_the_past_of_what_is_counted(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    counted = [line for line in card.lines if line.kind == "lead_volume"]
    for line in counted:
        hrefs = past(line, a_studio(links)).hrefs
        for period, (_, href) in list(zip(line.trend, hrefs, strict=True))[-4:]:
            assert company.behind(href) == period.n, (line.id, period.label)
    assert counted


def test_the_cells_of_cohorts_and_hours(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    tables = cohorts(card, links, EN)
    assert len(tables) == 2
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                if cell.href and cell.it.text.replace(",", "").isdigit():
                    assert company.behind(cell.href) == int(cell.it.text.replace(",", "")), (table.id, row.name, cell)
    for week in heats(card, links, EN):
        hours = [hour for _, day in week.days for hour in day if hour.href]
        for hour in hours[:12]:
            assert company.behind(hour.href) == int(hour.n), hour
        assert len(hours) > 5 or links.only
        assert week.clock == "Hours on the clock of Europe/Madrid."


def test_the_three_clocks(company: Company, month: tuple[Scorecard, LeadLinks]) -> None:
    card, links = month
    rows = clocks(card, links, EN)
    assert [row.name for row in rows] == ["Lead clock", "System clock", "Rep clock"]
    for row in rows:
        for cell in row.cells[1:3]:
            assert cell.href or cell.it.text == "0"
            assert not cell.href or company.behind(cell.href) == number(cell), row


def number(cell: LinkedCell) -> int:
    return int(cell.it.text.replace(",", ""))


# filters, order and pages


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": "soon"},
        {"period": "2026-13"},
        {"day": "5.10.2026"},
        {"weekday": "7"},
        {"hour": "-1"},
        {"hour": "²"},
        {"sort": "name"},
        {"page": "0"},
        {"band": "soon"},
        {"touches": "many"},
        {"reached": "heaven"},
    ],
)
def test_what_cannot_be_read_is_refused_with_a_hint(said: dict[str, str]) -> None:
    with pytest.raises(UserError) as refused:
        lead_filter(said, EN)
    assert refused.value.hint


def test_a_promise_that_nobody_made_is_refused(company: Company) -> None:
    with pytest.raises(UserError, match="no promise"):
        company.asked(commitment="kindness")


def test_nothing_asked_is_every_lead_with_its_clocks(company: Company) -> None:
    found = company.asked()
    assert (found.n, found.n_leads, len(found.rows)) == (899, 899, 50)
    assert any(row.clocks for row in found.rows)
    assert set(found.choices["tier"]) and set(found.choices["stage"])


def test_filters_on_the_lead_narrow(company: Company) -> None:
    every = {row.lead_id: row for row in _all(company)}
    one = next(row for row in every.values() if row.campaign and row.owner)
    for said in ({"source": one.source}, {"team": one.team}, {"rep": one.owner_label}, {"stage": one.stage}):
        (name, value), found = next(iter(said.items())), company.asked(**said)
        column = {"rep": "owner_label"}.get(name, name)
        assert found.n == sum(getattr(row, column) == value for row in every.values()), said
    assert one.lead_id in {row.lead_id for row in company.asked(q=one.lead_id.upper()).rows}
    assert company.asked(q=f"{one.owner.split()[0]} {one.campaign[:5]}").n > 0
    assert company.asked(q="nothing has this").n == 0
    unowned = company.asked(rep="-").n
    assert unowned == sum(not row.owner for row in every.values())
    tier = one.tier or next(row.tier for row in every.values() if row.tier)
    assert company.asked(tier=tier).n == sum(row.tier == tier for row in every.values())


def _all(company: Company, scope: LeadScope = ALL, **said: str) -> list:  # type: ignore[type-arg]
    wanted = lead_filter(said, EN)
    return list(every_lead(company.facts, company.versions, wanted, scope=scope, now=company.now, words=EN))


@pytest.mark.parametrize("sort", ["due", "-due", "created", "lead", "-owner", "source", "-elapsed", "stage"])
@pytest.mark.parametrize("said", [{}, {"commitment": "speed"}, {"verdict": "breached"}])
def test_pages_are_deterministic_and_complete(company: Company, sort: str, said: dict[str, str]) -> None:
    pages = [company.asked(sort=sort, page=str(page), size="200", **said) for page in range(1, 6)]
    rows = [(row.lead_id, row.episode) for page in pages[: pages[0].n_pages] for row in page.rows]
    assert len(rows) == len(set(rows)) == pages[0].n
    again = company.asked(sort=sort, page="1", size="200", **said)
    assert [row.lead_id for row in again.rows] == [row.lead_id for row in pages[0].rows]


def test_a_page_beyond_the_last_is_the_last(company: Company) -> None:
    assert (company.asked(page="99").page, company.asked(page="99").n_pages) == (18, 18)


def test_the_list_of_an_export_is_the_same_list(company: Company) -> None:
    for said in ({"commitment": "speed", "verdict": "breached"}, {"stage": "mql"}, {"q": "paid"}):
        assert len(_all(company, **said)) == company.asked(**said).n


# who sees what


@pytest.fixture(scope="module")
def reps(company: Company) -> list[tuple[str, str, str]]:
    """Owner id, name and team of a team that owns leads."""
    frame = company.facts.scan("owner").filter(kind="person").select("owner_id", "name", "team").collect()
    return [row for row in frame.sort("owner_id").iter_rows() if row[2] == "Iberia"]


def test_a_rep_sees_their_own_leads(company: Company, reps: list[tuple[str, str, str]]) -> None:
    src = company.facts.scan("lead").select("src").first().collect().item()
    scope = LeadScope(owners=frozenset({(src, reps[0][0])}))
    rows = _all(company, scope)
    assert rows and {row.owner for row in rows} == {reps[0][1]}
    assert company.asked(scope, rep=rows[0].owner_label).n == len(rows)


def test_a_manager_sees_the_team_by_name(company: Company, reps: list[tuple[str, str, str]]) -> None:
    team = reps[0][2]
    scope = LeadScope(teams=frozenset({team}), named_teams=frozenset({team}))
    rows = _all(company, scope)
    assert rows and {row.team for row in rows} == {team}
    assert {row.owner for row in rows} <= {name for _, name, _ in reps}
    assert company.asked(scope, q=rows[0].owner.lower()).n > 0


def test_marketing_sees_all_leads_and_no_name(company: Company, reps: list[tuple[str, str, str]]) -> None:
    scope = LeadScope(everything=True)
    rows = _all(company, scope)
    assert len(rows) == 899
    told = {text for row in rows for text in (row.owner, row.campaign, row.source)}
    assert not told & {name for _, name, _ in reps}
    assert any(owner.startswith("Rep ") for owner in told)
    assert company.asked(scope, q=reps[0][1]).n == 0
    label = next(row.owner_label for row in _all(company) if row.owner == reps[0][1])
    assert company.asked(scope, rep=label).n == 0


def test_who_is_in_no_team_sees_nothing(company: Company) -> None:
    assert company.asked(LeadScope()).n == 0


# ids as CRMs make them


def test_leads_of_any_id_can_be_named(tmp_path: Path) -> None:
    ids = ["a/b", "50%", 'it\'s "so"', "a b", "läd-ü", "-", "=1+1", "日本"]
    made = {"created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    facts = facts_folder(tmp_path / "facts", {"lead": [{"lead_id": each, **made} for each in ids]})
    ask = partial(list_leads, facts, (), scope=ALL, now=SEEN, words=EN)
    for each in ids:
        found = ask(replace(LeadFilter(), lead=("crm", each)))
        assert [row.lead_id for row in found.rows] == [each]
    assert ask(LeadFilter(q="50%")).n == 1
    assert ask(LeadFilter(sort="lead")).rows[0].lead_id == "-"


def test_leads_that_come_later_are_not_there_yet(tmp_path: Path) -> None:
    soon = {"lead_id": "soon", "created_at": SEEN + timedelta(days=1)}
    facts = facts_folder(tmp_path / "facts", {"lead": [soon]})
    assert list_leads(facts, (), LeadFilter(), scope=ALL, now=SEEN, words=EN).n == 0


def test_what_a_killed_writer_left_of_a_list_is_cleared_away(tmp_path: Path) -> None:
    facts = facts_folder(tmp_path / "facts", {"lead": [{"lead_id": "1", "created_at": SEEN}]})
    torn = facts.path / "lists" / "000000-0-2.parquet.tmp"
    torn.parent.mkdir()
    torn.write_bytes(b"PAR1")
    assert list_leads(facts, (), LeadFilter(), scope=ALL, now=SEEN, words=EN).n == 1
    assert not torn.exists()


def test_lists_that_somebody_may_still_be_reading_are_kept_and_no_more(tmp_path: Path) -> None:
    facts = facts_folder(tmp_path / "facts", {"lead": [{"lead_id": "1", "created_at": SEEN}]})
    lists = facts.path / "lists"
    lists.mkdir()
    earlier = [lists / f"{number:06}-0-2.parquet" for number in range(5)]
    for age, path in enumerate(reversed(earlier)):
        path.write_bytes(b"PAR1")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert list_leads(facts, (), LeadFilter(), scope=ALL, now=SEEN, words=EN).n == 1
    assert [path.exists() for path in earlier] == [False, False, True, True, True]
