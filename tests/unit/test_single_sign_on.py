"""What SMARKETING_OIDC may say, and how a mistake in it is told."""

from __future__ import annotations

import json

import pytest

from smarketing.config.single_sign_on import identity_providers, origin_of, providers_setting
from smarketing.terms.errors import UserError

GOOD = {"id": "acme", "name": "Acme", "client_id": "c", "secret": "s", "server_url": "https://id.acme.example/realm"}


def test_nothing_is_no_providers() -> None:
    assert identity_providers("") == identity_providers(" ") == identity_providers("[]") == []


def test_a_provider_is_asked_with_pkce() -> None:
    setting = providers_setting(identity_providers(json.dumps([GOOD])))["openid_connect"]
    assert setting["OAUTH_PKCE_ENABLED"] is True
    assert setting["APPS"][0]["provider_id"] == "acme"
    assert origin_of(GOOD["server_url"]) == "https://id.acme.example"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not JSON"),
        ("{}", "not a list"),
        ("[1]", "not a list"),
        ('"x"', "not a list"),
        (json.dumps([{**GOOD, "secret": ""}]), 'Provider 1 has no "secret"'),
        (json.dumps([GOOD, {"id": "b"}]), 'Provider 2 has no "name"'),
        (json.dumps([{**GOOD, "client": "x"}]), 'unknown "client"'),
        (json.dumps([{**GOOD, "id": "A b"}]), "id of provider 1"),
        (json.dumps([{**GOOD, "server_url": "http://id.acme.example"}]), "not an https address"),
        (json.dumps([GOOD, GOOD]), "same id"),
    ],
)
def test_a_mistake_is_said(text: str, what: str) -> None:
    with pytest.raises(UserError, match=what) as told:
        identity_providers(text)
    assert told.value.where == "SMARKETING_OIDC"
