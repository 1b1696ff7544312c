"""Mail whose return path is null is told of and not kept: no two machines write to each other (E-05)."""

from __future__ import annotations

import pytest
from tests.unit.test_inbox_mail import a_mail, mails, run

from smarketing.ledger.models import InboxRow

__all__ = ["mails"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
HEAD = b"From: MAILER-DAEMON@example.com\r\nSubject: Undelivered\r\n"


@pytest.mark.parametrize("path", [b"<>", b" <> ", b"\r\n <>", b"< >", b"<> (nobody)"])
def test_e05_a_null_return_path_is_told_of_and_not_kept(path: bytes) -> None:
    answer = run(b"Return-Path: " + path + b"\r\n" + HEAD + b"\r\nName: Ana Ruiz\r\n")
    assert answer.exit_code == 0 and "Left out" in answer.output
    assert not InboxRow.objects.exists()


def test_e05_any_other_return_path_is_somebody() -> None:
    assert run(a_mail(Return_Path="<ana@example.com>")).exit_code == 0
    assert InboxRow.objects.count() == 1
