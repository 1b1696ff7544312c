"""The page of a lead says who takes care of it, to whoever was told of the same or manages who does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.cast import Cast
from tests.web.leads_of_a_company import company_facts, sign, stand_in

from smarketing.ledger.folder import Folder
from smarketing.ledger.models import OpenClock
from smarketing.records.models import Notice, Person

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
ABOUT = {"agreement": "acme", "commitment": "speed", "src": "crm", "lead_id": "L0003", "episode": 1}
CARED = "Rita Serrano takes care of it since "


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("company") / "facts")


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Cast:
    sign(cast)
    stand_in(monkeypatch, facts)
    rest: dict[str, Any] = {"version": 1, "kind": "speed_to_lead", "clock": "lead", "party": "sales"}
    rest |= {"start_at": AT, "due_at": AT, "allowance_us": 1, "count": 0, "need": 0}
    OpenClock.objects.create(**ABOUT, **rest)
    a_breach(cast.rita, acknowledged_at=AT)
    return cast


def a_breach(person: Person, **said: Any) -> Notice:
    usual: dict[str, Any] = {**ABOUT, "rule": "late", "occasion": "breach", "channel": "in_app", "state": "sent"}
    usual |= {"created_at": AT, "not_before_at": AT, "payload": {"roles": ["owner"], "arming": 1, "level": 0}}
    return Notice.objects.create(**usual, key=f"{person.id:064d}", person=person, **said)


def page(cast: Cast, person: Person) -> str:
    answer = cast.client_of(person).get("/leads/crm/L0003/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_manager_sees_who_takes_care_of_a_lead_while_its_clock_runs(signed: Cast) -> None:
    assert CARED in page(signed, signed.sam)
    OpenClock.objects.all().delete()
    assert CARED not in page(signed, signed.sam)


def test_who_was_told_of_the_same_sees_it_and_no_other_reader_of_the_lead(signed: Cast) -> None:
    assert CARED not in page(signed, signed.maya)
    a_breach(signed.maya)
    assert CARED in page(signed, signed.maya)
