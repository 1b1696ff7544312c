"""Short names that stand in addresses: of sources and of endpoints."""

from __future__ import annotations

import re

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]")
