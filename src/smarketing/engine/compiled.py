"""Turns the versions of an agreement into tables of codes, allowances and calendars, ready for arrays."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING
from math import gcd
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.business_time import Tables, compile_tables, unit_code
from smarketing.engine.clauses import Clause, Fit, Mask, TierRule, Version, positions, status_codes
from smarketing.engine.clocks import MOST_REASONS
from smarketing.engine.history import NEVER, Codebook
from smarketing.facts.schema import TOUCH_KINDS
from smarketing.terms.agreement import Agreement, Party, Role
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Commitment, Kind, Scope, Start
from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_
from smarketing.terms.offsets import DAY_US, ERA_END, day_start
from smarketing.terms.period import ONE_DAY
from smarketing.terms.target import Measure
from smarketing.terms.zones import zone

T = TypeVar("T")

TEN_THOUSANDTHS = 10_000
ALWAYS_VOID = ("merged", "deleted")
CLOCK_KINDS = frozenset(
    {
        Kind.SPEED_TO_LEAD,
        Kind.FOLLOW_UP_DEPTH,
        Kind.DISPOSITION_TIME,
        Kind.CONVERSION_RATE,
        Kind.FOLLOW_UP_CADENCE,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The versions in the order in which they came into force, with what they share.

    `calendars` are all calendars of all versions, equal ones once; `tables` has one more, always open.
    `tiers` are the tiers of all versions, those of the latest first: what Clocks.tier and Tallies.tier point into.
    `unknown_calendars` are calendars that owners in the facts name and no version has.
    """

    versions: tuple[Version, ...]
    codebook: Codebook
    calendars: tuple[Calendar, ...]
    tables: Tables
    tiers: tuple[str, ...]
    unknown_calendars: tuple[str, ...]

    @property
    def commitments(self) -> tuple[str, ...]:
        """Ids of all commitments of all versions, in order of appearance."""
        return _once(clause.commitment.id for version in self.versions for clause in version.clauses)

    def clauses(self, kinds: frozenset[Kind]) -> dict[str, list[Clause]]:
        """The clauses of those kinds by commitment id, one per version that has the commitment, in order of version."""
        found: dict[str, list[Clause]] = {}
        for version in self.versions:
            for clause in version.clauses:
                if clause.commitment.kind in kinds:
                    found.setdefault(clause.commitment.id, []).append(clause)
        return found

    def version_at(self, at: int) -> Version | None:
        """The version in force at an instant."""
        return next((v for v in self.versions if v.start_at <= at < v.end_at), None)

    def clause(self, commitment_id: str, at: int) -> Clause | None:
        """The clause that judges what started at an instant."""
        version = self.version_at(at)
        clauses = version.clauses if version else ()
        return next((clause for clause in clauses if clause.commitment.id == commitment_id), None)


def compile_terms(versions: Sequence[Agreement], codebook: Codebook, *, start: int, end: int) -> Compiled:
    """What `evaluate` needs to know of an agreement.

    Takes    versions  all versions, in any order; a later version's first day ends the earlier one
             start, end  microseconds UTC, the range of the facts and of `now`
    Raises   TermsError for a name that nothing answers to, or a promise that cannot be measured
    """
    ordered = sorted(versions, key=lambda agreement: agreement.version)
    if not ordered:
        raise TermsError(N_("There is no version of the agreement."))
    known: dict[Calendar, int] = {}
    place_of = {id(each): known.setdefault(each, len(known)) for agreement in ordered for each in agreement.calendars}
    calendars = tuple(known)
    tiers = _once(tier.id for agreement in reversed(ordered) for tier in agreement.tiers)
    spans = [span(number, ordered) for number in range(len(ordered))]
    compiler = Compiler(codebook, place_of, tiers)
    compiled = tuple(compiler.version(number, agreement, *spans[number]) for number, agreement in enumerate(ordered))
    first = min(max(start, min(span_start for span_start, _ in spans)), end)
    clauses = [clause for version in compiled for clause in version.clauses]
    return Compiled(
        versions=compiled,
        codebook=codebook,
        calendars=calendars,
        tables=compile_tables(calendars, first, min(end + _longest(clauses), ERA_END)),
        tiers=tiers,
        unknown_calendars=tuple(sorted(set(codebook.owner_calendars) - {""} - {c.id for c in calendars})),
    )


