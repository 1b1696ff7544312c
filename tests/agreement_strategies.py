"""Agreements made by Hypothesis: every section, any text that a file can carry."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from smarketing.terms.agreement import (
    Agreement,
    AgreementKind,
    Cancellation,
    Capacity,
    Consequence,
    Contact,
    Counting,
    Definition,
    Handover,
    HandoverMoment,
    InForce,
    Party,
    Report,
    Review,
    Reward,
    Role,
    Signature,
    Tier,
)
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.commitment import Commitment, Kind, Override, Scope
from smarketing.terms.period import Grain

AWKWARD = ["no", "12:30", "010", "a: b", "# not a comment", "- x", "“quoted”", "it's", 'say "hi"', "{x}", "null", "~"]
AWKWARD += [
    "2026-01-01",
    "1e5",
    "<<",
    "*x",
    "&x",
    "!x",
    "%x",
    "@x",
    "é",
    "日本",
    "tab\there",
    "two\nlines",
    "trailing:",
]
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("C", "Zl", "Zp"), exclude_characters="\u00a0\u1680\u202f\u3000"
)
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(LETTERS, max_size=60)).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)
NAMES = TEXTS.filter(bool)
LISTS = st.lists(NAMES, max_size=3).map(tuple)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MINUTES = st.integers(0, 1439)
NUMBERS = st.decimals(Decimal("0.01"), 1000, places=2)
SHARES = st.decimals(Decimal("0.01"), Decimal("0.99"), places=2)


@st.composite
def days_of_windows(draw: st.DrawFn) -> tuple[Window, ...]:
    edges = sorted(draw(st.lists(st.integers(0, 1440), unique=True, max_size=6)))
    return tuple(Window(opens=opens, closes=closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn, id: str) -> Calendar:
    week = [draw(days_of_windows()) for _ in range(7)]
    week[draw(st.integers(0, 6))] = (Window(opens=540, closes=1020),)
    closed = draw(st.lists(DAYS, max_size=3, unique=True))
    country, region = draw(st.sampled_from([(None, None), ("ES", "MD"), ("IT", None), ("NO", None)]))
    special = draw(st.lists(st.tuples(DAYS, days_of_windows()), max_size=2, unique_by=lambda pair: pair[0]))
    return Calendar(
        id=id,
        name=draw(TEXTS),
        zone=draw(st.sampled_from(["Europe/Madrid", "UTC", "America/New_York"])),
        week=tuple(week),
        holidays=Holidays(country=country, region=region, dates=tuple(sorted(closed))),
        exceptions=tuple(DayHours(on=on, windows=windows) for on, windows in sorted(special)),
    )


TARGETS = {
    Kind.LEAD_VOLUME: "140 leads",
    Kind.SPEED_TO_LEAD: "95 % within 1 business hour",
    Kind.FOLLOW_UP_DEPTH: "6 touches within 5 business days",
    Kind.DELIVERABLE: "4 reports",
}
OVERRIDES = st.builds(
    Override,
    only=st.builds(Scope, tiers=st.just(("a",)), sources=LISTS),
    within=st.sampled_from(["30 business minutes", "2 clock days", "90 clock days"]),
)


@st.composite
def commitments(draw: st.DrawFn, id: str) -> Commitment:
    kind = draw(st.sampled_from(list(TARGETS)))
    on_leads = {"overrides": draw(st.lists(OVERRIDES, max_size=2)), "pauses": draw(LISTS)}
    return Commitment.model_validate(
        {
            "id": id,
            "party": draw(st.sampled_from(["marketing", "sales"])),
            "kind": kind,
            "target": TARGETS[kind],
            "title": draw(TEXTS),
            "description": draw(TEXTS),
            "period": draw(st.sampled_from(list(Grain))),
            "weight": draw(NUMBERS),
            "contact": draw(st.sampled_from(["", "Maya"])),
        }
        | (on_leads if kind in (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH) else {})
    )


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Coherent agreements of marketing and sales with two calendars and up to three commitments."""
    capacity = st.builds(
        Capacity, reps=st.integers(1, 50), hours_per_rep=NUMBERS, minutes_per_attempt=NUMBERS, automated_share=SHARES
    )
    sales = Party(id="sales", name=draw(NAMES), role=Role.SALES, capacity=draw(st.none() | capacity), calendar="night")
    maya = Contact(name="Maya", email=draw(TEXTS), reports_to="Eva")
    reports = st.builds(Report, name=NAMES, owed_by=st.just("sales"), owed_to=st.just("marketing"), cadence=NAMES)
    signed_at = st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
    signatures = st.builds(Signature, party=st.just("sales"), name=NAMES, signed_at=signed_at, fingerprint=NAMES)
    begins = draw(DAYS)
    return Agreement(
        id="acme",
        version=draw(st.integers(1, 99)),
        title=draw(NAMES),
        summary=draw(TEXTS),
        kind=draw(st.sampled_from(list(AgreementKind))),
        language=draw(st.sampled_from(["en", "es", "it"])),
        currency=draw(st.sampled_from(["EUR", "USD"])),
        zone="Europe/Madrid",
        in_force=InForce(from_on=begins, until_on=draw(st.none() | st.dates(begins, date(2031, 1, 1)))),
        parties=(
            Party(id="marketing", name=draw(NAMES), role=Role.MARKETING, contacts=(maya,), needs=draw(LISTS)),
            sales,
        ),
        definitions=draw(
            st.dictionaries(st.sampled_from(["mql", "sql", "no"]), st.builds(Definition, entry=TEXTS, reasons=LISTS))
        ),
        personas=draw(LISTS),
        tiers=(Tier(id="a", worth=draw(NUMBERS), grades=draw(LISTS)),),
        handover=draw(st.builds(Handover, at=st.sampled_from(list(HandoverMoment)), description=TEXTS)),
        counting=draw(st.builds(Counting, min_call_s=st.integers(0, 600), marketing_sources=LISTS)),
        calendars=(draw(calendars("office")), draw(calendars("night"))),
        commitments=tuple(draw(commitments(f"promise-{n}")) for n in range(draw(st.integers(1, 3)))),
        reports=draw(st.lists(reports, max_size=2).map(tuple)),
        reviews=draw(
            st.lists(st.builds(Review, name=NAMES, cadence=st.just("monthly"), attendees=LISTS), max_size=1).map(tuple)
        ),
        consequences=draw(
            st.lists(st.builds(Consequence, strikes=st.integers(1, 9), step=NAMES), max_size=2).map(tuple)
        ),
        rewards=draw(
            st.lists(st.builds(Reward, name=NAMES, when=TEXTS, points=st.integers(0, 99)), max_size=1).map(tuple)
        ),
        cancellation=draw(st.lists(st.builds(Cancellation, condition=NAMES), max_size=1).map(tuple)),
        exceptions=draw(LISTS),
        signatures=draw(st.lists(signatures, max_size=1).map(tuple)),
    )
