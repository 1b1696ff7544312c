"""Tell somebody outside that all is well, and nothing when it is not: their alarm rings when they hear nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import urlsplit

from smarketing.alerts.channels.egress import Unreached, ping
from smarketing.alerts.channels.targets import Blocked
from smarketing.workflows.check_health import check_health

log = logging.getLogger("smarketing.heartbeat")


def beat_heart(*, url: str, now: datetime) -> bool:
    """Whether somebody was told. The operator chose the address, so that it may be an internal one."""
    sick = [part.name for part in check_health(now=now) if not part.is_well]
    if sick:
        log.warning("No heartbeat: not everything is well", extra={"parts": sick})
        return False
    parts = urlsplit(url)
    try:
        answer = ping(url, hosts=[parts.hostname or "", parts.netloc.rpartition("@")[2]], now=now)
    except (Blocked, Unreached) as error:
        log.warning("The heartbeat did not arrive: %s", type(error).__name__)
        return False
    return answer.is_taken
