"""Whether what a source's fields are said to mean is known to us; where it is not, every event is a dead letter."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.facts.schema import TABLES
from smarketing.records.models import SourceKind
from smarketing.sources.webhook.flat import KINDS
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def check_mapping(kind: str, mapping: Mapping[str, str]) -> None:
    """Raises UserError for a field that no fact has; only plain fields are read by it."""
    for theirs, ours in mapping.items() if kind == SourceKind.FLAT else ():
        table, _, column = ours.rpartition(".")
        if (table or KINDS[0]) not in KINDS or column not in TABLES[table or KINDS[0]].names:
            raise UserError(
                N_('No fact has a field "{field}".'),
                where=f"mapping.{theirs}",
                hint=N_("Usual ones: lead.person_key, lead.channel, lead.campaign, touch.kind, deal.amount."),
                field=ours,
            )
