"""Logs on the error stream: lines for people, or one JSON object a line for machines; secrets never."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from smarketing.web.tracing import request_id

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "status_code", "server_time"}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class JsonLines(logging.Formatter):
    """One JSON object for each record; whatever was passed as `extra` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if own := request_id.get():
            line["request_id"] = own
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)  # ASCII: no character of a stranger can forge a line or turn it around


class TextLines(logging.Formatter):
    """A line for people; control characters of whatever it quotes are spelled out."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 — logging's own name
        record.message = UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", record.message)
        return super().formatMessage(record)


class PatternsOnly(logging.Filter):
    """Django's own lines quote paths, and a path may hold the key of an invitation: the pattern takes its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            pattern = f"/{match.route}" if match else "(no such page)"
            record.args = tuple(pattern if value == path else value for value in record.args)
        return True


def logging_of(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for `json` or `text`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "smarketing.config.logs.JsonLines"},
            "text": {
                "()": "smarketing.config.logs.TextLines",
                "format": "{asctime} {levelname:<7} {name}: {message}",
                "style": "{",
            },
        },
        "filters": {"patterns": {"()": "smarketing.config.logs.PatternsOnly"}},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": form, "filters": ["patterns"]}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "axes": {"level": "WARNING"},
        },
    }
