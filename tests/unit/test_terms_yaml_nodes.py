"""YAML is read without guessing: what two readers could understand differently is refused, with its line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from tests.agreement_files import AGREEMENT, agreement, changed, fault, faults

from smarketing.terms.errors import TermsError
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.read_yaml import read_agreement


def test_the_agreement_of_these_tests_reads() -> None:
    assert faults(AGREEMENT) == []


def test_a_key_said_twice_names_both_lines() -> None:
    twice = fault("zone: Europe/Madrid\nin_force", "zone: Europe/Madrid\nzone: Europe/Rome\nin_force")
    assert twice == '4: "zone" is said twice: first on line 3. Keep one of them.'


def test_a_key_said_twice_deep_inside() -> None:
    assert fault("    party: sales\n", "    party: sales\n    party: marketing\n").startswith(
        '40: "party" is said twice'
    )


def test_an_anchor_is_refused() -> None:
    assert fault("contacts: [{name: Maya}]", "contacts: [&maya {name: Maya}]") == (
        '9: The anchor "&maya" names a part of the file. Remove it: anchors are refused.'
    )


def test_an_alias_is_refused() -> None:
    found = faults(changed("contacts: [{name: Maya}]", "contacts: [*maya]"))
    assert found == ['9: "*maya" repeats another part of the file. Write the part out again: aliases are refused.']


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    bomb = 'a: &a ["x","x","x"]\n' + "".join(f"{b}: &{b} [*{a},*{a},*{a}]\n" for a, b in pairwise("abcdefghi"))
    assert faults(bomb)[-1].startswith('2: "*a" repeats')


def test_a_tag_is_refused() -> None:
    assert fault("title: Marketing", "title: !!python/object:os.system Marketing").startswith(
        '2: The tag "tag:yaml.org,2002:python/object:os.system" is not understood.'
    )


def test_a_merge_key_is_refused() -> None:
    assert fault("handover: {at: stage, stage: mql}", "handover: {<<: {at: stage}, stage: mql}") == (
        '22: "<<" merges another mapping. Write the keys out: merge keys are refused.'
    )


def test_a_second_document_is_refused() -> None:
    n_lines = AGREEMENT.count("\n")
    assert faults(AGREEMENT + "---\nid: other\n") == [
        f'{n_lines + 1}: A second document begins here ("---"). Keep one document in a file.'
    ]


def test_a_tab_is_named_as_such() -> None:
    assert fault("    name: Sales\n", "\tname: Sales\n") == "11: A tab indents this line. Indent with spaces."


@pytest.mark.parametrize(
    ("torn", "expected"),
    [
        ("title: Acme: marketing and sales", 'Put a text that contains ": " in quotes'),
        ("title: @acme", "put a text that begins with a sign such as @ or % in quotes"),
        ("title: 'Acme", "A quote was opened and never closed."),
        ("title: [Acme", "A bracket was opened and never closed"),
    ],
)
def test_text_that_is_not_yaml_says_what_to_do(torn: str, expected: str) -> None:
    found = faults(changed("title: Marketing and sales at Acme", torn))
    assert len(found) == 1
    assert found[0].split(":")[0].isdigit()
    assert "This is not YAML" in found[0]
    assert expected in found[0]


@pytest.mark.parametrize("empty", ["", "\n\n", "# only a comment\n", "---\n", "null\n"])
def test_an_empty_file(empty: str) -> None:
    assert len(faults(empty)) == 1


def test_a_list_where_an_agreement_is_expected() -> None:
    assert faults("- id: acme\n") == ["1: The file holds keys with values, not a list."]


def test_a_key_that_is_a_list() -> None:
    assert faults("[id, title]: acme\n") == ["1: A key must be one word, not a list or mapping."]


def test_a_file_longer_than_people_read() -> None:
    lines = "personas:\n" + "".join(f"  - persona {n}\n" for n in range(30_000))
    assert faults(AGREEMENT + lines)[0].endswith("Keep it below 20000 values and 12 levels.")


def test_a_file_deeper_than_people_read() -> None:
    assert "longer or deeper than terms that people read" in faults("a: " + "[" * 100_000)[0]


def test_a_huge_file_is_not_even_parsed() -> None:
    assert "too large" in faults("title: " + "x" * (1 << 20))[0]


def test_hidden_direction_marks_are_refused() -> None:
    assert fault("name: Marketing\n", "name: Mark\u202eeting\n") == (
        "7: An invisible character hides in this line. Type the line again."
    )


def test_control_characters_are_refused() -> None:
    found = faults(changed("name: Marketing\n", "name: Mark\x00eting\n"))
    assert len(found) == 1
    assert "This is not YAML" in found[0]


def test_half_a_character_is_refused() -> None:
    assert "not UTF-8" in faults(changed("title: Marketing", "title: \ud800Marketing"))[0]


def test_letters_written_in_two_ways_are_one_text() -> None:
    apart, together = "title: Jose\u0301", "title: Jos\u00e9"
    old = "title: Marketing and sales at Acme"
    assert agreement(changed(old, apart)) == agreement(changed(old, together))


def test_a_file_with_a_byte_order_mark_reads(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + AGREEMENT.encode())
    assert read_agreement(path).id == "acme"


def test_windows_line_ends_read_and_count(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_bytes(changed("target: 140 leads", "target: lots").replace("\n", "\r\n").encode())
    with pytest.raises(UnreadableTerms) as refused:
        read_agreement(path)
    assert refused.value.where == f"{path}:35"


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_bytes(changed("name: Sales", "name: Atención").encode("latin-1"))
    with pytest.raises(UnreadableTerms) as refused:
        read_agreement(path)
    assert str(refused.value) == f"{path}:11: The file is not UTF-8 text. Save it again as UTF-8."


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="There is no such file"):
        read_agreement(tmp_path / "none.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="cannot be read"):
        read_agreement(tmp_path)


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = changed("title:", "titel:", changed("role: sales", "role: selling", changed("140 leads", "4h")))
    with pytest.raises(UnreadableTerms) as refused:
        agreement(text)
    lines = str(refused.value).splitlines()
    assert lines[0] == 'acme.yaml:2: There is no key "titel" here. Did you mean "title"?'
    assert lines[1] == "and 2 more:"
    assert [line.split()[0] for line in lines[2:]] == ["acme.yaml:12:", "acme.yaml:35:"]
