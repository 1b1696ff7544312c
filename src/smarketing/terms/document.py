"""An agreement as people read it: titled sections of sentences and tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from smarketing.terms.agreement import Agreement, AgreementKind, Contact, HandoverMoment, Party, Role
from smarketing.terms.alert_words import about_words, readers_words, ways_words, when_words
from smarketing.terms.calendar import Calendar
from smarketing.terms.code_names import CHANNELS, REASONS, STAGES, TOUCHES, listed, said
from smarketing.terms.commitment import Commitment, Scope
from smarketing.terms.difference import DAY_LABELS
from smarketing.terms.dispute_rule import DisputeRule
from smarketing.terms.hours import day_words, week_words
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain
from smarketing.terms.promise_words import allowance_words, target_words

KINDS = {
    AgreementKind.INTERNAL: N_("between teams of one company"),
    AgreementKind.CUSTOMER: N_("with a customer"),
    AgreementKind.MULTILEVEL: N_("between several teams in a chain"),
}
ROLES = {
    Role.MARKETING: N_("marketing"),
    Role.SALES: N_("sales"),
    Role.SERVICE: N_("customer service"),
    Role.CUSTOMER: N_("customer"),
}
GRAINS = {
    Grain.DAY: N_("every day"),
    Grain.WEEK: N_("every week"),
    Grain.MONTH: N_("every month"),
    Grain.QUARTER: N_("every quarter"),
    Grain.YEAR: N_("every year"),
}
CADENCES = {
    "weekly": N_("every week"),
    "fortnightly": N_("every two weeks"),
    "monthly": N_("every month"),
    "quarterly": N_("every quarter"),
    "yearly": N_("every year"),
}
HANDOVERS = {
    HandoverMoment.CREATION: N_("A lead is handed over as soon as it is there."),
    HandoverMoment.STAGE: N_('A lead is handed over when it becomes "{stage}".'),
    HandoverMoment.ASSIGNMENT: N_("A lead is handed over when somebody receives it."),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the document: sentences, then a table (header and rows, both empty when there is none).

    id       names the part wherever it stands, in every language: `definitions`, `parties.sales.needs`
    clauses  the same for each row: `commitments.speed`
    """

    title: str
    text: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    id: str = ""
    clauses: tuple[str, ...] = ()


def document(agreement: Agreement, words: Words) -> tuple[Section, ...]:
    """Every part of an agreement that says something, in the order of the document."""
    sections = (section for part in PARTS for section in part(agreement, words))
    return tuple(section for section in sections if section.text or section.rows)


def _summary(agreement: Agreement, words: Words) -> Iterator[Section]:
    begins, ends = agreement.in_force.from_on, agreement.in_force.until_on
    holds = words("Holds from {start}.", start=words.day(begins))
    if ends:
        holds = words("Holds from {start} to {end}.", start=words.day(begins), end=words.day(ends))
    kind = words("Version {version}, {kind}.", version=agreement.version, kind=words(KINDS[agreement.kind]))
    money = words("Amounts are in {currency}; days begin in {zone}.", currency=agreement.currency, zone=agreement.zone)
    text = (agreement.summary, kind, holds, money)
    yield Section(words("Summary"), tuple(filter(None, text)), id="summary")


def _parties(agreement: Agreement, words: Words) -> Iterator[Section]:
    rows, clauses = [], []
    for party in agreement.parties:
        for position, contact in enumerate(party.contacts or (Contact(name=""),)):
            named = " · ".join(filter(None, (party.name, contact.name)))
            rows.append((named, words(ROLES[party.role]), contact.role, contact.email, contact.reports_to))
            clauses.append(f"parties.{party.id}.contacts.{position + 1}" if position else f"parties.{party.id}")
    header = (words("Party"), words("Role"), words("Does"), words("Address"), words("Reports to"))
    yield Section(words("Parties"), (), header, tuple(rows), "parties", tuple(clauses))
    for party in agreement.parties:
        needs = f"parties.{party.id}.needs"
        yield Section(words("What {party} needs", party=party.name), party.needs, id=needs)
        yield from _capacity(party, words)


def _capacity(party: Party, words: Words) -> Iterator[Section]:
    if party.capacity is None:
        return
    able = party.capacity
    sentence = words(
        "{reps} reps with {hours} hours a month, {share} of them for marketing's leads; {minutes} minutes an attempt, "
        "{automated} of the attempts automated.",
        reps=able.reps,
        hours=words.number(able.hours_per_rep),
        share=words.percent(able.marketing_share, 0),
        minutes=words.number(able.minutes_per_attempt),
        automated=words.percent(able.automated_share, 0),
    )
    yield Section(words("What {party} can do", party=party.name), (sentence,), id=f"parties.{party.id}.capacity")


def _definitions(agreement: Agreement, words: Words) -> Iterator[Section]:
    names = {party.id: party.name for party in agreement.parties}
    rows = tuple(
        (word, definition.entry, names.get(definition.marked_by, ""), listed(definition.reasons, REASONS, words))
        for word, definition in agreement.definitions.items()
    )
    header = (words("Word"), words("When a lead becomes one"), words("Marked by"), words("Reasons"))
    clauses = tuple(f"definitions.{word}" for word in agreement.definitions)
    yield Section(words("Definitions"), (), header, rows, "definitions", clauses)


