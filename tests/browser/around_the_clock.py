"""A team that works day and night, so that a story may be told at any hour: python -m tests.browser.around_the_clock.

Run in the site's own environment, before the site; says the secret of the source `site-form`.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

AGREED = timedelta(days=30)  # so long ago
PROMISES = """\
commitments:
  - {id: speed, party: sales, kind: speed_to_lead, title: First answer, target: 90 % within 15 business minutes}
alerts:
  - {id: soon, on: reminder, commitments: [speed], at: 0.01, to: [owner], channels: [in_app, email], urgent: true}
"""


def prepare(now: datetime) -> str:
    """People, the agreement in force, and a source whose leads are Rita's."""
    from django.core.management import call_command
    from tests.all_hours import all_hours
    from tests.cast import make_cast
    from tests.negotiations import latest, sign

    from smarketing.records.models import OwnerLink, Source
    from smarketing.workflows.draft_agreement import draft_agreement
    from smarketing.workflows.issue_secret import issue
    from smarketing.workflows.propose_version import propose_version
    from smarketing.workflows.refresh_open_clocks import refresh_open_clocks
    from smarketing.workflows.turn_versions import turn_versions

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    then = now - AGREED
    cast = make_cast((now - 2 * AGREED).date())
    OwnerLink.objects.create(person=cast.rita, src="site-form", owner_id="u-1")
    made = issue(Source(slug="site-form", name="Form of the site", kind="generic", created_at=then), "")
    made.source.save()
    text = all_hours("round", PROMISES, (then + timedelta(days=2)).date())
    version = draft_agreement(text=text, by=cast.maya, now=then)
    version = propose_version(version_id=version.id, revision=latest(version), by=cast.maya, now=then)
    sign(sign(version, cast.maya, "marketing", now=then), cast.sam, "sales", now=then)
    turn_versions(now=now)
    refresh_open_clocks(now=now)
    return made.secret or ""


if __name__ == "__main__":
    import django
    from bench.machine import wall_clock

    django.setup()
    sys.stdout.write(prepare(wall_clock()))
