"""The people of every story: who they are, which teams they belong to, and their browsers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.test import Client

from smarketing.records.models import Membership, OwnerLink, Person, Team

PASSWORD = "long enough for tests"
SRC = "crm"  # of the facts in which Rita is an owner


@dataclass(frozen=True)
class Cast:
    """Olu runs the installation; Maya manages marketing, Sam sales, where Rita is a rep; Eva looks at both teams.

    Zed is a rep of a team that shares nothing with them, Zoe its manager; Dora was disabled; Nora is in no team.
    """

    olu: Person
    maya: Person
    sam: Person
    rita: Person
    eva: Person
    zed: Person
    zoe: Person
    dora: Person
    nora: Person
    marketing: Team
    sales: Team
    partners: Team

    @property
    def people(self) -> dict[str, Person]:
        return {name: said for name, said in vars(self).items() if isinstance(said, Person)}

    def client_of(self, person: Person | None, **headers: str) -> Client:
        """A browser in which this person has signed in; nobody in it for None."""
        client = Client(headers=headers)
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


def make_cast(on: date = date(2025, 1, 1)) -> Cast:
    """Put them into the database, members since `on`."""
    marketing = Team.objects.create(slug="marketing", name="Marketing", role="marketing")
    sales = Team.objects.create(slug="sales", name="Sales", role="sales", fact_names=["Iberia", "Italia"])
    partners = Team.objects.create(slug="partners", name="Partners", role="sales")
    cast = Cast(
        olu=_person("Olu", "Adeyemi", is_admin=True),
        maya=_person("Maya", "Olmedo"),
        sam=_person("Sam", "Whitlock"),
        rita=_person("Rita", "Serrano"),
        eva=_person("Eva", "Santoro"),
        zed=_person("Zed", "Quist"),
        zoe=_person("Zoe", "Quist"),
        dora=_person("Dora", "Lind", is_active=False),
        nora=_person("Nora", "Alba"),
        marketing=marketing,
        sales=sales,
        partners=partners,
    )
    _join(marketing, on, manager=[cast.maya], viewer=[cast.eva])
    _join(sales, on, manager=[cast.sam], rep=[cast.rita, cast.dora], viewer=[cast.eva])
    _join(partners, on, rep=[cast.zed], manager=[cast.zoe])
    OwnerLink.objects.create(person=cast.rita, src=SRC, owner_id="u-102")
    OwnerLink.objects.create(person=cast.zed, src=SRC, owner_id="u-901")
    return cast


def _person(name: str, family: str, **said: bool) -> Person:
    return Person.objects.create_user(
        f"{name.lower()}@example.com", PASSWORD, name=f"{name} {family}", language="en", zone="Europe/Madrid", **said
    )


def _join(team: Team, on: date, **roles: list[Person]) -> None:
    for role, people in roles.items():
        for person in people:
            Membership.objects.create(person=person, team=team, role=role, from_on=on - timedelta(days=1))
