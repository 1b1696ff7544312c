"""Merges followed to the end, whatever their order and however they loop."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from smarketing.facts.identity import ends

IDS = st.sampled_from("abcdefg")


def steps(*pairs: tuple[str, str], src: str = "crm") -> pl.DataFrame:
    return pl.DataFrame(
        {"src": [src] * len(pairs), "from_id": [a for a, _ in pairs], "to_id": [b for _, b in pairs]},
        schema={"src": pl.String, "from_id": pl.String, "to_id": pl.String},
    )


def followed(frame: pl.DataFrame) -> dict[str, tuple[str, bool]]:
    return {row["from_id"]: (row["to_id"], row["is_cycle"]) for row in ends(frame).iter_rows(named=True)}


def test_a_chain_of_merges_ends_at_its_last_record() -> None:
    assert followed(steps(("a", "b"), ("b", "c"), ("c", "d"))) == {
        "a": ("d", False),
        "b": ("d", False),
        "c": ("d", False),
    }


def test_a_circle_ends_nowhere_and_is_marked() -> None:
    assert followed(steps(("a", "b"), ("b", "a"), ("x", "a"))) == {
        "a": ("a", True),
        "b": ("b", True),
        "x": ("x", True),
    }


def test_a_record_merged_into_itself_is_a_circle_of_one() -> None:
    assert followed(steps(("a", "a"), ("b", "a"))) == {"a": ("a", False), "b": ("a", False)}


def test_no_merges_no_rows() -> None:
    assert ends(steps()).is_empty()


def test_equal_ids_of_two_sources_are_two_records() -> None:
    both = pl.concat([steps(("a", "b")), steps(("b", "c"), src="other")])
    assert ends(both)["to_id"].to_list() == ["b", "c"]


@given(st.dictionaries(IDS, IDS))
def test_walking_step_by_step_gives_the_same_end(chain: dict[str, str]) -> None:
    def walk(start: str) -> tuple[str, bool]:
        here = start
        for _ in range(len(chain) + 1):
            if here not in chain or chain[here] == here:
                return here, False
            here = chain[here]
        return start, True

    assert followed(steps(*chain.items())) == {start: walk(start) for start in chain}
