"""May this installation send anything to people? A restored copy may not until somebody says that it is no clone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from smarketing.records.models import Installation

log = logging.getLogger("smarketing.outbound")


def installation(now: datetime) -> Installation:
    """Which installation this is; it gets its identity the first time somebody asks."""
    found = Installation.objects.order_by("id").first()
    return found or Installation.objects.create(identity=uuid4(), since_at=now)


def is_sending_held() -> bool:
    return Installation.objects.filter(is_sending_held=True).exists()


class HeldBackend(EmailBackend):
    """Sends by SMTP unless sending is held; what is held back is written down without its text."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> Any:
        if messages and is_sending_held():
            log.warning("Held back: this copy was restored and may not send", extra={"n_messages": len(messages)})
            return 0
        return super().send_messages(messages)
