"""Which leads and sales of a bucket a plan is measured on."""

from __future__ import annotations

from decimal import Decimal

from tests.builders import a_history, an_agreement, instant

from smarketing.engine.as_of import as_of
from smarketing.engine.compiled import compile_terms
from smarketing.engine.reading import Reading
from smarketing.plan.moments import Moments, moments, plain_agreement
from smarketing.terms.agreement import Counting, Definition

PAST = a_history(
    leads=[
        {"lead": "ana", "created_at": "2026-01-05 10:00", "source": "organic"},
        {"lead": "ben", "created_at": "2026-01-06 10:00", "source": "outbound"},
        {"lead": "cem", "created_at": "2026-01-07 10:00", "source": "organic", "void": "spam"},
        {"lead": "dee", "created_at": "2026-03-01 10:00", "source": "organic"},
    ],
    stages=[
        {"lead": "ana", "at": "2026-01-08 10:00", "stage": "mql"},
        {"lead": "ana", "at": "2026-01-09 10:00", "stage": "mql"},
        {"lead": "ana", "at": "2026-01-10 10:00", "stage": "status:Working"},
        {"lead": "ben", "at": "2026-02-01 10:00", "stage": "customer"},
        {"lead": "dee", "at": "2026-03-02 10:00", "stage": "mql"},
    ],
    deals=[
        {"lead": "ana", "created_at": "2026-01-11 10:00", "closed_at": "2026-02-20 10:00", "status": "won",
         "amount": "1000.5", "currency": "EUR"},
        {"lead": "ana", "created_at": "2026-01-11 10:00", "closed_at": "2026-02-10 10:00", "status": "won",
         "amount": "500", "currency": "EUR"},
        {"lead": "ana", "created_at": "2026-01-11 10:00", "closed_at": "2026-02-09 10:00", "status": "won",
         "amount": "900", "currency": "USD"},
        {"lead": "ana", "created_at": "2026-01-11 10:00", "closed_at": "2026-02-08 10:00", "status": "lost",
         "amount": "70", "currency": "EUR"},
        {"lead": "cem", "created_at": "2026-01-11 10:00", "closed_at": "2026-02-10 10:00", "status": "won",
         "amount": "3", "currency": "EUR"},
    ],
)  # fmt: skip


def found(now: str = "2026-02-28 00:00", **counting: object) -> Moments:
    agreement = an_agreement(
        counting=Counting.model_validate(counting), definitions={"sql": Definition(values=("Working",))}
    )
    at = instant(now)
    compiled = compile_terms([agreement], PAST.codebook, start=instant("2026-01-01 00:00"), end=at)
    return moments(Reading(as_of(PAST.history, at), compiled.versions[0], compiled.tables, at))


def test_void_leads_and_leads_that_have_not_come_are_left_out() -> None:
    assert found().leads.height == 2
    assert found(now="2026-03-05 00:00").leads.height == 3


def test_only_marketing_sources_count_when_the_agreement_names_them() -> None:
    assert found(marketing_sources=("organic",)).leads.height == 1


def test_each_stage_counts_the_first_time_and_goes_by_the_agreements_values() -> None:
    ana = found().leads.row(0, named=True)
    assert f"{ana['mql_at']:%Y-%m-%d}" == "2026-01-08"
    assert f"{ana['sql_at']:%Y-%m-%d}" == "2026-01-10"


def test_a_lead_becomes_a_customer_with_its_first_won_deal_or_its_stage() -> None:
    won = [f"{at:%Y-%m-%d}" for at in found().leads["won_at"]]
    assert won == ["2026-02-09", "2026-02-01"]


def test_sales_are_won_deals_in_the_agreements_currency() -> None:
    assert sorted(found().sales["amount"]) == [Decimal("500.0000"), Decimal("1000.5000")]


def test_a_deal_that_closes_later_is_not_yet_won() -> None:
    assert found(now="2026-02-15 00:00").sales["amount"].to_list() == [Decimal("500.0000")]


def test_without_an_agreement_stages_go_by_their_own_names() -> None:
    agreement = plain_agreement("Europe/Madrid", "EUR")
    at = instant("2026-02-28 00:00")
    compiled = compile_terms([agreement], PAST.codebook, start=instant("2026-01-01 00:00"), end=at)
    plain = moments(Reading(as_of(PAST.history, at), compiled.versions[0], compiled.tables, at))
    assert plain.leads["mql_at"].null_count() == 1
    assert plain.leads["sql_at"].null_count() == 2
