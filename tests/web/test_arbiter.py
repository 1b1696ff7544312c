"""A dispute under an agreement that names an arbiter: who may decide it, who sees the form, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from tests.cast import Cast
from tests.negotiations import a_signed, changed
from tests.web.leads_of_a_company import AGREEMENT, SIGNED, company_facts, stand_in
from tests.web.test_disputes import NOW, raised

from smarketing.ledger.folder import Folder
from smarketing.records.access import Refused
from smarketing.records.models import Dispute, Person, Waiver
from smarketing.workflows.decide_dispute import decide_dispute

OFFICE = "    hours: {mon-fri: 09:00-18:00}\n"
COURT = "  - id: court\n    zone: Atlantic/Canary\n    hours: {tue: 10:00-12:00, fri: 10:00-12:00}\n"
FOURTH = datetime(2025, 7, 4, 16, tzinfo=UTC)  # Friday's closing in Madrid, the second working day there


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return company_facts(tmp_path_factory.mktemp("arbiter") / "facts")


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def signed(cast: Cast, facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Cast:
    stand_in(monkeypatch, facts)
    cast.sales.fact_names = ["north", "south"]
    cast.sales.save()
    return cast


def agreed(cast: Cast, arbiter: str, *, of_sales: bool = False) -> None:
    """Nora is an address; `of_sales` makes her a contact of sales, which then keeps to the calendar of the court."""
    text = changed(OFFICE, OFFICE + COURT, f"{AGREEMENT}disputes: {{arbiter: {arbiter}}}\n")
    if of_sales:
        text = changed("contacts: [{name: Sam Whitlock}]", "contacts: [{name: Sam Whitlock}, {name: Nora Alba}]", text)
        text = changed("    role: sales\n", "    role: sales\n    calendar: court\n", text)
    a_signed(cast, text, now=SIGNED)


def page(cast: Cast, person: Person, dispute: Dispute) -> str:
    answer = cast.client_of(person).get(f"/disputes/{dispute.id}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def decision(dispute: Dispute) -> str:
    return f"/disputes/{dispute.id}/decision"


def has_form(cast: Cast, person: Person, dispute: Dispute) -> bool:
    return f'action="{decision(dispute)}"' in page(cast, person, dispute)


def test_the_other_party_may_not_decide_and_the_arbiter_does(signed: Cast, facts: Folder) -> None:
    agreed(signed, "nora@example.com")
    dispute = raised(signed, facts)
    with pytest.raises(Refused):
        decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.maya, now=NOW)
    for person in (signed.maya, signed.sam, signed.olu):
        assert not has_form(signed, person, dispute), person
        signed.client_of(person).post(decision(dispute), {"outcome": "accepted"})
    dispute.refresh_from_db()
    assert dispute.is_open and not Waiver.objects.exists()
    assert has_form(signed, signed.nora, dispute)
    signed.client_of(signed.nora).post(decision(dispute), {"outcome": "accepted", "decision": "It was."})
    dispute.refresh_from_db()
    assert (dispute.state, dispute.decided_by, dispute.decision) == ("accepted", signed.nora, "It was.")
    assert Waiver.objects.get().dispute == dispute
    assert "Nora Alba accepted it" in page(signed, signed.maya, dispute)


def test_strangers_see_nothing_of_what_an_arbiter_decides(signed: Cast, facts: Folder) -> None:
    agreed(signed, "nora@example.com")
    dispute = raised(signed, facts)
    for person in (signed.zed, signed.zoe):
        client = signed.client_of(person)
        assert client.get(f"/disputes/{dispute.id}/").status_code == 404
        assert client.post(decision(dispute), {"outcome": "accepted"}).status_code == 404


def test_the_arbiter_has_the_time_of_their_own_calendar(signed: Cast, facts: Folder) -> None:
    """Raised on a Wednesday at noon: the court sits on Tuesdays and Fridays, the other party every day."""
    agreed(signed, "Nora Alba", of_sales=True)
    dispute = raised(signed, facts)
    assert dispute.due_at == datetime(2025, 7, 8, 11, tzinfo=UTC) != FOURTH
    assert "Nora Alba is to decide by" in page(signed, signed.maya, dispute)
    assert "Tue 8 Jul 2025" in page(signed, signed.nora, dispute)


def test_an_arbiter_of_neither_party_has_the_time_that_the_other_party_would_have(signed: Cast, facts: Folder) -> None:
    agreed(signed, "nora@example.com")
    assert raised(signed, facts).due_at == FOURTH


def test_who_raised_it_decides_nothing_even_as_the_arbiter(signed: Cast, facts: Folder) -> None:
    """It falls to the other party then: nobody judges their own cause, and it is not left to silence."""
    agreed(signed, "sam@example.com")
    dispute = raised(signed, facts)
    assert not has_form(signed, signed.sam, dispute) and has_form(signed, signed.maya, dispute)
    with pytest.raises(Refused):
        decide_dispute(dispute_id=dispute.id, outcome="accepted", text="", by=signed.sam, now=NOW)


def test_what_an_arbiter_did_not_decide_in_time_is_overdue_and_still_theirs(
    signed: Cast, facts: Folder, now: time_machine.Coordinates
) -> None:
    agreed(signed, "nora@example.com")
    dispute = raised(signed, facts)
    now.move_to(FOURTH)
    assert "overdue" not in page(signed, signed.nora, dispute)
    now.move_to(FOURTH + timedelta(minutes=1))
    for person in (signed.nora, signed.sam):
        assert "overdue" in page(signed, person, dispute)
    assert has_form(signed, signed.nora, dispute) and not has_form(signed, signed.maya, dispute)
    assert "overdue" in signed.client_of(signed.nora).get("/disputes/").content.decode()
