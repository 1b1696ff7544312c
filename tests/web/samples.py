"""What stands in for the arguments of each URL when every URL is walked; a new URL with arguments adds a line.

SAMPLES   URL name → the arguments for an object of the sales team or of Rita
SEEN_BY   URL name, or method and URL name → who reaches that object, where the table lets in more people than that
POSTED    URL name → a form that makes sense, where an empty one would not reach the object
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from tests.cast import Cast
from tests.negotiations import a_signed

from smarketing.ledger.models import Import, InboxRow
from smarketing.records.models import (
    Absence,
    ApiToken,
    Comment,
    Dispute,
    Endpoint,
    Evidence,
    Invitation,
    Job,
    Membership,
    Notice,
    OwnCalendar,
    SavedView,
    Source,
    Version,
)
from smarketing.records.secrets import digest
from smarketing.workflows.attach_evidence import keep as keep_evidence
from smarketing.workflows.hold_upload import Reading, hold_upload

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
Sample = Callable[[Cast], Mapping[str, Any]]


def _token(cast: Cast) -> Mapping[str, Any]:
    said = {"name": "tests", "prefix": "smk_tests", "created_at": NOW, "expires_at": NOW + timedelta(days=90)}
    token, _ = ApiToken.objects.get_or_create(digest=digest("tests"), defaults=said | {"person": cast.rita})
    return {"token_id": token.id}


def _invitation(cast: Cast) -> int:
    said = {"email": "new@example.com", "invited_by": cast.olu, "invited_at": NOW}
    far = datetime(2200, 1, 1, tzinfo=UTC)
    one, _ = Invitation.objects.get_or_create(digest=digest(SECRET), defaults=said | {"expires_at": far})
    return one.id


def _open_invitation(cast: Cast) -> Mapping[str, Any]:
    _invitation(cast)
    return {"secret": SECRET}


def _membership(cast: Cast) -> Mapping[str, Any]:
    return {"membership_id": Membership.objects.get(person=cast.rita).id}


def _session(cast: Cast) -> Mapping[str, Any]:
    one, _ = UserSession.objects.get_or_create(user=cast.rita, session_key="tests", defaults={"ip": "127.0.0.1"})
    return {"session_id": one.id}


def _passkey(cast: Cast) -> Mapping[str, Any]:
    one, _ = Authenticator.objects.get_or_create(user=cast.rita, type="webauthn", defaults={"data": {"name": "key"}})
    return {"pk": one.id}


def _rita(cast: Cast) -> Mapping[str, Any]:
    return {"person_id": cast.rita.id}


def _sales(_: Cast) -> Mapping[str, Any]:
    return {"slug": "sales"}


def _job(cast: Cast) -> Mapping[str, Any]:
    return {"job_id": Job.objects.create(kind="import", asked_by=cast.rita, asked_at=NOW, not_before_at=NOW).id}


def _view(cast: Cast) -> Mapping[str, Any]:
    one, _ = SavedView.objects.get_or_create(
        person=cast.rita, page="leads", name="mine", defaults={"query": "", "at": NOW}
    )
    return {"view_id": one.id}


def _source(_: Cast) -> Mapping[str, Any]:
    one, _ = Source.objects.get_or_create(slug="crm", defaults={"name": "CRM", "created_at": NOW})
    return {"slug": one.slug}


def _letter(_: Cast) -> Mapping[str, Any]:
    said = {"identity": 0, "body": b"{}", "receipt": UUID(int=1), "received_at": NOW, "state": "dead"}
    one, _ = InboxRow.objects.get_or_create(src="crm", key="0" * 64, body_digest="0" * 64, defaults=said)
    return {"row_id": one.id}


def _message(cast: Cast) -> Mapping[str, Any]:
    said = {"occasion": "breach", "person": cast.rita, "channel": "in_app", "state": "sent"}
    times = {"created_at": NOW, "not_before_at": NOW}
    one, _ = Notice.objects.get_or_create(key="0" * 64, defaults=said | times)
    return {"notice_id": one.id}


def _endpoint(_: Cast) -> Mapping[str, Any]:
    said = {"name": "Room", "kind": "webhook", "created_at": NOW}
    return {"slug": Endpoint.objects.get_or_create(slug="room", defaults=said)[0].slug}


def _absence(cast: Cast) -> Mapping[str, Any]:
    away = {"from_on": NOW.date(), "until_on": NOW.date() + timedelta(days=1)}
    return {"absence_id": Absence.objects.get_or_create(person=cast.rita, defaults=away)[0].id}


def _dispute(cast: Cast) -> Mapping[str, Any]:
    """Rita's, for sales."""
    version = Version.objects.first() or a_signed(cast)
    said = {"version": version.number, "subject": "clock", "clause": "commitments.speed", "commitment": "speed"}
    said |= {"was": "breached", "reason": "other", "text": "Why?", "party": "sales", "raised_by": cast.rita}
    found = Dispute.objects.filter(agreement=version.agreement).first()
    one = found or Dispute.objects.create(agreement=version.agreement, raised_at=NOW, due_at=NOW, **said)
    return {"dispute_id": one.id}


