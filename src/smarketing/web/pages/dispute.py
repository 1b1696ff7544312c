"""One dispute: what is contested, what was shown, what was decided, and what this reader may do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.disputes import Bench, titles_of
from smarketing.records.models import Dispute, Evidence, Subject
from smarketing.terms.code_names import CHANNELS, listed
from smarketing.terms.document import document
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.disputes import DisputeRow, dispute_row
from smarketing.web.pages.spoken import VERDICTS

BASES = {
    "either": N_("started or due in them"),
    "started": N_("started in them"),
    "due": N_("due in them"),
}


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    icon: str
    tone: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence; `href` leads to the file or the link, `size` is a file's."""

    id: int
    kind: str
    text: str
    name: str
    size: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputePage:
    row: DisputeRow
    dispute: Dispute
    party: str
    clause: str
    clause_text: str
    facts: tuple[tuple[str, str], ...]
    effect: str
    decider: str
    steps: tuple[Step, ...]
    evidence: tuple[Piece, ...]
    may_decide: bool
    may_withdraw: bool
    may_revoke: bool
    may_add: bool
    shows_lead: bool


def dispute_page(
    dispute: Dispute, bench: Bench, *, now: datetime, words: Words, verdict: str, shows_lead: bool
) -> DisputePage:
    """Takes verdict  what the facts say of the clock now, where that is known to this reader"""
    waiver = getattr(dispute, "waiver", None)
    is_waived = waiver is not None and not hasattr(waiver, "revocation")
    parties = {party.id: party.name for party in bench.terms.parties}
    promise = titles_of([dispute])[dispute.id]
    pieces = tuple(dispute.evidence.select_related("by"))
    clause, clause_text = _clause(dispute, bench, words)
    return DisputePage(
        row=dispute_row(dispute, promise, now=now, words=words),
        dispute=dispute,
        party=parties.get(dispute.party, dispute.party),
        clause=clause,
        clause_text=clause_text,
        facts=tuple(_facts(dispute, promise, words, bench.terms.zone)),
        effect=_effect(dispute, is_waived=is_waived, verdict=verdict, words=words),
        decider=bench.terms.disputes.arbiter or bench.deciding_party(dispute.party).name,
        steps=tuple(sorted(_steps(dispute, pieces, words), key=lambda step: step.at)),
        evidence=tuple(_piece(each, words) for each in pieces),
        may_decide=dispute.is_open and bench.may_decide(dispute),
        may_withdraw=bench.may_withdraw(dispute),
        may_revoke=is_waived and bench.may_revoke(dispute),
        may_add=bench.may_add(dispute),
        shows_lead=shows_lead,
    )


def _clause(dispute: Dispute, bench: Bench, words: Words) -> tuple[str, str]:
    """What the cited clause is called and what it says, as the document has it."""
    for part in document(bench.terms, words):
        if part.id == dispute.clause:
            return part.title, " ".join(part.text)
        if dispute.clause in part.clauses:
            name, *cells = part.rows[part.clauses.index(dispute.clause)]
            title, *lines = name.splitlines()
            said = (f"{header}: {cell}" for header, cell in zip(part.header[1:], cells, strict=True) if cell)
            return title, " · ".join((*lines, *said))
    return dispute.clause, ""


def _facts(dispute: Dispute, promise: str, words: Words, zone: str) -> Iterator[tuple[str, str]]:
    if dispute.from_at and dispute.until_at:
        hours = words(
            "{start} to {end}", start=words.instant(dispute.from_at, zone), end=words.instant(dispute.until_at, zone)
        )
        yield words("Hours"), hours
        yield words("Clocks"), words(BASES[dispute.basis])
        yield words("Promises"), promise
        if dispute.sources:
            yield words("Only sources"), listed(dispute.sources, CHANNELS, words)
        if dispute.teams:
            yield words("Only teams"), ", ".join(dispute.teams)
        return
    yield words("Promise"), promise
    is_count = dispute.subject == Subject.COUNT
    original = words("left out") if dispute.was else words("counted")
    yield words("Original verdict"), original if is_count else words(VERDICTS[dispute.was])
    met = words("count") if is_count else words("count as met")
    yield words("It should"), met if dispute.becomes == "met" else words("count for nobody")


def _effect(dispute: Dispute, *, is_waived: bool, verdict: str, words: Words) -> str:
    """What the waiver does to the number today."""
    if not is_waived:
        return words("The original verdict counts.")
    if verdict == "met" and dispute.was not in ("", "met"):
        return words("The waiver has no effect: by what is known today the promise was kept.")
    if dispute.becomes == "met" and dispute.subject == Subject.COUNT:
        return words("It counts; the original number stands beside the new one.")
    if dispute.becomes == "met":
        return words("It counts as met; the original verdict stands beside it.")
    return words("It counts for nobody; the original number stands beside the new one.")


def _steps(dispute: Dispute, pieces: tuple[Evidence, ...], words: Words) -> Iterator[Step]:
    who = dispute.raised_by.name
    yield Step(dispute.raised_at, "flag", "open", words("{name} contested it", name=who), dispute.text)
    for each in pieces:
        yield Step(each.at, "paper-clip", "", words("{name} added evidence", name=each.by.name), each.name or each.text)
    if dispute.decided_at:
        by = dispute.decided_by.name if dispute.decided_by else words("Silence")
        icon, tone, text = {
            "accepted": ("check-circle", "good", words("{name} accepted it", name=by)),
            "rejected": ("x-circle", "bad", words("{name} rejected it", name=by)),
            "withdrawn": ("arrow-uturn-left", "muted", words("{name} withdrew it", name=by)),
        }[dispute.state]
        yield Step(dispute.decided_at, icon, tone, text, dispute.decision)
    end = getattr(getattr(dispute, "waiver", None), "revocation", None)
    if end is not None:
        yield Step(end.at, "arrow-uturn-left", "bad", words("{name} revoked the waiver", name=end.by.name), end.why)


def _piece(each: Evidence, words: Words) -> Piece:
    size = words("{n} kB", n=words.number(max(1, round(each.n_bytes / 1000)))) if each.n_bytes else ""
    return Piece(each.id, each.kind, each.text, each.name, size, each.by.name, each.at)
