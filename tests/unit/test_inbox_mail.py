"""`smarketing inbox mail`: what a mail says becomes an event, once; machines that answer are left out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import OperationalError
from typer.testing import CliRunner

from smarketing.cli import commands  # noqa: F401 — builds the commands
from smarketing.cli.app import app
from smarketing.ledger.models import InboxRow
from smarketing.records.models import Source
from smarketing.sources.webhook.event import SourceReading
from smarketing.sources.webhook.mail import fields_of
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.workflows import open_facts, receive_mail

pytestmark = pytest.mark.django_db
with_source = pytest.mark.usefixtures("mails")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FORM = """\
A new request came in.

Name: Ana Ruiz
*E-mail:* ana@example.com
> Campaign: Spring
See: https://example.com/a:b
From: somebody else
"""


def a_mail(text: str = FORM, *, subtype: str = "plain", **head: str) -> bytes:
    mail = EmailMessage()
    usual = {
        "From": "Web form <form@example.com>",
        "Date": "Mon, 02 Mar 2026 09:55:00 +0100",
        "Message-ID": "<1@example.com>",
    }
    for name, said in {**usual, "Subject": "Request", **{k.replace("_", "-"): v for k, v in head.items()}}.items():
        mail[name] = said
    mail.set_content(text, subtype=subtype)
    mail.add_attachment(b"Name: nobody", maintype="application", subtype="pdf", filename="x.pdf")
    return mail.as_bytes()


def fields(message: bytes) -> dict[str, str]:
    found = fields_of(message, NOW)
    assert found is not None
    return found


def test_lines_of_a_form_are_fields() -> None:
    found = fields(a_mail())
    assert (found["Name"], found["E-mail"], found["Campaign"]) == ("Ana Ruiz", "ana@example.com", "Spring")
    assert found["from"] == "Web form <form@example.com>" and "email" not in found and "From" not in found
    assert (found["date"], found["message_id"]) == ("2026-03-02T08:55:00+00:00", "<1@example.com>")


def test_a_letter_is_of_whom_to_answer() -> None:
    found = fields(a_mail("Please call me.", Reply_To="Bo <bo@example.com>"))
    assert (found["email"], found["name"]) == ("bo@example.com", "Bo")


def test_a_page_is_read_as_its_lines() -> None:
    text = "<p>E-Mail: ana@example.com</p><table><tr><td>Company:</td> <td>A &amp; B</td></tr></table>"
    found = fields(a_mail(text, subtype="html"))
    assert (found["E-Mail"], found["Company"]) == ("ana@example.com", "A & B")


def test_a_time_that_has_not_come_is_now() -> None:
    assert fields(a_mail(Date="Mon, 02 Mar 2036 09:55:00 +0100"))["date"] == NOW.isoformat()
    assert fields(b"From: a@b.example\n\nhello")["date"] == NOW.isoformat()


@pytest.mark.parametrize(
    "message",
    [
        a_mail(Auto_Submitted="auto-replied (vacation)"),
        a_mail(Return_Path="<>"),
        b"Content-Type: multipart/report; boundary=x\n\n--x--\n",
    ],
)
def test_machines_that_answer_are_left_out(message: bytes) -> None:
    assert fields_of(message, NOW) is None


@pytest.mark.parametrize(
    "message", [b"", b"\x00\xff", b"From: =?utf-8?q?=\nDate: never\nReply-To: [\n\n\xff: \xfe", a_mail("Name: " * 9999)]
)
def test_no_mail_breaks_it(message: bytes) -> None:
    assert fields(message)["date"] == NOW.isoformat() or b"Mar 2026" in message


def test_a_mail_becomes_a_lead() -> None:
    raw = json.dumps(fields(a_mail()) | {"channel": "webinar"}).encode()
    shape, reading = SHAPES["flat"], SourceReading("mails", "UTC", "", {})
    mapped = shape.rows([event.raw for event in shape.split(raw, {})], reading, NOW)
    lead = next(each for each in mapped.frames["lead"].to_dicts() if each["person_key"])
    assert (lead["person_key"], lead["campaign"], lead["channel"]) == ("ana@example.com", "Spring", "webinar")
    assert not mapped.rejected


# the command


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(open_facts, "open_ledger", lambda: None)
    return Source.objects.create(slug="mails", name="Mails", kind="flat", created_at=NOW)


def run(message: bytes, *words: str) -> Any:
    return CliRunner().invoke(app, ["inbox", "mail", "--source", "mails", *words], input=message)


def test_the_same_mail_is_kept_once(mails: Source) -> None:
    assert json.loads(run(a_mail(), "--set", "channel=webinar", "--json").output)["stored"] == 1
    assert json.loads(run(a_mail(), "--set", "channel=webinar", "--json").output)["stored"] in (0, 1)
    row = InboxRow.objects.get()
    assert (row.src, json.loads(row.body)["channel"]) == ("mails", "webinar")
    mails.refresh_from_db()
    assert mails.last_received_at is not None


@with_source
def test_an_answering_machine_is_told_of_and_not_kept() -> None:
    answer = run(a_mail(Auto_Submitted="auto-replied"))
    assert answer.exit_code == 0 and "Left out" in answer.output
    assert not InboxRow.objects.exists()


@with_source
@pytest.mark.parametrize("words", [("--set", "channel"), ("--source", "nothing")])
def test_what_makes_no_sense_is_refused(words: Sequence[str]) -> None:
    assert run(a_mail(), *words).exit_code not in (0, 75)


def test_other_sources_read_other_events(mails: Source) -> None:
    mails.kind = "hubspot"
    mails.save()
    assert run(a_mail()).exit_code not in (0, 75)


@with_source
def test_a_database_that_is_away_has_the_mail_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(receive_mail, "take_in", away)
    assert run(a_mail()).exit_code == 75


@with_source
def test_too_large_a_mail_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.cli.inbox_mail.MOST", 10)
    assert run(a_mail()).exit_code not in (0, 75)
