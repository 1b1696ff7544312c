"""Every decision of the permission table: principals, objects, actions and relations, told apart one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import yaml
from tests.cast import Cast

from smarketing.records.access import Actor, actor_of, can
from smarketing.records.models import ApiToken, Person
from smarketing.records.permissions import TABLE

RELATIONS = ("own", "team", "party", "unowned", "any")
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
TABLE_OF_OBJECTS = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["objects"]


@dataclass(frozen=True)
class Who:
    """An actor, and the rows of the table that speak of them, said by hand."""

    name: str
    actor: Actor
    rows: frozenset[str]
    token: str = ""


def everybody(cast: Cast, on: date) -> Iterator[Who]:
    def of(name: str, person: Person | None, *rows: str, scope: str = "") -> Who:
        token = _token(person, scope) if scope and person else None
        return Who(name, actor_of(person, on, token=token), frozenset(rows), f"token_{scope}" if scope else "")

    yield of("anonymous", None, "anonymous")
    yield of("disabled", cast.dora, "anonymous")
    yield of("person in no team", cast.nora, "person")
    yield of("viewer", cast.eva, "person", "viewer")
    yield of("rep", cast.rita, "person", "rep")
    yield of("manager and signer", cast.sam, "person", "manager", "signer")
    yield of("manager of the other party", cast.maya, "person", "manager", "signer")
    yield of("admin", cast.olu, "person", "admin")
    yield of("rep of another team", cast.zed, "person", "rep")
    yield of("manager of another team", cast.zoe, "person", "manager", "signer")
    yield of("ingest token", cast.olu, "person", "admin", scope="ingest")
    yield of("read token", cast.sam, "person", "manager", "signer", scope="read")
    yield of("admin token", cast.olu, "person", "admin", scope="admin")


def _token(person: Person, scope: str) -> ApiToken:
    return ApiToken.objects.create(
        person=person,
        name=scope,
        scope=scope,
        prefix="smk_",
        digest=f"{scope}-{person.id}",
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


def said_by_table(who: Who, thing: str, action: str, relation: str) -> bool:
    """Read off the YAML without the code that obeys it."""
    allowed = TABLE_OF_OBJECTS[thing][action]
    if who.token and who.token not in allowed:
        return False
    relations = {
        one
        for row in who.rows
        if row in allowed
        for one in ([allowed[row]] if isinstance(allowed[row], str) else allowed[row])
    }
    return "any" in relations or relation in relations


def granted(who: Who, thing: str, action: str, relation: str) -> bool:
    grant = who.actor.grant(thing, action)
    if grant.is_any:
        return True
    return {
        "own": grant.is_own,
        "team": bool(grant.team_ids) and grant.team_ids <= who.actor.team_ids,
        "unowned": grant.is_unowned,
        "party": bool(grant.party_ids) and grant.party_ids <= who.actor.team_ids,
        "any": False,
    }[relation]


def test_every_decision_is_the_tables(cast: Cast, today: date) -> None:
    actions = [(thing, action) for thing, named in TABLE_OF_OBJECTS.items() for action in named]
    people = list(everybody(cast, today))
    decisions = list(product(people, actions, RELATIONS))
    assert len(decisions) > 2_500
    wrong = [
        (who.name, thing, action, relation)
        for who, (thing, action), relation in decisions
        if granted(who, thing, action, relation) != said_by_table(who, thing, action, relation)
    ]
    assert not wrong


def test_a_grant_names_only_the_teams_of_the_role_that_gives_it(cast: Cast, today: date) -> None:
    assert actor_of(cast.sam, today).grant("fact", "read").team_ids == {cast.sales.id}
    assert actor_of(cast.zoe, today).grant("fact", "read").team_ids == {cast.partners.id}
    assert actor_of(cast.eva, today).grant("clock", "read").team_ids == {cast.sales.id, cast.marketing.id}
    assert not actor_of(cast.eva, today).grant("fact", "read")


SENTENCES = {
    "nobody writes facts": ["fact.create", "fact.update", "fact.delete"],
    "nobody edits the audit": ["audit.create", "audit.update", "audit.delete"],
    "nobody edits what is signed": ["agreement.update", "agreement.delete"],
}


@pytest.mark.parametrize("actions", SENTENCES.values(), ids=SENTENCES)
def test_what_nobody_may_do_is_not_in_the_table(actions: list[str]) -> None:
    for one in actions:
        thing, _, action = one.partition(".")
        assert action not in TABLE_OF_OBJECTS[thing]


def test_those_without_a_team_see_no_numbers(cast: Cast, today: date) -> None:
    for who in (Actor(), actor_of(cast.dora, today), actor_of(cast.nora, today)):
        for thing in ("fact", "clock", "scorecard", "agreement", "draft", "plan", "import", "export"):
            grant = who.grant(thing, "read")
            assert not (grant.is_any or grant.team_ids or grant.party_ids), (who, thing)


def test_the_walls_of_section_5_3(cast: Cast, today: date) -> None:
    """The rows of the matrix that protect the most, written down a second time."""
    rita, sam, eva, olu = (actor_of(one, today) for one in (cast.rita, cast.sam, cast.eva, cast.olu))
    only_admin = ("organisation.update", "person.create", "person.delete", "invitation.create", "audit.verify")
    for one in (*only_admin, "operations.read", "operations.run", "membership.create", "credentials.reset"):
        thing, _, action = one.partition(".")
        assert can(olu, thing, action), one
        assert not any(can(who, thing, action) for who in (rita, sam, eva)), one
    assert not olu.grant("agreement", "sign").is_any  # runs the installation, signs for no party by that
    assert can(sam, "agreement", "sign")
    assert sam.grant("agreement", "sign").party_ids == {cast.sales.id}
    assert not rita.grant("draft", "read").team_ids  # only where the document names them
    assert not can(eva, "token", "create")


def test_a_token_never_does_more_than_its_person_or_its_scope(cast: Cast, today: date) -> None:
    by_name = {who.name: who.actor for who in everybody(cast, today)}
    assert not can(by_name["ingest token"], "scorecard", "read")
    assert can(by_name["ingest token"], "import", "create")
    assert not can(by_name["read token"], "import", "create")
    assert not can(by_name["read token"], "draft", "update")
    assert by_name["read token"].grant("fact", "read").team_ids == {cast.sales.id}
    for thing, action in (("credentials", "read"), ("token", "create"), ("person", "create"), ("operations", "run")):
        assert not can(by_name["admin token"], thing, action)
