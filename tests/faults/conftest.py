"""Faults are tested on real processes: these tests may open connections to this machine."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_network() -> None:
    """The served site is asked over HTTP."""
