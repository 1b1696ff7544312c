"""A version taken in hand: locked, with its text, the seat of who takes it, and the one way to save the next text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from smarketing.records.access import Refused, actor_of
from smarketing.records.agreements import terms_of
from smarketing.records.models import Person, Revision, Version
from smarketing.records.parties import Roster, Seat, seat_of
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError, UserError
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status, Who, check_can
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.write_yaml import agreement_yaml

NAMED = "agreement.yaml"  # what errors call a text that came through a form
DRAFTED = (Status.DRAFT, Status.PROPOSED, Status.DECLINED)


class Stale(UserError):
    """Somebody saved another text since the one that was changed."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A locked version; only inside a transaction."""

    version: Version
    revision: Revision
    terms: Agreement
    seat: Seat
    by: Person
    words: Words

    @property
    def status(self) -> Status:
        return Status(self.version.status)

    def check_writes(self, verb: str) -> None:
        """Raises Refused or TermsError unless this person may do it to the text now."""
        if not self.seat.can_write:
            raise Refused(N_("You may not do this."), hint=N_("Ask whoever answers for your team."))
        check_can(verb, self.status, Who.WRITER, self.words)

    def check_signs(self, verb: str, party: str) -> None:
        """Raises Refused or TermsError unless this person may do it for that party now."""
        if party not in self.seat.signs:
            raise Refused(
                N_("You do not sign for this party."), hint=N_("Who answers for its team does: ask them to sign.")
            )
        check_can(verb, self.status, Who.SIGNATORY, self.words)

    def move(self, status: Status, **values: object) -> None:
        for name, value in values.items():
            setattr(self.version, name, value)
        self.version.status = status
        self.version.save(update_fields=["status", *values])

    def lapse_signatures(self, now: datetime) -> int:
        return self.version.signatures.filter(lapsed_at=None).update(lapsed_at=now)


def take(version_id: int, *, by: Person, now: datetime, words: Words) -> Hand:
    """The version, locked until the transaction ends.

    Raises Refused where it is none of this person's business.
    """
    version = Version.objects.select_for_update(of=("self",)).select_related("agreement").filter(id=version_id).first()
    revision = version.revisions.order_by("-number").first() if version else None
    if version is None or revision is None:
        raise Refused(N_("There is no such version."))
    terms = terms_of(revision)
    seat = seat_of(actor_of(by, now.date()), terms, Roster.today())
    if not (seat.sees_drafts if Status(version.status) in DRAFTED else seat.sees):
        raise Refused(N_("There is no such version."))
    return Hand(version, revision, terms, seat, by, words)


def read_draft(text: str, words: Words) -> tuple[str, Agreement]:
    """A text as it is kept and what it says. Signatures are given here, so those that a file brings are left out.

    Raises UnreadableTerms with every fault.
    """
    lines = "\n".join(text.splitlines()) + "\n"  # a form sends \\r\\n
    terms = read_agreement_text(lines, where=NAMED, folder=None, words=words)
    if terms.signatures:
        terms = terms.model_copy(update={"signatures": ()})
        lines = agreement_yaml(terms)
    return lines, terms


def save_revision(
    version: Version, text: str, terms: Agreement, *, verb: str, party: str, note: str, by: Person, now: datetime
) -> Revision:
    """The next text of a version, and what the version repeats of it."""
    check_belongs(version, terms)
    number = (version.revisions.aggregate(n=Max("number"))["n"] or 0) + 1
    version.from_on, version.until_on = terms.in_force.from_on, terms.in_force.until_on
    version.save(update_fields=["from_on", "until_on"])
    if version.agreement.title != terms.title:
        version.agreement.title = terms.title[:200]
        version.agreement.save(update_fields=["title"])
    return Revision.objects.create(
        version=version,
        number=number,
        text=text,
        fingerprint=fingerprint(terms),
        verb=verb,
        party=party,
        note=note.strip(),
        by=by,
        at=now,
    )


def check_belongs(version: Version, terms: Agreement) -> None:
    """Raises TermsError unless the text says that it is this version of this agreement."""
    if terms.id != version.agreement.slug or terms.version != version.number:
        raise TermsError(
            N_('This is version {n} of "{slug}"; the text says version {other} of "{id}".'),
            where=NAMED,
            hint=N_('Write "id: {slug}" and "version: {n}".'),
            n=version.number,
            slug=version.agreement.slug,
            other=terms.version,
            id=terms.id,
        )


def check_fresh(hand: Hand, revision: int, now_words: Words) -> None:
    """Raises Stale unless `revision` is the latest: nobody overwrites what they have not seen."""
    latest = hand.revision
    if revision != latest.number:
        raise Stale(
            N_("{name} saved text {n} ({at}) while you were writing; you began from text {from_n}."),
            hint=N_("Nothing is lost: your text is below. Compare it with the saved one, then save it again."),
            name=str(latest.by or "–"),
            n=latest.number,
            at=now_words.instant(latest.at, hand.terms.zone),
            from_n=revision,
        )


def renumbered(text: str, wanted: Agreement) -> str:
    """A text changed to say what `wanted` does, with its author's remarks where that is possible.

    Only the id, the number and the days may differ.
    """
    changed = re.sub(r"(?m)^id:.*$", f"id: {wanted.id}", text, count=1)
    changed = re.sub(r"(?m)^version:.*$", f"version: {wanted.version}", changed, count=1)
    until = wanted.in_force.until_on
    days = f"in_force: {{from_on: {wanted.in_force.from_on}" + (f", until_on: {until}}}" if until else "}")
    changed = re.sub(r"(?m)^in_force:.*(?:\n[ \t]+\S.*)*$", days, changed, count=1)
    if "\nversion:" not in f"\n{changed}":
        changed = re.sub(r"(?m)^(id:.*)$", rf"\1\nversion: {wanted.version}", changed, count=1)
    try:
        said = read_agreement_text(changed, where=NAMED, folder=None)
    except TermsError:
        return agreement_yaml(wanted)
    return changed if fingerprint(said) == fingerprint(wanted) else agreement_yaml(wanted)
