"""What days do to signed versions, and what they hold for those who judge leads by them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.cast import Cast
from tests.negotiations import NOW, TEXT, a_draft, a_proposal, a_signed, a_successor, changed, fingerprint, status

from smarketing.records.access import Refused, actor_of
from smarketing.records.agreements import held_versions, members_of, waits
from smarketing.records.models import Comment, Event
from smarketing.records.negotiation import Stale
from smarketing.terms.errors import TermsError, UserError
from smarketing.terms.language import words
from smarketing.terms.lifecycle import Status
from smarketing.terms.lint import lint
from smarketing.workflows.acknowledge_version import acknowledge_version
from smarketing.workflows.amend_version import amend_version
from smarketing.workflows.comment_on_clause import (
    comment_on_clause,
    correct_comment,
    remove_comment,
    settle_comment,
)
from smarketing.workflows.end_version import end_version
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.save_draft import save_draft
from smarketing.workflows.turn_versions import turn_versions


def at(day: str, time: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)


def test_a_version_starts_when_its_first_day_begins_in_its_zone(cast: Cast) -> None:
    version = a_signed(cast)
    assert turn_versions(now=at("2026-01-31", "22:59")) == 0
    assert turn_versions(now=at("2026-01-31", "23:00")) == 1  # midnight in Madrid
    assert turn_versions(now=at("2026-01-31", "23:00")) == 0
    assert status(version) is Status.IN_FORCE
    event = Event.objects.last()
    assert event is not None and (event.verb, event.by) == ("start_version", None)


def test_a_successor_takes_over_on_its_first_day(cast: Cast) -> None:
    first = a_signed(cast)
    turn_versions(now=at("2026-02-01"))
    second = a_successor(cast, first, now=at("2026-02-10"))
    assert (second.number, second.from_on, second.based_on) == (2, date(2026, 3, 1), first)
    turn_versions(now=at("2026-02-28"))
    assert (status(first), status(second)) == (Status.IN_FORCE, Status.SIGNED)
    turn_versions(now=at("2026-03-01"))
    assert (status(first), status(second)) == (Status.SUPERSEDED, Status.IN_FORCE)


def test_what_was_missed_is_made_up_for(cast: Cast) -> None:
    first = a_signed(cast)
    second = a_successor(cast, first, now=at("2026-01-20"))
    assert turn_versions(now=at("2026-06-01")) == 3
    assert (status(first), status(second)) == (Status.SUPERSEDED, Status.IN_FORCE)


def test_the_last_day_belongs_to_it(cast: Cast) -> None:
    version = a_signed(cast, changed("from_on: 2026-02-01", "from_on: 2026-02-01, until_on: 2026-02-28"))
    turn_versions(now=at("2026-02-28"))
    assert status(version) is Status.IN_FORCE
    turn_versions(now=at("2026-03-01"))
    assert status(version) is Status.ENDED


def test_signed_versions_carry_signatures_that_fit(cast: Cast) -> None:
    a_signed(cast)
    (version,) = versions_of("acme")
    assert {signature.party for signature in version.signatures} == {"marketing", "sales"}
    assert "signature_broken" not in {concern.code for concern in lint(version, words("en"))}


def test_a_late_signature_flips_no_closed_month(cast: Cast) -> None:
    """A-35: version 2 is signed on 12 June and says that it holds from 1 June."""
    first = a_signed(cast)
    turn_versions(now=at("2026-06-01"))
    second = a_successor(cast, first, now=at("2026-06-12"), from_on=date(2026, 6, 1))
    turn_versions(now=at("2026-06-12"))
    assert status(second) is Status.IN_FORCE
    held = versions_of("acme")
    assert [each.in_force.from_on for each in held] == [date(2026, 2, 1), date(2026, 6, 12)]


def test_nothing_is_judged_after_an_end(cast: Cast) -> None:
    version = a_signed(cast)
    turn_versions(now=at("2026-02-01"))
    with pytest.raises(Refused):
        end_version(version_id=version.id, party="sales", why="Over.", by=cast.maya, now=at("2026-03-10"))
    end_version(version_id=version.id, party="marketing", why="Over.", by=cast.maya, now=at("2026-03-10"))
    assert versions_of("acme")[0].in_force.until_on == date(2026, 3, 10)


def test_a_version_called_off_before_its_first_day_never_held(cast: Cast) -> None:
    first = a_signed(cast)
    second = a_successor(cast, first, now=at("2026-01-20"))
    end_version(version_id=second.id, party="sales", why="Not now.", by=cast.sam, now=at("2026-01-21"))
    assert [each.version for each in versions_of("acme")] == [1]
    assert amend_version(version_id=first.id, by=cast.maya, now=at("2026-01-22")).number == 3


def test_an_amendment_keeps_its_authors_remarks(cast: Cast) -> None:
    following = amend_version(version_id=a_signed(cast).id, by=cast.maya, now=NOW)
    text = following.revisions.get().text
    assert text == TEXT.replace("version: 1", "version: 2").replace("2026-02-01", "2026-03-01")


def test_a_version_that_does_not_begin_later_is_not_proposed(cast: Cast) -> None:
    following = amend_version(version_id=a_signed(cast).id, by=cast.maya, now=NOW)
    text = following.revisions.get().text.replace("2026-03-01", "2026-02-01")
    save_draft(version_id=following.id, text=text, revision=1, by=cast.maya, now=NOW)
    with pytest.raises(TermsError, match="not after version 1"):
        propose_version(version_id=following.id, revision=2, by=cast.maya, now=NOW)


def test_a_party_is_not_written_out_of_an_agreement(cast: Cast) -> None:
    following = amend_version(version_id=a_signed(cast).id, by=cast.maya, now=NOW)
    text = following.revisions.get().text.replace("role: sales", "role: service")
    save_draft(version_id=following.id, text=text, revision=1, by=cast.maya, now=NOW)
    with pytest.raises(TermsError, match="Sales is a party of version 1"):
        propose_version(version_id=following.id, revision=2, by=cast.maya, now=NOW)


def test_a_signed_version_is_seen_by_everybody_it_binds(cast: Cast) -> None:
    a_signed(cast)
    seen = {name for name, person in cast.people.items() if held_versions(actor_of(person, NOW.date()))}
    assert seen == {"olu", "maya", "sam", "rita", "eva"}


def test_everybody_bound_says_to_have_read_it(cast: Cast) -> None:
    version = a_proposal(cast)
    with pytest.raises(Refused):
        acknowledge_version(version_id=version.id, fingerprint=fingerprint(version), by=cast.rita, now=NOW)
    version.agreement.delete()
    version = a_signed(cast)
    with pytest.raises(Stale):
        acknowledge_version(version_id=version.id, fingerprint="sha256:other", by=cast.rita, now=NOW)
    for _ in range(2):
        acknowledge_version(version_id=version.id, fingerprint=fingerprint(version), by=cast.rita, now=NOW)
    with pytest.raises(Refused):
        acknowledge_version(version_id=version.id, fingerprint=fingerprint(version), by=cast.zed, now=NOW)
    (held,) = held_versions(actor_of(cast.sam, NOW.date()))
    assert {str(person) for person, _ in members_of(held, NOW.date())} == {
        "Maya Olmedo",
        "Sam Whitlock",
        "Rita Serrano",
        "Eva Santoro",
    }
    assert version.acknowledgements.count() == 1
    assert not waits(actor_of(cast.rita, NOW.date()), held_versions(actor_of(cast.rita, NOW.date())))


def test_remarks_on_clauses(cast: Cast) -> None:
    version = a_draft(cast)
    said = comment_on_clause(version_id=version.id, clause="commitments.speed", text="Fast.", by=cast.sam, now=NOW)
    answer = comment_on_clause(
        version_id=version.id, clause="", text="Is it?", by=cast.maya, now=NOW, answers_id=said.id
    )
    assert (answer.clause, answer.answers) == ("commitments.speed", said)
    correct_comment(comment_id=said.id, text="Too fast.", by=cast.sam, now=NOW)
    settle_comment(comment_id=said.id, is_settled=True, by=cast.maya, now=NOW)
    remove_comment(comment_id=answer.id, by=cast.maya, now=NOW)
    assert [(c.text, bool(c.edited_at), c.resolved_by) for c in Comment.objects.all()] == [
        ("Too fast.", True, cast.maya),
        ("", False, None),
    ]


def test_remarks_are_not_everybodys(cast: Cast) -> None:
    version = a_draft(cast)
    said = comment_on_clause(version_id=version.id, clause="", text="Well.", by=cast.sam, now=NOW)
    with pytest.raises(Refused):
        correct_comment(comment_id=said.id, text="Ha.", by=cast.maya, now=NOW)
    with pytest.raises(Refused):
        comment_on_clause(version_id=version.id, clause="", text="Hm.", by=cast.rita, now=NOW)
    with pytest.raises(Refused):
        remove_comment(comment_id=said.id, by=cast.zoe, now=NOW)
    with pytest.raises(UserError, match="There is no clause"):
        comment_on_clause(version_id=version.id, clause="nothing", text="Hm.", by=cast.sam, now=NOW)
    with pytest.raises(UserError, match="empty"):
        comment_on_clause(version_id=version.id, clause="", text=" ", by=cast.sam, now=NOW)
