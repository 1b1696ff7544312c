"""How to set a system up so that it sends us its events: steps in words, and a line to try it with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.terms.language import Words
from smarketing.terms.marked import N_

STEPS: dict[str, tuple[str, ...]] = {
    "generic": (
        N_("Post JSON to this address, one event or a list of up to 1,000."),
        N_(
            "Sign each request as Standard Webhooks says, with the secret that you were shown; libraries do it for you."
        ),
        N_("Send again whatever was not answered with 202. The same event twice counts once."),
    ),
    "hubspot": (
        N_("In HubSpot open your app, then Webhooks, and enter this address as target."),
        N_("Subscribe to the creation, the changes and the deletion of contacts and deals, and to merges."),
        N_("HubSpot signs with the client secret of the app; that is the one we keep here."),
    ),
    "pipedrive": (
        N_("In Pipedrive open Settings, Tools, Webhooks, and create a webhook with version 2."),
        N_("Enter this address, and as HTTP user and password the two parts of the secret around the colon."),
        N_("Choose all actions, and make one webhook for leads, persons, deals and activities each."),
    ),
    "salesforce": (
        N_("In Salesforce Setup create an outbound message, or a subscription to change events, for leads and tasks."),
        N_("Enter this address with its secret end as the endpoint."),
        N_("Send it from a flow whenever a record is created or changed."),
    ),
    "odoo": (
        N_("In Odoo open Settings, Technical, Automation Rules, and create a rule for leads created or changed."),
        N_("Choose the action Send Webhook Notification and enter this address with its secret end."),
        N_("Choose the fields to send; the id and the time of the last change are needed."),
    ),
    "flat": (
        N_("In Zapier, Make or n8n add a step that posts JSON to this address with its secret end."),
        N_("Give its fields our names, or keep theirs and say below what they mean."),
        N_("Run the step once by hand and look here for the event."),
    ),
}
SIGNED = """\
body='{{"type": "lead.created", "id": "test-1", "occurred_at": "{at}", "data": {{"lead_id": "test-1"}}}}'
id=test-$(date +%s); at=$(date +%s)
key=$(printf %s '{key}' | base64 -d | od -An -v -tx1 | tr -d ' \\n')
signature=$(printf '%s.%s.%s' "$id" "$at" "$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64)
curl -i '{address}' -H 'Content-Type: application/json' -H "webhook-id: $id" \\
  -H "webhook-timestamp: $at" -H "webhook-signature: v1,$signature" -d "$body"
"""
PLAIN = """\
curl -i '{address}' \\
  -H 'Content-Type: application/json' -d '{{"lead_id": "test-1", "email": "ann@example.com"}}'
"""
WITH_PASSWORD = """\
curl -i '{address}' -u '{secret}' \\
  -H 'Content-Type: application/json' -d '{{"meta": {{}}, "data": {{}}}}'
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """`address` ends with the secret while that is shown; `example` is empty where only the vendor can sign."""

    address: str
    secret: str
    steps: tuple[str, ...]
    example: str


def setup_of(kind: str, address: str, words: Words, now: datetime, *, secret: str = "", token: str = "") -> Setup:
    whole = f"{address}/{token}" if token else address
    return Setup(whole, secret, tuple(words(step) for step in STEPS[kind]), _example(kind, whole, secret, token, now))


def _example(kind: str, address: str, secret: str, token: str, now: datetime) -> str:
    if kind == "generic" and secret:
        at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return SIGNED.format(address=address, at=at, key=secret.removeprefix("whsec_"))
    if kind == "pipedrive" and secret:
        return WITH_PASSWORD.format(address=address, secret=secret)
    return PLAIN.format(address=address) if token else ""
