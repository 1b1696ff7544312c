"""Mail: text, HTML and the chart in one message, with headers that stop loops and name a repeat as one."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import unicodedata
from collections.abc import Iterator
from email.mime.image import MIMEImage
from email.utils import quote
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

from smarketing.alerts.channels.mail_page import page_of
from smarketing.alerts.message import Message, Outcome, Refused, Retry, Sent

LONGEST_SUBJECT = 180
CHART = "chart@smarketing"


def send(message: Message, name: str, address: str, *, message_id: str, sender: str, connection: Any = None) -> Outcome:
    """One mail to one address by the server of the settings.

    Takes    message_id  the same at every try of the same notice
             connection  Django's way out; that of the settings when None
    """
    way = connection or get_connection()
    try:
        mail = mail_of(message, name, address, message_id=message_id, sender=sender)
        mail.message()
    except (ValueError, UnicodeError):
        return Refused("no_address", is_dead=True)
    try:
        way.open()
    except (OSError, smtplib.SMTPException) as error:
        return Retry(_code(error))
    dialogue = getattr(way, "connection", None)
    try:
        n_sent = way.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(error)
    except (OSError, smtplib.SMTPException) as error:
        return _broken(error, is_dotted=bool(getattr(dialogue, "is_dotted", False)))
    finally:
        way.close()
    return Sent() if n_sent else Retry("held", is_way_broken=False)


def mail_of(message: Message, name: str, address: str, *, message_id: str, sender: str) -> EmailMultiAlternatives:
    """Raises ValueError for an address that is none"""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if message.stop_link:
        headers["List-Unsubscribe"] = f"<{message.stop_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.is_possible_duplicate:
        headers["X-Smarketing-Possible-Duplicate"] = "yes"
    to = _plain_address(address)
    mail = EmailMultiAlternatives(
        one_line(message.subject, LONGEST_SUBJECT), text_of(message), sender, [_addressed(name, to)], headers=headers
    )
    mail.attach_alternative(page_of(message, chart=f"cid:{CHART}" if message.chart else ""), "text/html")
    if message.chart:
        mail.attach(_picture(message.chart))
    return mail


def one_line(text: str, most: int) -> str:
    """What may stand in a header: no line breaks, nothing that steers how letters are shown, not too long."""
    plain = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    seen = "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cs") or each == "\u200d")
    whole = re.sub(r"\s+", " ", seen).strip()
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def text_of(message: Message) -> str:
    """The same without HTML."""
    return "\n".join(_text(message)).strip() + "\n"


def _text(message: Message) -> Iterator[str]:
    yield from (*message.lines, "")
    for name, value in message.facts:
        yield f"{name}: {value}"
    for part in message.parts:
        yield from ("", f"* {part.subject}", *(f"  {line}" for line in part.lines))
        yield from (f"  {link.text}: {link.url}" for link in part.links[:1])
    if message.links:
        yield from ("", *(f"{link.text}: {link.url}" for link in message.links))
    if message.note:
        yield from ("", "-- ", message.note)
    if message.stop_link:
        yield f"{message.stop_text}: {message.stop_link}"


def _picture(png: bytes) -> MIMEImage:
    part = MIMEImage(png, "png")
    part.add_header("Content-ID", f"<{CHART}>")
    part.add_header("Content-Disposition", "inline", filename="chart.png")
    return part


def _plain_address(address: str) -> str:
    """With the domain as the wire wants it.

    Raises ValueError
    """
    if (
        not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f]+", address)
        or len(address) > 320
    ):
        raise ValueError(address)
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _addressed(name: str, address: str) -> str:
    said = one_line(name, 100)
    return f'"{quote(said)}" <{address}>' if said else address


def _refused(error: smtplib.SMTPRecipientsRefused) -> Outcome:
    """4xx is asked again later; 5.1.x says that there is nobody; any other 5xx is about this message."""
    code, said = next(iter(error.recipients.values()), (550, b""))
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    if 400 <= code < 500:
        return Retry(f"smtp_{code}", is_way_broken=False)
    return Refused(f"smtp_{code}", is_dead=bool(re.match(r"5\.1\.\d", text)))


def _broken(error: Exception, *, is_dotted: bool) -> Outcome:
    if isinstance(error, smtplib.SMTPResponseException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        is_about_sender = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError)
        return Retry(f"smtp_{error.smtp_code}", is_way_broken=is_about_sender)
    return Retry(_code(error), is_ambiguous=is_dotted)


def _code(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp_{error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, socket.gaierror):
        return "unknown_host"
    return "timeout" if isinstance(error, TimeoutError) else "no_connection"
