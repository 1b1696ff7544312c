"""How each kind of source proves who it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from smarketing.sources.webhook.signatures import basic_auth, hubspot, standard
from smarketing.sources.webhook.signatures.request import Signed


class Check(Protocol):
    def __call__(self, request: Signed, live: Sequence[str], now: datetime) -> None:
        """Raises BadSignature unless one of the live secrets made this request."""


# A kind that is not here cannot sign: a secret in its address tells it from strangers.
CHECKS: Mapping[str, Check] = {"generic": standard.check, "hubspot": hubspot.check, "pipedrive": basic_auth.check}
