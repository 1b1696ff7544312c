"""Two versions of an agreement compared in words: what is new, dropped or changed, and which promise got weaker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.alert_words import when_words
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.code_names import CHANNELS, REASONS, TOUCHES
from smarketing.terms.commitment import Commitment, Override
from smarketing.terms.hours import DAYS, day_words
from smarketing.terms.labels import AGREEMENT, IDENTITY, LABELS, PARTS
from smarketing.terms.language import N_, Words
from smarketing.terms.promise_words import allowance_words, target_words
from smarketing.terms.target import Direction, Measure, Target

LONG = 90  # characters; a longer text is not quoted twice
CODES = {
    "marketing_sources": CHANNELS,
    "reasons": REASONS,
    "sources": CHANNELS,
    "touches": TOUCHES,
    "void_reasons": REASONS,
}
UNSAID = ("signatures",)  # who signed is no difference of content
WEAKER, STRONGER, MIXED, DIFFERENT = "weaker", "stronger", "mixed", "different"
EFFECTS = {
    WEAKER: N_("weaker"),
    STRONGER: N_("stronger"),
    MIXED: N_("partly weaker, partly stronger"),
    DIFFERENT: N_("measured differently"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `section` is the key of the agreement it lies in; `effect` says what becomes of a promise:
    weaker, stronger, mixed, different, or nothing for everything else."""

    section: str
    thing: str
    sentence: str
    effect: str = ""


def differences(before: Agreement, after: Agreement, words: Words) -> tuple[Difference, ...]:
    """Every difference of content between two versions, in the order of the document."""
    return tuple(Comparison(words).agreements(before, after))


def effect(before: Target, after: Target) -> str:
    """Whether a promise became weaker or stronger, moved both ways (mixed) or is measured differently."""
    if before.measure is not after.measure or before.unit != after.unit:
        return DIFFERENT
    signs = {_sign(before.value, after.value) * (1 if before.direction is Direction.AT_LEAST else -1)}
    if before.within and after.within and before.measure in (Measure.SHARE, Measure.DEPTH):
        if before.within.unit is not after.within.unit:
            return DIFFERENT
        signs.add(-_sign(before.within.amount, after.within.amount))
    signs.add(_sign(before.touches or 0, after.touches or 0))
    signs.discard(0)
    return {frozenset({1}): STRONGER, frozenset({-1}): WEAKER}.get(frozenset(signs), MIXED)


def _sign(before: Decimal | int, after: Decimal | int) -> int:
    return (after > before) - (after < before)


def _called(part: BaseModel | None, id: str) -> str:
    """A promise by its title, as the document does; everything else by its id."""
    return f"“{part.title}”" if isinstance(part, Commitment) and part.title else id