def _customers(agreement: Agreement, words: Words) -> Iterator[Section]:
    yield Section(words("Ideal customer"), tuple(filter(None, (agreement.ideal_customer,))), id="ideal_customer")
    yield Section(words("Personas"), agreement.personas, id="personas")


def _tiers(agreement: Agreement, words: Words) -> Iterator[Section]:
    rows = []
    for tier in agreement.tiers:
        fits = [*tier.grades, *(said(source, CHANNELS, words) for source in tier.sources)]
        if tier.score_from is not None:
            fits.append(words("score from {score}", score=_number(tier.score_from, words)))
        rows.append((tier.id, tier.name, _number(tier.worth, words), ", ".join(fits) or words("all others")))
    header = (words("Tier"), words("Name"), words("Worth of a lead"), words("Which leads"))
    clauses = tuple(f"tiers.{tier.id}" for tier in agreement.tiers)
    yield Section(words("Tiers"), (), header, tuple(rows), "tiers", clauses)


def _handover(agreement: Agreement, words: Words) -> Iterator[Section]:
    moment = words(HANDOVERS[agreement.handover.at], stage=said(agreement.handover.stage, STAGES, words))
    text = [agreement.handover.description or moment]
    if agreement.acceptance_by_silence:
        silence = allowance_words(agreement.acceptance_by_silence, words)
        text.append(words("A lead that is not answered within {time} is accepted.", time=silence))
    yield Section(words("Handover"), tuple(text), id="handover")


def _counting(agreement: Agreement, words: Words) -> Iterator[Section]:
    counting = agreement.counting
    text = [words("Touches that count: {kinds}.", kinds=listed(counting.touches, TOUCHES, words))]
    if counting.min_call_s:
        text.append(words("A call shorter than {time} is no touch.", time=words.duration(counting.min_call_s)))
    if counting.marketing_sources:
        text.append(
            words("Marketing's sources: {sources}.", sources=listed(counting.marketing_sources, CHANNELS, words))
        )
    if counting.void_reasons:
        text.append(words("Counts for nobody: {reasons}.", reasons=listed(counting.void_reasons, REASONS, words)))
    if not counting.rejected_leads_count:
        text.append(words("A lead that is rejected in time, with one of the reasons, does not count for marketing."))
    yield Section(words("What counts"), tuple(text), id="counting")


def _calendars(agreement: Agreement, words: Words) -> Iterator[Section]:
    rows = tuple((c.name or c.id, c.zone, _hours(c, words), _holidays(c, words)) for c in agreement.calendars)
    header = (words("Calendar"), words("Time zone"), words("Hours"), words("Closed"))
    clauses = tuple(f"calendars.{calendar.id}" for calendar in agreement.calendars)
    yield Section(words("Working hours"), (), header, rows, "calendars", clauses)


def _hours(calendar: Calendar, words: Words) -> str:
    lines = []
    for days, hours in week_words(calendar.week).items():
        first, _, final = days.partition("-")
        named = words(DAY_LABELS[first]) + (f" – {words(DAY_LABELS[final])}" if final else "")
        lines.append(f"{named}: {hours}")
    return "\n".join(lines)


def _holidays(calendar: Calendar, words: Words) -> str:
    holidays = calendar.holidays
    place = " ".join(filter(None, (holidays.country, holidays.region)))
    lines = [words("public holidays of {place}", place=place)] if place else []
    lines += [words.day(on) for on in holidays.dates]
    lines += [words("{day}: worked", day=words.day(on)) for on in holidays.open_on]
    for exception in calendar.exceptions:
        hours = day_words(exception.windows) if exception.windows else words("closed")
        lines.append(f"{words.day(exception.on)}: {hours}")
    return "\n".join(lines)


def _commitments(agreement: Agreement, words: Words) -> Iterator[Section]:
    header = (words("Promise"), words("Target"), words("Judged"), words("Point of contact"), words("Weight"))
    names = {calendar.id: calendar.name or calendar.id for calendar in agreement.calendars}
    for party in agreement.parties:
        promised = [commitment for commitment in agreement.commitments if commitment.party == party.id]
        rows = tuple(_promise(commitment, names, words) for commitment in promised)
        clauses = tuple(f"commitments.{commitment.id}" for commitment in promised)
        title = words("What {party} promises", party=party.name)
        yield Section(title, (), header, rows, f"parties.{party.id}.commitments", clauses)