def span(number: int, versions: Sequence[Agreement]) -> tuple[int, int]:
    """`[start, end)` of the time a version is in force, until a later version begins; empty when it never was."""
    agreement = versions[number]
    start = _begins(agreement) if number else day_start(agreement.zone, agreement.in_force.from_on)
    last = agreement.in_force.until_on
    ends = [day_start(agreement.zone, last + ONE_DAY)] if last else [NEVER]
    ends += [_begins(other) for other in versions[number + 1 :]]
    return start, max(start, min(ends))


def _begins(agreement: Agreement) -> int:
    """When a version takes over: on its first day, but a month that was over at the last signature stays as it was."""
    first_on = agreement.in_force.from_on
    if agreement.signatures:
        signed_on = max(signature.signed_at for signature in agreement.signatures).astimezone(zone(agreement.zone))
        first_on = max(first_on, signed_on.date().replace(day=1))
    return day_start(agreement.zone, first_on)


class Compiler:
    """Compiles versions against one codebook, with one list of calendars and tiers for all of them.

    Takes    place_of  by the identity of each calendar of each version: its place among all, where equal ones are once
    """

    def __init__(self, codebook: Codebook, place_of: Mapping[int, int], tiers: tuple[str, ...]) -> None:
        self.codebook, self.place_of, self.tiers = codebook, place_of, tiers
        self.n_calendars = len(set(place_of.values()))
        self.words: dict[tuple[str, Hashable], int] = {}
        self.places: dict[int, dict[str, int]] = {}
        self.plain: dict[tuple[int, int], NDArray[np.intp]] = {}

    def version(self, number: int, agreement: Agreement, start_at: int, end_at: int) -> Version:
        book, counting = self.codebook, agreement.counting
        worth = np.zeros(len(self.tiers) + 1, np.int64)
        for tier in agreement.tiers:
            worth[self.tiers.index(tier.id)] = int(tier.worth * TEN_THOUSANDTHS)
        voids = np.zeros(256, np.bool_)
        wanted = positions((*counting.void_reasons, *ALWAYS_VOID), book.reasons[:MOST_REASONS])
        voids[[1 + code for code in wanted]] = True
        return Version(
            number=number,
            agreement=agreement,
            start_at=start_at,
            end_at=end_at,
            clauses=tuple(self.clause(number, agreement, commitment) for commitment in agreement.commitments),
            silence=self._silence(number, agreement, _answering(agreement))
            if agreement.acceptance_by_silence
            else None,
            tier_rules=tuple(self._tier_rules(agreement)),
            worth=worth,
            kinds=np.isin(np.array(TOUCH_KINDS), np.array(counting.touches, str)),
            voids=voids,
            marketing_sources=_mask(counting.marketing_sources, book.sources),
            currency=next(iter(positions((agreement.currency,), book.currencies)), -1),
            codebook=book,
        )

    def clause(self, number: int, agreement: Agreement, commitment: Commitment) -> Clause:
        """The commitment in codes, with a clause of its own for acceptance by silence where that applies."""
        loses_rejected, silence = _loses_rejected(agreement, commitment), None
        if loses_rejected or commitment.kind is Kind.DISPOSITION_TIME:
            silence = self._silence(number, agreement, _answering(agreement) if loses_rejected else commitment)
        within = _within(commitment)
        return self._clause(number, agreement, commitment, within, silence=silence, loses_rejected=loses_rejected)

    def _silence(self, number: int, agreement: Agreement, asked: Commitment) -> Clause | None:
        """Acceptance by silence on the calendars of a promise to answer."""
        after = agreement.acceptance_by_silence
        return self._clause(number, agreement, asked, after, is_fixed=True) if after else None

    def _clause(
        self,
        number: int,
        agreement: Agreement,
        commitment: Commitment,
        within: Allowance | None,
        *,
        is_fixed: bool = False,
        silence: Clause | None = None,
        loses_rejected: bool = False,
    ) -> Clause:
        party = _party(agreement, commitment)
        withins = () if within is None else self._withins(commitment, within, is_fixed=is_fixed)
        calendar_of = self._calendar_of(agreement, party, commitment, withins)
        override_fits = tuple(self._fit(override.only, agreement) for override in commitment.overrides)
        return Clause(
            commitment=commitment,
            version=number,
            episode=self._episode(commitment),
            fit=self._fit(commitment.only, agreement),
            override_fits=override_fits,
            choice_by_tier=_by_tier(override_fits, len(self.tiers)),
            calendar_of=calendar_of,
            withins=withins,
            units=np.array([unit_code(allowance) for allowance in withins], np.intp),
            amounts=np.array([allowance.amount for allowance in withins], np.int64),
            remind=_remind(commitment),
            paused=self._paused(commitment),
            is_marketing_only=_is_marketing_only(commitment, party),
            n_touches=_n_touches(commitment),
            cohort_key=(number, commitment.start, commitment.only, _calendar_key(calendar_of, commitment)),
            choice_key=tuple(override.only for override in commitment.overrides),
            silence=silence,
            loses_rejected=loses_rejected,
        )

    def _withins(self, commitment: Commitment, within: Allowance, *, is_fixed: bool) -> tuple[Allowance, ...]:
        others = [None if is_fixed else override.within for override in commitment.overrides]
        return (within, *(other or within for other in others))

    def _calendar_of(
        self, agreement: Agreement, party: Party, commitment: Commitment, withins: tuple[Allowance, ...]
    ) -> NDArray[np.intp]:
        """Override, else the owner's own, else the commitment's, else the party's, else the first calendar.

        Plain clock time runs on the calendar that is always open.
        """
        fallback = self._calendar(agreement, commitment.calendar or party.calendar, commitment)
        plain = self._of_owners(agreement, fallback)
        rows = [plain]
        for override in commitment.overrides:
            said = override.calendar
            rows.append(np.full_like(plain, self._calendar(agreement, said, commitment)) if said else plain)
        for choice, allowance in enumerate(withins):
            if allowance.unit is Unit.CLOCK_TIME:
                rows[choice] = np.full_like(plain, self.n_calendars)
        return np.stack(rows)

    def _of_owners(self, agreement: Agreement, fallback: int) -> NDArray[np.intp]:
        if (id(agreement), fallback) not in self.plain:
            own = self._places(agreement)
            given = [own.get(name, fallback) for name in self.codebook.owner_calendars]
            self.plain[id(agreement), fallback] = np.array([*given, fallback], np.intp)
        return self.plain[id(agreement), fallback]

    def _places(self, agreement: Agreement) -> dict[str, int]:
        """By the id of each calendar of an agreement: where it is among all. Of two with one id the first counts."""
        if id(agreement) not in self.places:
            own = reversed(agreement.calendars)
            self.places[id(agreement)] = {calendar.id: self.place_of[id(calendar)] for calendar in own}
        return self.places[id(agreement)]

    def _calendar(self, agreement: Agreement, name: str | None, commitment: Commitment) -> int:
        if not agreement.calendars:
            raise TermsError(N_("The agreement has no calendar."), hint=N_("Add the hours of at least one team."))
        if name is None:
            return self.place_of[id(agreement.calendars[0])]
        found = next((calendar for calendar in agreement.calendars if calendar.id == name), None)
        if found is None:
            raise TermsError(N_('There is no calendar "{name}".'), where=commitment.id, name=name)
        return self.place_of[id(found)]

    def _fit(self, scope: Scope, agreement: Agreement) -> Fit:
        unknown = set(scope.tiers) - {tier.id for tier in agreement.tiers}
        if unknown:
            raise TermsError(N_('There is no tier "{name}".'), where=agreement.id, name=min(unknown))
        return Fit(_mask(scope.tiers, self.tiers), _mask(scope.sources, self.codebook.sources), self._owners(scope))

    def _owners(self, scope: Scope) -> Mask | None:
        """Owners inside the teams and among the reps; a rep may be named by id or by name."""
        book = self.codebook
        if not scope.teams and not scope.reps:
            return None
        teams, inside = _mask(scope.teams, book.teams), np.zeros(len(book.owners) + 1, np.bool_)
        for code, (owner_id, name) in enumerate(zip(book.owners, book.owner_names, strict=True)):
            is_rep = not scope.reps or owner_id in scope.reps or name in scope.reps
            inside[code] = is_rep and (teams is None or bool(teams[book.team_of[code]]))
        return inside

    def _paused(self, commitment: Commitment) -> Mask | None:
        codes = status_codes(commitment.pauses, self.codebook)
        if not codes:
            return None
        paused = np.zeros(len(self.codebook.stages) + 1, np.bool_)
        paused[list(codes)] = True
        return paused

    def _tier_rules(self, agreement: Agreement) -> Iterable[TierRule]:
        for tier in agreement.tiers:
            yield TierRule(
                self.tiers.index(tier.id),
                _mask(tier.grades, self.codebook.grades),
                _mask(tier.sources, self.codebook.sources),
                None if tier.score_from is None else np.float32(tier.score_from),
            )

    def _episode(self, commitment: Commitment) -> int:
        """Numbers the stages that versions of one commitment count, so that each counts once for each lead."""
        known = [key for key in self.words if key[0] == commitment.id]
        return self.words.setdefault((commitment.id, commitment.stage), len(known))


