"""HubSpot's objects and properties as our columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TYPES = {
    "0-1": "contact",
    "0-3": "deal",
    "0-18": "communication",
    "0-27": "task",
    "0-46": "note",
    "0-47": "meeting",
    "0-48": "call",
    "0-49": "email",
    "0-136": "lead",
}
CHANNELS = {
    "ORGANIC_SEARCH": "organic_search",
    "PAID_SEARCH": "paid_search",
    "EMAIL_MARKETING": "email",
    "SOCIAL_MEDIA": "organic_social",
    "REFERRALS": "referral",
    "AI_REFERRALS": "ai_referral",
    "OTHER_CAMPAIGNS": "other",
    "DIRECT_TRAFFIC": "direct",
    "OFFLINE": "offline",
    "PAID_SOCIAL": "paid_social",
}
LIFECYCLE = {
    "subscriber": "lead",
    "lead": "lead",
    "marketingqualifiedlead": "mql",
    "salesqualifiedlead": "sql",
    "opportunity": "opportunity",
    "customer": "customer",
    "evangelist": "customer",
    "disqualified": "disqualified",
    "unqualified": "disqualified",
}
DISPOSITIONS = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "voicemail",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no_answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong_number",
}
MEETINGS = {
    "SCHEDULED": "scheduled",
    "COMPLETED": "held",
    "RESCHEDULED": "cancelled",
    "NO_SHOW": "no_show",
    "CANCELED": "cancelled",
}
MAILS = {
    "SENT": "sent",
    "BOUNCED": "bounced",
    "FAILED": "bounced",
    "SCHEDULED": "scheduled",
    "SENDING": "scheduled",
}
CHATS = {"SMS": "sms", "WHATS_APP": "chat", "LINKEDIN_MESSAGE": "social"}


@dataclass(frozen=True, slots=True)
class Property:
    """What a property fills: `meanings` of its values, what any other means, and whether it counts less."""

    column: str
    meanings: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    is_weak: bool = False  # something else said in the same instant is more to be trusted
    raw: str = ""  # the column that keeps the value as HubSpot spells it


def _outcome(meanings: Mapping[str, str], *, is_weak: bool = False) -> Property:
    return Property("outcome", meanings, "unknown", is_weak, "outcome_raw")


OWNER = Property("owner_id")
LOGGED = Property("logged_at")
_CONTACT = {
    "createdate": Property("created_at"),
    "hubspot_owner_id": OWNER,
    "hubspot_owner_assigneddate": Property("assigned_at"),
    "lifecyclestage": Property("lifecycle", LIFECYCLE),
    "hs_lead_status": Property("status"),
    "hs_analytics_source": Property("channel", CHANNELS, "other", raw="source_raw"),
    "hs_analytics_source_data_1": Property("campaign"),
    "hs_analytics_first_url": Property("landing_page"),
    "hubspotscore": Property("score"),
    "hs_disqualification_reason": Property("reason", raw="reason_raw"),
}
PROPERTIES: dict[str, dict[str, Property]] = {
    "contact": _CONTACT,
    "lead": {
        "hs_createdate": Property("created_at"),
        "hubspot_owner_id": OWNER,
        "hubspot_owner_assigneddate": Property("assigned_at"),
        "hs_pipeline_stage": Property("status"),
    },
    "deal": {
        "createdate": Property("created_at"),
        "hubspot_owner_id": OWNER,
        "amount": Property("amount"),
        "deal_currency_code": Property("currency"),
        "pipeline": Property("pipeline"),
        "dealstage": Property("stage"),
        "closedate": Property("expected_close"),
        "closed_lost_reason": Property("lost_reason"),
        "hs_is_closed_won": Property("status", {"true": "won"}),
        "hs_is_closed_lost": Property("status", {"true": "lost"}),
        "hs_analytics_source": Property("channel", CHANNELS, "other"),
    },
    "call": {
        "hs_timestamp": Property("occurred_at"),
        "hs_call_direction": Property("direction", {"OUTBOUND": "out", "INBOUND": "in"}),
        "hs_call_disposition": _outcome(DISPOSITIONS),
        "hs_call_status": Property(
            "outcome", {"NO_ANSWER": "no_answer", "BUSY": "busy", "CANCELED": "cancelled"}, is_weak=True
        ),
        "hs_call_duration": Property("duration_s"),
        "hubspot_owner_id": OWNER,
        "hs_createdate": LOGGED,
    },
    "email": {
        "hs_timestamp": Property("occurred_at"),
        "hs_email_direction": Property(
            "direction", {"EMAIL": "out", "INCOMING_EMAIL": "in", "FORWARDED_EMAIL": "internal"}
        ),
        "hs_email_status": _outcome(MAILS),
        "hubspot_owner_id": OWNER,
        "hs_createdate": LOGGED,
    },
    "meeting": {
        "hs_meeting_start_time": Property("occurred_at"),
        "hs_meeting_outcome": _outcome(MEETINGS),
        "hubspot_owner_id": OWNER,
        "hs_createdate": LOGGED,
    },
    "task": {
        "hs_task_completion_date": Property("occurred_at"),
        "hs_task_type": Property("kind", {"CALL": "call", "EMAIL": "email"}, "task"),
        "hs_task_status": Property("outcome", {"COMPLETED": "unknown"}, "scheduled", raw="outcome_raw"),
        "hubspot_owner_id": OWNER,
        "hs_createdate": LOGGED,
    },
    "communication": {
        "hs_timestamp": Property("occurred_at"),
        "hs_communication_channel_type": Property("kind", CHATS, "chat"),
        "hubspot_owner_id": OWNER,
        "hs_createdate": LOGGED,
    },
    "note": {"hs_timestamp": Property("occurred_at"), "hubspot_owner_id": OWNER},
}
USUAL: dict[str, dict[str, str]] = {
    "call": {"kind": "call", "direction": "out"},
    "email": {"kind": "email", "direction": "out", "outcome": "sent"},
    "meeting": {"kind": "meeting", "direction": "out"},
    "task": {"kind": "task", "direction": "internal", "outcome": "scheduled"},
    "communication": {"kind": "chat", "direction": "out", "outcome": "sent"},
    "note": {"kind": "note", "direction": "internal"},
}
