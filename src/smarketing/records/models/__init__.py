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
from smarketing.records.models.disputes import (
    Dispute,
    DisputeReason,
    DisputeState,
    Evidence,
    EvidenceKind,
    Revocation,
    Subject,
    Waiver,
)
from smarketing.records.models.endpoints import Endpoint, EndpointKind
from smarketing.records.models.events import Event
from smarketing.records.models.invitations import Invitation
from smarketing.records.models.jobs import Job
from smarketing.records.models.machinery import Installation, Schedule, Worker
from smarketing.records.models.messages import Absence, Bounce, Preference, Snooze
from smarketing.records.models.next_tries import NextTry
from smarketing.records.models.notices import Held, Moment, MomentState, Notice, NoticeState
from smarketing.records.models.people import Person
from smarketing.records.models.sources import Source, SourceKind
from smarketing.records.models.teams import Membership, OwnerLink, Team
from smarketing.records.models.tokens import ApiToken
from smarketing.records.models.views import SavedView

__all__ = [
    "Absence",
    "Acknowledgement",
    "Agreement",
    "ApiToken",
    "Bounce",
    "Comment",
    "Decline",
    "Dispute",
    "DisputeReason",
    "DisputeState",
    "Endpoint",
    "EndpointKind",
    "Event",
    "Evidence",
    "EvidenceKind",
    "Held",
    "Installation",
    "Invitation",
    "Job",
    "Membership",
    "Moment",
    "MomentState",
    "NextTry",
    "Notice",
    "NoticeState",
    "OwnCalendar",
    "OwnerLink",
    "Person",
    "Preference",
    "Revision",
    "Revocation",
    "SavedView",
    "Schedule",
    "Signature",
    "Snooze",
    "Source",
    "SourceKind",
    "Subject",
    "Team",
    "Version",
    "Waiver",
    "Worker",
]
