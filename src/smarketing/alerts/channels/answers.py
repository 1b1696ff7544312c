"""What the answer of a receiver on the web means for a message."""

from __future__ import annotations

from smarketing.alerts.channels.egress import Answer, Unreached, post
from smarketing.alerts.channels.targets import Blocked
from smarketing.alerts.message import Outcome, Refused, Retry, Sent

NOT_THIS = frozenset({400, 413, 415, 422})  # the receiver is well and does not want this one

__all__ = ["meaning", "post", "posted"]


def meaning(answer: Answer) -> Outcome:
    if answer.is_taken:
        return Sent()
    if answer.status in NOT_THIS:
        return Refused(f"http_{answer.status}")
    if 300 <= answer.status < 400:
        return Retry("redirected")
    return Retry(f"http_{answer.status}", answer.retry_after)


def posted(url: str, body: bytes, headers: dict[str, str], **how: object) -> Outcome:
    """Send it once and say what came of it; never raises for what a receiver does."""
    try:
        return meaning(post(url, body, headers, **how))  # type: ignore[arg-type]
    except Blocked:
        return Retry("blocked")
    except Unreached as error:
        return Retry(error.code, is_ambiguous=error.is_sent)
