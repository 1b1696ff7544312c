"""Tell people of disputes: who decides that there is one and that its time runs out, who raised it what became of it.

What is told is written in the transaction of what it is about, each once; the reminder by the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from smarketing.alerts.firing import Firing
from smarketing.alerts.house_rule import HouseOccasion, house_rule
from smarketing.alerts.raising import drafts
from smarketing.engine.business_time import compile_tables
from smarketing.records.access import actor_of
from smarketing.records.disputes import Bench, arbiter_of, terms_of_dispute, titles_of
from smarketing.records.models import Dispute, DisputeState, Membership, Person
from smarketing.records.models.teams import MemberRole
from smarketing.records.parties import Roster, spoken_for
from smarketing.terms.agreement import Agreement
from smarketing.terms.instants import instant_at, micros
from smarketing.workflows.read_directory import read_directory
from smarketing.workflows.write_notices import read_tally, write_notices

LONGEST = 300  # characters of what people wrote; the page has all of it


def tell_raised(dispute: Dispute, now: datetime) -> int:
    """Whoever decides; where that is an arbiter, the other party hears of it too. Returns how many notices."""
    terms = terms_of_dispute(dispute)
    deciders, others = _deciders(dispute, terms, now)
    heard = [each for each in others if each not in deciders]
    return _tell(dispute, terms, "raised", deciders, now) + _tell(dispute, terms, "heard", heard, now)


def tell_decided(dispute: Dispute, now: datetime) -> int:
    """Who raised it; where nobody decided also those who should have."""
    terms = terms_of_dispute(dispute)
    step = "accepted" if dispute.state == DisputeState.ACCEPTED else "rejected"
    found = _tell(dispute, terms, step, [dispute.raised_by], now)
    if dispute.decided_by is None:
        found += _tell(dispute, terms, "silent", _deciders(dispute, terms, now)[0], now)
    return found


def tell_revoked(dispute: Dispute, by: Person, why: str, now: datetime) -> int:
    """Who raised it, unless they ended the waiver themselves."""
    told = {"decided_by": str(by), "decision": why[:LONGEST]}
    whom = [] if by == dispute.raised_by else [dispute.raised_by]
    return _tell(dispute, terms_of_dispute(dispute), "revoked", whom, now, **told)


def remind_deciders(*, now: datetime) -> int:
    """Whoever has let three quarters of the time to decide go by; returns how many notices are new."""
    n_told = 0
    for dispute in Dispute.objects.filter(state=DisputeState.OPEN, due_at__gt=now).select_related("agreement"):
        terms = terms_of_dispute(dispute)
        if reminded_at(dispute, terms) <= now:
            with transaction.atomic():
                n_told += _tell(dispute, terms, "due", _deciders(dispute, terms, now)[0], now)
    return n_told


def reminded_at(dispute: Dispute, terms: Agreement) -> datetime:
    """When three quarters of the open time to decide are over, on the calendar of whoever decides."""
    assert dispute.due_at is not None
    party = Bench(actor_of(None, dispute.raised_at.date()), terms, Roster.today()).deciding_party(dispute.party)
    calendar = next((each for each in terms.calendars if each.id == party.calendar), terms.calendars[0])
    start, due = micros(dispute.raised_at), micros(dispute.due_at)
    tables = compile_tables((calendar,), start, due + 1)
    first, last = tables.position(0, np.array([start, due], np.int64)).tolist()
    return instant_at(int(tables.moment(0, np.array([first + (last - first) * 3 // 4], np.int64))[0]))


def _deciders(dispute: Dispute, terms: Agreement, now: datetime) -> tuple[list[Person], list[Person]]:
    """Who may decide, the administrators only where nobody else may; and who leads the teams of the other parties."""
    roster, deciders, others, last = Roster.today(), list[Person](), list[Person](), list[Person]()
    for person in _candidates(terms, now):
        bench = Bench(actor_of(person, now.date()), terms, roster)
        theirs = spoken_for(bench.actor.grant("dispute", "decide"), terms, bench.actor, roster, with_parts=True)
        is_other = bool(theirs) and dispute.party not in theirs and person.id != dispute.raised_by_id
        others += [person] if is_other else []
        if bench.may_decide(dispute):
            (deciders if is_other or bench.is_arbiter else last).append(person)
    return deciders or last, others


def _candidates(terms: Agreement, now: datetime) -> Sequence[Person]:
    contacts = [contact for party in terms.parties for contact in party.contacts]
    arbiter = arbiter_of(terms)
    contacts += [arbiter] if arbiter else []
    managers = Membership.objects.on(now.date()).filter(role=MemberRole.MANAGER).values("person")
    wanted = Q(id__in=managers) | Q(is_admin=True) | Q(name__in=[contact.name for contact in contacts])
    wanted |= Q(address__in=[contact.email.strip().lower() for contact in contacts if contact.email])
    return list(Person.objects.annotate(address=Lower("email")).filter(wanted, is_active=True).order_by("id"))


def _tell(
    dispute: Dispute, terms: Agreement, step: str, people: Iterable[Person], now: datetime, **more: object
) -> int:
    addresses = [person.email for person in people]
    if not addresses:
        return 0
    firing = Firing(
        subject=("dispute", dispute.id, step),
        rule=house_rule(HouseOccasion.DISPUTE, addresses),
        agreement=terms,
        commitment=next((each for each in terms.commitments if each.id == dispute.commitment), None),
        src=dispute.src,
        lead_id=dispute.lead_id,
        due_at=dispute.due_at,
        payload={**_said(dispute, terms, step), **more},
    )
    return write_notices(drafts(firing, read_directory(now), read_tally(now), now), now)


def _said(dispute: Dispute, terms: Agreement, step: str) -> dict[str, Any]:
    party = next((each.name for each in terms.parties if each.id == dispute.party), dispute.party)
    bench = Bench(actor_of(None, dispute.raised_at.date()), terms, Roster.today())
    return {
        "dispute": dispute.id,
        "step": step,
        "promise": titles_of([dispute])[dispute.id],
        "party": party,
        "raised_by": str(dispute.raised_by),
        "reason": dispute.reason,
        "text": dispute.text[:LONGEST],
        "owner": dispute.owner,
        "team": dispute.team,
        "from_at": dispute.from_at.isoformat() if dispute.from_at else "",
        "until_at": dispute.until_at.isoformat() if dispute.until_at else "",
        "decider": str(bench.arbiter_person() or bench.deciding_party(dispute.party).name),
        "decided_by": str(dispute.decided_by or ""),
        "decision": dispute.decision[:LONGEST],
        "silence_accepts": terms.disputes.silence_accepts,
    }
