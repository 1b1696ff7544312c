"""Walk the chain of events and say where it does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.records.events import ORIGIN, ChainFault, chain_faults, head
from smarketing.records.models import Event
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

LETTERS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Number and digest of an event, kept outside the database when it was the latest."""

    seq: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"


@dataclass(frozen=True, slots=True)
class AuditProof:
    """How many events there are, where the chain is broken, and what to keep elsewhere to prove it later."""

    n_events: int
    faults: tuple[ChainFault, ...]
    head: Anchor

    @property
    def holds(self) -> bool:
        return not self.faults


def read_anchor(text: str) -> Anchor:
    """`SEQ:DIGEST`.

    Raises UserError when it is not.
    """
    seq, _, digest = text.strip().partition(":")
    if not (seq.isdecimal() and len(seq) < 18 and len(digest) == len(ORIGIN) and set(digest) <= LETTERS):
        raise UserError(
            N_("This is not an anchor."), where=text[:80], hint=N_("Write SEQ:DIGEST, as an earlier proof printed it.")
        )
    return Anchor(int(seq), digest)


def verify_audit(anchor: Anchor | None = None) -> AuditProof:
    """The proof. An anchor shows besides whether the end was cut off, or all of it written anew."""
    faults = list(chain_faults())
    latest = Anchor(*head())
    if anchor is not None and anchor.seq:
        kept = Event.objects.filter(seq=anchor.seq).values_list("digest", flat=True).first()
        if kept is None:
            faults.append(ChainFault(anchor.seq, "cut off"))
        elif kept != anchor.digest:
            faults.append(ChainFault(anchor.seq, "rewritten"))
    return AuditProof(Event.objects.count(), tuple(faults), latest)
