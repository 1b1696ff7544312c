"""Enter a lead by hand: somebody telephoned, came to the stand, or handed over a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from smarketing.records.access import Actor, Refused, actor_of, check_can
from smarketing.records.events import one_write
from smarketing.records.models import Membership, OwnerLink, Person
from smarketing.terms.code_names import CHANNELS
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.desk_owners import missing_owners, owner_id_of
from smarketing.workflows.desk_write import Deed, desk_turn
from smarketing.workflows.tell_events import DESK

LONGEST = 200
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewLead:
    """What somebody wrote down; `person` is an address, telephone number or name, `source` a channel or any words."""

    person: str
    source: str = ""
    campaign: str = ""
    content: str = ""
    landing_page: str = ""
    grade: str = ""
    score: float | None = None
    created_at: datetime | None = None
    owner: Person | None = None

    def data(self, lead_id: str, now: datetime) -> dict[str, Any]:
        """The lead as an event tells it."""
        is_channel = self.source in CHANNELS
        said = {
            "lead_id": lead_id,
            "object": "desk",
            "created_at": self.created_at or now,
            "lifecycle": "mql",
            "person_key": self.person,
            "channel": self.source if is_channel else None,
            "source_raw": self.source,
            "campaign": self.campaign,
            "content": self.content,
            "landing_page": self.landing_page,
            "grade": self.grade,
            "score": self.score,
            "owner_id": owner_id_of(self.owner) if self.owner else None,
        }
        return {name: value for name, value in said.items() if value not in (None, "")}


def enter_lead(*, lead: NewLead, by: Person, now: datetime, key: str = "") -> str:
    """Enter one lead as handed over to sales now; its id at the desk.

    Raises UserError for a lead without a person or of the future, Refused
    """
    check_lead(lead, by, now)
    key = key or uuid4().hex
    lead_id = key[:12]
    with desk_turn(by) as ledger, one_write(verb="enter_lead", by=by, now=now) as write:
        deed = Deed(write, ledger, key)
        links, owners = missing_owners([lead.owner] if lead.owner else [], now.date())
        write.about("lead", f"{DESK}:{lead_id}", src=DESK, lead_id=lead_id, name=lead.person, key=key)
        OwnerLink.objects.bulk_create(links)
        deed.tell_all([*owners, (DESK, "lead.created", lead.data(lead_id, now))])
    return lead_id


def check_lead(lead: NewLead, by: Person, now: datetime) -> None:
    """Raises UserError, Refused"""
    actor = actor_of(by, now.date())
    check_can(actor, "lead", "create")
    if not lead.person.strip():
        hint = N_("Write an e-mail address, a telephone number or a name.")
        raise UserError(N_("A lead needs somebody to reach."), where="person", hint=hint)
    for name in ("person", "source", "campaign", "content", "landing_page", "grade"):
        if len(getattr(lead, name)) > LONGEST:
            raise UserError(N_("This is longer than {n} characters."), where=name, n=LONGEST)
    if lead.created_at is not None and lead.created_at > now + SKEW:
        raise UserError(N_("A lead cannot have come later than now."), where="created_at")
    if lead.owner is not None and lead.owner not in lead_owners(actor, now):
        raise Refused(N_("There is no such colleague to give leads to."), where="owner")


def lead_owners(actor: Actor, now: datetime) -> list[Person]:
    """Who may be given a new lead: members of one's teams and of sales teams; everybody for who may do it for all."""
    found = Person.objects.filter(is_active=True)
    if not actor.grant("lead", "create").is_any:
        members = Membership.objects.on(now.date())
        allowed = members.filter(team_id__in=actor.team_ids) | members.filter(team__role="sales")
        found = found.filter(id__in=allowed.exclude(role="viewer").values("person_id"))
    return list(found.order_by("name", "email"))
