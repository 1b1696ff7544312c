"""Salesforce's objects and fields as our columns."""

from __future__ import annotations

TABLES_OF = {"Lead": "lead", "Opportunity": "deal", "Task": "touch", "Event": "touch", "User": "owner"}
FIELDS: dict[str, dict[str, str]] = {
    "Lead": {
        "CreatedDate": "created_at",
        "OwnerId": "owner_id",
        "Status": "status",
        "LeadSource": "channel",
        "Rating": "grade",
        "ConvertedOpportunityId": "converted_deal_id",
        "ConvertedContactId": "person_key",
    },
    "Opportunity": {
        "CreatedDate": "created_at",
        "OwnerId": "owner_id",
        "StageName": "stage",
        "Amount": "amount",
        "CurrencyIsoCode": "currency",
        "CloseDate": "expected_close",
        "AccountId": "account_key",
        "ContactId": "person_key",
        "LeadSource": "channel",
        "CampaignId": "campaign",
    },
    "Task": {
        "OwnerId": "owner_id",
        "CreatedDate": "logged_at",
        "CompletedDateTime": "occurred_at",
        "CallDurationInSeconds": "duration_s",
        "CallDisposition": "outcome_raw",
    },
    "Event": {
        "OwnerId": "owner_id",
        "CreatedDate": "logged_at",
        "StartDateTime": "occurred_at",
    },
    "User": {
        "Name": "name",
        "Email": "email",
        "ManagerId": "manager_id",
        "IsActive": "active",
        "TimeZoneSidKey": "zone",
    },
}
AUTOMATED = ("listemail",)
OUTCOMES = {  # words in a call's disposition, the first that fits
    "wrong": "wrong_number",
    "busy": "busy",
    "voicemail": "voicemail",
    "message": "voicemail",
    "no answer": "no_answer",
    "not reached": "no_answer",
    "unanswered": "no_answer",
    "connect": "connected",
    "answer": "connected",
    "reached": "connected",
}
