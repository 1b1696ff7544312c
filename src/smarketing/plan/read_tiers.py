"""The file that says what each tier of leads is worth: strict YAML, every fault with its line."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import Field

from smarketing.plan.numbers import amount, ratio
from smarketing.plan.tiers import ShareOf, Tier
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.terms.term import Term
from smarketing.terms.yaml_nodes import Reading, compose, decoded
from smarketing.terms.yaml_shape import Shape

LARGEST = 1 << 20


class WrittenTier(Term):
    """One tier as people write it: `{id: ceo, share: 20%, worth: 100, close_rate: 10%, average_deal: 5000}`."""

    id: str
    share: str | None = None
    worth: str | None = None
    close_rate: str | None = None
    average_deal: str | None = None
    leads: int | None = Field(None, ge=0, description="leads delivered, to be weighed by worth")


class WrittenTiers(Term):
    share_of: ShareOf = ShareOf.LEADS
    tiers: tuple[WrittenTier, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Tiers:
    """`has_shares` tells tiers that divide a goal from tiers that only weigh the leads in `counts`."""

    share_of: ShareOf
    tiers: tuple[Tier, ...]
    counts: dict[str, int]

    @property
    def has_shares(self) -> bool:
        return all(tier.share is not None for tier in self.tiers)


def read_tiers(path: Path, words: Words) -> Tiers:
    """The tiers of a file.

    Raises UserError with file and line when it cannot be read, or its shares do not add up to everything.
    """
    try:
        with path.open("rb") as file:
            content = file.read(4 * LARGEST + 1)
    except OSError as error:
        raise UserError(
            words("The file cannot be read: {reason}.", reason=words.trouble(error)), where=str(path)
        ) from error
    reading = Reading(str(path), words)
    shape = Shape(reading)
    written = shape.model(WrittenTiers, compose(decoded(content, reading), reading))
    reading.check()
    assert written is not None
    tiers = tuple(_tier(each, place, shape, words) for place, each in enumerate(written.tiers))
    _check(tiers, path, words)
    return Tiers(written.share_of, tiers, {tier.id: tier.leads for tier in written.tiers if tier.leads is not None})


def _tier(written: WrittenTier, position: int, shape: Shape, words: Words) -> Tier:
    def read(name: str) -> Fraction | None:
        text = getattr(written, name)
        where = f"{shape.reading.source}:{shape.line(('tiers', position, name))}"
        reader = ratio if name in ("share", "close_rate") else amount
        return None if text is None else reader(text, where=where, words=words)

    return Tier(written.id, read("share"), read("worth"), read("close_rate"), read("average_deal"))


def _check(tiers: tuple[Tier, ...], path: Path, words: Words) -> None:
    ids = [tier.id for tier in tiers]
    for id in ids:
        if ids.count(id) > 1:
            raise UserError(words('The tier "{id}" is there twice.', id=id), where=str(path))
    shares = [tier.share for tier in tiers if tier.share is not None]
    if shares and len(shares) < len(tiers):
        raise UserError(
            words("Some tiers have a share and some have none."),
            where=str(path),
            hint=words("Give each tier its share, or none of them."),
        )
    if shares and sum(shares) != 1:
        raise UserError(
            words("The shares of the tiers add up to {sum}, not 100 %.", sum=f"{float(sum(shares) * 100):.6g} %"),
            where=str(path),
            hint=words("Shares divide the whole between the tiers."),
        )