def _within(commitment: Commitment) -> Allowance | None:
    """The allowance of the commitment's clocks; None for tallies and deliverables."""
    if commitment.kind not in CLOCK_KINDS:
        return None
    lag = commitment.lag if commitment.kind is Kind.CONVERSION_RATE else None
    within = lag or commitment.target.within
    if within is None:
        is_conversion = commitment.kind is Kind.CONVERSION_RATE
        raise TermsError(
            N_('The target "{target}" has no time in which it must happen.'),
            where=commitment.id,
            hint=N_('Add a lag: "90 clock days".') if is_conversion else N_('Write "95 % within …".'),
            target=str(commitment.target),
        )
    return within


def _by_tier(fits: tuple[Fit, ...], n_tiers: int) -> NDArray[np.intp] | None:
    """The first fit of every tier, the last entry for none; None unless the fits are about tiers alone."""
    if not all(fit.tiers is not None and fit.sources is None and fit.owners is None for fit in fits):
        return None
    chosen = np.zeros(n_tiers + 1, np.intp)
    for number in reversed(range(len(fits))):
        chosen[fits[number].tiers] = number + 1
    return chosen


def _remind(commitment: Commitment) -> tuple[int, int]:
    """The share of the allowance that puts a clock at risk, to the ten-thousandth, as numerator and denominator."""
    share = int(commitment.remind_at * TEN_THOUSANDTHS)
    divisor = gcd(share, TEN_THOUSANDTHS)
    return share // divisor, TEN_THOUSANDTHS // divisor


