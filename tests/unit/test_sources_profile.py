"""Mapping profiles: every fault with its line and a way out; what is written is what is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.small_import import LEADS, bring

from smarketing.sources.profile import Cell
from smarketing.sources.read_profile import profile_fingerprint, read_profile, read_profile_text, shipped_profiles
from smarketing.terms.errors import TermsError, UserError


def fault(old: str, new: str) -> str:
    assert old in LEADS
    with pytest.raises(TermsError) as error:
        read_profile_text(LEADS.replace(old, new, 1), where="mine.yaml")
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "hint"),
    [
        ("profile: small", "profile: Small!", 2, "profile", ""),
        ("zone: Europe/Madrid", "zone: Europe/Madird", 3, '"Europe/Madird" is not a time zone', "Europe/Madrid"),
        ("currency: EUR", "currency: euro", 4, "currency", ""),
        ('format: ["%d/%m/%Y %H:%M"]', 'format: ["dd/mm/yyyy"]', 5, "is no format of times", "%d.%m.%Y"),
        ("files:\n  leads:", "filse:\n  leads:", 6, 'no key "filse"', 'Did you mean "files"'),
        ('    files: ["*"]', "    files: []", 7, "Nothing says which file this is", "files:"),
        ("table: lead", "table: leads", 10, 'no fact table "leads"', 'Did you mean "lead"'),
        ("created_at: Created", "creatd_at: Created", 10, 'lead has no column "creatd_at"', "created_at"),
        ("          created_at: Created\n", "", 10, "lead.created_at must be filled", "when the request was made"),
        ("owner_id: Owner", "owner_id: {colum: Owner}", 14, 'no key "colum"', 'Did you mean "column"'),
        ("owner_id: Owner", "owner_id: {column: Owner, value: x}", 14, "`column` or by `value`", "one of the two"),
        ("owner_id: Owner", "owner_id: {column: Owner, part: 1}", 14, "go together", "split"),
        ("owner_id: Owner", "owner_id: {column: Owner, use_map: names}", 2, 'no map "names"', ""),
        ("score: Score", "score: Score\n          score: Points", 17, "said twice", "Keep one"),
        ("status: Status", "lifecycle: {value: MQL}", 10, 'lifecycle cannot be "MQL"', 'Did you mean "mql"'),
        ("status: Status", "lifecycle: {column: S, map: {x: hot}}", 10, 'lifecycle cannot be "hot"', "Choose one of"),
        ("status: Status", 'is_test: {value: "yes"}', 10, '"true" or "false"', ""),
        ("status: Status", "status: {column: S, map: {true: x}}", 17, "", "quotes"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(old: str, new: str, line: int, said: str, hint: str) -> None:
    told = fault(old, new)
    assert told.startswith("mine.yaml:")
    assert abs(int(told.split(":")[1]) - line) <= 1, told
    assert said in told
    assert hint in told


def test_a_condition_in_no_known_form() -> None:
    assert "A condition is" in fault("table: lead", "table: lead\n        when: {Status: {like: x}}")
    assert "keys column and split" in fault("table: lead", "table: lead\n        each: Status")


def test_a_lookup_into_a_file_that_is_not_there() -> None:
    added = 'files: ["*"]\n    lookups: [{file: people, on: {a: b}, columns: [c]}]'
    assert 'no file "people"' in fault('files: ["*"]', added)


def test_yaml_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    for content in (b"", b"\t:", b"a: [", b"\xff\xfe", b"profile: a\n---\nprofile: b"):
        path.write_bytes(content)
        with pytest.raises(UserError):
            read_profile(str(path))


def test_profiles_are_found_by_name_or_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(LEADS)
    assert read_profile(str(path)).profile == "small"
    with pytest.raises(UserError, match="cannot be read"):
        read_profile(str(tmp_path / "gone.yaml"))
    with pytest.raises(UserError) as error:
        read_profile("hubspot_exprot")
    assert 'Did you mean "hubspot_export"' in error.value.hint


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_loads_and_is_called_by_its_file(name: str) -> None:
    found = read_profile(name)
    assert found.profile == name
    assert found.title
    assert found.files


def test_the_shipped_profiles_are_those_the_manual_names() -> None:
    named = {"hubspot_export", "salesforce_export", "pipedrive_export", "zoho_export", "generic"}
    assert named | {"fivetran_hubspot", "fivetran_salesforce"} <= set(shipped_profiles())


def test_a_fingerprint_tells_profiles_apart_and_nothing_else() -> None:
    one = read_profile_text(LEADS, where="a")
    same = read_profile_text(LEADS.replace("currency: EUR", "currency:   EUR  # euros"), where="b")
    other = read_profile_text(LEADS.replace("EUR", "USD"), where="c")
    assert profile_fingerprint(one) == profile_fingerprint(same) != profile_fingerprint(other)


def test_a_cell_may_be_written_short() -> None:
    read = read_profile_text(LEADS.replace("owner_id: Owner", "owner_id: [Owner, Rep]"), where="x")
    columns = read.files["leads"].take[0].columns
    assert columns["owner_id"] == Cell(column=("Owner", "Rep"))
    assert columns["lead_id"] == Cell(column=("Id",))


HEADER = "Id,Created,Owner,Source,Score,Status,Extra\n"


def filled(tmp_path: Path, cell: str, row: str, *, into: str = "status") -> object:
    """What a column of the fact holds when `cell` fills it from one row."""
    old = {"status": "status: Status", "channel": "channel: Source", "owner_id": "owner_id: Owner"}[into]
    found = bring(tmp_path, HEADER + row + "\n", by=LEADS.replace(old, f"{into}: {cell}"))
    leads = found.frame()
    return leads[into][0] if leads.height else next(iter(found.file.reasons))


@pytest.mark.parametrize(
    ("cell", "row", "expected"),
    [
        ("Status", "a,2026-01-05,rita,Web,7,New,x", "New"),
        ("[Extra, Status]", "a,2026-01-05,rita,Web,7,New,x", "x"),
        ("[Extra, Status]", "a,2026-01-05,rita,Web,7,New,", "New"),
        ("[Absent, Status]", "a,2026-01-05,rita,Web,7,New,", "New"),
        ("Absent", "a,2026-01-05,rita,Web,7,New,", None),
        ('{column: [Status, Extra], join: " / "}', "a,2026-01-05,rita,Web,7,New,x", "New / x"),
        ('{column: [Status, Extra], join: " / "}', "a,2026-01-05,rita,Web,7,,x", "x"),
        ("{value: fixed}", "a,2026-01-05,rita,Web,7,New,x", "fixed"),
        ("{column: Status, map: {NEW: fresh}}", "a,2026-01-05,rita,Web,7,New,x", "fresh"),
        ("{column: Status, map: {N*: fresh}}", "a,2026-01-05,rita,Web,7,New,x", "fresh"),
        ("{column: Status, map: {Old: stale}}", "a,2026-01-05,rita,Web,7,New,x", "New"),
        ("{column: Status, map: {Old: stale}, otherwise: empty}", "a,2026-01-05,rita,Web,7,New,x", None),
        ("{column: Status, map: {Old: stale}, otherwise: other}", "a,2026-01-05,rita,Web,7,New,x", "other"),
        ("{column: Status, map: {Old: stale}, otherwise: reject}", "a,2026-01-05,rita,Web,7,New,x", "not_in_map"),
        ("{column: Status, map: {New: ~}}", "a,2026-01-05,rita,Web,7,New,x", None),
        ("{column: Status, otherwise: slug}", "a,2026-01-05,rita,Web,7,Año Nuevo!,x", "ano_nuevo"),
        ("{column: Status, if_empty: none yet}", "a,2026-01-05,rita,Web,7,,x", "none yet"),
        ('{column: Status, split: "/", part: 2}', "a,2026-01-05,rita,Web,7,one / two,x", "two"),
        ('{column: Status, split: "/", part: 3}', "a,2026-01-05,rita,Web,7,one / two,x", None),
        ('{column: Status, trim: "[] "}', "a,2026-01-05,rita,Web,7,[ 12 ],x", "12"),
        ("{column: Status, when: {Extra: filled}}", "a,2026-01-05,rita,Web,7,New,x", "New"),
        ("{column: Status, when: {Extra: filled}}", "a,2026-01-05,rita,Web,7,New,", None),
    ],
)
def test_how_a_cell_is_filled(tmp_path: Path, cell: str, row: str, expected: object) -> None:
    assert filled(tmp_path, cell, row) == expected


def test_a_prefix_keeps_the_ids_of_two_objects_apart(tmp_path: Path) -> None:
    row = "a,2026-01-05,7,Web,7,New,x"
    assert filled(tmp_path, '{column: Owner, prefix: "user:"}', row, into="owner_id") == "user:7"


def test_a_channel_is_a_word_and_keeps_its_spelling_beside_it(tmp_path: Path) -> None:
    found = bring(tmp_path, HEADER + "a,2026-01-05,rita,Facebook Ads,7,New,\n")
    assert found.frame().select("channel", "source_raw").row(0) == ("facebook_ads", "Facebook Ads")


def test_a_value_the_column_does_not_take_is_told(tmp_path: Path) -> None:
    by = LEADS.replace("status: Status", "lifecycle: Status")
    assert bring(tmp_path, HEADER + "a,2026-01-05,rita,Web,7,MQL,\n", by=by).column("lifecycle") == ["mql"]
    found = bring(tmp_path, HEADER + "a,2026-01-05,rita,Web,7,Hot,\n", by=by, folder="other")
    assert found.file.reasons == {"not_allowed": 1}


def test_a_file_is_known_by_its_name_then_by_its_columns(tmp_path: Path) -> None:
    two = LEADS.replace('files: ["*"]', 'files: ["people*"]\n    headers: [Status]') + LEADS[
        LEADS.index("  leads:") :
    ].replace("  leads:", "  others:").replace('files: ["*"]', 'files: ["people_old*"]\n    headers: [Extra]').replace(
        "status: Status", "status: Extra"
    )
    row = HEADER + "a,2026-01-05,rita,Web,7,New,x\n"
    assert bring(tmp_path, row, by=two, name="people.csv", folder="1").file.read_as == "leads"
    assert bring(tmp_path, row, by=two, name="people_old.csv", folder="2").file.read_as == "others"
    without = "Id,Created,Status\na,2026-01-05,New\n"
    assert bring(tmp_path, without, by=two, name="export-7.csv", folder="3").file.read_as == "leads"
    with pytest.raises(UserError, match="several ways: leads, others"):
        bring(tmp_path, row, by=two, name="export-8.csv", folder="4")
