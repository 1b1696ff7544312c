"""The board: who sees which clocks and whose names, how urgent they are, and when it has nothing new to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.desk import SLA, DeskSite, desk
from tests.drained import agreed, event, site

from smarketing.records import unowned
from smarketing.records.access import Refused, actor_of
from smarketing.records.models import Absence, Person
from smarketing.terms.agreement import Contact, Tier
from smarketing.terms.language import words
from smarketing.workflows.clocks_key import board_key
from smarketing.workflows.hand_over_lead import hand_over_lead
from smarketing.workflows.list_board import Board, BoardFilter, board_filter, list_board
from smarketing.workflows.log_touch import log_touch

__all__ = ["desk", "site"]


@pytest.fixture(autouse=True, params=(500, 0), ids=("few are read", "many are asked for"))
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many clocks of one calendar are few: the board is the same either way."""
    monkeypatch.setattr("smarketing.workflows.list_board.FEW", request.param)


def board(desk: DeskSite, person: Person, zone_name: str = "UTC", **asked: str) -> Board:
    actor = actor_of(person, desk.now.date())
    return list_board(actor, BoardFilter(**asked), zone_name=zone_name, now=desk.now, words=words("en"))


def leads(found: Board) -> list[str]:
    return list(dict.fromkeys(row.running.clock.lead_id for row in found.rows))


def test_clocks_stand_by_open_time_left_and_are_counted_by_urgency(desk: DeskSite) -> None:
    desk.lead("7", at=desk.now - timedelta(minutes=50))
    desk.lead("8")
    found = board(desk, desk.cast.sam, commitment="speed")
    assert leads(found) == ["7", "8"]
    assert [round((row.running.left.seconds or 0) / 60) for row in found.rows] == [60, 60]  # the office opens now
    desk.later(50)
    desk.lead("9")
    assert board(desk, desk.cast.sam, commitment="speed").n_by_bucket["15min"] == 2
    desk.later(15)
    counts = board(desk, desk.cast.sam, commitment="speed").n_by_bucket
    assert counts == {"overdue": 2, "15min": 0, "1h": 1, "today": 0, "later": 0, "waived": 0}
    assert leads(board(desk, desk.cast.sam, bucket="1h")) == ["9"]
    assert board(desk, desk.cast.sam).n == sum(board(desk, desk.cast.sam).n_by_bucket.values()) == 9


def test_under_fifteen_minutes_are_open_minutes(desk: DeskSite) -> None:
    desk.site.now = datetime(2026, 3, 6, 16, 10, tzinfo=UTC)  # a Friday; the office closes at 17
    desk.lead("7")
    desk.site.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    found = board(desk, desk.cast.sam, commitment="speed")
    (row,) = found.rows
    assert (row.running.left.seconds, found.n_by_bucket["15min"]) == (600, 1)
    assert row.running.left.opens_at == datetime(2026, 3, 9, 9, tzinfo=UTC)


def test_each_sees_what_the_table_lets_them_see(desk: DeskSite) -> None:
    desk.lead("7")
    desk.lead("8", owner="u-103")
    desk.lead("9", owner="u-901")
    desk.lead("10", owner=None)
    seen = {name: set(leads(board(desk, person))) for name, person in desk.cast.people.items()}
    assert seen["olu"] == seen["maya"] == {"7", "8", "9", "10"}
    assert seen["sam"] == {"7", "8", "10"}
    assert seen["rita"] == {"7"}
    assert seen["dora"] == seen["nora"] == set()


def test_marketing_sees_numbers_in_place_of_names(desk: DeskSite) -> None:
    desk.lead("7", person_key="ann@example.com")
    (row,) = board(desk, desk.cast.maya, commitment="speed").rows
    assert row.owner_name.startswith("Rep ")
    assert not row.shows_person
    assert not row.can_act
    assert all(label.startswith("Rep ") for _, label in board(desk, desk.cast.maya).choices["rep"])
    (row,) = board(desk, desk.cast.sam, commitment="speed").rows
    assert (row.owner_name, row.shows_person, row.can_act) == ("U-102", True, True)


