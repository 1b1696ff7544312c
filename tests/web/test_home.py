"""The address without a path leads each person to what is next for them."""

from __future__ import annotations

from tests.cast import Cast


def test_whoever_runs_the_installation_sees_the_first_steps(cast: Cast) -> None:
    page = cast.client_of(cast.olu).get("/").content.decode()
    assert "2 of 5 first steps are done" in page  # somebody is here, and so are both teams
    assert 'href="/first-run/data/"' in page


def test_members_of_a_team_wait_for_its_agreement(cast: Cast) -> None:
    page = cast.client_of(cast.maya).get("/").content.decode()
    assert "No agreement is in force yet" in page and "first steps" not in page


def test_somebody_of_no_team_learns_whom_to_ask(cast: Cast) -> None:
    assert "You are in no team yet" in cast.client_of(cast.nora).get("/").content.decode()


def test_nobody_in_particular_signs_in_first(cast: Cast) -> None:
    assert cast.client_of(None).get("/").headers["Location"].startswith("/sign-in/")
