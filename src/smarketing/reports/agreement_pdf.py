"""The agreement as a PDF to read, print and sign: every part of it, then who signed exactly this text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarketing.charts.chart import Chart
from smarketing.reports.drawings import drawing
from smarketing.reports.typeset import typeset
from smarketing.terms.agreement import Agreement, Party, Signature
from smarketing.terms.document import KINDS, ROLES, Section, document
from smarketing.terms.language import N_, Words
from smarketing.terms.lifecycle import NAMES, Status

UNSHOWN = N_("□ stands for a character that the letters of this file do not have; the agreement itself holds it.")
SHORT = 13  # letters of a column that needs no room of its own
NAMES_OF_LANGUAGES = {"en": N_("English"), "es": N_("Spanish"), "it": N_("Italian")}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody who is bound by the agreement, and when that person said to have read it; None: not yet."""

    name: str
    team: str
    read_at: datetime | None = None


def agreement_pdf(
    agreement: Agreement,
    *,
    words: Words,
    fingerprint: str,
    status: Status,
    at: datetime,
    signatures: Sequence[Signature] = (),
    acknowledgements: Sequence[Acknowledgement] = (),
    charts: Sequence[Chart] = (),
) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1.

    Takes    words         the reader's language, or the agreement's
             fingerprint   of the text that is printed; a signature with another one is shown as not of this text
             at            the instant the file says it was made; the same input gives the same bytes
             charts        drawn after the last section
    """
    sections = document(agreement.model_copy(update={"signatures": ()}), words)
    opening = words("Summary")
    data = {
        "title": agreement.title,
        "author": [party.name for party in agreement.parties],
        "reference": f"{agreement.id} · {words('version {n}', n=agreement.version)}",
        "pages": words("Page {n} of {m}", n="{n}", m="{m}"),
        "fingerprint": fingerprint,
        "kind": words("Agreement {kind}", kind=words(KINDS[agreement.kind])),
        "status": capital(words(NAMES[status])),
        "status_id": status.value,
        "summary": agreement.summary,
        "parties": [_party(party, words) for party in agreement.parties],
        "facts": _facts(agreement, words),
        "sections": [_section(section) for section in sections if section.title != opening],
        "figures_title": words("Charts"),
        "figures": [drawing(chart, words) for chart in charts],
        "signing": _signing(agreement, signatures, fingerprint, words),
        "read": _read(agreement, acknowledgements, words),
        "unshown": words(UNSHOWN),
    }
    return typeset("agreement.typ", data, words=words, at=at)


def _party(party: Party, words: Words) -> dict[str, Any]:
    role = party.role.value
    return {
        "name": party.name,
        "role": capital(words(ROLES[party.role])),
        "tone": role if role in ("marketing", "sales") else "other",
        "people": [contact.name for contact in party.contacts],
    }


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(agreement: Agreement, words: Words) -> list[tuple[str, str]]:
    begins, ends = agreement.in_force.from_on, agreement.in_force.until_on
    return [
        (words("First day"), words.day(begins)),
        (words("Last day"), words.day(ends) if ends else words("none is set")),
        (words("Version"), words.number(agreement.version)),
        (words("Language"), words(NAMES_OF_LANGUAGES[agreement.language])),
        (words("Currency"), agreement.currency),
        (words("Time zone"), agreement.zone),
    ]


def _section(section: Section) -> dict[str, Any]:
    """A section without its empty columns."""
    told = [n for n in range(len(section.header)) if any(row[n] for row in section.rows)]
    header = [section.header[n] for n in told]
    rows = [[row[n] for n in told] for row in section.rows]
    widths = [_width([name, *(row[n] for row in rows)]) for n, name in enumerate(header)]
    if widths and not any(widths):
        widths[0] = 1
    return {"title": section.title, "text": section.text, "header": header, "rows": rows, "widths": widths}


def _width(cells: Sequence[str]) -> float:
    """0 for a column as narrow as its words, else its share of the line: long texts get more, but not all."""
    longest = max(len(line) for cell in cells for line in cell.split("\n"))
    word = max(len(word) for cell in cells for word in cell.split() or [""])
    return 0 if longest <= SHORT else round(max(min(longest, 80) ** 0.6, word**0.75), 1)


def _signing(agreement: Agreement, signatures: Sequence[Signature], fingerprint: str, words: Words) -> dict[str, Any]:
    signed = {signature.party: signature for signature in signatures}
    cards = [_card(party, signed.get(party.id), fingerprint, agreement.zone, words) for party in agreement.parties]
    sentence = words(
        "Whoever signs here signs the text of {title}, version {version}, and nothing else. Its fingerprint changes "
        "when a single character of it does.",
        title=agreement.title,
        version=agreement.version,
    )
    return {
        "title": words("Signatures"),
        "sentence": sentence,
        "label": words("Fingerprint of this text"),
        "cards": cards,
    }


def _card(party: Party, signature: Signature | None, fingerprint: str, zone: str, words: Words) -> dict[str, Any]:
    card = {"party": party.name, "role": capital(words(ROLES[party.role]))}
    if signature is None:
        blanks = [words("Name"), words("Signature"), words("Place and date")]
        return card | {"is_signed": False, "is_valid": False, "standing": words("not signed"), "blanks": blanks}
    is_valid = signature.fingerprint == fingerprint
    scheme, _, digest = signature.fingerprint.partition(":")
    half = len(digest) // 2
    return card | {
        "is_signed": True,
        "is_valid": is_valid,
        "standing": words("signed") if is_valid else words("another text"),
        "name": signature.name,
        "when": f"{words.instant(signature.signed_at, zone)} ({zone})",
        "note": "" if is_valid else words("This signature is for another text than the one printed here."),
        "label": words("Signed fingerprint"),
        "fingerprint": f"{scheme}:{digest[:half]}\n{digest[half:]}" if digest else signature.fingerprint,
    }


def _read(agreement: Agreement, acknowledgements: Sequence[Acknowledgement], words: Words) -> dict[str, Any]:
    """Who has read it first, then who has not; each in the order given."""
    ordered = sorted(acknowledgements, key=lambda person: person.read_at is None)
    rows = [
        (
            person.name,
            person.team,
            words.instant(person.read_at, agreement.zone) if person.read_at else words("not yet"),
        )
        for person in ordered
    ]
    n_read = sum(person.read_at is not None for person in ordered)
    sentence = words("{n} of {m} have read it.", n=words.number(n_read), m=words.number(len(ordered)))
    header = (words("Person"), words("Team"), words("Read"))
    return {"title": words("Who has read it"), "sentence": sentence, "header": header, "rows": rows}
