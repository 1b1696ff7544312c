"""Advice about the document as a whole: what a written agreement should have and often lacks."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.terms.agreement import Agreement, AgreementKind, Role
from smarketing.terms.commitment import Kind
from smarketing.terms.concern import Doubt
from smarketing.terms.dispute_rule import DisputeRule
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.hours import MIDNIGHT, end_of, window_words
from smarketing.terms.language import N_

MOST_EXCEPTIONS = 5
MOST_OVERRIDES = 4
LONGEST_SHIFT = 14 * 60  # minutes; a longer night window is probably two times exchanged
ON_MARKETING = (Kind.LEAD_VOLUME, Kind.LEAD_VALUE, Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)


def both_promise(agreement: Agreement) -> Iterator[Doubt]:
    promising = {commitment.party for commitment in agreement.commitments}
    for party in agreement.parties:
        if party.id not in promising:
            yield Doubt(
                "one_sided",
                f"parties.{party.id}",
                N_('"{id}" promises nothing.'),
                N_("Write at least one commitment of theirs: an agreement binds everybody who signs it."),
                {"id": party.id},
            )


def marketing_brings_leads(agreement: Agreement) -> Iterator[Doubt]:
    """Sales follows up what marketing promises; without a number neither capacity nor blame can be settled."""
    roles = {party.role for party in agreement.parties}
    has_both = {Role.MARKETING, Role.SALES} <= roles
    if has_both and not any(c.kind in ON_MARKETING for c in agreement.commitments):
        yield Doubt(
            "no_lead_promise",
            "commitments",
            N_("Marketing promises no number of leads, pipeline or revenue."),
            N_('Work it back from the quota with "smarketing plan" and add it.'),
        )


def definitions(agreement: Agreement) -> Iterator[Doubt]:
    if agreement.kind is AgreementKind.CUSTOMER:
        return
    for word in ("mql", "sql"):
        if word not in agreement.definitions:
            yield Doubt(
                "no_definition",
                "definitions",
                N_('The agreement does not say what "{word}" means: each team will have its own idea.'),
                N_("Define it: the entry rule, and who marks it."),
                {"word": word},
            )
    for word, definition in agreement.definitions.items():
        if not definition.entry:
            yield Doubt(
                "no_entry_rule",
                f"definitions.{word}",
                N_('Nothing says when a lead becomes "{word}".'),
                N_("Write its entry rule in a sentence."),
                {"word": word},
            )


def disputes(agreement: Agreement) -> Iterator[Doubt]:
    """Where the agreement says how disputes are settled, somebody must be there to settle them."""
    rule = agreement.disputes
    if rule == DisputeRule():
        return
    if not rule.arbiter:
        yield Doubt(
            "no_arbiter",
            "disputes",
            N_("Nobody is named who decides when both teams stay with their view."),
            N_("Name an arbiter whom both trust: a contact, or the address of the person they report to."),
        )
    contacts = (contact for party in agreement.parties for contact in party.contacts)
    addresses = [contact.email for contact in contacts if contact.name == rule.arbiter]
    if addresses and not any(addresses):
        yield Doubt(
            "unreachable_arbiter",
            "disputes",
            N_("{name} decides disputes and has no address: nobody can tell them that there is one."),
            N_("Write their e-mail address, or name somebody who has one."),
            {"name": rule.arbiter},
        )


def exceptions(agreement: Agreement) -> Iterator[Doubt]:
    n = len(agreement.exceptions)
    if n > MOST_EXCEPTIONS:
        yield Doubt(
            "too_many_exceptions",
            "exceptions",
            N_("There are {n} exceptions: nobody will remember them."),
            N_("Keep at most {most}; make a tier or an override of what happens often."),
            {"n": n, "most": MOST_EXCEPTIONS},
        )
    for commitment in agreement.commitments:
        if len(commitment.overrides) > MOST_OVERRIDES:
            yield Doubt(
                "too_many_exceptions",
                f"commitments.{commitment.id}",
                N_('"{id}" has {n} overrides: nobody can tell which holds for a lead.'),
                N_("Keep at most {most}, or make commitments of their own for the tiers."),
                {"id": commitment.id, "n": len(commitment.overrides), "most": MOST_OVERRIDES},
            )


def consequences(agreement: Agreement) -> Iterator[Doubt]:
    if not agreement.consequences:
        yield Doubt(
            "no_consequence",
            "consequences",
            N_("Nothing follows when a promise is missed."),
            N_("Announce the steps: a talk after one strike, a written plan after two, the sponsors after three."),
        )
    strikes = [consequence.strikes for consequence in agreement.consequences if not consequence.commitment]
    if strikes != sorted(strikes):
        yield Doubt(
            "consequences_out_of_order",
            "consequences",
            N_("The steps do not grow with the strikes."),
            N_("Write them from the first strike to the last."),
        )


def reviews(agreement: Agreement) -> Iterator[Doubt]:
    if not agreement.reviews:
        yield Doubt(
            "no_review",
            "reviews",
            N_("Nobody meets to look at the numbers."),
            N_("Add a monthly review with its purpose and who attends."),
        )


def cancellation(agreement: Agreement) -> Iterator[Doubt]:
    if not agreement.cancellation:
        yield Doubt(
            "no_cancellation",
            "cancellation",
            N_("Nothing says when the agreement should end."),
            N_("Add a condition: a promise missed three months running, or a party that stands behind it no more."),
        )


def signatures(agreement: Agreement) -> Iterator[Doubt]:
    current = fingerprint(agreement)
    for signature in agreement.signatures:
        if signature.fingerprint != current:
            yield Doubt(
                "signature_broken",
                f"signatures.{signature.party}",
                N_("{name} signed another text: this one was changed afterwards."),
                N_("Bring the signed text back, or make the change a new version."),
                {"name": signature.name},
            )
        elif signature.signed_at.date() > agreement.in_force.from_on:
            yield Doubt(
                "signed_late",
                f"signatures.{signature.party}",
                N_("{name} signed on {signed}, after the agreement began on {begins}."),
                N_("Let a version begin after everybody has signed it."),
                {"name": signature.name, "signed": signature.signed_at.date(), "begins": agreement.in_force.from_on},
            )


def nights(agreement: Agreement) -> Iterator[Doubt]:
    for calendar in agreement.calendars:
        for window in {window for day in calendar.week for window in day}:
            if window.closes <= window.opens and end_of(window) - window.opens > LONGEST_SHIFT:
                yield Doubt(
                    "very_long_night",
                    f"calendars.{calendar.id}",
                    N_("{window} runs past midnight for {n} hours."),
                    N_("Exchange the two times, unless the team really works all night."),
                    {"window": window_words(window), "n": (window.closes + MIDNIGHT - window.opens) // 60},
                )


def tiers(agreement: Agreement) -> Iterator[Doubt]:
    for position, tier in enumerate(agreement.tiers[:-1]):
        if not (tier.grades or tier.sources or tier.score_from is not None):
            yield Doubt(
                "tier_takes_all",
                f"tiers.{tier.id}",
                N_('Tier "{id}" takes every lead, so the {n} tiers after it stay empty.'),
                N_("Give it grades, sources or a lowest score, or write it last."),
                {"id": tier.id, "n": len(agreement.tiers) - position - 1},
            )
