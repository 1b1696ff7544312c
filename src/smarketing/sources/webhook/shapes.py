"""The forms in which systems post events, by the kind of their source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from smarketing.sources.webhook.event import Event, Mapped, Rejected, Reread, SourceReading
from smarketing.sources.webhook.flat import Flat
from smarketing.sources.webhook.generic import Generic
from smarketing.sources.webhook.hubspot import HubSpot
from smarketing.sources.webhook.odoo import Odoo
from smarketing.sources.webhook.pipedrive import Pipedrive
from smarketing.sources.webhook.salesforce import Salesforce

__all__ = ["SHAPES", "Event", "Mapped", "Rejected", "Reread", "Shape", "SourceReading"]


class Shape(Protocol):
    """One vendor's form."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        """The events of one request, a broken one among them as an event that `rows` rejects.

        Raises UserError when the body as a whole cannot be read.
        """

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        """What events, each as `Event.raw`, say in terms of the facts; one bad event never touches another."""

    def acknowledgement(self) -> tuple[bytes, str] | None:
        """The body and content type that the vendor expects in a 2xx answer; None when any answer does."""


SHAPES: Mapping[str, Shape] = {
    "generic": Generic(),
    "hubspot": HubSpot(),
    "pipedrive": Pipedrive(),
    "salesforce": Salesforce(),
    "odoo": Odoo(),
    "flat": Flat(),
}
