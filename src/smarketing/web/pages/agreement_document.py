"""An agreement as a page that two directors read and sign: numbered clauses, remarks and findings beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.agreements import Held, with_signatures
from smarketing.records.models import Comment, Signature
from smarketing.terms.agreement import Agreement
from smarketing.terms.concern import Concern
from smarketing.terms.document import Section, document
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.lint import lint
from smarketing.terms.marked import N_
from smarketing.web.pages.agreements import tone_of, version_href

LANGUAGE_NAMES = {"en": "English", "es": "Español", "it": "Italiano"}
LONG = 40  # characters; a longer cell is a sentence, told before the short ones
METHODS = {
    "password": N_("confirmed with the password"),
    "mfa": N_("confirmed with a second factor"),
    "socialaccount": N_("confirmed by single sign-on"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    id: int
    who: str
    initials: str
    at: datetime
    text: str
    is_edited: bool
    is_removed: bool
    is_settled: bool
    settled_by: str
    can_correct: bool
    can_remove: bool
    answers: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands in the margin of one clause."""

    clause: str
    remarks: tuple[Remark, ...] = ()
    concerns: tuple[Concern, ...] = ()
    href: str = ""  # of the page with a form open for a remark; empty where the reader may not remark
    post_href: str = ""
    is_open: bool = False  # whether the form is shown
    n: int = 0  # remarks that are not settled


@dataclass(frozen=True, slots=True)
class Clause:
    """`facts` are the named cells after the first; a commitment's target stands apart, as the sentence it is."""

    id: str
    number: str
    title: str
    text: tuple[str, ...]
    target: str
    but: tuple[str, ...]  # what holds for some of the leads instead
    facts: tuple[tuple[str, str], ...]
    notes: Notes
    commitment: str = ""  # its id, for where it stands today


@dataclass(frozen=True, slots=True)
class Part:
    id: str
    number: int
    title: str
    text: tuple[str, ...]
    is_list: bool
    clauses: tuple[Clause, ...]
    notes: Notes
    tone: str = ""

    @property
    def marks(self) -> int:
        """Open remarks and findings in it."""
        return sum(each.n + len(each.concerns) for each in (self.notes, *(clause.notes for clause in self.clauses)))


@dataclass(frozen=True, slots=True)
class SignatureCard:
    party: str
    tone: str
    people: tuple[str, ...]
    name: str
    at: datetime | None
    how: str
    fingerprint: str
    is_mine_to_sign: bool


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    language: str
    parts: tuple[Part, ...]
    cards: tuple[SignatureCard, ...]
    lapsed: tuple[Signature, ...]
    whole: Notes
    languages: tuple[tuple[str, str, bool], ...]  # name, address, whether it is shown
    fingerprint: str
    n_concerns: int
    n_remarks: int

    @property
    def notes(self) -> Iterator[Notes]:
        """The margin of every clause, and of the whole."""
        yield self.whole
        for part in self.parts:
            yield part.notes
            yield from (clause.notes for clause in part.clauses)


@dataclass(frozen=True, slots=True)
class Margin:
    """Who looks, and what they may do in the margin."""

    held: Held
    words: Words
    may_remark: bool
    open_clause: str | None  # where the reader wants to write
    own_id: int | None
    removable: frozenset[int]

    def notes(self, clause: str, remarks: Iterable[Comment], concerns: Iterable[Concern]) -> Notes:
        told = tuple(self._remark(each) for each in remarks)
        anchor = clause or "remarks"
        return Notes(
            clause=clause,
            remarks=told,
            concerns=tuple(concerns),
            href=f"{version_href(self.held)}?remark={clause}#{anchor}" if self.may_remark else "",
            post_href=version_href(self.held, "agreement_comments"),
            is_open=self.may_remark and self.open_clause == clause,
            n=sum(not each.is_settled and not each.is_removed for each in told),
        )

    def _remark(self, comment: Comment) -> Remark:
        is_removed = comment.removed_at is not None
        return Remark(
            id=comment.id,
            who=str(comment.by),
            initials=comment.by.initials,
            at=comment.at,
            text=comment.text,
            is_edited=comment.edited_at is not None,
            is_removed=is_removed,
            is_settled=comment.resolved_at is not None,
            settled_by=str(comment.resolved_by or ""),
            can_correct=not is_removed and comment.by_id == self.own_id,
            can_remove=not is_removed and comment.id in self.removable,
            answers=tuple(self._remark(each) for each in comment.replies.all()),
        )


