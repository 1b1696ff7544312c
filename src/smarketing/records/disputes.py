"""Who may see a dispute, raise one or decide it: the other party does, or the arbiter that the agreement names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from smarketing.records.access import Actor, Refused
from smarketing.records.agreements import held_versions, signed_terms
from smarketing.records.models import Dispute, OwnerLink, Person, Subject, Version
from smarketing.records.parties import Roster, seat_of, spoken_for
from smarketing.terms.agreement import Agreement, Contact, Party
from smarketing.terms.marked import N_


@dataclass(frozen=True)
class Bench:
    """The people around the disputes of one version of an agreement, as one actor stands to them."""

    actor: Actor
    terms: Agreement
    roster: Roster

    @classmethod
    def of(cls, actor: Actor, dispute: Dispute) -> Bench:
        return cls(actor, terms_of_dispute(dispute), Roster.today())

    def raises_for(self, *, windows: bool = False) -> str:
        """The party for which this actor may contest something, or ask for a waiver of hours; empty for none."""
        grant = self.actor.grant("waiver" if windows else "dispute", "create")
        managed = spoken_for(grant, self.terms, self.actor, self.roster, with_parts=True)
        member = seat_of(self.actor, self.terms, self.roster).member if grant.is_own else ()
        return next(iter((*managed, *member)), "")

    def may_decide(self, dispute: Dispute) -> bool:
        """Somebody else than who raised it, and not for their own party."""
        person, grant = self.actor.person, self.actor.grant("dispute", "decide")
        if person is None or not grant or dispute.raised_by_id == person.id:
            return False
        if self.terms.disputes.arbiter and self.arbiter_person() not in (None, dispute.raised_by):
            return self.is_arbiter
        theirs = spoken_for(grant, self.terms, self.actor, self.roster, with_parts=True)
        is_member = dispute.party in seat_of(self.actor, self.terms, self.roster).member
        return dispute.party not in theirs and not is_member and (bool(theirs) or grant.is_any)

    def may_withdraw(self, dispute: Dispute) -> bool:
        return dispute.is_open and self._is_raisers(dispute)

    def may_revoke(self, dispute: Dispute) -> bool:
        """Whoever could decide it, and whom it serves."""
        return self.may_decide(dispute) or self._is_raisers(dispute)

    def may_add(self, dispute: Dispute) -> bool:
        """Whether the actor has a part in an open dispute: evidence is theirs to give."""
        has_part = self.may_decide(dispute) or self._is_raisers(dispute) or bool(self.raises_for())
        return dispute.is_open and has_part

    def _is_raisers(self, dispute: Dispute) -> bool:
        grant, person = self.actor.grant("waiver", "delete"), self.actor.person
        if person is not None and dispute.raised_by_id == person.id:
            return True
        return dispute.party in spoken_for(grant, self.terms, self.actor, self.roster, with_parts=True)

    @property
    def is_arbiter(self) -> bool:
        return self.actor.person is not None and self.arbiter_person() == self.actor.person

    def arbiter_person(self) -> Person | None:
        """Who the agreement's arbiter is here; None where there is none, or nobody of that address or name."""
        contact = arbiter_of(self.terms)
        if contact is None:
            return None
        wanted = Q(email__iexact=contact.email) if contact.email else Q(name__iexact=contact.name)
        return Person.objects.filter(wanted, is_active=True).first()

    def deciding_party(self, party: str) -> Party:
        """Whose calendar the time to decide runs on: the arbiter's, else the other party's."""
        arbiter = arbiter_of(self.terms)
        theirs = (each for each in self.terms.parties if arbiter in each.contacts)
        if arbiter is not None and (party_of_arbiter := next(theirs, None)):
            return party_of_arbiter
        return next((each for each in self.terms.parties if each.id != party), self.terms.parties[0])


def arbiter_of(terms: Agreement) -> Contact | None:
    named = terms.disputes.arbiter.casefold()
    contacts = (contact for party in terms.parties for contact in party.contacts)
    known = (each for each in contacts if named and named in (each.name.casefold(), each.email.casefold()))
    return next(known, Contact(name=named, email=named) if "@" in named else None)


def terms_of_dispute(dispute: Dispute) -> Agreement:
    return signed_terms(Version.objects.get(agreement_id=dispute.agreement_id, number=dispute.version))


def titles_of(disputes: Iterable[Dispute]) -> dict[int, str]:
    """What each dispute's promises are called in the version that it cites, by its id."""
    terms: dict[tuple[int, int], Agreement] = {}
    found = {}
    for each in disputes:
        key = (each.agreement_id, each.version)
        if key not in terms:
            terms[key] = terms_of_dispute(each)
        titles = {commitment.id: commitment.title or commitment.id for commitment in terms[key].commitments}
        found[each.id] = ", ".join(titles.get(id, id) for id in each.commitments or [each.commitment])
    return found


def disputes_visible_to(actor: Actor) -> Iterable[Dispute]:
    """Every dispute that an actor may see, the latest first.

    Managers and signers see those of agreements of their teams, reps those that they raised or that are about their
    own leads, an arbiter those of the agreement that names them.
    """
    grant = actor.grant("dispute", "read")
    found = Dispute.objects.select_related("agreement", "raised_by", "decided_by", "waiver__revocation")
    if actor.person is None or not grant:
        return found.none()
    if grant.is_any:
        return found
    mine = Q(raised_by=actor.person)
    for src, owner in OwnerLink.objects.filter(person=actor.person).values_list("src", "owner_id"):
        mine |= Q(owner_src=src, owner=owner)
    return found.filter(mine | Q(agreement_id__in=_agreements_of(actor)))


def _agreements_of(actor: Actor) -> frozenset[int]:
    grant, roster, found = actor.grant("dispute", "read"), Roster.today(), set[int]()
    for held in held_versions(actor):
        covers = bool(spoken_for(grant, held.terms, actor, roster, with_parts=True))
        if covers or Bench(actor, held.terms, roster).is_arbiter:
            found.add(held.version.agreement_id)
    return frozenset(found | _arbitrated_by(actor, roster))


def _arbitrated_by(actor: Actor, roster: Roster) -> set[int]:
    """Agreements whose disputes this person settles, though they belong to none of its parties."""
    cited = Dispute.objects.order_by().values_list("agreement_id", "version").distinct()
    asked = [Dispute(agreement_id=agreement, version=version) for agreement, version in cited]
    return {each.agreement_id for each in asked if Bench(actor, terms_of_dispute(each), roster).is_arbiter}


def visible_dispute(actor: Actor, dispute_id: int) -> Dispute:
    """Raises Refused where there is none, or it is none of the actor's business."""
    found = next((each for each in disputes_visible_to(actor) if each.id == dispute_id), None)
    if found is None:
        raise Refused(N_("There is no such dispute."))
    return found


def disputes_of_lead(slug: str, src: str, lead_id: str) -> tuple[Dispute, ...]:
    """What was contested of one lead, and every window of hours that was waived; the latest first."""
    found = Dispute.objects.select_related("agreement", "raised_by", "decided_by", "waiver__revocation")
    is_of_lead = Q(src=src, lead_id=lead_id)
    is_waived = Q(subject=Subject.WINDOW, waiver__isnull=False, waiver__revocation=None)
    return tuple(found.filter(is_of_lead | is_waived, agreement__slug=slug))