class Comparison:
    """Walks two agreements side by side and says what differs in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def agreements(self, before: Agreement, after: Agreement) -> Iterator[Difference]:
        whole = self.words(AGREEMENT)
        for name in Agreement.model_fields:
            old, new = getattr(before, name), getattr(after, name)
            if old == new or name in UNSAID:
                continue
            if name in PARTS:
                yield from self._parts(name, keyed(name, old), keyed(name, new))
            else:
                for difference in self._field(whole, name, old, new):
                    yield Difference(name, whole, difference.sentence)

    def _parts(self, section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
        for id in (*old, *(id for id in new if id not in old)):
            thing = self.words(PARTS[section], name=_called(new.get(id, old.get(id)), id))
            if id not in new:
                yield self._say(section, thing, N_("{thing} is dropped{what}."), what=self._gist(old[id]))
            elif id not in old:
                yield self._say(section, thing, N_("{thing} is new{what}."), what=self._gist(new[id]))
            else:
                for difference in self._models(thing, old[id], new[id]):
                    yield Difference(section, difference.thing, difference.sentence, difference.effect)
        shared = [id for id in old if id in new]
        if shared != [id for id in new if id in old]:
            order = ", ".join(id for id in new if id in old)
            yield self._say(section, "", N_("{section}: another order, {order}."), section=section, order=order)

    def _gist(self, part: BaseModel) -> str:
        """What a new or dropped part comes to, in brackets."""
        if isinstance(part, Commitment):
            return f" ({part.party}, {part.kind}: {target_words(part.target, self.words)})"
        if isinstance(part, AlertRule):
            return f" ({when_words(part, self.words)})"
        return ""

    def _models(self, thing: str, old: BaseModel | None, new: BaseModel | None) -> Iterator[Difference]:
        """The differing fields of two models; a missing one counts as one whose fields are all empty."""
        sample = new if new is not None else old
        assert sample is not None
        for name in type(sample).model_fields:
            before, after = getattr(old, name, None), getattr(new, name, None)
            if before == after:
                continue
            if isinstance(old, Calendar) and isinstance(new, Calendar) and name in ("week", "exceptions"):
                yield from self._hours(thing, old, new, name)
            else:
                own = f"alerts.{name}" if isinstance(sample, AlertRule) else ""
                yield from self._field(thing, own if own in LABELS else name, before, after)

    def _field(self, thing: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
        sample = new if new is not None else old
        if name in IDENTITY and any(isinstance(entry, BaseModel) for entry in (*(old or ()), *(new or ()))):
            yield from self._parts(name, keyed(name, old), keyed(name, new))
        elif isinstance(sample, tuple):
            yield from self._listing(thing, name, old or (), new or ())
        elif isinstance(sample, BaseModel) and not isinstance(sample, Target | Allowance):
            yield from self._models(thing, old, new)
        else:
            yield self._value(thing, name, old, new)

    def _value(self, thing: str, name: str, old: Any, new: Any) -> Difference:
        label = self.words(LABELS[name])
        before, after = self._said(old), self._said(new)
        if isinstance(old, Target) and isinstance(new, Target):
            changed = effect(old, new)
            judged = self.words(EFFECTS[changed])
            template = N_("{thing}: {label} goes from {before} to {after} ({effect}).")
            said = self._say(name, thing, template, label=label, before=before, after=after, effect=judged)
            return Difference(name, thing, said.sentence, changed)
        if not after:
            return self._say(
                name, thing, N_("{thing}: {label} is dropped; it was {before}."), label=label, before=before
            )
        if not before:
            return self._say(name, thing, N_("{thing}: {label} is now {after}."), label=label, after=after)
        if max(len(before), len(after)) > LONG:
            return self._say(name, thing, N_("{thing}: {label} now reads {after}."), label=label, after=after)
        template = N_("{thing}: {label} goes from {before} to {after}.")
        return self._say(name, thing, template, label=label, before=before, after=after)

    def _listing(self, thing: str, name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
        before, after = [self._named(name, entry) for entry in old], [self._named(name, entry) for entry in new]
        gained = [entry for entry in after if entry not in before]
        lost = [entry for entry in before if entry not in after]
        label = self.words(LABELS[name])
        if gained:
            yield self._say(name, thing, N_("{thing}: {label}: added {what}."), label=label, what="; ".join(gained))
        if lost:
            yield self._say(name, thing, N_("{thing}: {label}: removed {what}."), label=label, what="; ".join(lost))
        if not gained and not lost:
            template = N_("{thing}: {label}: another order, {what}.")
            yield self._say(name, thing, template, label=label, what="; ".join(after))

    def _named(self, name: str, entry: Any) -> str:
        """An entry as the document says it: codes of ours by their names."""
        named = CODES.get(name, {}).get(str(entry))
        return self.words(named) if named else self._said(entry)

    def _hours(self, thing: str, old: Calendar, new: Calendar, name: str) -> Iterator[Difference]:
        template = N_("{thing}: {day} goes from {before} to {after}.")
        if name == "week":
            for day, before, after in zip(DAYS, old.week, new.week, strict=True):
                if before != after:
                    hours = {"before": self._hours_said(before), "after": self._hours_said(after)}
                    yield self._say(name, thing, template, day=self.words(DAY_LABELS[day]), **hours)
            return
        before_on, after_on = ({day.on: day.windows for day in c.exceptions} for c in (old, new))
        for on in sorted(before_on.keys() | after_on.keys()):
            before_hours = self._hours_said(before_on[on]) if on in before_on else self.words("the usual hours")
            after_hours = self._hours_said(after_on[on]) if on in after_on else self.words("the usual hours")
            if before_hours != after_hours:
                day_said = self.words.day(on)
                yield self._say(name, thing, template, day=day_said, before=before_hours, after=after_hours)

    def _hours_said(self, windows: Sequence[Any]) -> str:
        return day_words(windows) if windows else self.words("closed")

    def _said(self, value: Any) -> str:
        if isinstance(value, Target):
            return target_words(value, self.words)
        if isinstance(value, Allowance):
            return allowance_words(value, self.words)
        if isinstance(value, Override):
            return self._override(value)
        if isinstance(value, date):
            return self.words.day(value)
        if isinstance(value, Decimal):
            exponent = value.normalize().as_tuple().exponent
            return self.words.number(value, max(0, -exponent) if isinstance(exponent, int) else 0)
        if isinstance(value, bool):
            return self.words("yes") if value else self.words("no")
        if isinstance(value, Enum):
            return str(value.value)
        text = "" if value is None else str(value)
        return f"“{text}”" if " " in text else text

    def _override(self, override: Override) -> str:
        names = [entry for listed in override.only.model_dump().values() for entry in listed]
        terms = [override.calendar or "", self._said(override.within)]
        return self.words(
            "{terms} for {leads}", terms=", ".join(filter(None, terms)), leads=", ".join(names) or self.words("all")
        )

    def _say(self, section: str, thing: str, template: str, /, **values: object) -> Difference:
        return Difference(section, thing, self.words(template, thing=thing, **values))


DAY_LABELS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


def keyed(section: str, parts: Any) -> dict[str, Any]:
    """The parts of a section by what names them; a name used again is followed by its place."""
    if isinstance(parts, Mapping):
        return dict(parts)
    found: dict[str, Any] = {}
    for part in parts or ():
        name = str(getattr(part, IDENTITY[section]))
        found[name if name not in found else f"{name} ({len(found) + 1})"] = part
    return found