def _promise(commitment: Commitment, calendars: Mapping[str, str], words: Words) -> tuple[str, ...]:
    named = "\n".join(filter(None, (commitment.title or commitment.id, commitment.description)))
    targets = [target_words(commitment.target, words)]
    if commitment.lag:
        targets.append(words("within {time}", time=allowance_words(commitment.lag, words)))
    if not commitment.only.is_everything:
        targets.append(words("only {leads}", leads=_leads(commitment.only, words)))
    for override in commitment.overrides:
        terms = [allowance_words(override.within, words) if override.within else ""]
        if override.calendar:
            terms.append(words("by the calendar {name}", name=calendars[override.calendar]))
        targets.append(
            words("{leads}: {terms}", leads=_leads(override.only, words), terms=", ".join(filter(None, terms)))
        )
    judged = words(GRAINS[commitment.period])
    return named, "; ".join(targets), judged, commitment.contact, _number(commitment.weight, words)


def _leads(scope: Scope, words: Words) -> str:
    sources = (said(source, CHANNELS, words) for source in scope.sources)
    return ", ".join((*scope.tiers, *sources, *scope.teams, *scope.reps))


def _meetings(agreement: Agreement, words: Words) -> Iterator[Section]:
    names = {party.id: party.name for party in agreement.parties}
    reports = tuple((r.name, names[r.owed_by], names[r.owed_to], r.cadence, r.content) for r in agreement.reports)
    header = (words("Report"), words("From"), words("To"), words("When"), words("Contents"))
    yield Section(words("Reports owed to each other"), (), header, reports, "reports", _numbered("reports", reports))
    titles = (words("Review"), words("When"), words("Purpose"), words("Who attends"))
    reviews = tuple((r.name, words(CADENCES[r.cadence]), r.purpose, ", ".join(r.attendees)) for r in agreement.reviews)
    yield Section(words("Reviews"), (), titles, reviews, "reviews", _numbered("reviews", reviews))


def _what_follows(agreement: Agreement, words: Words) -> Iterator[Section]:
    titles = {commitment.id: commitment.title or commitment.id for commitment in agreement.commitments}
    every = words("any promise")
    rows = tuple(
        (words.number(c.strikes), titles.get(c.commitment, every), c.step, c.responsible)
        for c in agreement.consequences
    )
    header = (words("Missed in a row"), words("Promise"), words("Step"), words("Responsible"))
    clauses = _numbered("consequences", rows)
    yield Section(words("When a promise is missed"), (), header, rows, "consequences", clauses)
    rewards = tuple((r.name, r.when, words.number(r.points) if r.points else "") for r in agreement.rewards)
    titled = (words("Reward"), words("When"), words("Points"))
    yield Section(words("Rewards"), (), titled, rewards, "rewards", _numbered("rewards", rewards))
    conditions = tuple(c.condition for c in agreement.cancellation)
    yield Section(words("When the agreement ends"), conditions, id="cancellation")
    yield Section(words("Exceptions"), agreement.exceptions, id="exceptions")


def _alerts(agreement: Agreement, words: Words) -> Iterator[Section]:
    text = (words("{name} answers for leads that nobody has.", name=agreement.seat),) if agreement.seat else ()
    rows = tuple(
        (
            _capital(when_words(rule, words)),
            about_words(rule, agreement, words),
            readers_words(rule, agreement, words),
            ways_words(rule, words),
        )
        for rule in agreement.alerts
    )
    header = (words("When"), words("About"), words("Who is told"), words("By which way"))
    clauses = tuple(f"alerts.{rule.id}" for rule in agreement.alerts)
    yield Section(words("Warnings"), text, header if rows else (), rows, "alerts", clauses)


def _disputes(agreement: Agreement, words: Words) -> Iterator[Section]:
    """Nothing where the agreement leaves all of it as it usually is."""
    rule = agreement.disputes
    if rule == DisputeRule():
        return
    time = allowance_words(rule.decide_within, words)
    who = words("{name} decides within {time}.", name=rule.arbiter, time=time)
    text = [who if rule.arbiter else words("The other party decides within {time}.", time=time)]
    if rule.silence_accepts:
        text.append(words("What nobody decided by then is accepted."))
    yield Section(words("Disputes"), tuple(text), id="disputes")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _signatures(agreement: Agreement, words: Words) -> Iterator[Section]:
    names = {party.id: party.name for party in agreement.parties}
    rows = tuple(
        (names[s.party], s.name, words.instant(s.signed_at, agreement.zone), s.fingerprint)
        for s in agreement.signatures
    )
    header = (words("Party"), words("Signed by"), words("When"), words("Fingerprint"))
    clauses = tuple(f"signatures.{s.party}" for s in agreement.signatures)
    yield Section(words("Signatures"), (), header, rows, "signatures", clauses)


def _numbered(id: str, rows: Sequence[object]) -> tuple[str, ...]:
    """Clauses without a name of their own are counted: reviews.2."""
    return tuple(f"{id}.{place}" for place in range(1, len(rows) + 1))


def _number(value: Decimal, words: Words) -> str:
    exponent = value.normalize().as_tuple().exponent
    return words.number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


PARTS: tuple[Callable[[Agreement, Words], Iterator[Section]], ...] = (
    _summary,
    _parties,
    _definitions,
    _customers,
    _tiers,
    _handover,
    _counting,
    _calendars,
    _commitments,
    _meetings,
    _alerts,
    _disputes,
    _what_follows,
    _signatures,
)
