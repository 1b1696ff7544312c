"""Remarks on the clauses of a version: make one, answer, settle, correct or take back one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smarketing.records.access import Actor, Refused, actor_of
from smarketing.records.events import one_write
from smarketing.records.models import Comment, Membership, Person
from smarketing.records.negotiation import Hand, take
from smarketing.records.parties import Roster, Seat
from smarketing.terms.agreement import Agreement
from smarketing.terms.document import document
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_

LONGEST = 4_000


def comment_on_clause(
    *,
    version_id: int,
    clause: str,
    text: str,
    by: Person,
    now: datetime,
    answers_id: int | None = None,
    words: Words = ENGLISH,
) -> Comment:
    """The remark, or the answer to one.

    Takes    clause  its address, `commitments.speed`; empty for the whole document
    Raises   UserError for no text or no such clause, Refused for somebody who may only read
    """
    with one_write(verb="comment_on_clause", by=by, now=now) as write:
        hand = take(version_id, by=by, now=now, words=words)
        _check_may(hand, "create", now)
        said = _said(text)
        if clause and clause not in clauses_of(hand.terms):
            raise UserError(N_('There is no clause "{clause}".'), clause=clause[:80])
        first = hand.version.comments.filter(id=answers_id, removed_at=None).first() if answers_id else None
        if answers_id and first is None:
            raise UserError(N_("The remark you answer is gone."))
        comment = Comment.objects.create(
            version=hand.version,
            answers=(first.answers or first) if first else None,
            clause=first.clause if first else clause,
            text=said,
            by=by,
            at=now,
        )
        write.about(comment, version=hand.version.id, clause=comment.clause)
    return comment


def correct_comment(*, comment_id: int, text: str, by: Person, now: datetime, words: Words = ENGLISH) -> Comment:
    """One's own remark in other words, marked as changed."""
    with one_write(verb="correct_comment", by=by, now=now) as write:
        comment, hand = _taken(comment_id, by, now, words)
        _check_may(hand, "update", now, comment)
        said = _said(text)
        write.about(comment, was=comment.text)
        comment.text, comment.edited_at = said, now
        comment.save(update_fields=["text", "edited_at"])
    return comment


def remove_comment(*, comment_id: int, by: Person, now: datetime, words: Words = ENGLISH) -> Comment:
    """A remark taken back: its place stays, its words go."""
    with one_write(verb="remove_comment", by=by, now=now) as write:
        comment, hand = _taken(comment_id, by, now, words)
        _check_may(hand, "delete", now, comment)
        write.about(comment, was=comment.text)
        comment.text, comment.removed_at = "", now
        comment.save(update_fields=["text", "removed_at"])
    return comment


def settle_comment(*, comment_id: int, is_settled: bool, by: Person, now: datetime, words: Words = ENGLISH) -> Comment:
    """A remark with its answers marked as settled, or open again."""
    with one_write(verb="settle_comment", by=by, now=now) as write:
        comment, hand = _taken(comment_id, by, now, words)
        _check_may(hand, "create", now)
        comment.resolved_by, comment.resolved_at = (by, now) if is_settled else (None, None)
        comment.save(update_fields=["resolved_by", "resolved_at"])
        write.about(comment, is_settled=is_settled)
    return comment


def clauses_of(terms: Agreement) -> frozenset[str]:
    """Every address a remark may point at."""
    return frozenset(id for part in document(terms, ENGLISH) for id in (part.id, *part.clauses))


def _said(text: str) -> str:
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not said:
        raise UserError(N_("The remark is empty."), where="text", hint=N_("Write what you want to say."))
    if len(said) > LONGEST:
        raise UserError(
            N_("The remark is too long."), where="text", hint=N_("Keep it below {n} characters."), n=LONGEST
        )
    return said


def _taken(comment_id: int, by: Person, now: datetime, words: Words) -> tuple[Comment, Hand]:
    found = Comment.objects.filter(id=comment_id, removed_at=None).first()
    if found is None:
        raise Refused(N_("There is no such remark."))
    return found, take(found.version_id, by=by, now=now, words=words)


def _check_may(hand: Hand, action: str, now: datetime, comment: Comment | None = None) -> None:
    actor = actor_of(hand.by, now.date())
    if not may_comment(actor, hand.terms, hand.seat, action, comment):
        raise Refused(N_("You may not do this."), hint=N_("Ask whoever answers for your team."))


def may_comment(
    actor: Actor, terms: Agreement, seat: Seat, action: str = "create", comment: Comment | None = None
) -> bool:
    """Whether an actor may remark on this text, or do `action` to this remark."""
    grant = actor.grant("comment", action)
    if grant.is_own and comment is None and seat.signs:
        return True
    if grant.is_any or (grant.is_own and comment is not None and comment.by == actor.person):
        return True
    roster = Roster.today()
    of_parties = roster.with_parts(team for party in terms.parties for team in roster.of(party))
    if comment is None:
        return bool((grant.team_ids | grant.party_ids) & of_parties)
    return comment.by_id in people_of(grant.team_ids & of_parties)


def removable(actor: Actor, terms: Agreement, comments: Iterable[Comment]) -> frozenset[int]:
    """Which of these remarks an actor may take back: their own, and those of their people."""
    grant, roster = actor.grant("comment", "delete"), Roster.today()
    of_parties = roster.with_parts(team for party in terms.parties for team in roster.of(party))
    people = people_of(grant.team_ids & of_parties)
    own = actor.person.id if grant.is_own and actor.person else None
    return frozenset(each.id for each in comments if grant.is_any or each.by_id == own or each.by_id in people)


def people_of(team_ids: Iterable[int]) -> frozenset[int]:
    """Everybody who is or was in these teams."""
    return frozenset(Membership.objects.filter(team_id__in=team_ids).values_list("person_id", flat=True))
