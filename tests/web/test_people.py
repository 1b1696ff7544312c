"""Who gets in, with which rights, and how they lose them at once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import Cast

from smarketing.records.access import Refused
from smarketing.records.models import Event, Invitation, Membership, Person
from smarketing.records.tokens import token_of
from smarketing.terms.errors import UserError
from smarketing.workflows.accept_invitation import accept_invitation, open_invitation
from smarketing.workflows.appoint_admin import appoint_admin
from smarketing.workflows.change_membership import change_membership
from smarketing.workflows.create_token import create_token
from smarketing.workflows.disable_person import disable_person
from smarketing.workflows.invite_person import invite_person
from smarketing.workflows.revoke_token import revoke_token
from smarketing.workflows.save_team import save_team
from smarketing.workflows.withdraw_invitation import withdraw_invitation

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
SENTENCE = "a long enough sentence"


def test_an_invitation_makes_a_person_once(cast: Cast) -> None:
    made = invite_person(email="New@Example.com", team=cast.sales, role="rep", by=cast.olu, now=NOW)
    assert made.secret not in str(Invitation.objects.values_list())
    person = accept_invitation(secret=made.secret, name="New", password=SENTENCE, now=NOW + timedelta(days=6))
    assert (person.email, person.is_admin) == ("new@example.com", False)
    assert Membership.objects.get(person=person).team == cast.sales
    with pytest.raises(UserError, match="does not hold"):
        accept_invitation(secret=made.secret, name="Again", password=SENTENCE, now=NOW)


@pytest.mark.parametrize("days", [7, 8, 400])
def test_an_invitation_expires(cast: Cast, days: int) -> None:
    made = invite_person(email="new@example.com", by=cast.olu, now=NOW)
    assert open_invitation(made.secret, NOW + timedelta(days=days)) is None


def test_withdrawn_overtaken_and_orphaned_invitations_do_not_hold(cast: Cast) -> None:
    first = invite_person(email="new@example.com", by=cast.olu, now=NOW)
    second = invite_person(email="new@example.com", by=cast.olu, now=NOW)
    assert open_invitation(first.secret, NOW) is None
    assert open_invitation(second.secret, NOW)
    withdraw_invitation(invitation=second.invitation, by=cast.olu, now=NOW)
    assert open_invitation(second.secret, NOW) is None
    with pytest.raises(UserError, match="here already"):
        invite_person(email="rita@example.com", by=cast.olu, now=NOW)
    with pytest.raises(Refused):
        invite_person(email="x@example.com", by=cast.sam, now=NOW)


def test_what_else_is_posted_with_an_acceptance_changes_nothing(cast: Cast) -> None:
    made = invite_person(email="new@example.com", by=cast.olu, now=datetime.now(UTC))  # noqa: TID251 — the page reads the clock
    path = reverse("invitation_acceptance", args=[made.secret])
    more = {"email": "zed@example.com", "is_admin": "1", "role": "manager", "team": str(cast.sales.id)}
    assert Client().post(path, {"name": "New", "password": SENTENCE, **more}).status_code == 302
    person = Person.objects.get(name="New")
    assert (person.email, person.is_admin, person.memberships.count()) == ("new@example.com", False, 0)
    assert Client().get(path).status_code == 404


def test_a_weak_password_is_refused(cast: Cast) -> None:
    made = invite_person(email="new@example.com", by=cast.olu, now=datetime.now(UTC))  # noqa: TID251
    path = reverse("invitation_acceptance", args=[made.secret])
    for weak in ("short", "password1234", "new@example.com"):
        assert Client().post(path, {"name": "New", "password": weak}).status_code == 200
    assert not Person.objects.filter(email="new@example.com").exists()


def test_the_only_administrator_stays(cast: Cast) -> None:
    for change in (lambda: disable_person(person=cast.olu, by=cast.olu, now=NOW),
                   lambda: appoint_admin(person=cast.olu, is_admin=False, by=cast.olu, now=NOW)):  # fmt: skip
        with pytest.raises(UserError, match="only administrator"):
            change()
    appoint_admin(person=cast.maya, is_admin=True, by=cast.olu, now=NOW)
    assert not appoint_admin(person=cast.olu, is_admin=False, by=cast.olu, now=NOW).is_admin
    with pytest.raises(Refused):
        appoint_admin(person=cast.olu, is_admin=True, by=cast.olu, now=NOW)


def test_nobody_gives_themselves_rights(cast: Cast) -> None:
    for person in (cast.sam, cast.rita, cast.nora):
        with pytest.raises(Refused):
            appoint_admin(person=person, is_admin=True, by=person, now=NOW)
    client = cast.client_of(cast.rita)
    client.post("/settings/", {"name": "Rita", "is_admin": "1", "email": "olu@example.com", "is_active": "0"})
    cast.rita.refresh_from_db()
    assert (cast.rita.name, cast.rita.email, cast.rita.is_admin) == ("Rita", "rita@example.com", False)


def test_a_manager_moves_reps_and_viewers_of_the_own_team_only(cast: Cast) -> None:
    said = {"from_on": date(2025, 1, 1), "now": NOW}
    rita = Membership.objects.get(person=cast.rita)
    change_membership(person=cast.rita, team=cast.sales, role="viewer", by=cast.sam, membership=rita, **said)
    for who, team, role in (
        ("rita", cast.sales, "manager"),
        ("sam", cast.sales, "rep"),
        ("zed", cast.partners, "viewer"),
    ):
        person = getattr(cast, who)
        one = Membership.objects.get(person=person, team=team)
        with pytest.raises(Refused):
            change_membership(person=person, team=team, role=role, by=cast.sam, membership=one, **said)
    path = reverse("membership", args=[rita.id])
    cast.client_of(cast.sam).post(path, {"role": "rep", "from_on": "2025-01-01", "person": cast.zed.id, "team": "3"})
    rita.refresh_from_db()
    assert (rita.person, rita.team, rita.role) == (cast.rita, cast.sales, "rep")


def test_only_doors_that_open_are_links(cast: Cast) -> None:
    page = cast.client_of(cast.maya).get(reverse("person", args=[cast.eva.id])).content.decode()
    assert "/settings/teams/marketing/" in page
    assert "Sales" in page and "/settings/teams/sales/" not in page


def test_memberships_of_one_person_in_one_team_never_overlap(cast: Cast) -> None:
    add = {"person": cast.nora, "team": cast.sales, "role": "rep", "by": cast.olu, "now": NOW}
    change_membership(**add, from_on=date(2025, 1, 1), until_on=date(2025, 6, 1))
    with pytest.raises(UserError, match="already"):
        change_membership(**add, from_on=date(2025, 5, 31))
    change_membership(**add, from_on=date(2025, 6, 1))
    with pytest.raises(UserError, match="ends after"):
        change_membership(**add, from_on=date(2024, 2, 1), until_on=date(2024, 2, 1))


def test_a_closed_account_loses_browsers_and_tokens_at_once(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    raw = create_token(name="mine", scope="read", by=cast.sam, now=NOW).raw
    assert client.get("/settings/").status_code == 200 and token_of(raw, NOW)
    disable_person(person=cast.sam, by=cast.olu, now=NOW)
    assert client.get("/settings/").status_code == 302 and token_of(raw, NOW) is None


def test_lost_rights_are_lost_with_the_next_request(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    assert client.get("/settings/people/").status_code == 200
    Membership.objects.filter(person=cast.sam).delete()
    assert client.get("/settings/people/").status_code == 404


def test_a_token_is_kept_as_a_digest_and_notes_its_use_once_a_minute(cast: Cast) -> None:
    made = create_token(name="mine", scope="read", by=cast.rita, now=NOW)
    assert made.raw.startswith("smk_") and len(made.raw) == 47 and made.raw.isascii()
    assert made.raw not in str(Event.objects.values_list()) + str(made.token.__dict__)
    for seconds, used in ((0, 0), (30, 0), (61, 61)):
        token = token_of(made.raw, NOW + timedelta(seconds=seconds))
        assert token and token.person == cast.rita
        token.refresh_from_db()
        assert token.latest_use_at == NOW + timedelta(seconds=used)
    assert token_of(made.raw, NOW + timedelta(days=90)) is None
    assert token_of(made.raw[:-1], NOW) is None
    revoke_token(token=made.token, by=cast.rita, now=NOW)
    assert token_of(made.raw, NOW) is None


def test_tokens_beyond_what_one_may(cast: Cast) -> None:
    with pytest.raises(Refused):
        create_token(name="x", scope="admin", by=cast.sam, now=NOW)
    with pytest.raises(Refused):
        create_token(name="x", scope="read", by=cast.eva, now=NOW)
    for days in (0, 366):
        with pytest.raises(UserError, match="365"):
            create_token(name="x", scope="read", by=cast.sam, now=NOW, days=days)


def test_a_token_is_shown_once(cast: Cast) -> None:
    client = cast.client_of(cast.rita)
    made = client.post("/settings/tokens/", {"name": "mine", "scope": "read", "days": "30"}).content.decode()
    assert "data-copied>smk_" in made
    assert "data-copied" not in client.get("/settings/tokens/").content.decode()
    assert (
        client.post("/settings/tokens/", {"name": "x", "scope": "admin", "days": "30"}).content.decode().count("wrong")
    )


def test_teams_do_not_report_in_a_circle(cast: Cast) -> None:
    save_team(team=cast.sales, name="Sales", role="sales", reports_to=cast.marketing, by=cast.olu, now=NOW)
    with pytest.raises(UserError, match="report to itself"):
        save_team(team=cast.marketing, name="Marketing", role="marketing", reports_to=cast.sales, by=cast.olu, now=NOW)
    with pytest.raises(UserError, match="already"):
        save_team(name="SALES", role="sales", by=cast.olu, now=NOW)


def test_every_field_of_a_team_has_a_name_of_its_own(cast: Cast) -> None:
    told = cast.client_of(cast.olu).get(f"/settings/teams/{cast.sales.slug}/").content.decode()
    ids = re.findall(r' id="([^"]+)"', told)
    assert sorted(ids) == sorted(set(ids))