def test_filters_narrow_and_say_what_they_may_be(desk: DeskSite) -> None:
    desk.lead("7")
    desk.lead("8", owner="u-103")
    found = board(desk, desk.cast.sam)
    assert found.choices["team"] == (("Iberia", "Iberia"),)
    assert found.choices["rep"] == (("crm:u-102", "U-102"), ("crm:u-103", "U-103"))
    assert dict(found.choices["commitment"])["depth"] == "Attempts"
    assert leads(board(desk, desk.cast.sam, rep="crm:u-103")) == ["8"]
    assert board(desk, desk.cast.sam, team="Nowhere").n == 0
    assert board_filter({"bucket": "never", "team": "x"}) == BoardFilter(team="x")


def test_tier_and_promise_narrow_alone_and_together(desk: DeskSite) -> None:
    tiers = (Tier(id="gold", grades=("A",)), Tier(id="plain", grades=("B",)), Tier(id="rest"))
    agreed(desk.site, SLA.model_copy(update={"tiers": tiers}))
    desk.site.refresh()
    for lead_id, grade in (("7", "A"), ("8", "B"), ("9", "A"), ("10", None)):
        desk.lead(lead_id, grade=grade)
    sam, promises = desk.cast.sam, {"speed", "depth", "answer"}
    assert board(desk, sam).choices["tier"] == (("gold", "gold"), ("plain", "plain"), ("rest", "rest"))
    assert {each for each, _ in board(desk, sam).choices["commitment"]} == promises
    gold, answer = board(desk, sam, tier="gold"), board(desk, sam, commitment="answer")
    assert cells(gold) == {(lead, each) for lead in ("7", "9") for each in promises}
    assert cells(answer) == {(lead, "answer") for lead in ("7", "8", "9", "10")}
    assert [sum(each.n_by_bucket.values()) for each in (gold, answer)] == [gold.n, answer.n] == [6, 4]
    assert gold.choices == board(desk, sam).choices, "so that another may be chosen instead"
    assert cells(board(desk, sam, tier="plain", commitment="speed")) == {("8", "speed")}
    assert cells(board(desk, sam, tier="gold", commitment="speed", team="Iberia", rep="crm:u-102")) == {
        ("7", "speed"),
        ("9", "speed"),
    }
    nothing = board(desk, sam, tier="silver"), board(desk, sam, commitment="volume"), board(desk, sam, tier="GOLD")
    assert [(each.n, each.rows) for each in nothing] == [(0, ())] * 3
    assert board_filter({"tier": "gold", "commitment": "speed"}) == BoardFilter(tier="gold", commitment="speed")


def cells(found: Board) -> set[tuple[str, str]]:
    return {(row.running.clock.lead_id, row.running.clock.commitment) for row in found.rows}


@pytest.mark.parametrize(
    ("zone_name", "bucket"),
    [
        ("UTC", "today"),
        ("America/Los_Angeles", "today"),
        ("Europe/Madrid", "today"),
        ("Europe/Kyiv", "today"),
        ("Asia/Kolkata", "today"),  # 21:30
        ("Asia/Shanghai", "later"),  # midnight itself is tomorrow's
        ("Asia/Tokyo", "later"),
        ("Pacific/Kiritimati", "later"),  # half past eleven at night, and six in the morning
    ],
)
def test_the_viewers_zone_decides_what_today_is(desk: DeskSite, zone_name: str, bucket: str) -> None:
    """Half past nine of a Monday in UTC, and an answer that is due at four in the afternoon."""
    desk.lead("7", at=datetime(2026, 2, 26, 16, tzinfo=UTC))
    desk.later(30)
    found = board(desk, desk.cast.sam, zone_name, commitment="answer")
    assert [row.running.clock.due_at for row in found.rows] == [datetime(2026, 3, 2, 16, tzinfo=UTC)]
    assert {name for name, n in found.n_by_bucket.items() if n} == {bucket}
    assert board(desk, desk.cast.sam, zone_name, commitment="answer", bucket=bucket).rows == found.rows


