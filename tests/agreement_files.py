"""A small agreement file that reads without a fault, and what a changed one is told."""

from __future__ import annotations

from pathlib import Path

from smarketing.terms.agreement import Agreement
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.read_yaml import read_agreement_text

AGREEMENT = """\
id: acme
title: Marketing and sales at Acme
zone: Europe/Madrid
in_force: {from_on: 2026-01-01}
parties:
  - id: marketing
    name: Marketing
    role: marketing
    contacts: [{name: Maya}]
  - id: sales
    name: Sales
    role: sales
    calendar: office
    contacts: [{name: Sam, email: sam@acme.example}]
    capacity: {reps: 4, hours_per_rep: 140, minutes_per_attempt: 6}
definitions:
  mql: {entry: Asked for a price., marked_by: marketing}
  sql: {entry: Has a budget., marked_by: sales}
tiers:
  - {id: a, worth: 100, grades: [A]}
  - {id: b, worth: 40}
handover: {at: stage, stage: mql}
calendars:
  - id: office
    zone: Europe/Madrid
    hours:
      mon-thu: 09:00-14:00, 15:00-18:30
      fri: 09:00-15:00
    holidays: {country: ES, region: MD, dates: [2026-12-24]}
    exceptions: {2026-12-31: 09:00-12:00, 2026-08-14: closed}
commitments:
  - id: leads
    party: marketing
    kind: lead_volume
    target: 140 leads
    stage: mql
    contact: Maya
  - id: speed
    party: sales
    kind: speed_to_lead
    target: 95 % within 1 business hour
    overrides:
      - {only: {tiers: [a]}, within: 30 business minutes}
    contact: Sam
"""


def line_of(part: str, text: str = AGREEMENT) -> int:
    """The line, from 1, on which `part` first stands."""
    return text.count("\n", 0, text.index(part)) + 1


def changed(old: str, new: str, text: str = AGREEMENT) -> str:
    """The agreement with one part of its text replaced."""
    assert old in text, f"{old!r} is not in the agreement"
    return text.replace(old, new, 1)


def agreement(text: str = AGREEMENT, folder: Path | None = None) -> Agreement:
    return read_agreement_text(text, where="acme.yaml", folder=folder)


def faults(text: str, folder: Path | None = None) -> list[str]:
    """Every fault of a text as `line: what hint`; nothing when it reads."""
    try:
        agreement(text, folder)
    except UnreadableTerms as error:
        return [str(fault).removeprefix("acme.yaml:").strip() for fault in error.faults]
    return []


def fault(old: str, new: str) -> str:
    """The only fault of the agreement with one part replaced."""
    found = faults(changed(old, new))
    assert len(found) == 1, found
    return found[0]
