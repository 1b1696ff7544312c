"""Salesforce's outbound messages: SOAP read as a stream, without document types or entities, and the Ack it expects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

MOST_DEPTH = 32
MOST_NOTIFICATIONS = 1_000
MOST_TEXT = 131_072
HINT = N_("Send a Salesforce outbound message.")
ACK = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    b'<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>'
    b"</soapenv:Body></soapenv:Envelope>"
)


def outbound_messages(body: bytes) -> list[dict[str, Any]]:
    """organization, notification, object and fields of each notification; the session id is never kept.

    Raises UserError when the body is no such message.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise UserError(N_("The body is not XML: {problem}."), hint=HINT, problem=error) from None
    if not reader.found:
        raise UserError(N_("The body holds no notification."), hint=HINT)
    return [{"organization": reader.organization, **notification} for notification in reader.found]


@dataclass(slots=True)
class _Reader:
    """Follows the path of open elements by their local names."""

    found: list[dict[str, Any]] = field(default_factory=list)
    organization: str = ""
    path: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    n_letters: int = 0

    def refuse(self, *_: object) -> None:
        raise UserError(N_("The body declares a document type or entities."), hint=HINT)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.path.append(local)
        self.pieces, self.n_letters = [], 0
        if len(self.path) > MOST_DEPTH or len(self.found) > MOST_NOTIFICATIONS:
            raise UserError(N_("The body is larger than an outbound message can be."), hint=HINT)
        if local == "Notification":
            self.found.append({"notification": "", "object": "", "fields": {}})
        elif local == "sObject" and self.found:
            kind = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "type"), "")
            self.found[-1]["object"] = kind.rpartition(":")[2]

    def text(self, piece: str) -> None:
        self.n_letters += len(piece)
        if self.n_letters > MOST_TEXT:
            raise UserError(N_("The body is larger than an outbound message can be."), hint=HINT)
        self.pieces.append(piece)

    def end(self, _: str) -> None:
        local, text = self.path.pop(), "".join(self.pieces).strip() or None
        self.pieces = []
        parent = self.path[-1] if self.path else ""
        if local == "OrganizationId" and parent == "notifications":
            self.organization = text or ""
        elif local == "Id" and parent == "Notification":
            self.found[-1]["notification"] = text or ""
        elif parent == "sObject" and self.found:
            self.found[-1]["fields"][local] = text
