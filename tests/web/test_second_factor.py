"""Who must have a second factor sets one up first; codes work once; sessions end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils import timezone
from tests.cast import PASSWORD, Cast

from smarketing.web import session_age


def in_production(settings: Any, *, everybody: bool = False) -> None:
    settings.IS_PRODUCTION = not everybody
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"require_mfa": everybody})


def test_administrators_and_signers_need_one_in_production(cast: Cast, settings: Any) -> None:
    in_production(settings)
    for person, status in ((cast.olu, 403), (cast.sam, 403), (cast.rita, 200), (cast.eva, 200)):
        client = cast.client_of(person)
        assert client.get("/help/").status_code == status, person
        assert client.get("/settings/security/").status_code == 200, person
    said = cast.client_of(cast.olu).get("/help/").content.decode()
    assert "You need a second factor" in said and "/settings/security/passkeys/" in said


def test_everybody_needs_one_where_the_setting_says_so(cast: Cast, settings: Any) -> None:
    in_production(settings, everybody=True)
    client = cast.client_of(cast.rita)
    assert client.get("/help/").status_code == 403
    TOTP.activate(cast.rita, generate_totp_secret())
    assert client.get("/help/").status_code == 200


def entered(code: str, email: str = "rita@example.com") -> Client:
    client = Client()
    response = client.post("/sign-in/", {"login": email, "password": PASSWORD})
    assert response.headers["Location"] == "/sign-in/second-factor/"
    assert client.get("/settings/").status_code == 302  # a password alone is not enough any more
    client.post("/sign-in/second-factor/", {"code": code})
    return client


def test_a_code_signs_in_once(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.rita, secret)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert entered(code).get("/settings/").status_code == 200
    assert entered(code).get("/settings/").status_code == 302
    assert entered("000000").get("/settings/").status_code == 302


def test_a_recovery_code_signs_in_once(cast: Cast) -> None:
    TOTP.activate(cast.rita, generate_totp_secret())
    code = RecoveryCodes.activate(cast.rita).get_unused_codes()[0]
    assert entered(code).get("/settings/").status_code == 200
    assert entered(code).get("/settings/").status_code == 302


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    TOTP.activate(cast.rita, generate_totp_secret())
    codes = RecoveryCodes.activate(cast.rita)
    client = entered("000000")
    for number in range(12):
        client.post("/sign-in/second-factor/", {"code": f"{number:06d}"})
    client.post("/sign-in/second-factor/", {"code": codes.get_unused_codes()[0]})
    assert client.get("/settings/").status_code == 302


def test_an_administrator_takes_lost_factors_away(cast: Cast) -> None:
    TOTP.activate(cast.rita, generate_totp_secret())
    assert cast.client_of(cast.olu).post(f"/settings/people/{cast.rita.id}/credentials/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.rita).exists()


@pytest.mark.parametrize(("days", "status"), [(13, 200), (15, 302)])
def test_a_session_ends_after_two_weeks(cast: Cast, days: int, status: int) -> None:
    client = cast.client_of(cast.rita)
    session = client.session
    session[session_age.BEGAN] = (timezone.now() - timedelta(days=days)).isoformat()  # noqa: TID251 — as the page does
    session.save()
    assert client.get("/settings/").status_code == status


def test_use_is_noted_at_most_every_ten_minutes(cast: Cast) -> None:
    client = cast.client_of(cast.rita)
    client.get("/settings/")
    seen = client.session[session_age.SEEN]
    client.get("/settings/")
    assert client.session[session_age.SEEN] == seen
    session = client.session
    session[session_age.SEEN] = (timezone.now() - timedelta(minutes=11)).isoformat()  # noqa: TID251
    session.save()
    client.get("/settings/")
    assert client.session[session_age.SEEN] > seen
