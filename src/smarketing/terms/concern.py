"""A piece of advice about an agreement, before and after it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, field

from smarketing.terms.language import Words


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
        return Concern(self.code, self.where, words(self.what, **self.values), words(self.advice, **self.values))
