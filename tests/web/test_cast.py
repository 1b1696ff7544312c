"""The people of the tests are who the tests say they are."""

from __future__ import annotations

from django.core.cache import cache
from tests.cast import Cast

from smarketing.records.access import actor_of


def test_each_has_their_role(cast: Cast, today) -> None:
    assert {str(kind) for kind in actor_of(cast.sam, today).principals} == {"person", "manager", "signer"}
    assert actor_of(cast.olu, today).is_admin
    assert actor_of(cast.dora, today).person is None
    assert actor_of(cast.eva, today).team_ids == {cast.marketing.id, cast.sales.id}


def test_a_browser_is_signed_in(cast: Cast) -> None:
    assert cast.client_of(cast.rita).get("/settings/").status_code == 200
    assert cast.client_of(None).get("/settings/").status_code == 302
    assert cast.client_of(cast.dora).get("/settings/").status_code == 302


def test_the_shared_cache_has_its_table(cast: Cast) -> None:  # noqa: ARG001
    cache.set("a", 1)
    assert cache.get("a") == 1
