"""The codes of facts and agreements as people say them: touches, outcomes, stages, channels, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smarketing.terms.language import N_, Words

TOUCHES = {
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
STAGES = {
    "lead": N_("lead"),
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": N_("opportunity"),
    "customer": N_("customer"),
    "disqualified": N_("disqualified"),
    "recycled": N_("recycled"),
}
CHANNELS = {
    "affiliate": N_("affiliate"),
    "chat": N_("chat"),
    "direct": N_("direct"),
    "display": N_("display"),
    "email": N_("e-mail"),
    "event": N_("event"),
    "offline": N_("offline"),
    "organic": N_("organic search"),
    "other": N_("other"),
    "outbound": N_("outbound"),
    "paid_search": N_("paid search"),
    "paid_social": N_("paid social"),
    "partner": N_("partner"),
    "phone": N_("phone"),
    "referral": N_("referral"),
    "social": N_("social"),
    "unknown": N_("unknown"),
    "webinar": N_("webinar"),
}
REASONS = {
    # given by people: those of the starters
    "call_back_later": N_("call back later"),
    "competitor": N_("competitor"),
    "duplicate": N_("duplicate"),
    "information_missing": N_("information missing"),
    "left_company": N_("left the company"),
    "misuse": N_("misuse"),
    "no_budget": N_("no budget"),
    "no_decision_power": N_("cannot decide"),
    "no_need": N_("no need"),
    "not_a_fit": N_("not a fit"),
    "not_in_scope": N_("not in scope"),
    "not_now": N_("not now"),
    "nurture": N_("to be nurtured"),
    "spam": N_("spam"),
    "student": N_("student"),
    "test": N_("test"),
    "under_age": N_("under age"),
    "unreachable": N_("cannot be reached"),
    "wrong_number": N_("wrong number"),
    "wrong_person": N_("wrong person"),
    # of disputes
    "crm_outage": N_("CRM outage"),
    "wrong_owner": N_("wrong owner"),
    "wrong_time": N_("wrong time"),
    # found by the machine
    "deleted": N_("deleted"),
    "merged": N_("merged"),
    "other": N_("other"),
    "other_currency": N_("another currency"),
    "reassigned": N_("given to somebody else"),
    "waived": N_("waived"),
}


def said(code: str, names: Mapping[str, str], words: Words) -> str:
    """The name of a code; one that has none as it is spelled, with spaces."""
    return words(names[code]) if code in names else code.replace("_", " ")


def listed(codes: Iterable[str], names: Mapping[str, str], words: Words) -> str:
    return ", ".join(said(code, names, words) for code in codes)
