"""Bring leads pasted from a spreadsheet in: rows in = accepted + rejected + known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.access import actor_of, check_can
from smarketing.records.events import one_write
from smarketing.records.models import OwnerLink, Person
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.desk_lead import lead_rows
from smarketing.workflows.desk_owners import missing_owners
from smarketing.workflows.desk_write import Deed, desk_turn
from smarketing.workflows.enter_lead import lead_owners
from smarketing.workflows.read_pasted import Pasted, read_pasted
from smarketing.workflows.tell_events import DESK


@dataclass(frozen=True, slots=True)
class Brought:
    n: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int


def preview_leads(*, text: str, by: Person, now: datetime, words: Words) -> Pasted:
    """What the pasted rows say; nothing is written.

    Raises UserError as read_pasted, Refused
    """
    actor = actor_of(by, now.date())
    check_can(actor, "lead", "create")
    people = _by_name(lead_owners(actor, now))
    return read_pasted(text, people=people, zone_name=by.zone or "UTC", now=now, say=words)


def paste_leads(*, text: str, by: Person, now: datetime, words: Words) -> Brought:
    """Bring the rows that can be kept; those that are known add nothing.

    Raises UserError when none can be, and as preview_leads
    """
    pasted = preview_leads(text=text, by=by, now=now, words=words)
    if not pasted.rows:
        raise UserError(N_("None of these rows can be kept."), where="text", hint=N_("Mend them as the reasons say."))
    known = {lead_id for _, lead_id in lead_rows((DESK, row.lead_id) for row in pasted.rows)}
    new = [row for row in pasted.rows if row.lead_id not in known]
    brought = Brought(pasted.n, len(new), len(pasted.rejects), pasted.n_repeated + len(pasted.rows) - len(new))
    if not new:
        return brought
    with desk_turn(by) as ledger, one_write(verb="paste_leads", by=by, now=now) as write:
        links, owners = missing_owners({row.lead.owner for row in new if row.lead.owner}, now.date())
        write.about("lead", f"{DESK}:{new[0].lead_id}", n=brought.n_accepted, n_rejected=brought.n_rejected)
        write.detail |= {"n_duplicates": brought.n_duplicates}
        OwnerLink.objects.bulk_create(links)
        leads = [(DESK, "lead.created", row.lead.data(row.lead_id, now)) for row in new]
        Deed(write, ledger).tell_all([*owners, *leads])
    return brought


def _by_name(people: Iterable[Person]) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    for person in people:
        found |= {person.email.lower(): person, str(person).lower(): person}
    return found
