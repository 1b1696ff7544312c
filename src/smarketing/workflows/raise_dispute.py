"""Contest a verdict or a count before the other party, citing the clause it was judged by."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from smarketing.records.access import Refused, actor_of
from smarketing.records.disputes import Bench
from smarketing.records.events import one_write
from smarketing.records.models import Agreement, Dispute, DisputeReason, Person
from smarketing.records.parties import Roster
from smarketing.terms.agreement import Agreement as Terms
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.comment_on_clause import clauses_of
from smarketing.workflows.contested import contested
from smarketing.workflows.dispute_times import decided_by
from smarketing.workflows.tell_disputes import tell_raised

LONGEST = 4_000


def raise_dispute(
    *,
    slug: str,
    commitment: str,
    src: str,
    lead_id: str,
    reason: str,
    text: str,
    by: Person,
    now: datetime,
    episode: int = 0,
    clause: str = "",
    becomes: str = "",
    is_left_out: bool = False,
    words: Words = ENGLISH,
) -> Dispute:
    """The dispute, open.

    Takes    clause       its address in the agreement; that of the commitment where it is not given
             becomes      what the verdict should be: void, or met, by which a lead that was left out counts; the
                          first that can be asked for where it is not given
             is_left_out  that the lead is one which the count left out
    Raises   Refused where it is none of this person's business, UserError for what cannot be contested
    """
    actor = actor_of(by, now.date())
    what = {"slug": slug, "commitment": commitment, "src": src, "lead_id": lead_id}
    found = contested(actor, **what, episode=episode, is_left_out=is_left_out, now=now, words=words)
    bench = Bench(actor, found.terms, Roster.today())
    party = bench.raises_for()
    if not party or (found.is_left_out and party != found.commitment.party):
        raise Refused(N_("You may not contest this."))
    check_said(found.terms, clause or found.clause, reason, text)
    if not found.may_become:
        raise UserError(N_("This clock counts for nobody already."))
    becomes = becomes or found.may_become[0]
    if becomes not in found.may_become:
        raise UserError(N_("This cannot be asked for."), hint=N_("Open the lead again: its verdict may have changed."))
    key = {"commitment": commitment, "src": src, "lead_id": lead_id, "episode": episode if found.clock else 0}
    with one_write(verb="raise_dispute", by=by, now=now) as write:
        agreement = Agreement.objects.get(slug=slug)
        if Dispute.objects.filter(agreement=agreement, **key, waiver__isnull=False, waiver__revocation=None).exists():
            raise UserError(N_("This verdict is waived already."))
        dispute = Dispute(
            agreement=agreement,
            version=found.terms.version,
            subject=found.subject,
            clause=clause or found.clause,
            **key,
            owner_src=src,
            owner=found.row.owner_label.removeprefix(f"{src}:"),
            team=found.row.team,
            was=found.was,
            reason=reason,
            text=text.strip(),
            becomes=becomes,
            party=party,
            raised_by=by,
            raised_at=now,
            due_at=decided_by(found.terms, bench.deciding_party(party), now),
        )
        _keep(dispute)
        tell_raised(dispute, now)
        write.about(dispute, agreement=slug, commitment=commitment, lead=f"{src}:{lead_id}", reason=reason)
    return dispute


def _keep(dispute: Dispute) -> None:
    try:
        with transaction.atomic():
            dispute.save()
    except IntegrityError as error:
        raise UserError(
            N_("This verdict is contested already."), hint=N_("Add what you know to the open dispute.")
        ) from error


def check_said(terms: Terms, clause: str, reason: str, text: str) -> None:
    """Raises UserError unless there is a reason of ours, words of theirs and a clause that the version has."""
    if clause not in clauses_of(terms):
        raise UserError(N_('There is no clause "{clause}".'), where="clause", clause=clause[:80])
    if reason not in DisputeReason.values:
        raise UserError(N_("Choose a reason."), where="reason")
    if not text.strip():
        raise UserError(N_("Say what happened."), where="text", hint=N_("Whoever decides was not there."))
    if len(text) > LONGEST:
        raise UserError(N_("The text is too long."), where="text", hint=N_("Keep it below {n} characters."), n=LONGEST)
