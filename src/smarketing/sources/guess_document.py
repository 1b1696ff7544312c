"""The profile that a guess comes to, as the tree that is written down: files, what each gives, and doubts."""

from __future__ import annotations

import re
from typing import Any

from smarketing.facts.schema import TABLES, Column
from smarketing.sources.files.rows import Note
from smarketing.sources.guess_columns import EMPTY_WORDS, bare_word, columns_of
from smarketing.sources.header_words import MEANINGS
from smarketing.sources.profile import is_derived
from smarketing.sources.proposal import FILL_IN, Proposal, Seen
from smarketing.terms.language import N_


def document_of(seen: list[Seen], ident: str, zone: str, proposal: Proposal) -> dict[str, Any]:
    decimals = {sign for each in seen for sign in each.decimals}
    currencies = {code for each in seen for code in each.currencies}
    empty = sorted({text for each in seen for text in _empty_texts(each)})
    document: dict[str, Any] = {"profile": ident, "kind": "file"}
    document |= {"zone": zone} if zone else {}
    document |= {"currency": currencies.pop()} if len(currencies) == 1 else {}
    document |= {"decimal": decimals.pop() if len(decimals) == 1 else "either"} if decimals - {"."} else {}
    document |= {"empty": empty} if empty else {}
    files: dict[str, Any] = {}
    has_leads = any(each.table == "lead" for each in seen)
    for each in seen:
        name = each.name
        while name in files:
            name += "_2"
        takes = [_take(each, each.table, each.columns, proposal)]
        if each.table == "deal" and not has_leads:
            takes.insert(0, _lead_of_deal(each, proposal))
        if each.table in ("lead", "deal"):
            takes += _first_stage(takes[0])
        files[name] = {
            "files": [f"{each.file.path.stem}*"],
            **({"sheet": each.file.sheet} if each.is_named else {}),
            **({"format": each.formats} if each.formats else {}),
            "take": takes,
        }
    return document | {"files": files}


def _empty_texts(seen: Seen) -> set[str]:
    found: set[str] = set()
    for name in seen.cells.columns:
        texts = seen.cells[name].drop_nulls()
        found |= set(texts.filter(texts.str.to_lowercase().is_in(EMPTY_WORDS)).to_list())
    return found


def _take(seen: Seen, table: str, columns: dict[str, str], proposal: Proposal) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column in TABLES[table].columns:
        if column.name in columns:
            cells[column.name] = _cell(seen, columns[column.name], column)
        elif column.required and not is_derived(table, column):
            cells[column.name] = _default(seen, table, column, proposal)
    return {"table": table, "columns": cells}


def _cell(seen: Seen, header: str, column: Column) -> Any:
    meanings = MEANINGS.get(column.name)
    if meanings is None:
        return header
    values, said = seen.values(header), seen.meanings.get(column.name)
    entries = dict(said) if said is not None else {v: meant for v in values if (meant := _meaning(v, meanings))}
    otherwise = {"status": "open", "outcome": "unknown", "reason": "slug", "lifecycle": "lead"}.get(column.name)
    told: dict[str, Any] = {"column": header}
    told |= {"map": entries} if entries else {}
    return told | ({"otherwise": otherwise} if otherwise and (entries or column.values) else {})


def _meaning(value: str, meanings: tuple[tuple[str, str], ...]) -> str:
    return next((meant for pattern, meant in meanings if re.search(pattern, value.lower())), "")


def _default(seen: Seen, table: str, column: Column, proposal: Proposal) -> Any:
    """What a required column gets when no header says it: what is usual, or a line to fill in."""
    stem = bare_word(seen.file.path.stem + " ".join(seen.cells.columns))
    usual = {
        ("touch", "kind"): next((m for p, m in MEANINGS["kind"] if re.search(p, stem)), "call"),
        ("touch", "direction"): "out",
        ("owner", "kind"): "person",
        ("stage_change", "entity"): "deal" if "deal" in stem or "opportunit" in stem else "lead",
        ("stage_change", "field"): "status",
    }
    value = usual.get((table, column.name))
    if value is None:
        message = N_("{file}: no column was found for {column}; write its header in place of FILL IN.")
        proposal.doubts.append(Note(message, {"file": seen.file.title, "column": f"{table}.{column.name}"}))
        return FILL_IN
    message = N_("{file}: {column} is taken to be {value} for every row.")
    values = {"file": seen.file.title, "column": f"{table}.{column.name}", "value": value}
    proposal.doubts.append(Note(message, values))
    return {"value": value}


def _lead_of_deal(seen: Seen, proposal: Proposal) -> dict[str, Any]:
    """No file is about leads: then a deal's row is the request as well."""
    twin = Seen(seen.file, seen.cells, seen.typed, table="lead")
    columns = {name: header for name, header in columns_of(twin).items() if name != "lead_id"}
    if "deal_id" in seen.columns:
        columns["lead_id"] = seen.columns["deal_id"]
        seen.columns.setdefault("lead_id", seen.columns["deal_id"])
    message = N_("{file}: no file is about leads, so every deal is taken to be a lead as well.")
    proposal.doubts.append(Note(message, {"file": seen.file.title}))
    return _take(twin, "lead", columns, proposal)


def _first_stage(lead: dict[str, Any]) -> list[dict[str, Any]]:
    """A lead is a lead from the moment it was made; later stages need a history."""
    columns = lead["columns"]
    if lead["table"] != "lead" or "lead_id" not in columns or columns.get("created_at") in (None, FILL_IN):
        return []
    said = {"entity": "lead", "field": "lifecycle", "to_value": "lead", "origin": "derived"}
    cells = {name: {"value": value} for name, value in said.items()}
    return [
        {
            "table": "stage_change",
            "columns": {**cells, "entity_id": columns["lead_id"], "changed_at": columns["created_at"]},
        }
    ]
