"""An agreement that holds day and night, so that what it promises may be seen at any hour."""

from __future__ import annotations

from datetime import date

HEAD = """\
id: SLUG
version: 1
title: Marketing and sales around the clock
zone: Europe/Madrid
in_force: {from_on: FROM_ON}
parties:
  - {id: marketing, name: Marketing, role: marketing, teams: [Marketing], contacts: [{name: Maya Olmedo}]}
  - {id: sales, name: Sales, role: sales, teams: [Iberia], contacts: [{name: Sam Whitlock}]}
calendars:
  - id: always
    zone: Europe/Madrid
    hours: {mon-sun: 00:00-24:00}
"""


def all_hours(slug: str, rest: str, from_on: date) -> str:
    """The agreement `slug` of a marketing and a sales team in YAML; `rest` is what they promise."""
    return HEAD.replace("SLUG", slug).replace("FROM_ON", str(from_on)) + rest
