"""Which version of the agreement judges a lead: T39 and T40 of the worked examples."""

from __future__ import annotations

from typing import Any

from tests.builders import a_commitment, an_agreement


def version(number: int, target: str, from_on: str, until_on: str | None = None, **rest: Any) -> Any:
    commitment = a_commitment(target=target, **rest.pop("commitment", {}))
    return an_agreement(commitment, version=number, in_force={"from_on": from_on, "until_on": until_on}, **rest)


def test_t39_the_last_day_belongs_to_the_agreement(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Sat 31 Aug 10:00
                 bea  | Sat 31 Aug 23:59:59
                 cleo | Sun 1 Sep 00:00""",
        versions=[version(1, "95 % within 1 business hour", "2024-01-01", "2024-08-31")],
        expect="""lead
                  ana
                  bea""",
    )


def test_the_days_of_the_agreement_are_those_of_its_zone(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | 2024-08-31T15:59:00
                 bea  | 2024-08-31T16:00:00""",
        versions=[version(1, "95 % within 1 business hour", "2024-01-01", "2024-08-31", zone="Asia/Singapore")],
        expect="""lead
                  ana""",
    )


def test_t40_a_lead_is_judged_under_the_version_in_force_when_its_clock_started(spec: Any) -> None:
    spec(
        leads="""lead   | created_at
                 before | Wed 14 Aug 10:00
                 after  | Fri 16 Aug 10:00""",
        touches="""lead   | at
                   before | Wed 14 Aug 10:45
                   after  | Fri 16 Aug 10:45""",
        versions=[
            version(2, "95 % within 30 business minutes", "2024-08-16"),
            version(1, "95 % within 1 business hour", "2024-01-01"),
        ],
        now="Tue 20 Aug 00:00",
        expect="""lead   | elapsed | due              | verdict
                  before | 45 min  | Wed 14 Aug 11:00 | met
                  after  | 45 min  | Fri 16 Aug 10:30 | breached""",
    )


def test_a_lead_outside_every_version_has_no_clock(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Fri 1 Mar 10:00
                 bea  | Mon 1 Apr 10:00
                 cleo | Wed 1 May 10:00""",
        versions=[
            version(1, "95 % within 1 business hour", "2024-01-01", "2024-03-15"),
            version(2, "95 % within 2 business hours", "2024-05-01"),
        ],
        expect="""lead
                  ana
                  cleo""",
    )


def test_a_lead_that_two_versions_would_start_counts_once_for_the_earlier(spec: Any) -> None:
    handover = {"handover": {"at": "stage", "stage": "mql"}}
    spec(
        leads="""lead | created_at
                 ana  | Mon 29 Apr 10:00
                 bea  | Mon 29 Apr 10:00""",
        stages="""lead | at               | stage
                  ana  | Mon 6 May 10:00  | mql
                  bea  | Mon 6 May 10:00  | mql""",
        versions=[
            version(1, "95 % within 1 business hour", "2024-01-01"),
            version(2, "95 % within 2 business hours", "2024-05-01", **handover),
        ],
        expect="""lead | start
                  ana  | Mon 29 Apr 10:00
                  bea  | Mon 29 Apr 10:00""",
    )


def test_versions_that_count_different_stages_count_different_things(spec: Any) -> None:
    counts = {"kind": "lead_volume", "party": "marketing"}
    spec(
        leads="""lead | created_at
                 ana  | Mon 29 Apr 10:00""",
        stages="""lead | at               | stage
                  ana  | Mon 29 Apr 10:00 | mql
                  ana  | Mon 6 May 10:00  | sql""",
        versions=[
            version(1, "140 mqls", "2024-01-01", commitment=counts | {"stage": "mql"}),
            version(2, "40 sqls", "2024-05-01", commitment=counts | {"stage": "sql"}),
        ],
        expect="""lead | at
                  ana  | Mon 29 Apr 10:00
                  ana  | Mon 6 May 10:00""",
    )


SIGNED_LATE = ({"party": "sales", "name": "Sam", "signed_at": "2024-06-12T10:00:00Z", "fingerprint": "sha256:0"},)


def test_a_signature_later_never_flips_a_closed_month(spec: Any) -> None:
    """Signed on 12 June and in force from 1 May: May was over and stays under version 1, June was not."""
    spec(
        leads="""lead | created_at
                 may  | Fri 31 May 10:00
                 june | Mon 3 Jun 10:00""",
        touches="""lead | at
                   may  | Fri 31 May 10:45
                   june | Mon 3 Jun 10:45""",
        versions=[
            version(1, "95 % within 1 business hour", "2024-01-01"),
            version(2, "95 % within 30 business minutes", "2024-05-01", signatures=SIGNED_LATE),
        ],
        expect="""lead | due              | verdict
                  may  | Fri 31 May 11:00 | met
                  june | Mon 3 Jun 10:30  | breached""",
    )


def test_the_first_version_has_nothing_to_flip(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 may  | Fri 31 May 10:00""",
        versions=[version(1, "95 % within 1 business hour", "2024-05-01", signatures=SIGNED_LATE)],
        expect="""lead | due
                  may  | Fri 31 May 11:00""",
    )
