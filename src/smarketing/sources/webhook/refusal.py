"""Why an event is set aside: codes, one sentence each, and where in the event the fault lies."""

from __future__ import annotations

from smarketing.sources.rejection import REASONS, shown_value
from smarketing.sources.webhook.event import Rejected
from smarketing.terms.marked import N_

SENTENCES: dict[str, str] = {
    **REASONS,
    "not_an_object": N_("The event is not a JSON object with the fields of its form."),
    "number_too_long": N_("The number has more than {most} digits. Send it as text."),
    "missing": N_('"{name}" is required and not there.'),
    "unknown_type": N_('There is no event type "{name}". Send one of these: {choices}.'),
    "unknown_field": N_('There is no field "{name}" in {table}. Send one of these: {choices}.'),
    "one_of": N_('"{name}" must be one of these: {choices}.'),
    "not_text": N_('"{name}" must be text.'),
    "not_a_day": N_('"{name}" must be a day, like 2026-03-31.'),
    "no_instant": N_('"{name}" must be an instant, like 2026-03-31T09:30:00Z.'),
    "no_mapping": N_("None of these fields says what the event is about. Give the source a mapping: {names}."),
    "mapping_wrong": N_('The source\'s mapping says "{name}", which is no column of the facts.'),
    "from_the_future": N_(
        "This says that it happened at {at}, which has not come yet. It is tried again then. Is the sender's clock set?"
    ),
}


class Refused(Exception):
    """One event cannot be understood; `column` is the path in it, like data.created_at."""

    def __init__(self, code: str, column: str = "", value: object = None, **arguments: object) -> None:
        self.code, self.column, self.value, self.arguments = code, column, value, arguments
        super().__init__(code)

    def rejected(self, index: int) -> Rejected:
        value = "" if self.value is None else shown_value(str(self.value))
        shown = {name: shown_value(given) if name == "name" else given for name, given in self._texts()}
        return Rejected(index, self.code, SENTENCES[self.code], shown, self.column, value)

    def _texts(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.arguments.items()]


class Early(Refused):
    """The event says that it happened later than now."""
