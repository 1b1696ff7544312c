"""Background jobs by name: one line each, they call a workflow."""

from __future__ import annotations
