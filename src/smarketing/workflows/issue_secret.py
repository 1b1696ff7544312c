"""What a source proves itself with: a secret that it signs with, or a token in its address."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.records.models import Source, SourceKind
from smarketing.records.sealed import seal
from smarketing.records.secrets import digest, new_secret
from smarketing.sources.webhook.signatures import standard
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

GIVEN = frozenset({SourceKind.HUBSPOT})  # whose secret is made over there
USER = "smarketing"  # Pipedrive sends a name and a password
SHORTEST = 16


@dataclass(frozen=True, slots=True)
class NewSource:
    """`secret` and `token` (the end of its address) are shown now and never again; one of them is empty."""

    source: Source
    secret: str
    token: str


def issue(source: Source, given: str) -> NewSource:
    """Put a fresh secret into the record, unsaved.

    Takes   given  the secret that the other system made, where it makes them
    Raises  UserError when that one is missing
    """
    if source.kind in GIVEN and len(given.strip()) < SHORTEST:
        raise UserError(
            N_("The client secret is missing or too short."),
            hint=N_("Copy it from the settings of your app over there; it has at least {n} characters."),
            n=SHORTEST,
        )
    secret, token = given.strip() if source.kind in GIVEN else "", ""
    if source.kind == SourceKind.GENERIC:
        secret = standard.new_secret()
    elif source.kind == SourceKind.PIPEDRIVE:
        secret = f"{USER}:{new_secret()}"
    elif not secret:
        token = new_secret()
    source.secret, source.path_digest = seal(secret), digest(token) if token else ""
    return NewSource(source, secret, token)
