"""The types of generic events: the table that each tells of, and the columns that it must say."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.facts.schema import TABLES

MAY_BE_FUTURE = ("scheduled", "cancelled")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of event: the table that it tells of, and the columns that it must say."""

    table: str
    meaning: str
    required: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return COLUMNS[self.table]


# What a sender may say of a row: all but whose it is and when we learned it.
COLUMNS = {
    table.name: tuple(name for name in table.names if name not in ("src", "seen_at")) for table in TABLES.values()
}


KINDS: dict[str, Kind] = {
    "lead.created": Kind("lead", "A lead was made; created_at is occurred_at unless said.", ("lead_id",)),
    "lead.updated": Kind("lead", "Some columns of a lead took values; null empties a column.", ("lead_id",)),
    "lead.deleted": Kind("lead", "A lead was deleted; lead.updated with deleted_at null brings it back.", ("lead_id",)),
    "touch.logged": Kind("touch", "Something was done to reach a lead, or the lead did it.", ("kind", "direction")),
    "stage.changed": Kind(
        "stage_change", "A field of a lead or deal took a value.", ("entity", "entity_id", "field", "to_value")
    ),
    "deal.updated": Kind("deal", "Some columns of a deal took values; say status and created_at once.", ("deal_id",)),
    "owner.updated": Kind("owner", "Some columns of an owner took values.", ("owner_id",)),
    "identity.merged": Kind(
        "identity", "A record continues as another; as itself, when a merge is undone.", ("from_id", "to_id")
    ),
    "delivery.handed_over": Kind("delivery", "A promised thing was handed over.", ("deliverable",)),
}
