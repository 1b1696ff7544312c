"""What went wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """One problem; `more` are further members: where, errors."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    content = json.dumps({name: value for name, value in said.items() if value not in ("", None)}, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=TYPE)
