"""Leads entered by hand or pasted: each row in is a lead, a reject with its reason, or known already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk import DeskSite, desk
from tests.drained import site

from smarketing.records.access import Refused
from smarketing.records.models import Event, OwnerLink
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.workflows.enter_lead import NewLead, enter_lead
from smarketing.workflows.hand_over_lead import hand_over_lead
from smarketing.workflows.log_touch import log_touch
from smarketing.workflows.paste_leads import Brought, paste_leads, preview_leads

__all__ = ["desk", "site"]

TABLE = """E-mail\tSource\tCampaign\tOwner\tScore\tCreated\tNotes
ann@example.com\tpaid search\tSpring\trita@example.com\t40\t2026-03-02 09:30\tnice
\twebinar\t\t\t\t\t
bob@example.com\tFair stand\t\tRita Serrano\tmany\t\t
cid@example.com\twebinar\t\tnobody@example.com\t\t\t
dot@example.com\twebinar\t\t\t\t2026-04-01 09:00\t
ann@example.com\tpaid search\tSpring\trita@example.com\t40\t2026-03-02 09:30\ttwice
eve@example.com\twebinar\t\t\t\t\t
"""


def test_an_entered_lead_runs_for_its_owner_at_once(desk: DeskSite) -> None:
    lead = NewLead(person="ann@example.com", source="phone", campaign="Spring", owner=desk.cast.rita)
    lead_id = enter_lead(lead=lead, by=desk.cast.sam, now=desk.now)
    (row,) = desk.rows()
    assert (row.src, row.lead_id, row.facts["person_key"]) == ("desk", lead_id, "ann@example.com")
    assert (row.facts["channel"], row.facts["campaign"], row.facts["lifecycle"]) == ("phone", "Spring", "mql")
    desk.later(3)
    log_touch(src="desk", lead_id=lead_id, kind="call", by=desk.cast.rita, now=desk.now)
    assert desk.clocks(lead_id) == {"answer"}  # the call connected
    assert desk.site.clocks() == desk.site.clocks_anew()


def test_the_same_form_twice_is_one_lead(desk: DeskSite) -> None:
    for _ in range(2):
        enter_lead(lead=NewLead(person="ann"), by=desk.cast.rita, now=desk.now, key="b" * 32)
    assert len(desk.site.facts()) == 1
    assert Event.objects.filter(verb="enter_lead").count() == 1


def test_an_entered_lead_changes_hands(desk: DeskSite) -> None:
    lead = NewLead(person="ann", owner=desk.cast.rita)
    lead_id = enter_lead(lead=lead, by=desk.cast.rita, now=desk.now)
    OwnerLink.objects.create(person=desk.cast.sam, src="crm", owner_id="u-103")
    desk.later(1)
    hand_over_lead(leads=[("desk", lead_id)], to=desk.cast.sam, by=desk.cast.rita, now=desk.now)
    assert [row.lead_id for row in desk.rows(desk.cast.sam)] == [lead_id]


def test_what_cannot_be_a_lead_is_refused(desk: DeskSite) -> None:
    with pytest.raises(UserError, match="somebody to reach"):
        enter_lead(lead=NewLead(person=" "), by=desk.cast.rita, now=desk.now)
    late = NewLead(person="ann", created_at=desk.now + timedelta(hours=1))
    with pytest.raises(UserError, match="later than now"):
        enter_lead(lead=late, by=desk.cast.rita, now=desk.now)
    with pytest.raises(Refused):
        enter_lead(lead=NewLead(person="ann", owner=desk.cast.nora), by=desk.cast.rita, now=desk.now)
    for stranger in (desk.cast.eva, desk.cast.nora, desk.cast.dora):
        with pytest.raises(Refused):
            enter_lead(lead=NewLead(person="ann"), by=stranger, now=desk.now)
    assert not desk.site.facts()


def test_pasted_rows_are_leads_rejects_or_repeated(desk: DeskSite) -> None:
    found = preview_leads(text=TABLE, by=desk.cast.rita, now=desk.now, words=words("en"))
    assert [row.lead.person for row in found.rows] == ["ann@example.com", "eve@example.com"]
    assert [(each.number, each.column, each.value) for each in found.rejects] == [
        (3, "person", ""),
        (4, "score", "many"),
        (5, "owner", "nobody@example.com"),
        (6, "created_at", "2026-04-01 09:00"),
    ]
    assert all(each.reason for each in found.rejects)
    assert (found.n, found.n_repeated, found.unused) == (7, 1, ("Notes",))
    assert found.rows[0].lead.source == "paid_search"
    assert not desk.site.facts()


def test_pasting_twice_adds_nothing(desk: DeskSite) -> None:
    said = {"text": TABLE, "by": desk.cast.rita, "words": words("en")}
    assert paste_leads(**said, now=desk.now) == Brought(7, 2, 4, 1)  # type: ignore[arg-type]
    desk.later(1)
    assert paste_leads(**said, now=desk.now) == Brought(7, 0, 4, 3)  # type: ignore[arg-type]
    assert {each["person_key"] for each in desk.site.facts()} == {"ann@example.com", "eve@example.com"}
    assert Event.objects.filter(verb="paste_leads").count() == 1
    assert [row.facts["person_key"] for row in desk.rows()] == ["ann@example.com"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no table"),
        ("E-mail", "no table"),
        ("Colour;Size\nred;3", "whom to reach"),
        ("E-mail\n" + "x@example.com\n" * 501, "At most 500 rows"),
        ("E-mail\n" + "x" * 500_001, "too much to paste"),
    ],
)
def test_what_is_no_table_is_refused(desk: DeskSite, text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        preview_leads(text=text, by=desk.cast.rita, now=desk.now, words=words("en"))


def test_semicolons_and_other_languages_are_understood(desk: DeskSite) -> None:
    text = "Correo;Origen;Campaña\nana@example.com;búsqueda orgánica;Primavera\n"
    (row,) = preview_leads(text=text, by=desk.cast.rita, now=desk.now, words=words("es")).rows
    assert (row.lead.person, row.lead.campaign) == ("ana@example.com", "Primavera")
