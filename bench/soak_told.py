"""Whether everybody was told what they had to be told, once: the outbox beside what a mail server and a room got."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.soak_books import Books

LATE = timedelta(minutes=2)


def check_messages(books: Books, mails: list[str], posts: list[str], now: datetime) -> None:
    """Takes  mails, posts  the id of each message that came, in the order of coming"""
    from smarketing.records.models import Moment, Notice
    from smarketing.workflows.raise_alerts import due_moments
    from smarketing.workflows.send_notices import message_id_of

    came = Counter(f"mail {own}" for own in mails) + Counter(f"hook {own}" for own in posts)
    known: dict[str, Notice] = {}
    for notice in Notice.objects.exclude(channel="in_app"):
        known[f"hook {notice.key}" if notice.endpoint_id else f"mail {message_id_of(notice, now)}"] = notice
    books.check("messages that nobody wrote", came.keys() - known.keys())
    sent = (name for name, one in known.items() if _is_sent(one) and not came[name])
    books.check("marked as sent and never came", sent)
    extra = {name: n - 1 for name, n in came.items() if n > 1}
    # The window: it was taken by the receiver and not yet marked when its sender died, so it was claimed once more.
    outside = [name for name, n in extra.items() if name in known and n > known[name].n_tries - 1]
    books.check("came more often than it was claimed", outside)
    books.check("a repeat that is not said to be one", (
        name for name in extra if name in known and not known[name].is_possible_duplicate
    ))  # fmt: skip
    books.counts |= {"messages came": sum(came.values()), "came twice in the window": sum(extra.values())}
    about = Counter(_about(notice) for notice in Notice.objects.exclude(moment=None))
    books.check("told twice under different ids", (one for one, n in about.items() if n > 1))
    raised = Moment.objects.filter(state="raised")
    books.counts |= {"moments raised": raised.count(), "notices": Notice.objects.count()}
    books.check("raised and nobody told, nor why not", raised.filter(notices=None))
    books.check("moments forgotten", due_moments(now - LATE))
    waiting = Notice.objects.filter(digest=None)
    books.check("messages forgotten", waiting.filter(state="waiting", not_before_at__lt=now - LATE))
    books.check("messages claimed by nobody alive", waiting.filter(state="claimed"))
    books.check("messages that failed", Notice.objects.filter(state="failed"))


def _is_sent(notice: object) -> bool:
    return notice.state == "sent" and notice.digest_id is None  # type: ignore[attr-defined]


def _about(notice: object) -> tuple[object, ...]:
    """What a message says to whom by which way: no two may be alike."""
    names = (
        "person_id",
        "address",
        "endpoint_id",
        "channel",
        "rule",
        "agreement",
        "commitment",
        "src",
        "lead_id",
        "episode",
    )
    said: dict[str, object] = notice.payload  # type: ignore[attr-defined]
    return (*(getattr(notice, name) for name in names), said.get("arming"), said.get("level"))
