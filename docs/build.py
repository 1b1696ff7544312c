"""docs/reference, written from the code: python -m docs.build [--check]."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `python3 dev.py docs`; edit the code instead. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    from docs.api_pages import api_table, openapi_json
    from docs.webhook_pages import webhook_events, webhook_schema

    return {
        "commitment-kinds.md": commitment_kinds(),
        "fact-columns.md": fact_columns(),
        "agreement-keys.md": agreement_keys(),
        "agreement-states.md": agreement_states(),
        "profile-keys.md": profile_keys(),
        "cli.md": command_line(),
        "settings.md": settings(),
        "scorecard.md": scorecard_json(),
        "json.md": json_answers(),
        "api.md": api_table(),
        "openapi.json": openapi_json(),
        "webhook-events.md": webhook_events(),
        "webhook-events.schema.json": webhook_schema(),
    }


def commitment_kinds() -> str:
    from smarketing.engine.metrics import METRICS

    parts = ["# Commitment kinds\n", "What each kind of promise judges, from the file that does it.\n"]
    for kind, module in METRICS.items():
        parts.append(f"## `{kind}`\n\n{(module.__doc__ or '').strip()}\n")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and function.__doc__:
                parts.append(f"**`{name}`**\n\n```\n{inspect.cleandoc(function.__doc__)}\n```\n")
    return "\n".join(parts)


def fact_columns() -> str:
    from smarketing.facts.schema import TABLES

    parts = ["# Fact columns\n", "The canonical tables. Instants are UTC, microseconds; money is exact.\n"]
    for table in TABLES.values():
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"## `{table.name}`\n\n{table.meaning} Key: {key}.\n")
        parts.append(rows(("column", "type", "required", "meaning"), _columns(table.columns)))
    return "\n".join(parts)


def _columns(columns: tuple[object, ...]) -> Iterator[tuple[str, ...]]:
    for column in columns:
        values = f": {', '.join(f'`{value}`' for value in column.values)}" if column.values else ""  # type: ignore[attr-defined]
        required = "yes" if column.required else ""  # type: ignore[attr-defined]
        yield f"`{column.name}`", str(column.dtype), required, f"{column.meaning}{values}"  # type: ignore[attr-defined]


def agreement_keys() -> str:
    from smarketing.terms.reference import agreement_keys as keys

    parts = ["# Agreement keys\n", "Every key an agreement file may hold. Unknown and repeated keys are refused.\n"]
    section = None
    lines: list[tuple[str, ...]] = []
    for name, key, kind, default, meaning in keys():
        if name != section and section is not None:
            parts += [f"## {section}\n", rows(("key", "type", "default", "meaning"), lines)]
            lines = []
        section = name
        lines.append((f"`{key}`", kind, default, meaning))
    parts += [f"## {section}\n", rows(("key", "type", "default", "meaning"), lines)]
    return "\n".join(parts)


def profile_keys() -> str:
    from smarketing.sources import profile

    parts = ["# Profile keys\n", "Every key a mapping profile may hold. Unknown and repeated keys are refused.\n"]
    places = {
        "Profile": "profile",
        "FileRules": "files.NAME",
        "Lookup": "files.NAME.lookups",
        "Take": "files.NAME.take",
    }
    places |= {"Each": "files.NAME.take.each", "Cell": "files.NAME.take.columns.FACT_COLUMN"}
    for name, place in places.items():
        model = getattr(profile, name)
        lines = [
            (f"`{key}`", "required" if info.is_required() else _plain(info.default), info.description or "")
            for key, info in model.model_fields.items()
        ]
        parts += [f"## {place}\n", f"{_prose(model)}\n", rows(("key", "default", "meaning"), lines)]
    parts.append(f"## Conditions (`when`)\n\n{_prose(profile.Condition)}\n")
    return "\n".join(parts)


def _plain(default: object) -> str:
    return str(default) if isinstance(default, str | int) else ""


def agreement_states() -> str:
    from smarketing.terms.lifecycle import state_diagram

    return f"# States of an agreement\n\n```mermaid\n{state_diagram().strip()}\n```\n"


def command_line() -> str:
    """Every command with its options, in English whatever the machine speaks."""
    import typer.main

    from smarketing.cli import commands  # noqa: F401 — registers every command
    from smarketing.cli.app import app

    parts = ["# Command line\n", "`smarketing COMMAND …`, or `python3 dev.py run COMMAND …` in a checkout.\n"]
    parts += list(_command(typer.main.get_command(app), "smarketing"))
    return "\n".join(parts)


def _command(command: object, name: str) -> Iterator[str]:
    for child_name, child in sorted(getattr(command, "commands", {}).items()):
        title = f"{name} {child_name}"
        yield f"## {title}\n\n{inspect.cleandoc(child.help or '')}\n"
        options = [_option(parameter) for parameter in child.params if parameter.name != "help"]
        if options:
            yield rows(("argument or option", "default", "meaning"), options)
        yield from _command(child, title)


def _option(parameter: object) -> tuple[str, str, str]:
    names = getattr(parameter, "opts", [])
    is_argument = getattr(parameter, "param_type_name", "") == "argument"
    shown = (parameter.name or "").upper() if is_argument else ", ".join(names)  # type: ignore[attr-defined]
    default = getattr(parameter, "default", None)
    needed = "required" if getattr(parameter, "required", False) else ""
    text = "" if default in (None, False, (), []) or callable(default) else f"`{default}`"
    return f"`{shown}`", needed or text, (getattr(parameter, "help", "") or "").replace("\n", " ")


def settings() -> str:
    from smarketing.config.environment import PREFIX, Environment

    about = (
        "Every setting of an installation, as an environment variable. Each may also stand in a file: "
        f"`{PREFIX}SECRET_KEY_FILE=/run/secrets/key` fills `{PREFIX}SECRET_KEY` in. "
        "`DATABASE_URL` is understood as well.\n"
    )
    lines = [
        (f"`{PREFIX}{name.upper()}`", _setting(field), field.description or "")
        for name, field in Environment.model_fields.items()
    ]
    return "\n".join(["# Settings\n", about, rows(("variable", "default", "meaning"), lines)])


def _setting(field: object) -> str:
    """The default as it would be written; what is worked out on the machine is left open."""
    default = field.default  # type: ignore[attr-defined]
    if field.default_factory is not None:  # type: ignore[attr-defined]
        return "the user's data folder"
    if isinstance(default, bool):
        return "`1`" if default else "`0`"
    return f"`{default}`" if default != "" else ""


def scorecard_json() -> str:
    """Every object of `smarketing score --json`, from the dataclasses and their comments."""
    from smarketing.scorecard import card, word

    parts = [
        "# Scorecard as JSON\n",
        "What `smarketing score --json` prints. Names are stable; keys may be added. Ratios are plain numbers (0.95),\n"
        "`*_s` are seconds, instants RFC 3339 UTC, days ISO 8601. What cannot be computed is null; a `why` says it.\n",
    ]
    homes = (card.__name__, word.__name__)
    found = [kind for kind in vars(card).values() if inspect.isclass(kind) and kind.__module__ in homes]
    objects = [kind for kind in found if dataclasses.is_dataclass(kind)]
    for kind in sorted(objects, key=lambda kind: kind is not card.Scorecard):
        parts += [f"## {kind.__name__}\n", f"{_prose(kind)}\n", rows(("key", "value", "meaning"), _keys(kind))]
    for kind in found:
        if issubclass(kind, enum.Enum):
            values = ", ".join(f"`{value.value}`" for value in kind)
            parts += [f"## {kind.__name__}\n", f"{_prose(kind)}\n", f"{values}\n"]
    return "\n".join(parts)


def json_answers() -> str:
    """Every key of every other `--json`, as the demo company makes the commands answer."""
    from docs.answers import answers, keys
    from docs.meanings import meaning

    parts = [
        "# Answers as JSON\n",
        "What each command prints with `--json`; `score` has [a page of its own](scorecard.md). Names are stable;\n"
        "keys may be added. Numbers are unrounded, ratios plain (0.95), `*_s` seconds, `*_us` microseconds; an\n"
        "instant is RFC 3339, or an object of `utc` and `local`. What cannot be computed is null. A command that\n"
        "fails prints `error` on standard output, its sentence on the error stream, and leaves with its\n"
        "[exit code](exit-codes.md).\n",
    ]
    for command, documents in answers().items():
        lines = [_key(path, kinds, meaning(command, path)) for path, kinds in keys(command, documents).items()]
        parts += [f"## {command}\n", rows(("key", "value", "meaning"), lines)]
    return "\n".join(parts)


def _key(path: str, kinds: set[str], text: str) -> tuple[str, str, str]:
    """A row of the table; a kind in brackets belongs to those that were seen."""
    more = re.match(r"\[(\w+)\] ", text)
    seen = sorted(kinds | ({more[1]} if more else set()), key=lambda kind: (kind == "null", kind))
    return f"`{path}`", " or ".join(seen), text[more.end() :] if more else text


def _prose(kind: type) -> str:
    """The docstring that somebody wrote; not the one that dataclasses make up."""
    text = inspect.cleandoc(kind.__doc__ or "")
    return "" if text.startswith(f"{kind.__name__}(") else text


def _keys(kind: type) -> Iterator[tuple[str, str, str]]:
    """The fields of a dataclass, those it inherits first, with the comments beside them."""
    names = {"lines": "commitments"}
    for owner in reversed(kind.__mro__[:-1]):
        for line in inspect.getsource(owner).splitlines():
            field = re.fullmatch(r"    (\w+): (.+?)(?: = [^#]+?)?(?:  # (.+))?", line)
            if field:
                name, value, meaning = field.groups()
                yield f"`{names.get(name, name)}`", _json_type(value), meaning or ""


def _json_type(annotation: str) -> str:
    """`tuple[Band, ...]` as "list of Band", `float | None` as "number or null"."""
    plain = {"int": "number", "float": "number", "str": "text", "bool": "true or false"}
    plain |= {"datetime": "instant", "date": "day"}
    words = annotation.replace("tuple[", "list of ").replace(", ...]", "").replace(" | None", " or null")
    return re.sub(r"\b(int|float|str|bool|datetime|date)\b", lambda found: plain[found.group()], words)


def rows(header: tuple[str, ...], lines: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    table = [header, tuple("---" for _ in header), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in table) + "\n"


def main(check: bool) -> int:
    stale = []
    for name, text in pages().items():
        path, wanted = REFERENCE / name, (NOTE if name.endswith(".md") else "") + text.rstrip() + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == wanted:
            continue
        stale.append(name)
        if not check:
            path.write_text(wanted, encoding="utf-8")
    verb = "stale, run python3 dev.py docs" if check else "written"
    print(f"docs/reference: {', '.join(stale)} {verb}" if stale else "docs/reference is fresh")
    return 1 if check and stale else 0


if __name__ == "__main__":
    import os

    os.environ["SMARKETING_LANG"] = "en"
    os.environ["COLUMNS"] = "100"
    sys.exit(main("--check" in sys.argv))
