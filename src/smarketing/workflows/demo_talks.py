"""The talks about the demo company's next version: a proposal, remarks, an answer with changes that waits."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from smarketing.records.models import Person, Version
from smarketing.sources.demo_company.cast import address
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.amend_version import amend_version
from smarketing.workflows.comment_on_clause import comment_on_clause
from smarketing.workflows.counter_version import counter_version
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.save_draft import save_draft

# Of one commitment, the number that somebody would rather see. The words of a text differ by language, ids do not.
SHARE, NINETY = "82 % within 2 business hours", "85 % within 90 business minutes"
ASKED = {"speed": (SHARE, "88 % within 1 business hour"), "mqls": ("300 leads", "320 leads")}
ANSWERED = {"speed": (ASKED["speed"][1], NINETY), "mqls": ("320 leads", "340 leads")}

WHY_ASKED = N_("Leads that are called within the hour close twice as often. In return we hand over more of them.")
ABOUT_SPEED = N_("One hour is not possible on Fridays: Madrid closes at three. How about ninety minutes?")
ABOUT_SPEED_ANSWER = N_("Ninety minutes would be fine if the share stays above 85 %.")
ABOUT_LEADS = N_("With fourteen reps we can follow up 340 leads a month, not more.")
ABOUT_WHOLE = N_("Please have it signed before the quarter begins.")
WHY_ANSWERED = N_("Ninety minutes with 85 %, and in return 340 leads a month instead of 320.")


def negotiate(signed: Version, until: datetime, words: Words) -> Version:
    """Marketing asks for a faster answer, sales answers with changes; now marketing's turn has come."""
    maya, sam, olu = (_person(name) for name in ("Maya Olmedo", "Sam Whitlock", "Olu Adeyemi"))

    def before(days: int, hours: int = 0) -> datetime:
        return until - timedelta(days=days, hours=hours)

    version = amend_version(version_id=signed.id, by=maya, now=before(9), words=words)
    saved = save_draft(
        version_id=version.id,
        text=changed(_text(version), ASKED),
        revision=1,
        note=words(WHY_ASKED),
        by=maya,
        now=before(8),
        words=words,
    )
    propose_version(version_id=version.id, revision=saved.number, by=maya, now=before(8, -2), words=words)

    def say(by: Person, clause: str, text: str, at: datetime, answers_id: int | None = None) -> int:
        said = comment_on_clause(
            version_id=version.id,
            clause=clause,
            text=words(text),
            by=by,
            now=at,
            answers_id=answers_id,
            words=words,
        )
        return said.id

    first = say(sam, "commitments.speed", ABOUT_SPEED, before(7))
    say(maya, "commitments.speed", ABOUT_SPEED_ANSWER, before(6, 3), first)
    say(sam, "commitments.mqls", ABOUT_LEADS, before(6))
    say(olu, "", ABOUT_WHOLE, before(5))
    counter_version(
        version_id=version.id,
        note=words(WHY_ANSWERED),
        revision=saved.number,
        text=changed(_text(version), ANSWERED),
        by=sam,
        now=before(4),
        words=words,
    )
    return version


def changed(text: str, numbers: dict[str, tuple[str, str]]) -> str:
    """The text with other targets of some commitments, its author's remarks and order kept."""
    for commitment, (now, then) in numbers.items():
        pattern = rf"(- id: {commitment}\n(?:    .*\n)*?    target: ){re.escape(now)}"
        text, n = re.subn(pattern, rf"\g<1>{then}", text)
        assert n == 1, commitment
    return text


def _text(version: Version) -> str:
    latest = version.revisions.order_by("-number").first()
    assert latest is not None
    return latest.text


def _person(name: str) -> Person:
    return Person.objects.get(email=address(name))
