"""What was before: who sent a lead back and why, how often somebody tried to reach it, and the latest tries."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from smarketing.terms.code_names import OUTCOMES, REASONS, TOUCHES, said
from smarketing.terms.language import Words
from smarketing.workflows.sent_back import Contact, SentBack

N_CONTACTS = 3


def sent_back_text(each: SentBack, words: Words, zone: str) -> tuple[str, ...]:
    sent = who_sent_it_back(each.by, each.at, each.reason, words, zone)
    latest = (_contact(one, words, zone) for one in each.contacts[:N_CONTACTS])
    return (*sent, attempts_text(len(each.contacts), words), *latest)


def who_sent_it_back(by: str, at: datetime, reason: str, words: Words, zone: str) -> tuple[str, ...]:
    day = words.day(at.astimezone(ZoneInfo(zone)).date())
    told = words("{name} sent it back on {day}", name=by or words("Somebody"), day=day)
    return (told, said(reason, REASONS, words)) if reason else (told,)


def attempts_text(n: int, words: Words) -> str:
    return words.plural("{n} attempt so far", "{n} attempts so far", n)


def _contact(each: Contact, words: Words, zone: str) -> str:
    outcome = said(each.outcome, OUTCOMES, words) if each.outcome else ""
    return ", ".join(filter(None, [said(each.kind, TOUCHES, words), outcome, words.minute(each.at, zone)]))