def _evidence(cast: Cast) -> Mapping[str, Any]:
    where, found = _dispute(cast), {"name": "a.txt", "media_type": "text/plain", "digest": digest("tests")}
    keep_evidence(settings.HOME, found["digest"], b"tests")
    one = Evidence.objects.create(**where, kind="file", by=cast.rita, at=NOW, n_bytes=5, **found)
    return {**where, "evidence_id": one.id}


def _nothing(**arguments: str) -> Sample:
    """An object that is not there: no facts and no agreement are in these tests."""
    return lambda _: arguments


def _agreement(cast: Cast) -> Mapping[str, Any]:
    return {"slug": (Version.objects.first() or a_signed(cast)).agreement.slug}


def _version(cast: Cast) -> Mapping[str, Any]:
    version = Version.objects.first() or a_signed(cast)
    return {"slug": version.agreement.slug, "number": version.number}


def _comment(cast: Cast) -> Mapping[str, Any]:
    where = _version(cast)
    one = Comment.objects.create(version=Version.objects.get(), text="Why?", by=cast.rita, at=NOW)
    return {**where, "comment_id": one.id}


def _import(cast: Cast) -> Mapping[str, Any]:
    one, _ = Import.objects.get_or_create(
        id="20250602T090000Z-tests", defaults={"at": NOW, "by": cast.sam.pk, "sequence": 0}
    )
    return {"import_id": one.id}


def _upload(cast: Cast) -> Mapping[str, Any]:
    file = ("leads.csv", [b"Lead Id,Created Time\n1,2025-06-02T09:00:00Z\n"])
    upload = hold_upload(settings.HOME, [file], by=cast.sam, now=NOW, limit_mb=1, reading=Reading(way="columns"))
    return {"key": upload.key}


def _calendar(cast: Cast) -> Mapping[str, Any]:
    text = "id: office\nzone: Europe/Madrid\nhours: {mon-fri: 09:00-17:00}\n"
    said = {"name": "Office", "text": text, "updated_by": cast.sam, "updated_at": NOW}
    one, _ = OwnCalendar.objects.get_or_create(slug="office", defaults=said)
    return {"slug": one.slug}


def _versions(*names: str) -> dict[str, Sample]:
    return {f"agreement_{name}": _version for name in names}


def _part_of_version(**arguments: str | int) -> Sample:
    return lambda cast: {**_version(cast), **arguments}


