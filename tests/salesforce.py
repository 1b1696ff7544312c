"""What Salesforce posts: an outbound message in SOAP, and a change event in JSON."""

from __future__ import annotations

from typing import Any

MS = 1_789_984_800_000  # 2026-09-21 10:00 UTC
LEAD = "00Q000000000001AAA"
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
<notifications xmlns="http://soap.sforce.com/2005/09/outbound">
<OrganizationId>00D1</OrganizationId><ActionId>04k1</ActionId><SessionId>{session}</SessionId>
<Notification><Id>04l1</Id><sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
<sf:Id>{lead}</sf:Id><sf:CreatedDate>2026-09-20T10:00:00.000Z</sf:CreatedDate><sf:OwnerId>0051</sf:OwnerId>
<sf:Status>Neu &amp; hei&#223;</sf:Status><sf:SystemModstamp>2026-09-21T10:00:00.000Z</sf:SystemModstamp>
</sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>"""


def message(session: str = "00D1!secret") -> bytes:
    """A lead as it was at MS."""
    return MESSAGE.format(session=session, lead=LEAD).encode()


def change(kind: str, what: str, at_ms: int = MS, **fields: Any) -> dict[str, Any]:
    """One change of a record; `nulled` names the fields that were emptied."""
    header = {"entityName": kind, "recordIds": [LEAD], "changeType": what, "commitTimestamp": at_ms}
    nulled = fields.pop("nulled", [])
    header |= {"transactionKey": "0002", "sequenceNumber": 1, "commitNumber": 7, "nulledFields": nulled}
    return {"organizationId": "00D1", "payload": {"ChangeEventHeader": header, **fields}, "event": {"replayId": 5}}
