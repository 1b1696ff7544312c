"""May this installation send anything to people? A restored copy may not until somebody says that it is no clone."""

from __future__ import annotations

import logging
import smtplib
import socket
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from smarketing.failpoints import reach
from smarketing.records.models import Bounce, Installation

log = logging.getLogger("smarketing.outbound")
END = b"\r\n.\r\n"
DIALOGUE_S = 120.0  # with a mail server about one mail; records/outbox.py holds the mail for longer


def installation(now: datetime) -> Installation:
    """Which installation this is; it gets its identity the first time somebody asks."""
    found = Installation.objects.order_by("id").first()
    return found or Installation.objects.create(identity=uuid4(), since_at=now)


def is_sending_held() -> bool:
    return Installation.objects.filter(is_sending_held=True).exists()


def bounced(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses (in lower case) that take no mail."""
    asked = {address.lower() for address in addresses}
    return set(Bounce.objects.filter(address__in=asked, cleared_at=None).values_list("address", flat=True))


class HeldBackend(EmailBackend):
    """Sends by SMTP unless sending is held; what is held back is written down without its text.

    An address that bounced gets no mail of any kind, and every mail says that a machine wrote it.
    """

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return DottedTls if self.use_ssl else Dotted

    def send_messages(self, messages: Sequence[EmailMessage]) -> Any:
        if messages and is_sending_held():
            log.warning("Held back: this copy was restored and may not send", extra={"n_messages": len(messages)})
            return 0
        return super().send_messages([mail for mail in messages if _is_for_somebody(mail)])


def _is_for_somebody(mail: EmailMessage) -> bool:
    """Whether anybody is left who takes it, with the others taken out."""
    dead = bounced(_bare(one) for one in mail.recipients())
    if dead:
        mail.to, mail.cc, mail.bcc = (
            [one for one in some if _bare(one) not in dead] for some in (mail.to, mail.cc, mail.bcc)
        )
        log.warning("Not sent to addresses that bounced", extra={"n_addresses": len(dead)})
    mail.extra_headers.setdefault("Auto-Submitted", "auto-generated")
    return bool(mail.recipients())


def _bare(address: str) -> str:
    from email.utils import parseaddr

    return parseaddr(address)[1].lower()


class Dotted(smtplib.SMTP):
    """Knows whether a whole message has left: what breaks after that may have been taken.

    A server that says one letter now and then keeps every single wait alive, so the whole dialogue has an end.
    """

    is_dotted = is_late = False

    def __init__(self, *given: Any, **named: Any) -> None:
        self.deadline = threading.Timer(DIALOGUE_S, self._hang_up)
        self.deadline.daemon = True
        self.deadline.start()
        try:
            super().__init__(*given, **named)
        except BaseException:
            self.deadline.cancel()
            raise

    def close(self) -> None:
        self.deadline.cancel()
        super().close()

    def getreply(self) -> tuple[int, bytes]:
        """Raises SMTPServerDisconnected for what was said when we hung up: half an answer says nothing."""
        said = super().getreply()
        if self.is_late:
            self.close()
            raise smtplib.SMTPServerDisconnected("too slow")
        return said

    def _hang_up(self) -> None:
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(END):
            self.is_dotted = True
            reach("smtp.after_dot")

    def data(self, msg: Any) -> Any:
        self.is_dotted = False
        return super().data(msg)


class DottedTls(Dotted, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""
