"""Plain data as YAML that our strict reader takes back unchanged: every doubtful text in quotes."""

from __future__ import annotations

import re
from typing import Any

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*")
WIDTH = 100


def yaml_text(data: dict[str, Any]) -> str:
    return "\n".join(_mapping(data, 0)) + "\n"


def _mapping(data: dict[str, Any], depth: int) -> list[str]:
    lines = []
    for key, value in data.items():
        lines += _entry(f"{' ' * depth}{_scalar(key)}:", value, depth)
    return lines


def _entry(head: str, value: Any, depth: int) -> list[str]:
    short = f"{head} {_flow(value)}"
    if not isinstance(value, dict | list) or (len(short) <= WIDTH and not _is_deep(value)):
        return [short]
    if isinstance(value, dict):
        return [head, *_mapping(value, depth + 2)]
    lines = [head]
    for item in value:
        body = _mapping(item, depth + 4) if isinstance(item, dict) else [f"{' ' * (depth + 4)}{_flow(item)}"]
        lines += [f"{' ' * (depth + 2)}- {body[0].strip()}", *body[1:]]
    return lines


def _is_deep(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(each, dict | list) and each for each in inner)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    text = str(value)
    lower = text.lower()
    if PLAIN.fullmatch(text) and lower not in ("true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