def test_who_is_off_today_is_shown_to_who_knows_the_names(desk: DeskSite) -> None:
    desk.lead("7")
    Absence.objects.create(person=desk.cast.rita, from_on=desk.now.date(), until_on=date(2026, 3, 9))
    assert [name for name, _ in board(desk, desk.cast.sam).away] == ["Rita Serrano"]
    assert board(desk, desk.cast.sam).rows[0].away_until
    assert board(desk, desk.cast.maya).away == ()


def test_the_key_changes_with_the_clocks_the_minute_and_who_is_away(desk: DeskSite) -> None:
    def key() -> str:
        return board_key(actor_of(desk.cast.sam, desk.now.date()), now=desk.now)

    desk.lead("7")
    seen = [key()]
    desk.site.later(timedelta(seconds=20))
    assert key() == seen[0]
    log_touch(src="crm", lead_id="7", kind="call", by=desk.cast.rita, now=desk.now)
    seen.append(key())
    Absence.objects.create(person=desk.cast.rita, from_on=desk.now.date(), until_on=date(2026, 3, 9))
    seen.append(key())
    desk.later(1)
    seen.append(key())
    assert len(set(seen)) == 4


@pytest.fixture(autouse=True)
def facts(desk: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarketing.workflows import list_board as module

    monkeypatch.setattr(module, "every_agreement", lambda: desk.site.terms)
    monkeypatch.setattr(module, "open_facts", lambda *_, **__: desk.site.ledger)


def test_leads_that_nobody_has_are_the_managers_and_the_seats_to_give(
    desk: DeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.site.send(event("owner.updated", desk.now, owner_id="q-1", name="Inbox", kind="queue"))
    desk.lead("7", owner=None, person_key="ann@example.com")
    desk.lead("8", owner="q-1")
    desk.site.refresh()
    for person in (desk.cast.sam, desk.cast.zoe):
        assert set(leads(board(desk, person))) == {"7", "8"}
    row = board(desk, desk.cast.sam, commitment="speed").rows[0]
    assert (row.owner, row.owner_name, row.shows_person, row.can_act) == (None, "", True, True)
    assert leads(board(desk, desk.cast.rita)) == []
    with pytest.raises(Refused):
        hand_over_lead(leads=[("crm", "7")], to=desk.cast.rita, by=desk.cast.rita, now=desk.now)
    monkeypatch.setattr(unowned, "has_seat", lambda person: person == desk.cast.rita)
    assert set(leads(board(desk, desk.cast.rita))) == {"7", "8"}
    assert hand_over_lead(leads=[("crm", "7"), ("crm", "8")], to=desk.cast.rita, by=desk.cast.sam, now=desk.now) == 2
    assert {row.lead_id for row in desk.rows()} == {"7", "8"}
    assert leads(board(desk, desk.cast.zoe)) == []


@pytest.mark.parametrize(
    ("seat", "is_hers"),
    [("Priya Nair", True), ("rita@example.com", True), ("Daniel Price", False), ("", False), ("Rita Serrano", True)],
)
def test_the_seat_is_found_by_address_or_name(desk: DeskSite, seat: str, is_hers: bool) -> None:
    contacts = (Contact(name="Priya Nair", email="Rita@example.com"), Contact(name="Daniel Price", email="d@x.test"))
    terms = SLA.model_copy(
        update={"seat": seat, "parties": (SLA.parties[0].model_copy(update={"contacts": contacts}),)}
    )
    assert unowned._is_seat(desk.cast.rita, terms) == is_hers
