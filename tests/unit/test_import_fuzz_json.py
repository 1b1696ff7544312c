"""JSON Lines of F-09: what other readers accept silently is set aside with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.small_import import DEALS, Brought, bring, check_nothing_lost

from smarketing.terms.errors import UserError

GOOD = '{"Id": "%s", "Created": "2026-01-05T10:00", "Owner": "rita", "Source": "Web", "Score": 7, "Status": "New"}'


def brought(tmp_path: Path, *lines: str | bytes, **how: object) -> Brought:
    content = b"\n".join(line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in lines)
    return bring(tmp_path, content, name="leads.jsonl", **how)  # type: ignore[arg-type]


def with_cell(text: str, name: str = "Status") -> str:
    return (GOOD % "bad").replace(f'"{name}": "New"', f'"{name}": {text}')


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (with_cell('"New", "Status": "Lost"'), "json_duplicate_key"),
        (with_cell('{"a": 1, "a": 2}'), "json_duplicate_key"),
        (with_cell('"New", "x.y": 1, "x": {"y": 2}'), "json_duplicate_key"),
        (with_cell("NaN"), "json_not_a_number"),
        (with_cell("Infinity"), "json_not_a_number"),
        (with_cell("-Infinity"), "json_not_a_number"),
        (with_cell(r'"\ud800"'), "json_lone_surrogate"),
        (with_cell(r'"\u0000"'), "control_character"),
        (with_cell('"New"') + " trailing", "json_invalid"),
        (with_cell('"New"') + with_cell('"New"'), "json_invalid"),
        ('{"Id": "bad"', "json_invalid"),
        ("{'Id': 'bad'}", "json_invalid"),
        ("{Id: 1}", "json_invalid"),
        ('["bad"]', "json_invalid"),
        ('"bad"', "json_invalid"),
        ("null", "json_invalid"),
        ("17", "json_invalid"),
        (with_cell("[" * 40 + "]" * 40), "json_too_deep"),
        (with_cell('"' + "x" * 131_073 + '"'), "cell_too_long"),
        (with_cell('"a\tb"'), "json_invalid"),
        ('{"Id": "bad", "Created": "2026-01-05",}', "json_invalid"),
        (with_cell("01"), "json_invalid"),
    ],
)
def test_a_line_that_only_some_would_read_costs_itself(tmp_path: Path, line: str, reason: str) -> None:
    found = brought(tmp_path, GOOD % "a", line, GOOD % "b")
    assert found.counts == (3, 2, 1, 0)
    assert found.file.reasons == {reason: 1}
    assert found.rejects[0]["rejected row"] == "2"
    check_nothing_lost(found, ["a", "b"])


def test_a_byte_order_mark_blank_lines_and_no_end(tmp_path: Path) -> None:
    found = brought(tmp_path, "\ufeff" + GOOD % "a", "", "  ", GOOD % "b")
    assert found.counts == (2, 2, 0, 0)
    assert found.file.n_blank == 2


def test_bytes_that_are_not_utf8_cost_their_line(tmp_path: Path) -> None:
    lines = [(GOOD % "a").replace("rita", "Íñigo"), (GOOD % "b").encode().replace(b"rita", b"Pe\xf1a"), GOOD % "c"]
    found = brought(tmp_path, *lines)
    assert found.file.reasons == {"bad_bytes": 1}
    assert found.column("lead_id") == ["a", "c"]


def test_utf16(tmp_path: Path) -> None:
    found = bring(tmp_path, "\n".join([GOOD % "a", GOOD % "b"]).encode("utf-16"), name="leads.ndjson")
    assert found.column("lead_id") == ["a", "b"]


def test_numbers_lose_no_digit(tmp_path: Path) -> None:
    """2^53 + 1 and an id of forty digits stay what they are; 1e999 is no amount and 5,000 digits are no crash."""
    lines = [
        '{"Id": 9007199254740993, "Amount": 0.1}',
        '{"Id": 1234567890123456789012345678901234567890, "Amount": -0}',
        '{"Id": "c", "Amount": 1e999}',
        '{"Id": "d", "Amount": ' + "9" * 5_000 + "}",
        '{"Id": ' + "1" * 5_000 + ', "Amount": 1}',
        '{"Id": "f", "Amount": 1.5E3}',
    ]
    found = brought(tmp_path, *lines, by=DEALS)
    assert found.file.reasons == {"number_too_large": 2, "id_too_long": 1}
    deals = found.frame("deal").sort("deal_id")
    assert deals["deal_id"].to_list() == ["1234567890123456789012345678901234567890", "9007199254740993", "f"]
    assert [str(amount) for amount in deals["amount"]] == ["0.0000", "0.1000", "1500.0000"]


def test_wrong_types_are_texts_flags_and_lists(tmp_path: Path) -> None:
    line = '{"Id": 5, "Created": "2026-01-05", "Owner": true, "Source": ["Web", null, 3], "Score": "8", "Status": {}}'
    found = brought(tmp_path, line, by=None or _no_owner())
    lead = found.frame().row(0, named=True)
    assert (lead["lead_id"], lead["source_raw"], lead["score"], lead["status"]) == ("5", "Web;3", 8.0, None)


def _no_owner() -> str:
    from tests.small_import import LEADS

    return LEADS.replace("          owner_id: Owner\n", "")


def test_null_everywhere_is_a_blank_row_with_what_it_lacks(tmp_path: Path) -> None:
    found = brought(tmp_path, GOOD % "a", '{"Id": null, "Created": null, "Owner": null}', "{}")
    assert found.counts == (3, 1, 2, 0)
    assert found.file.reasons == {"required_empty": 2}


def test_nested_objects_are_columns_with_a_point(tmp_path: Path) -> None:
    from tests.small_import import LEADS

    line = '{"id": "1", "properties": {"createdate": "2026-01-05T10:00Z", "owner": {"id": 7}}}'
    by = LEADS.replace("Created", "properties.createdate").replace(": Owner", ": properties.owner.id")
    found = brought(tmp_path, line, by=by)
    assert found.frame().select("lead_id", "owner_id").row(0) == ("1", "7")


def test_keys_may_come_late_and_go_missing(tmp_path: Path) -> None:
    """The columns of the file are those of all its lines, whatever the first one has."""
    lines = ['{"Id": "a", "Created": "2026-01-05"}', *[GOOD % f"r{n}" for n in range(5)]]
    found = brought(tmp_path, *lines)
    assert found.column("owner_id") == [None, *["rita"] * 5]


def test_one_array_is_told_to_be_lines(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no JSON object") as error:
        brought(tmp_path, json.dumps([json.loads(GOOD % "a")], indent=1))
    assert "one object a line" in error.value.hint


def test_a_file_of_no_object_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no JSON object"):
        brought(tmp_path, "{", "{", "{")
