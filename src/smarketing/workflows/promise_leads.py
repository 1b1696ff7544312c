"""A text in which marketing promises the leads that a plan needs."""

from __future__ import annotations

from smarketing.terms.agreement import Agreement, Role
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_
from smarketing.terms.period import Grain
from smarketing.terms.target import Target


def with_promised_leads(terms: Agreement, needed: int, period: str) -> Agreement:
    """The first promise of marketing about the number of all leads asks for `needed` in each period; one is added
    where there is none.

    Raises TermsError where no party is marketing
    """
    party = next((each.id for each in terms.parties if each.role is Role.MARKETING), None)
    if party is None:
        raise TermsError(N_("No party is marketing."), hint=N_("Give a party that role."))
    target = Target.model_validate(f"{needed} leads")
    mine = [each for each in terms.commitments if each.party == party and each.kind is Kind.LEAD_VOLUME]
    found = next((each for each in mine if each.only.is_everything), None)
    said = {"target": target, "period": Grain(period)}
    if found is None:
        taken = {each.id for each in terms.commitments}
        id = next(name for name in ("leads", *(f"leads-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        added = Commitment.model_validate({"id": id, "party": party, "kind": Kind.LEAD_VOLUME, **said})
        return terms.model_copy(update={"commitments": (added, *terms.commitments)})
    changed = tuple(each.model_copy(update=said) if each is found else each for each in terms.commitments)
    return terms.model_copy(update={"commitments": changed})
