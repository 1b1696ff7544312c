"""A piece of advice about an agreement, before and after it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, field

from smarketing.terms.allowance import Allowance
from smarketing.terms.language import Words
from smarketing.terms.period import Grain
from smarketing.terms.promise_words import GRAINS, allowance_words


@dataclass(frozen=True, slots=True)
class Concern:
    """`code` is stable, `where` names the key or the commitment."""

    code: str
    where: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A concern whose `what` and `advice` are still sentences of the catalogue."""

    code: str
    where: str
    what: str
    advice: str
    values: dict[str, object] = field(default_factory=dict)

    def said(self, words: Words) -> Concern:
        values = {name: _told(value, words) for name, value in self.values.items()}
        return Concern(self.code, self.where, words(self.what, **values), words(self.advice, **values))


def _told(value: object, words: Words) -> object:
    """A value of a sentence in the reader's language."""
    match value:
        case Allowance():
            return allowance_words(value, words)
        case Grain():
            return words(GRAINS[value])
    return value
