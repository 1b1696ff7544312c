"""Kinds and outcomes of touches in the reader's language."""

from __future__ import annotations

from smarketing.terms.language import N_, Words

KINDS = {
    "call": N_("call"),
    "email": N_("e-mail"),
    "meeting": N_("meeting"),
    "sms": N_("text message"),
    "chat": N_("chat"),
    "social": N_("social message"),
    "visit": N_("visit"),
    "note": N_("note"),
    "task": N_("task"),
}
OUTCOMES = {
    "connected": N_("connected"),
    "no_answer": N_("no answer"),
    "voicemail": N_("voicemail"),
    "busy": N_("busy"),
    "wrong_number": N_("wrong number"),
    "bounced": N_("bounced"),
    "sent": N_("sent"),
    "replied": N_("replied"),
    "held": N_("held"),
    "no_show": N_("nobody came"),
    "cancelled": N_("cancelled"),
    "scheduled": N_("scheduled"),
    "unknown": N_("outcome unknown"),
}


def touch_name(kind: str, outcome: str, words: Words) -> str:
    """`call · no answer`; what we have no name for as the facts spell it."""
    named = words(KINDS.get(kind, kind)) if kind else ""
    became = words(OUTCOMES.get(outcome, outcome)) if outcome else ""
    return " · ".join(filter(None, (named, became)))
