"""Teams, who belongs to them and since when, and which owner of the CRM is which person."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from smarketing.records.models.people import Person


class TeamRole(models.TextChoices):
    MARKETING = "marketing"
    SALES = "sales"
    SERVICE = "service"
    CUSTOMER = "customer"


class MemberRole(models.TextChoices):
    REP = "rep"
    MANAGER = "manager"
    VIEWER = "viewer"


class Team(models.Model):
    """`fact_names` are the team's names in the facts, as the CRM spells them."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=TeamRole.choices)
    reports_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    fact_names = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def spelled(self) -> tuple[str, ...]:
        """Every name by which agreements and facts may mean this team."""
        return tuple(dict.fromkeys([self.slug, self.name, *self.fact_names]))


class MembershipQuery(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuery:
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)


class Membership(models.Model):
    """A person in a team during [from_on, until_on)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=MemberRole.choices, default=MemberRole.REP)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = MembershipQuery.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=models.F("from_on")), name="membership_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["person", "team"], condition=Q(until_on=None), name="one_open_membership"),
        )

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class OwnerLink(models.Model):
    """An owner of the facts and the person who signs in here: what makes a lead `own`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="owner_links")
    src = models.CharField(max_length=120)
    owner_id = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["src", "owner_id"], name="one_person_per_owner"),)

    def __str__(self) -> str:
        return f"{self.src}:{self.owner_id}"
