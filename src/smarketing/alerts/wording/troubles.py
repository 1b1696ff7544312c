"""Why something did not arrive, was not sent or was sent again: each code as a sentence."""

from __future__ import annotations

import re

from smarketing.terms.language import N_, Words

TROUBLES = {
    "timeout": N_("no answer in time"),
    "no_connection": N_("no connection"),
    "no_protocol": N_("an answer that makes no sense"),
    "certificate": N_("a certificate that does not hold"),
    "unknown_host": N_("a name that nobody knows"),
    "redirected": N_("the address leads elsewhere, where we do not follow"),
    "blocked": N_("the address leads to an internal network"),
    "no_apprise": N_("the extra for this kind is not installed"),
    "apprise": N_("the service refused it"),
    "held": N_("sending is held back"),
    "sealed": N_("its secret cannot be read any more"),
}
REASONS = {
    "nobody": N_("nobody fills this role"),
    "no_account": N_("the reader has no account"),
    "no_address": N_("there is no address"),
    "left": N_("the reader has left"),
    "absent": N_("the reader is away and nobody stands in"),
    "muted": N_("the reader muted it"),
    "bounced": N_("the address refuses mail"),
    "too_late": N_("the deadline had passed"),
    "snoozed": N_("the lead was snoozed past the deadline"),
    "sending_held": N_("sending is held back since a restore"),
    "no_endpoint": N_("there is no such endpoint"),
    "clock_closed": N_("the lead was dealt with before it was sent"),
    "settled": N_("it was settled before it was sent"),
    "waived": N_("the clock is waived"),
    "moved": N_("the deadline has moved"),
    "capped": N_("too many in a day: part of the summary"),
    "brake": N_("too many at once: part of a summary"),
    "digest": N_("part of the summary"),
    "nothing_left": N_("everything in it was settled"),
    "endpoint_off": N_("the endpoint is turned off"),
    "given_up": N_("given up after three days"),
    "unreadable": N_("it could not be put into words"),
    "replay": N_("sent again by an administrator"),
}


def trouble_words(code: str, words: Words) -> str:
    """What a receiver did; the status where it answered."""
    if code in TROUBLES:
        return words(TROUBLES[code])
    found = re.fullmatch(r"(http|smtp)_(\d+)", code)
    return words("the answer {status}", status=found[2]) if found else code


def reason_words(code: str, words: Words) -> str:
    """Why a notice was not sent, or not by itself."""
    return words(REASONS[code]) if code in REASONS else trouble_words(code, words)
