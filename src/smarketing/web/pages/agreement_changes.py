"""What differs between two texts of an agreement: in words, weaker or stronger, and line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby

from smarketing.records.agreements import Held, terms_of
from smarketing.records.models import Revision
from smarketing.terms.agreement import Agreement
from smarketing.terms.difference import EFFECTS, Difference, differences
from smarketing.terms.document import document
from smarketing.terms.language import Words
from smarketing.terms.lifecycle import NAMES
from smarketing.terms.marked import N_
from smarketing.web.pages.agreements import version_href

TONES = {"weaker": "bad", "stronger": "good", "mixed": "open", "different": "open", "": "muted"}
TITLES = {
    "commitments": N_("Promises"),
    "acceptance_by_silence": N_("Handover"),
    "seat": N_("Warnings"),
    "disputes": N_("Disputes"),
}
ANCHORS = {"acceptance_by_silence": "handover", "seat": "alerts"}
AROUND = 3  # lines shown before and after a change
SAVED_BY = {
    "edit": N_("saved"),
    "counter": N_("answered with changes"),
    "reopen": N_("took the talks up again"),
}


@dataclass(frozen=True, slots=True)
class Change:
    sentence: str
    effect: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """kind: same, gone, new or skipped; numbers of the line before and after, empty where there is none."""

    kind: str
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """A text to compare with."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    before: str
    after: str
    groups: tuple[Group, ...]
    n: int
    n_weaker: int
    n_stronger: int
    lines: tuple[Line, ...]
    others: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    number: int
    who: str
    initials: str
    did: str
    at: datetime
    note: str
    fingerprint: str
    href: str
    n_changes: int
    is_latest: bool


def changes_page(held: Held, others: Sequence[Held], asked: Mapping[str, str], *, words: Words) -> ChangesPage:
    """The latest text of a version beside an earlier one: `from` a version, or `text`, one of its saved texts.

    `of` names another of its saved texts instead of the latest.
    """
    before, name, chosen = _before(held, others, asked, words)
    after = _saved(held, asked.get("of", "")) or held.revision
    new = terms_of(after)
    found = differences(terms_of(before), new, words) if before is not None else ()
    titles = {part.id.split(".")[0]: part.title for part in reversed(document(new, words))}
    titles |= {name: words(title) for name, title in TITLES.items()}

    def title(section: str) -> str:
        return titles.get(section, words("The whole"))

    groups = tuple(
        Group(
            told,
            tuple(
                Change(
                    each.sentence,
                    words(EFFECTS[each.effect]) if each.effect else "",
                    TONES[each.effect],
                    f"{version_href(held)}#{_anchor(each, new)}",
                )
                for each in differing
            ),
        )
        for told, differing in groupby(found, key=lambda each: title(each.section))
    )
    return ChangesPage(
        before=name,
        after=_version_name(held, words) if after == held.revision else words("text {n}", n=after.number),
        groups=groups,
        n=len(found),
        n_weaker=sum(each.effect == "weaker" for each in found),
        n_stronger=sum(each.effect == "stronger" for each in found),
        lines=yaml_changes(before.text, after.text) if before is not None else (),
        others=_others(held, others, chosen, words),
    )


def _anchor(difference: Difference, terms: Agreement) -> str:
    """The clause a difference is about, where it has one of its own."""
    if difference.section == "commitments":
        ends = {each.id: (f" {each.id}", f" “{each.title}”") for each in terms.commitments}
        named = next((id for id, names in ends.items() if difference.thing.endswith(names)), "")
        return f"commitments.{named}" if named else "parties"
    return ANCHORS.get(difference.section, difference.section)


def _before(
    held: Held, others: Sequence[Held], asked: Mapping[str, str], words: Words
) -> tuple[Revision | None, str, str]:
    """The text to compare with: what was asked for, else the version before, else the text before."""
    saved = _saved(held, asked.get("text", ""))
    if saved:
        return saved, words("text {n}", n=saved.number), f"text={saved.number}"
    number = _number(asked.get("from", ""))
    earlier = [each for each in others if each.version.number < held.version.number]
    match = next((each for each in others if each.version.number == number and each is not held), None)
    chosen = match or (earlier[0] if earlier else None)
    if chosen:
        return chosen.revision, _version_name(chosen, words), f"from={chosen.version.number}"
    first = held.version.revisions.exclude(id=held.revision.id).order_by("-number").first()
    if first and held.seat.sees_drafts:
        return first, words("text {n}", n=first.number), f"text={first.number}"
    return None, "", ""


def _saved(held: Held, wanted: str) -> Revision | None:
    """One of the texts of a version, for those who negotiate."""
    number = _number(wanted) if held.seat.sees_drafts else None
    return held.version.revisions.filter(number=number).first() if number else None


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _version_name(held: Held, words: Words) -> str:
    return words("version {n}, {state}", n=held.version.number, state=words(NAMES[held.status]))


def _others(held: Held, others: Sequence[Held], chosen: str, words: Words) -> tuple[Other, ...]:
    found = [(f"from={each.version.number}", _version_name(each, words)) for each in others if each is not held]
    if held.seat.sees_drafts:
        texts = held.version.revisions.exclude(id=held.revision.id).order_by("-number")[:20]
        found += [(f"text={each.number}", words("text {n}", n=each.number)) for each in texts]
    return tuple(Other(value, name, value == chosen) for value, name in found)


def revisions_page(held: Held, *, words: Words) -> tuple[Saved, ...]:
    """Every saved text, the latest first, with how much it changed."""
    texts = list(held.version.revisions.select_related("by").order_by("number"))
    before = [None, *texts[:-1]]
    saved = [
        Saved(
            number=each.number,
            who=str(each.by or "–"),
            initials=each.by.initials if each.by else "–",
            did=words(SAVED_BY.get(each.verb, SAVED_BY["edit"])),
            at=each.at,
            note=each.note,
            fingerprint=each.fingerprint,
            href=f"{version_href(held, 'agreement_changes')}?text={earlier.number}&of={each.number}" if earlier else "",
            n_changes=len(differences(terms_of(earlier), terms_of(each), words)) if earlier else 0,
            is_latest=each is texts[-1],
        )
        for earlier, each in zip(before, texts, strict=True)
    ]
    return tuple(reversed(saved))


def yaml_changes(before: str, after: str) -> tuple[Line, ...]:
    """The lines that differ, with a few around them."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += _same(old, i1, i2, j1, is_first=i1 == 0, is_last=i2 == len(old))
            continue
        lines += [Line("gone", str(n + 1), "", old[n]) for n in range(i1, i2)]
        lines += [Line("new", "", str(n + 1), new[n]) for n in range(j1, j2)]
    return tuple(lines) if any(line.kind in ("gone", "new") for line in lines) else ()


def _same(old: Sequence[str], i1: int, i2: int, j1: int, *, is_first: bool, is_last: bool) -> list[Line]:
    shown = [Line("same", str(n + 1), str(j1 + n - i1 + 1), old[n]) for n in range(i1, i2)]
    head, tail = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(shown) <= head + tail + 1:
        return shown
    return [*shown[:head], Line("skipped", "", "", ""), *shown[len(shown) - tail :]]
