"""Deals whose amounts or dates cannot be summed as they are."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted, shown, text_of
from smarketing.facts.symptoms.links import MONEY
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

HAS_AMOUNT = pl.col("amount").is_not_null()
PLACEHOLDERS = (0.0, 1.0, 9.0)  # what people type to get past a required field


def currency_mix(facts: Facts) -> Evidence | None:
    """Deals in another currency than the most frequent one."""
    deals = facts["deal"].filter(HAS_AMOUNT)
    counts = deals.drop_nulls("currency").group_by("currency").len().sort(["len", "currency"], descending=[True, False])
    currencies = counts.collect()["currency"].to_list()
    if len(currencies) < 2:
        return None
    example = text_of(pl.col("deal_id"), ": ", pl.col("currency"))
    return counted(deals, pl.col("currency") != currencies[0], example)


def amounts_without_currency(facts: Facts) -> Evidence | None:
    return counted(facts["deal"], pl.col("currency").is_null(), pl.col("deal_id"), among=HAS_AMOUNT)


def won_without_amount(facts: Facts) -> Evidence | None:
    is_placeholder = pl.col("amount").cast(pl.Float64).is_in(PLACEHOLDERS)
    example = text_of(pl.col("deal_id"), ": ", pl.col("amount").cast(pl.Float64).cast(pl.String).fill_null("–"))
    return counted(facts["deal"], pl.col("amount").is_null() | is_placeholder, example, among=pl.col("status") == "won")


def closed_before_created(facts: Facts) -> Evidence | None:
    day = pl.when(pl.col("created_prec") == "day").then(pl.duration(days=1)).otherwise(pl.duration(minutes=1))
    example = text_of(pl.col("deal_id"), ": ", shown("created_at"), " → ", shown("closed_at"))
    is_before = pl.col("closed_at") + day < pl.col("created_at")
    return counted(facts["deal"], is_before, example, among=pl.col("closed_at").is_not_null())


def decided_without_date(facts: Facts) -> Evidence | None:
    return counted(facts["deal"], pl.col("closed_at").is_null(), pl.col("deal_id"), among=pl.col("status") == "won")


SYMPTOMS = (
    Symptom(
        "currency_mix",
        N_("Deals in other currencies than most"),
        N_("Amounts of different currencies are never added: those not in the agreement's currency are left out."),
        N_("Export amounts in the company's currency."),
        Severity.WARNS,
        MONEY,
        currency_mix,
    ),
    Symptom(
        "amounts_without_currency",
        N_("Amounts without a currency"),
        N_("What they are worth is not said."),
        N_("Name the currency in the profile."),
        Severity.WARNS,
        MONEY,
        amounts_without_currency,
    ),
    Symptom(
        "won_without_amount",
        N_("Won deals without an amount, or with 0, 1 or 9 in its place"),
        N_("Revenue and the average deal are too small by them."),
        N_("Fill in the amounts at the source."),
        Severity.WARNS,
        MONEY,
        won_without_amount,
    ),
    Symptom(
        "closed_before_created",
        N_("Deals closed before they were opened"),
        N_("Their sales cycle would be negative; it is left out of every average."),
        N_("Look whether the closing date was typed by hand or the deal entered afterwards."),
        Severity.WARNS,
        (*MONEY, Kind.CONVERSION_RATE),
        closed_before_created,
    ),
    Symptom(
        "won_without_date",
        N_("Won deals without a closing date"),
        N_("Their revenue belongs to no month."),
        N_("Map the closing date."),
        Severity.WARNS,
        (Kind.SOURCED_REVENUE,),
        decided_without_date,
    ),
)