def document_page(held: Held, margin: Margin, *, words: Words, shown: Words) -> Document:
    """The page.

    Takes    words  the reader's, for what is said about the text
             shown  the language in which the text's own sentences are said
    """
    terms = with_signatures(held.terms, ())
    remarks, concerns = remarks_of(held), concerns_of(held, words)
    parts = _parts(document(terms, shown), terms, margin, remarks, concerns)
    told = {address for part in parts for address in (part.id, *(clause.id for clause in part.clauses))}
    elsewhere = [each for clause, found in concerns.items() if clause not in told for each in found]
    return Document(
        title=terms.title,
        language=shown.language,
        parts=parts,
        cards=_cards(held, words),
        lapsed=tuple(each for each in held.signatures if each.lapsed_at),
        whole=margin.notes("", remarks.get("", ()), elsewhere),
        languages=_languages(held, terms.language, words.language, shown.language),
        fingerprint=held.revision.fingerprint,
        n_concerns=sum(map(len, concerns.values())),
        n_remarks=sum(not each.resolved_at and not each.removed_at for found in remarks.values() for each in found),
    )


def remarks_of(held: Held) -> Mapping[str, list[Comment]]:
    """First remarks by clause, with their answers; what was taken back stays only where it was answered."""
    found: dict[str, list[Comment]] = defaultdict(list)
    comments = held.version.comments.filter(answers=None).select_related("by", "resolved_by")
    for comment in comments.prefetch_related("replies__by", "replies__resolved_by"):
        if comment.removed_at is None or comment.replies.all():
            found[comment.clause].append(comment)
    return found


def concerns_of(held: Held, words: Words) -> Mapping[str, list[Concern]]:
    """What people who run such agreements would warn about, while something can still be done about it."""
    found: dict[str, list[Concern]] = defaultdict(list)
    if held.status in (Status.DRAFT, Status.PROPOSED, Status.DECLINED):
        for concern in lint(held.terms, words):
            found[concern.where].append(concern)
    return found


def _parts(
    sections: Iterable[Section],
    terms: Agreement,
    margin: Margin,
    remarks: Mapping[str, list[Comment]],
    concerns: Mapping[str, list[Concern]],
) -> tuple[Part, ...]:
    tones = {party.id: tone_of(party.role) for party in terms.parties}

    def notes(address: str) -> Notes:
        return margin.notes(address, remarks.get(address, ()), concerns.get(address, ()))

    def clause(section: Section, at: int, number: str) -> Clause:
        address = section.clauses[at]
        title, text, promised, facts = _told(section, section.rows[at])
        target, *but = promised.split("; ")
        return Clause(
            id=address,
            number=number,
            title=title,
            text=text,
            target=target,
            but=tuple(but),
            facts=facts,
            notes=notes(address),
            commitment=address.partition(".")[2] if target else "",
        )

    return tuple(
        Part(
            id=section.id,
            number=n,
            title=section.title,
            text=section.text,
            is_list=section.id.endswith(("needs", "personas", "exceptions", "cancellation")),
            clauses=tuple(clause(section, at, f"{n}.{at + 1}") for at in range(len(section.rows))),
            notes=notes(section.id),
            tone=tones.get(section.id.split(".")[1], "") if section.id.startswith("parties.") else "",
        )
        for n, section in enumerate(sections, 1)
    )


def _told(section: Section, row: Sequence[str]) -> tuple[str, tuple[str, ...], str, tuple[tuple[str, str], ...]]:
    """A row as a clause: its title, its sentences, its target where it is a promise, and what else it says."""
    title, *text = row[0].split("\n")
    target = ""
    facts = [(name, cell) for name, cell in zip(section.header[1:], row[1:], strict=True) if cell]
    if section.id.endswith(".commitments"):
        target = facts.pop(0)[1]
    elif section.id == "consequences":
        title = f"{section.header[0]}: {title}"
    elif section.id == "tiers" and row[1]:
        title = f"{title} · {facts.pop(0)[1]}"
    if not text:
        text = [cell for _, cell in facts if len(cell) > LONG and "\n" not in cell][:1]
        facts = [(name, cell) for name, cell in facts if cell not in text]
    return title, tuple(text), target, tuple(facts)


def _cards(held: Held, words: Words) -> tuple[SignatureCard, ...]:
    signed = {signature.party: signature for signature in held.standing}
    return tuple(_card(held, party.id, signed.get(party.id), words) for party in held.terms.parties)


def _card(held: Held, party_id: str, signature: Signature | None, words: Words) -> SignatureCard:
    party = next(each for each in held.terms.parties if each.id == party_id)
    return SignatureCard(
        party=party.name,
        tone=tone_of(party.role),
        people=tuple(contact.name for contact in party.contacts),
        name=signature.name if signature else "",
        at=signature.signed_at if signature else None,
        how=words(METHODS.get(signature.method, METHODS["mfa"])) if signature else "",
        fingerprint=signature.fingerprint if signature else "",
        is_mine_to_sign=party_id in held.to_sign,
    )


def _languages(held: Held, written: str, read: str, shown: str) -> tuple[tuple[str, str, bool], ...]:
    """The agreement's language and the reader's, where they differ."""
    if written == read:
        return ()
    return tuple(
        (LANGUAGE_NAMES[code], f"{version_href(held)}?language={code}", code == shown) for code in (written, read)
    )
