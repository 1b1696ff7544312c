"""Standard Webhooks: the standard's own vector, and every way in which a signature fails to hold (G-17, G-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smarketing.sources.webhook.signatures.request import BadSignature, Signed
from smarketing.sources.webhook.signatures.standard import check, new_secret, signature

# test vector of the standard's reference libraries
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(AT, UTC)
OTHER = new_secret()
GOOD = Signed(
    "POST",
    "https://here.example/in/crm",
    {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE},
    BODY,
)


def with_headers(**headers: str | None) -> Signed:
    named = GOOD.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(GOOD, headers={name: value for name, value in named.items() if value is not None})


def test_g17_the_vector_of_the_standard_holds() -> None:
    assert signature(SECRET, ID, AT, BODY) == SIGNATURE
    check(GOOD, [SECRET], NOW)
    check(with_headers(webhook_signature=f"v1,AAAA v1a,zzz {SIGNATURE}"), [SECRET], NOW)


def test_g17_two_secrets_are_live_during_a_rotation() -> None:
    check(GOOD, [OTHER, SECRET], NOW)
    with pytest.raises(BadSignature):
        check(GOOD, [OTHER], NOW)
    with pytest.raises(BadSignature):
        check(GOOD, [], NOW)


@pytest.mark.parametrize("late_s", [-300, 300])
def test_g18_five_minutes_are_still_good(late_s: int) -> None:
    check(GOOD, [SECRET], NOW + timedelta(seconds=late_s))


@pytest.mark.parametrize("late_s", [-301, 301, 86_400])
def test_g18_a_replay_after_five_minutes_is_refused(late_s: int) -> None:
    with pytest.raises(BadSignature, match="five minutes"):
        check(GOOD, [SECRET], NOW + timedelta(seconds=late_s))


REFUSED = {
    "no id": with_headers(webhook_id=None),
    "no timestamp": with_headers(webhook_timestamp=None),
    "no signature": with_headers(webhook_signature=None),
    "empty signature": with_headers(webhook_signature=""),
    "wrong version": with_headers(webhook_signature=SIGNATURE.replace("v1,", "v2,")),
    "no version": with_headers(webhook_signature=SIGNATURE.removeprefix("v1,")),
    "other case": with_headers(webhook_signature=SIGNATURE.swapcase()),
    "version in capitals": with_headers(webhook_signature=SIGNATURE.replace("v1,", "V1,")),
    "truncated": with_headers(webhook_signature=SIGNATURE[:-6]),
    "no base64": with_headers(webhook_signature="v1,§§§"),
    "empty digest": with_headers(webhook_signature="v1,"),
    "header twice": with_headers(webhook_signature=f"{SIGNATURE},{SIGNATURE}"),
    "id twice": with_headers(webhook_id=f"{ID},{ID}"),
    "timestamp twice": with_headers(webhook_timestamp=f"{AT},{AT}"),
    "timestamp with sign": with_headers(webhook_timestamp=f"+{AT}"),
    "timestamp in other digits": with_headers(webhook_timestamp="١٦١٤٢٦٥٣٣٠"),
    "timestamp not finite": with_headers(webhook_timestamp="nan"),
    "timestamp without end": with_headers(webhook_timestamp="9" * 400),
    "other id": with_headers(webhook_id="msg_other"),
    "body written again": replace(GOOD, body=b'{"test":2432232314}'),
    "body with a newline": replace(GOOD, body=BODY + b"\n"),
    "too many signatures": with_headers(webhook_signature=" ".join(["v1,AAAA"] * 500 + [SIGNATURE])),
}


@pytest.mark.parametrize("name", REFUSED)
def test_g17_whatever_is_not_exactly_signed_is_refused(name: str) -> None:
    with pytest.raises(BadSignature):
        check(REFUSED[name], [SECRET], NOW)
