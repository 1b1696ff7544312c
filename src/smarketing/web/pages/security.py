"""How somebody signs in, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from smarketing.records.models import Person


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str
    signs_in: bool  # alone, without a password
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class SecurityPage:
    has_password: bool
    has_authenticator: bool
    passkeys: tuple[Passkey, ...]
    n_codes: int | None  # unused recovery codes; None when there are none at all
    providers: tuple[str, ...]
    sessions: tuple[Session, ...]

    @property
    def has_second_factor(self) -> bool:
        return self.has_authenticator or bool(self.passkeys)

    @classmethod
    def of(cls, person: Person, session_key: str | None) -> SecurityPage:
        found = {str(one.type): one for one in Authenticator.objects.filter(user=person)}
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return cls(
            has_password=person.has_usable_password(),
            has_authenticator=Authenticator.Type.TOTP in found,
            passkeys=tuple(_passkeys(person)),
            n_codes=len(codes.wrap().get_unused_codes()) if codes else None,
            providers=tuple(SocialAccount.objects.filter(user=person).values_list("provider", flat=True)),
            sessions=tuple(_sessions(person, session_key)),
        )


def _passkeys(person: Person) -> list[Passkey]:
    keys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("created_at")
    return [
        Passkey(one.id, str(one.wrap().name), one.wrap().is_passwordless is True, one.created_at, one.last_used_at)
        for one in keys
    ]


def _sessions(person: Person, session_key: str | None) -> list[Session]:
    found = sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.last_seen_at, reverse=True)
    return [
        Session(
            one.id, device_of(one.user_agent), one.ip, one.created_at, one.last_seen_at, one.session_key == session_key
        )
        for one in found
    ]


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(agent: str) -> str:
    """`Firefox · Windows`, as far as the browser says so."""
    named = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, named))