def _longest(clauses: Iterable[Clause]) -> int:
    """How far beyond its start the due instant of an allowance of days may lie, weeks of one working day included."""
    withins = [within for clause in clauses for each in (clause, clause.silence) if each for within in each.withins]
    return max((within.amount * 8 * DAY_US for within in withins if within.is_days), default=0)


def _n_touches(commitment: Commitment) -> int:
    if commitment.target.measure is Measure.DEPTH:
        return int(commitment.target.value.to_integral_value(ROUND_CEILING))
    return commitment.target.touches or 1


def _calendar_key(calendar_of: NDArray[np.intp], commitment: Commitment) -> Hashable:
    if (calendar_of == calendar_of[0]).all():
        return (calendar_of[0].tobytes(),)
    return calendar_of.tobytes(), tuple(override.only for override in commitment.overrides)


def _party(agreement: Agreement, commitment: Commitment) -> Party:
    found = next((party for party in agreement.parties if party.id == commitment.party), None)
    if found is None:
        raise TermsError(N_('There is no party "{name}".'), where=commitment.id, name=commitment.party)
    return found


def _is_marketing_only(commitment: Commitment, party: Party) -> bool:
    if commitment.kind in (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE):
        return True
    counts = commitment.kind in (Kind.LEAD_VOLUME, Kind.LEAD_VALUE, Kind.CONVERSION_RATE)
    return counts and party.role is Role.MARKETING


def _loses_rejected(agreement: Agreement, commitment: Commitment) -> bool:
    is_of_leads = commitment.kind in (Kind.LEAD_VOLUME, Kind.LEAD_VALUE)
    keeps = agreement.counting.rejected_leads_count
    return is_of_leads and not keeps and _is_marketing_only(commitment, _party(agreement, commitment))


def _answering(agreement: Agreement) -> Commitment:
    """Whose hours silence is measured in: those of the promise to answer every lead, else those of sales."""
    promised = next((each for each in agreement.commitments if each.kind is Kind.DISPOSITION_TIME), None)
    if promised:
        return promised.model_copy(update={"only": Scope(), "start": Start.HANDOVER})
    others = sorted(agreement.parties, key=lambda party: (party.role is not Role.SALES, party.role is Role.MARKETING))
    target = "100 % within 1 business day"  # only its party and its calendars are asked for
    return Commitment.model_validate(
        {"id": "-", "party": others[0].id, "kind": Kind.DISPOSITION_TIME, "target": target}
    )


def _mask(wanted: Sequence[str], names: Sequence[str]) -> Mask | None:
    """True at the codes of the wanted names, False elsewhere and at −1; None when nothing is wanted."""
    if not wanted:
        return None
    return np.append(np.isin(np.array(names, str), np.array(wanted, str)), False)


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
