"""The API's own pages: openapi.json, and its operations as a table."""

from __future__ import annotations

import atexit
import json
import os
import shutil
from tempfile import mkdtemp
from typing import Any


def openapi() -> dict[str, Any]:
    """The file, made without anybody's installation."""
    if "SMARKETING_HOME" not in os.environ:
        os.environ["SMARKETING_HOME"] = home = mkdtemp(prefix="smarketing-docs-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")
    import django

    django.setup()
    from smarketing.web.api.api import api

    return dict(api.get_openapi_schema())


def openapi_json() -> str:
    return json.dumps(openapi(), indent=2, ensure_ascii=False)


def api_table() -> str:
    from docs.build import rows

    found = openapi()
    parts = [
        "# API\n",
        found["info"]["description"],
        "[How to use it](../how-to/use-the-api.md) · [openapi.json](openapi.json)\n",
        "## Operations\n",
        rows(("operation", "what it does", "answers"), [_row(*each) for each in _operations(found)]),
        "## Refusals\n",
        rows(("status", "when"), [(status, each["description"]) for status, each in _refusals(found)]),
    ]
    return "\n".join(parts)


def _operations(found: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, said) for path, methods in found["paths"].items() for method, said in methods.items()]


def _row(method: str, path: str, said: dict[str, Any]) -> tuple[str, str, str]:
    more = said.get("description", "").replace("\n", " ")
    return f"`{method.upper()} {path}`", f"{said['summary']}. {more}".strip(), ", ".join(said["responses"])


def _refusals(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name.removeprefix("Problem"), each) for name, each in found["components"]["responses"].items()]