SAMPLES: dict[str, Sample] = {
    **_versions("edit", "edit_promises", "edit_new_promise"),
    "agreement_edit_section": _part_of_version(section="general"),
    "agreement_edit_promise": _part_of_version(commitment="speed"),
    "agreement_guide": _part_of_version(step="words"),
    "agreement_restoration": _part_of_version(revision=1),
    "agreement": _agreement,
    **_versions("acknowledgements", "amendment", "backtest", "changes", "comments", "counter_proposals", "declines"),
    **_versions("end", "pdf", "proposal", "revisions", "signatures", "standings", "text", "version", "yaml"),
    "agreement_comment": _comment,
    "agreement_comment_settlement": _comment,
    "import": _import,
    "import_undoing": _import,
    "import_rejects": lambda cast: {**_import(cast), "position": 0},
    "calendar": _calendar,
    "calendar_text": _calendar,
    "calendar_retirement": _calendar,
    "upload": _upload,
    "upload_imports": _upload,
    "upload_profile": _upload,
    "job": _job,
    "job_cancellation": _job,
    "job_tries": _job,
    "leads_view": _view,
    **dict.fromkeys(("source", "source_secret", "source_pause", "source_retirement"), _source),
    **dict.fromkeys(("message", "message_acknowledgement", "message_snooze", "notice_replays"), _message),
    **dict.fromkeys(("endpoint", "endpoint_secret", "endpoint_pause", "endpoint_trial"), _endpoint),
    "endpoint_retirement": _endpoint,
    "absence": _absence,
    "message_link": lambda _: {"token": "none"},
    "intake": _source,
    "intake_address": lambda cast: {**_source(cast), "token": SECRET},
    "inbox_row": _letter,
    "leads_export": lambda _: {"form": "csv"},
    **dict.fromkeys(("dispute", "dispute_decision", "dispute_withdrawal"), _dispute),
    **dict.fromkeys(("dispute_revocation", "dispute_evidence"), _dispute),
    "dispute_file": _evidence,
    "vega": _nothing(version="0", language="en"),
    "lead": _nothing(src="crm", lead_id="1"),
    "scorecard_of": _nothing(slug="none"),
    "scorecard_chart": _nothing(slug="none", name="waterfall"),
    "scorecard_commitment": _nothing(slug="none", commitment_id="speed"),
    "scorecard_csv": _nothing(slug="none"),
    "scorecard_json": _nothing(slug="none"),
    "scorecard_pdf": _nothing(slug="none"),
    **dict.fromkeys(("pulse", "weeks"), _nothing(slug="none")),
    "week": _nothing(slug="none", label="2026-W10"),
    "account_reset_password_from_key": lambda _: {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": lambda _: {"provider_id": "nobody"},
    "openid_connect_callback": lambda _: {"provider_id": "nobody"},
    "mfa_edit_webauthn": _passkey,
    "mfa_remove_webauthn": _passkey,
    "session": _session,
    "token": _token,
    "person": _rita,
    "person_admin": _rita,
    "person_closing": _rita,
    "person_opening": _rita,
    "person_credentials": _rita,
    "person_sessions": _rita,
    "invitation": lambda cast: {"invitation_id": _invitation(cast)},
    "invitation_acceptance": _open_invitation,
    "team": _sales,
    "members": _sales,
    "team_retirement": _sales,
    "membership": _membership,
}
PARTIES = ("maya", "sam", "rita", "eva", "olu")
SEEN_BY: dict[str, tuple[str, ...]] = {
    "agreement": PARTIES,
    **{f"agreement_{name}": PARTIES for name in ("changes", "pdf", "version", "yaml", "standings", "backtest")},
    **{f"agreement_{name}": PARTIES for name in ("acknowledgements", "revisions", "text", "comments")},
    **{f"agreement_{name}": PARTIES for name in ("edit", "edit_promises", "edit_promise", "edit_new_promise")},
    **{f"agreement_{name}": PARTIES for name in ("edit_section", "guide", "restoration")},  # sent to what was signed
    # whoever reads the version is told what the form lacks or that it is signed; the workflow asks whether they may
    **{f"agreement_{name}": PARTIES for name in ("counter_proposals", "declines", "end")},
    "POST agreement_acknowledgements": ("maya", "sam", "rita", "eva"),
    "agreement_amendment": ("olu", "maya", "sam"),
    "POST agreement_comment": ("rita",),  # who wrote it
    "POST agreement_comments": ("olu", "maya", "sam", "rita"),
    "POST agreement_counter_proposals": ("olu", "maya", "sam"),
    "POST agreement_declines": ("maya",),  # for the party that the form names
    "POST agreement_end": ("maya",),
    "POST agreement_text": ("olu", "maya", "sam"),
    "POST agreement_yaml": ("olu", "maya", "sam"),
    "agreement_comment": ("olu", "maya", "sam", "rita"),
    "agreement_comment_settlement": ("olu", "maya", "sam", "rita"),
    "agreement_proposal": ("olu", "maya", "sam"),
    "agreement_signatures": ("maya", "sam"),
    "job": ("rita", "olu"),
    "job_cancellation": ("rita", "olu"),
    "import_rejects": (),  # nothing was rejected
    "upload": ("sam", "olu"),
    "upload_imports": ("sam", "olu"),
    "upload_profile": ("sam", "olu"),
    **dict.fromkeys(("dispute", "dispute_file"), ("rita", "sam", "maya", "olu")),
    **dict.fromkeys(("dispute_revocation", "dispute_evidence"), ("rita", "sam", "maya", "olu")),
    "dispute_decision": ("maya", "olu"),  # not whose party raised it
    "dispute_withdrawal": ("rita", "sam"),
    "dispute_new": (),  # there are no leads
    "POST disputes": (),
    **dict.fromkeys(("waiver_new", "waivers"), ()),
    "leads_view": ("rita",),
    "vega": (),
    "lead": (),
    "leads_export": (),
    "scorecard_of": (),
    "scorecard_chart": (),
    "scorecard_commitment": (),
    "scorecard_csv": (),
    "scorecard_json": (),
    "scorecard_pdf": (),
    **dict.fromkeys(("pulse", "weeks", "week"), ()),
    "mfa_edit_webauthn": ("rita",),
    "mfa_remove_webauthn": ("rita",),
    "mfa_view_recovery_codes": (),  # nobody has any yet
    "mfa_download_recovery_codes": (),
    "mfa_deactivate_totp": (),  # nobody has one yet
    "session": ("rita",),
    "token": ("rita", "olu"),
    "person": ("rita", "sam", "olu"),
    **dict.fromkeys(("message", "message_acknowledgement", "message_snooze", "absence"), ("rita",)),
    "team": ("rita", "sam", "eva", "olu"),
    "membership": ("sam", "olu"),
    "owners": ("olu",),
}
POSTED: dict[str, Mapping[str, str]] = {
    "dispute_decision": {"outcome": "accepted"},
    "first_run_skips": {"step": "teams"},
    "agreement_declines": {"party": "marketing", "reasons": "Too much."},
    "agreement_end": {"party": "marketing", "why": "It is over."},
}
