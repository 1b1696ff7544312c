"""A rule that fires, and what comes of it: a notice for each reader and way, or the reason why there is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from smarketing.alerts.directory import Somebody
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.commitment import Commitment

NOBODY, NO_ACCOUNT, NO_ADDRESS, LEFT, ABSENT = "nobody", "no_account", "no_address", "left", "absent"
MUTED, BOUNCED, TOO_LATE, SNOOZED = "muted", "bounced", "too_late", "snoozed"
SENDING_HELD, NO_ENDPOINT, CLOSED = "sending_held", "no_endpoint", "clock_closed"
CAPPED, BRAKE, DIGEST = "capped", "brake", "digest"  # why a notice goes out as part of another one


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule about one thing: `subject` names the thing, (subject, arming, rule, level) is told once.

    `owner` is (src, id) of whoever has the lead, `team` the team's name in the facts.
    """

    subject: tuple[str | int, ...]
    rule: AlertRule
    agreement: Agreement
    commitment: Commitment | None = None
    arming: int = 1
    level: int = 0
    moment_id: int | None = None
    src: str = ""
    lead_id: str = ""
    episode: int | None = None
    owner: tuple[str, str] | None = None
    team: str = ""
    party: str = ""
    calendar: str = ""
    due_at: datetime | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """`somebody` is told in these roles; None where the role is filled by nobody."""

    somebody: Somebody | None
    roles: frozenset[str]
    reason: str = ""  # why they are not told
    instead_of: str = ""  # the name of whoever is away

    @property
    def key(self) -> str:
        return self.somebody.key if self.somebody else f"role:{min(self.roles)}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The digest that a notice waits for: one a reader and way at a time."""

    reader: str
    channel: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Draft:
    """A notice before it is written; `reason` says why it is not sent, or why it is part of a bundle."""

    firing: Firing
    recipient: Recipient
    channel: str
    not_before_at: datetime
    endpoint_id: int | None = None
    reason: str = ""
    bundle: Bundle | None = None

    @property
    def is_suppressed(self) -> bool:
        return bool(self.reason) and self.bundle is None

    @cached_property
    def key(self) -> str:
        firing = self.firing
        reader = self.recipient.key if self.endpoint_id is None else f"endpoint:{self.endpoint_id}"
        return key_of(*firing.subject, firing.arming, firing.rule.id, firing.level, reader, self.channel)


def key_of(*parts: object) -> str:
    """Which notice: 64 hex digits. Names are written out whole, so that no two lists run into one."""
    return hashlib.sha256(json.dumps([str(part) for part in parts], ensure_ascii=False).encode()).hexdigest()
