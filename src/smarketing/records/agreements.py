"""Agreements at rest: what each version says, what somebody may see of them, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import OuterRef, Subquery

from smarketing.records.access import Actor
from smarketing.records.models import Acknowledgement, Person, Revision, Signature, Version
from smarketing.records.models import Agreement as AgreementRecord
from smarketing.records.parties import Roster, Seat, seat_of
from smarketing.terms import zones
from smarketing.terms.agreement import Agreement
from smarketing.terms.agreement import Signature as Signed
from smarketing.terms.lifecycle import Status
from smarketing.terms.read_yaml import read_agreement_text

OPEN = (Status.DRAFT, Status.PROPOSED, Status.DECLINED)
CLOSED = (Status.SIGNED, Status.IN_FORCE, Status.SUPERSEDED, Status.ENDED)
HOLDING = (Status.IN_FORCE, Status.SIGNED, Status.PROPOSED, Status.DRAFT, Status.DECLINED)  # what people look for first
KNOWN: dict[str, Agreement] = {}  # by text
MOST_KNOWN = 500


@dataclass(frozen=True)
class Held:
    """One version with its latest text and the seat of whoever looks at it."""

    version: Version
    revision: Revision
    seat: Seat

    @cached_property
    def terms(self) -> Agreement:
        return terms_of(self.revision)

    @property
    def status(self) -> Status:
        return Status(self.version.status)

    @property
    def is_visible(self) -> bool:
        return self.seat.sees_drafts if self.status in OPEN else self.seat.sees

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Every signature ever given to this version, lapsed ones too, the earliest first."""
        return tuple(self.version.signatures.select_related("person", "revision").order_by("signed_at", "id"))

    @property
    def standing(self) -> tuple[Signature, ...]:
        """The signatures under the present text."""
        return tuple(signature for signature in self.signatures if signature.lapsed_at is None)

    @property
    def binds(self) -> bool:
        """Whether this reader is bound by it, now or soon."""
        return self.status in (Status.SIGNED, Status.IN_FORCE) and bool(self.seat.member)

    @property
    def to_sign(self) -> tuple[str, ...]:
        """Parties for which this reader may sign and nobody has."""
        if self.status is not Status.PROPOSED:
            return ()
        signed = {signature.party for signature in self.standing}
        return tuple(party for party in self.seat.signs if party not in signed)


def terms_of(revision: Revision) -> Agreement:
    """What a saved text says."""
    if revision.text not in KNOWN:
        if len(KNOWN) >= MOST_KNOWN:
            KNOWN.clear()
        KNOWN[revision.text] = read_agreement_text(revision.text, where=str(revision), folder=None)
    return KNOWN[revision.text]


def signed_terms(version: Version) -> Agreement:
    """What a version says, with the signatures under it."""
    revision = version.revisions.order_by("-number").first()
    assert revision is not None, version  # a version is made together with its first text
    standing = version.signatures.filter(lapsed_at=None).order_by("signed_at", "id")
    return with_signatures(terms_of(revision), standing)


def with_signatures(terms: Agreement, signatures: Iterable[Signature]) -> Agreement:
    signed = tuple(
        Signed(party=each.party, name=each.name, signed_at=each.signed_at, fingerprint=each.fingerprint)
        for each in signatures
    )
    return terms.model_copy(update={"signatures": signed})


def did_hold(version: Version) -> bool:
    """Whether a signed version holds, held or will hold: not where it was called off before its first day."""
    if version.ended_at is None:
        return True
    return today_of(signed_terms(version), version.ended_at) >= version.from_on


def today_of(terms: Agreement, now: datetime) -> date:
    """The date in the agreement's own zone."""
    return now.astimezone(zones.zone(terms.zone)).date()


def held_versions(actor: Actor, *, slug: str = "") -> tuple[Held, ...]:
    """Every version that an actor may see, the newest of each agreement first."""
    versions = Version.objects.select_related("agreement", "created_by", "proposed_by").order_by(
        "agreement__title", "agreement_id", "-number"
    )
    found = list(versions.filter(agreement__slug=slug) if slug else versions)
    latest = latest_revisions(found)
    roster = Roster.today()
    held = (_held(version, latest[version.id], actor, roster) for version in found)
    return tuple(each for each in held if each.is_visible)


def held_version(actor: Actor, slug: str, number: int) -> Held | None:
    """One of them; None where there is none or it is none of the actor's business."""
    return next((held for held in held_versions(actor, slug=slug) if held.version.number == number), None)


def _held(version: Version, revision: Revision, actor: Actor, roster: Roster) -> Held:
    return Held(version, revision, seat_of(actor, terms_of(revision), roster))


def latest_revisions(versions: Iterable[Version]) -> dict[int, Revision]:
    """The text of each version, by the version's id."""
    of_version = Revision.objects.filter(version_id=OuterRef("version_id")).order_by("-number")
    latest = Revision.objects.filter(version__in=list(versions), number=Subquery(of_version.values("number")[:1]))
    return {revision.version_id: revision for revision in latest.select_related("by")}


def foremost(held: Iterable[Held]) -> Held | None:
    """Of the versions of one agreement the one people mean: in force, else about to be, else the newest."""
    ordered = sorted(held, key=lambda each: -each.version.number)
    return next((each for status in HOLDING for each in ordered if each.status is status), next(iter(ordered), None))


def agreements_visible_to(actor: Actor) -> tuple[AgreementRecord, ...]:
    """Every agreement of which an actor may see a version."""
    return tuple(dict.fromkeys(held.version.agreement for held in held_versions(actor)))


@dataclass(frozen=True, slots=True)
class Wait:
    """Something a person is waited for: sign, answer or acknowledge a version; `since_at` it waits."""

    verb: str
    held: Held
    since_at: datetime


def waits(actor: Actor, held: Iterable[Held]) -> tuple[Wait, ...]:
    """What waits for an actor, the longest wait first."""
    return tuple(sorted(_waits(actor, held), key=lambda wait: wait.since_at))


def _waits(actor: Actor, held: Iterable[Held]) -> Iterable[Wait]:
    read = set(Acknowledgement.objects.filter(person=actor.person).values_list("version_id", "fingerprint"))
    for each in held:
        version, last = each.version, each.revision
        if each.to_sign:
            yield Wait("sign", each, version.proposed_at or last.at)
        elif each.status is Status.DRAFT and last.number > 1 and last.party and each.seat.writes:
            if last.party not in each.seat.writes:
                yield Wait("answer", each, last.at)
        elif each.binds and (version.id, last.fingerprint) not in read:
            yield Wait("acknowledge", each, version.signed_at or last.at)


def members_of(held: Held, on: date) -> tuple[tuple[Person, str], ...]:
    """Everybody bound by a version with the name of their team, in the order of the parties."""
    from smarketing.records.models import Membership

    roster, found = Roster.today(), dict[int, tuple[Person, str]]()
    for party in held.terms.parties:
        ids = roster.with_parts(roster.of(party))
        members = Membership.objects.on(on).filter(team_id__in=ids, person__is_active=True)
        for member in members.select_related("person", "team").order_by("team__name", "person__name"):
            found.setdefault(member.person_id, (member.person, member.team.name))
    return tuple(found.values())
