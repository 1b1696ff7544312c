"""What a signature signs: the bytes of an agreement that change when its content does, and only then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance
from smarketing.terms.target import Target, plain

FORMAT = 1
UNSIGNED = ("signatures",)
KEPT = 64
_KNOWN: dict[int, tuple[Agreement, str]] = {}  # agreements are frozen: what one said it says as long as it is there


def canonical_bytes(agreement: Agreement) -> bytes:
    """The agreement as JSON with sorted keys, without signatures and without what is left at its default.

    Leaving defaults out keeps old signatures valid when a later release adds a key; a default itself never changes.
    """
    content = canonical(agreement)
    document = {"format": FORMAT, "agreement": {key: content[key] for key in content if key not in UNSIGNED}}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(agreement: Agreement) -> str:
    """The SHA-256 of the canonical bytes: `sha256:` and 64 hexadecimal digits."""
    known, found = _KNOWN.get(id(agreement), (None, ""))
    if known is not agreement:
        found = "sha256:" + hashlib.sha256(canonical_bytes(agreement)).hexdigest()
        if len(_KNOWN) >= KEPT:
            _KNOWN.clear()
        _KNOWN[id(agreement)] = agreement, found
    return found


def canonical(value: Any) -> Any:
    """A term as what JSON can say, in exactly one way: 0.50 is 0.5, instants are UTC, targets are their words."""
    if isinstance(value, Target | Allowance):
        return str(value)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {name: canonical(getattr(value, name)) for name in fields if not is_default(value, name)}
    if isinstance(value, Mapping):
        return {str(key): canonical(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [canonical(entry) for entry in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def is_default(model: BaseModel, name: str) -> bool:
    """Whether a field says what it would say if it were left out."""
    field = type(model).model_fields[name]
    return not field.is_required() and getattr(model, name) == field.get_default(call_default_factory=True)
