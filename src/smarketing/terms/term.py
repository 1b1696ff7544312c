"""What every term is: frozen, strict about unknown keys, validated when built."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Term(BaseModel):
    """A piece of an agreement. Two terms with the same content are equal and hash alike."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
