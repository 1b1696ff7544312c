"""Links in messages that let their reader do one thing to one notice without signing in, for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

SALT = "smarketing.notice.link"
HOLDS = timedelta(days=7)
ACKNOWLEDGE, SNOOZE, STOP = "acknowledge", "snooze", "stop"
ACTS = (ACKNOWLEDGE, SNOOZE, STOP)


@dataclass(frozen=True, slots=True)
class SignedAct:
    """What the link does, to which notice, for which reader."""

    act: str
    notice_id: int
    person_id: int


def token_for(act: str, notice_id: int, person_id: int, now: datetime) -> str:
    said = {"a": act, "n": notice_id, "p": person_id, "e": int((now + HOLDS).timestamp())}
    return signing.Signer(salt=SALT).sign_object(said, compress=False)


def act_of(token: str, now: datetime) -> SignedAct | None:
    """None for what we did not sign, and for what is too old."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    if said.get("a") not in ACTS or int(said.get("e", 0)) <= now.timestamp():
        return None
    return SignedAct(str(said["a"]), int(said["n"]), int(said["p"]))
