"""Further services through Apprise, an extra: those of a list, for some of Apprise's act on this machine itself."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection
from urllib.parse import parse_qs, urlsplit

from smarketing.alerts.channels.guarded import guarded
from smarketing.alerts.message import Message, Outcome, Refused, Retry, Sent
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

# Each speaks to one fixed host of its vendor: none takes a host, a file or a command from the address.
SCHEMAS = frozenset({"discord", "gchat", "ifttt", "pagerduty", "pover", "pbul", "tgram", "twilio", "webex", "wxteams"})
KINDS = {"good": "success", "bad": "failure", "open": "warning"}


def check_address(url: str) -> None:
    """Raises UserError for what is not on the list"""
    schema = url.partition("://")[0].lower()
    if "://" not in url or schema not in SCHEMAS:
        raise UserError(
            N_('Messages cannot be sent by "{schema}".'),
            hint=N_("These work: {known}."),
            schema=schema[:40],
            known=", ".join(sorted(SCHEMAS)),
        )
    if "verify" in {name.lower() for name in parse_qs(urlsplit(url).query, keep_blank_values=True)}:
        raise UserError(
            N_("The address may not turn off the check of certificates."), hint=N_('Leave "verify" out of it.')
        )


def is_here() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("apprise") is not None


def send(message: Message, url: str, *, hosts: Collection[str] = ()) -> Outcome:
    """Apprise says only whether it worked, so a failure may have been a success; what the guard stopped was none."""
    try:
        check_address(url)
    except UserError:
        return Refused("blocked")
    if not is_here():
        return Retry("no_apprise")
    apprise = importlib.import_module("apprise")
    text = "\n".join([*message.lines, *(f"{name}: {value}" for name, value in message.facts), *_link(message)])
    with guarded(hosts) as guard:
        way = apprise.Apprise()
        if not way.add(url):
            return Refused("blocked")
        is_taken = way.notify(title=message.subject, body=text, notify_type=KINDS.get(message.tone, "info"))
    if guard.is_blocked and not is_taken:
        return Retry("blocked")
    return Sent() if is_taken else Retry("apprise", is_ambiguous=True)


def _link(message: Message) -> list[str]:
    return [message.links[0].url] if message.links else []
