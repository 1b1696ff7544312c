"""Identity providers as SMARKETING_OIDC names them: a JSON list, checked before anybody relies on it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

WHERE = "SMARKETING_OIDC"
NEEDED = ("id", "name", "client_id", "secret", "server_url")
ID = re.compile(r"[a-z0-9-]{1,40}")


def identity_providers(text: str) -> list[dict[str, str]]:
    """The providers; none for an empty text.

    Raises UserError that says which of them lacks what.
    """
    if not text.strip():
        return []
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _fault(N_("This is not JSON: {why}."), why=error) from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _fault(N_("This is not a list of providers."))
    for position, one in enumerate(found, start=1):
        _check(one, position)
    if len({one["id"] for one in found}) < len(found):
        raise _fault(N_("Two providers have the same id."))
    return found


def _check(one: dict[str, Any], position: int) -> None:
    for name in NEEDED:
        if not isinstance(one.get(name), str) or not one[name].strip():
            raise _fault(N_('Provider {position} has no "{name}".'), position=position, name=name)
    if unknown := sorted(set(one) - set(NEEDED)):
        raise _fault(N_('Provider {position} has an unknown "{name}".'), position=position, name=unknown[0])
    if not ID.fullmatch(one["id"]):
        raise _fault(N_("The id of provider {position} is not made of a-z, 0-9 and hyphens."), position=position)
    address = urlsplit(one["server_url"])
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1"):
        raise _fault(N_("The server_url of provider {position} is not an https address."), position=position)


def _fault(what: str, **values: object) -> UserError:
    hint = N_("Write a JSON list of objects with id, name, client_id, secret and server_url.")
    return UserError(what, where=WHERE, hint=hint, **values)


def providers_setting(found: list[dict[str, str]]) -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS for them, with PKCE."""
    apps = [
        {
            "provider_id": one["id"],
            "name": one["name"],
            "client_id": one["client_id"],
            "secret": one["secret"],
            "settings": {"server_url": one["server_url"], "fetch_userinfo": True, "oauth_pkce_enabled": True},
        }
        for one in found
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def origin_of(address: str) -> str:
    """`https://host:port`: what a content security policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
