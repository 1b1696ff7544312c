"""Entries of the audit trail told in the reader's language: who did what, to what, and what else is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

from smarketing.records.event_words import DEEDS, DETAILS, THINGS, VALUES
from smarketing.records.models import Event, Person, Team, Version
from smarketing.terms.language import Words

LONGEST = 120
SHOWN_DIGITS = 12  # of a fingerprint
NAMED = {"person": Person, "team": Team}  # things whose own name says more than their number


@dataclass(frozen=True, slots=True)
class Told:
    deed: str
    about: str
    details: tuple[tuple[str, str], ...]  # name and value of what the deed does not say


class EventTeller:
    """Tells a page of entries; the names of what they are about are looked up once for all of them."""

    def __init__(self, events: Iterable[Event], words: Words, zone: str) -> None:
        self.words, self.zone = words, zone
        wanted: dict[str, set[int]] = {}
        for event in events:
            for kind, id in ((event.object_kind, event.object_id), ("version", event.detail.get("version"))):
                if str(id).isdecimal() and len(str(id)) < 16:
                    wanted.setdefault(kind, set()).add(int(str(id)))
        self.names = {
            (kind, str(found.pk)): str(found)
            for kind, model in NAMED.items()
            for found in model._default_manager.filter(pk__in=wanted.get(kind, ()))
        }
        versions = Version.objects.filter(pk__in=wanted.get("version", ())).select_related("agreement")
        self.versions = {str(found.pk): (found.agreement.title, found.number) for found in versions}

    def tell(self, event: Event) -> Told:
        known = {key: told for key, value in event.detail.items() if (told := self._value(key, value))}
        filled = {key: told for key, told in self._own(event).items() if told} | known
        sentence = next((each for each in _sentences(event.verb) if blanks(each) <= filled.keys()), "")
        used = blanks(sentence)
        details = tuple((self._label(key), told) for key, told in known.items() if key not in used)
        return Told(self.words(sentence, **filled) or plain(event.verb), self._about(event), details)

    def _about(self, event: Event) -> str:
        return f"{thing_name(event.object_kind, self.words)} {self._object(event)}".strip()

    def _object(self, event: Event) -> str:
        if event.object_kind == "version":
            return self._version_name(event.object_id)
        return self.names.get((event.object_kind, event.object_id), event.object_id)

    def _own(self, event: Event) -> dict[str, str]:
        """Blanks that every entry may fill, whatever its detail says."""
        own = {"object": self._object(event)}
        if event.object_kind != "version" or event.object_id not in self.versions:
            return own
        title, number = self.versions[event.object_id]
        return {**own, "agreement": title, "number": self.words.number(number)}

    def _version_name(self, id: str) -> str:
        if id not in self.versions:
            return id
        title, number = self.versions[id]
        return f"{number} · {title}"

    def _label(self, key: str) -> str:
        return self.words(DETAILS[key]) if key in DETAILS else plain(key)

    def _value(self, key: str, value: object) -> str:
        """The value as this language writes it; nothing where there is none."""
        if value is None or value in ("", []):
            return ""
        if isinstance(value, bool):
            return self.words("yes") if value else self.words("no")
        if key == "version":
            return self._version_name(str(value))
        if isinstance(value, int | float):
            return self.words.number(value)
        if isinstance(value, list):
            return _short(", ".join(self._value(key, each) for each in value))
        if isinstance(value, Mapping):
            return _short(" · ".join(f"{self._label(name)}: {self._value(name, each)}" for name, each in value.items()))
        return self._text(key, str(value))

    def _text(self, key: str, text: str) -> str:
        if (key, text) in VALUES:
            return self.words(VALUES[key, text])
        if key == "fingerprint":
            return text.removeprefix("sha256:")[:SHOWN_DIGITS]
        return _moment(key, text, self.words, self.zone) or _short(text)


def deed_name(verb: str, words: Words) -> str:
    """What a verb is called where no entry fills its blanks."""
    return words(DEEDS[verb][-1]) if verb in DEEDS else plain(verb)


def thing_name(kind: str, words: Words) -> str:
    return words(THINGS[kind]) if kind in THINGS else plain(kind)


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def plain(code: str) -> str:
    """A code that nobody has named yet."""
    return code.replace("_", " ")


def _sentences(verb: str) -> tuple[str, ...]:
    return DEEDS.get(verb, ())


def _moment(key: str, text: str, words: Words, zone: str) -> str:
    """A day or an instant, where the key says that it is one."""
    try:
        if key.endswith("_on"):
            return words.day(date.fromisoformat(text[:10]))
        if key.endswith("_at"):
            return words.instant(datetime.fromisoformat(text), zone)
    except ValueError:
        pass
    return ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
