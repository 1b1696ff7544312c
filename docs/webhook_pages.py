"""The pages on what systems may post: the generic event with its JSON Schema, and how each vendor's fields are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

ABOUT = """# Webhook events

What `POST /in/SOURCE` takes, by the kind of the source. Signatures and answers are in [the API](api.md).

## Generic

One event, a list of events, or an object with a list called `events`:

```json
{"type": "lead.updated", "id": "evt-81", "occurred_at": "2026-03-31T09:30:00Z",
 "data": {"lead_id": "4711", "status": "Working", "owner_id": "17"}}
```

- `occurred_at` decides, never the order of arrival: for each column the latest instant wins, at one instant a value
  wins over none, and a creation gives way to a change.
- `data` says only what is known or has changed. `null` empties a column: `"deleted_at": null` brings a lead back.
- The same `id` counts once. Without an `id` the header `webhook-id` and the place in the list name the event; without
  both, its whole content does, so that two equal events a second apart are two.
- An event about a record that nobody has told of waits for it. One that says it happened more than five minutes from
  now is held until then. One that cannot be understood is set aside with the reason; the others of its batch count.
- Times carry an offset, or are on the clock of the source's zone. Large or exact numbers may be sent as text.

The [JSON Schema](webhook-events.schema.json) says the same to a machine; the columns are explained in
[fact columns](fact-columns.md).
"""


def webhook_events() -> str:
    from docs.build import rows

    from smarketing.sources.webhook.generic import KINDS

    lines = [
        (f"`{name}`", f"`{kind.table}`", ", ".join(f"`{column}`" for column in kind.required), kind.meaning)
        for name, kind in KINDS.items()
    ]
    parts = [ABOUT, rows(("type", "table", "data must say", "meaning"), lines)]
    for title, note, fields in _vendors():
        parts.append(f"## {title}\n\n{note}\n")
        if fields:
            parts.append(rows(("their object", "their field", "our column"), _field_lines(fields)))
    parts.append("## Why an event is set aside\n")
    parts.append(rows(("code", "sentence"), _reasons()))
    return "\n".join(parts)


def webhook_schema() -> str:
    from smarketing.sources.webhook.json_schema import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False)


def _field_lines(fields: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    for kind, columns in fields.items():
        for name, column in columns.items():
            yield kind, f"`{name}`", f"`{column}`"


def _reasons() -> Iterator[tuple[str, str]]:
    from smarketing.sources.webhook.refusal import SENTENCES

    for code, sentence in sorted(SENTENCES.items()):
        yield f"`{code}`", sentence


def _vendors() -> Iterator[tuple[str, str, Mapping[str, Mapping[str, str]]]]:
    from smarketing.sources.webhook import hubspot_objects, odoo, pipedrive, salesforce_objects

    yield (
        "HubSpot",
        "Subscription events of contacts, leads, deals and engagements: creation, propertyChange, deletion,\n"
        "privacyDeletion, restore, merge, associationChange. Subscribe to the properties below; an engagement needs\n"
        "its time and its association to a contact. One with several contacts is a touch of the one named last.",
        {
            kind: {name: each.column for name, each in found.items()}
            for kind, found in hubspot_objects.PROPERTIES.items()
        },
    )
    yield (
        "Pipedrive",
        "Version 2 and version 1 of its webhooks. An activity counts once it is done, at the time it was marked so.",
        {
            "lead": pipedrive.LEAD,
            "deal": pipedrive.DEAL,
            "activity": pipedrive.ACTIVITY,
            "user": pipedrive.OWNER,
        },
    )
    yield (
        "Salesforce",
        "Outbound messages (send SystemModstamp along; we answer with the Ack) and change events as JSON. A gap or an\n"
        "overflow asks for the records to be read again.",
        salesforce_objects.FIELDS,
    )
    yield (
        "Odoo",
        "Automation rules with the action “Send webhook notification”. Send write_date along; times are UTC.",
        {
            "crm.lead": odoo.LEAD,
            "crm.lead, an opportunity": odoo.DEAL,
            "mail.message": odoo.MESSAGE,
            "calendar.event": odoo.MEETING,
            "res.users": odoo.OWNER,
        },
    )
    yield (
        "Zapier, Make and forms",
        "One object of plain fields, as JSON or as a posted form. The source's mapping says which field fills which\n"
        "column (`lead.owner_id`, `touch.occurred_at`); without one the names of the fields are guessed in four\n"
        "languages, and `occurred_at`, `updated_at`, `created_at` or `timestamp` says when.",
        {},
    )
