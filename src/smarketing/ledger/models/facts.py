"""One model for each canonical table, made from facts.schema: its key is the key of the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from smarketing.facts.schema import TABLES, Column, DType, Table
from smarketing.ledger.models.fields import InstantField, MoneyField

FIELDS: dict[DType, Callable[..., models.Field[Any, Any]]] = {
    DType.TEXT: models.TextField,
    DType.INSTANT: InstantField,
    DType.DAY: models.DateField,
    DType.INTEGER: models.BigIntegerField,
    DType.MONEY: MoneyField,
    DType.NUMBER: models.FloatField,
    DType.FLAG: models.BooleanField,
}
MARKS = ("seq", "brought_by")  # no column of any fact
# Names by which rows are looked up besides their key; where most rows name nothing, only those that do are listed.
NAMES: dict[str, tuple[str, ...]] = {
    "lead": ("person_key", "merged_into"),
    "touch": ("lead_id", "person_key", "deal_id"),
    "stage_change": ("entity_id",),
    "deal": ("lead_id", "person_key"),
    "deal_lead": ("lead_id",),
    "identity": ("to_id",),
}


def _field(column: Column, table: Table) -> models.Field[Any, Any]:
    return FIELDS[column.dtype](null=not column.required, primary_key=table.key == (column.name,))


def _named(name: str, table: Table) -> models.Index:
    told = None if table.column(name).required else models.Q(**{f"{name}__isnull": False})
    return models.Index(fields=[name], name=f"{table.name}_by_{name}", condition=told)


def _model(table: Table) -> type[models.Model]:
    """`seq` is the merge that last touched a row, `brought_by` the one that brought what it says."""
    options = {
        "app_label": "ledger",
        "db_table": f"ledger_{table.name}",
        "indexes": (
            models.Index(fields=["seq"], name=f"{table.name}_by_seq"),
            *(_named(name, table) for name in NAMES.get(table.name, ())),
        ),
    }
    members: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": table.meaning,
        **({"pk": models.CompositePrimaryKey(*table.key)} if len(table.key) > 1 else {}),
        **{column.name: _field(column, table) for column in table.columns},
        **{mark: models.BigIntegerField() for mark in MARKS},
        "Meta": type("Meta", (), options),
    }
    return type(f"{table.name.title().replace('_', '')}Fact", (models.Model,), members)


FACTS: dict[str, type[models.Model]] = {name: _model(table) for name, table in TABLES.items()}
