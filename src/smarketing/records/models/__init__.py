"""The tables of what people said; one subject a file."""

from smarketing.records.models.agreements import (
    Acknowledgement,
    Agreement,
    Comment,
    Decline,
    Revision,
    Signature,
    Version,
)
from smarketing.records.models.calendars import OwnCalendar
from smarketing.records.models.events import Event
from smarketing.records.models.invitations import Invitation
from smarketing.records.models.jobs import Job
from smarketing.records.models.machinery import Installation, Schedule, Worker
from smarketing.records.models.people import Person
from smarketing.records.models.sources import Source, SourceKind
from smarketing.records.models.teams import Membership, OwnerLink, Team
from smarketing.records.models.tokens import ApiToken
from smarketing.records.models.views import SavedView

__all__ = [
    "Acknowledgement",
    "Agreement",
    "ApiToken",
    "Comment",
    "Decline",
    "Event",
    "Installation",
    "Invitation",
    "Job",
    "Membership",
    "OwnCalendar",
    "OwnerLink",
    "Person",
    "Revision",
    "SavedView",
    "Schedule",
    "Signature",
    "Source",
    "SourceKind",
    "Team",
    "Version",
    "Worker",
]
