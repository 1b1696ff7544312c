"""Many notices into the outbox at once, whatever columns they have; those whose key is there stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from smarketing.ledger.bulk import names
from smarketing.records.models.notices import Notice

TABLE = Notice._meta.db_table


def insert_notices(rows: Sequence[Mapping[str, Any]]) -> None:
    """Takes rows  values by column (`person_id`), the same columns in each; defaults of the model hold elsewhere."""
    if not rows:
        return
    fields = [field for field in Notice._meta.concrete_fields if not field.primary_key]
    said = [field for field in fields if field.attname in rows[0]]
    rest = [field for field in fields if field.attname not in rows[0]]
    same = tuple(_value(field, field.get_default()) for field in rest)
    values = [tuple(_value(field, row[field.attname]) for field in said) + same for row in rows]
    columns = names([str(field.column) for field in (*said, *rest)])
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        statement = f'INSERT INTO "{TABLE}" ({columns}) VALUES ({places}) ON CONFLICT ("key") DO NOTHING'
        cursor.executemany(statement, values)


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(field, models.JSONField) and value is not None else value
