"""Export leads as a table: one row for each lead and promise, as spreadsheets take it, streamed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.reports.leads_table import Column, leads_csv, leads_xlsx
from smarketing.reports.leads_table import Kind as Cell
from smarketing.terms.commitment import Kind
from smarketing.terms.language import Words
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.list_leads import LeadClock, LeadRow, every_lead
from smarketing.workflows.open_leads import OpenedLeads

IN_MEMORY = 8 * 2**20


def export_csv(
    opened: OpenedLeads, asked: LeadFilter, *, zone: str, by: Person, now: datetime, words: Words
) -> Iterator[bytes]:
    """The file in pieces. That it was taken is written down before the first of them."""
    _note(opened, asked, "csv", by, now)
    yield from leads_csv(_columns(words), _rows(opened, asked, now, words), zone=zone, words=words)


def export_xlsx(
    opened: OpenedLeads, asked: LeadFilter, *, zone: str, by: Person, now: datetime, words: Words
) -> IO[bytes]:
    """The workbook, to be read from its beginning.

    Raises UserError when there are more rows than a sheet holds
    """
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — whoever sends it closes it
    rows = _rows(opened, asked, now, words)
    leads_xlsx(_columns(words), rows, file, zone=zone, words=words, title=words("Leads"))  # type: ignore[arg-type]
    _note(opened, asked, "xlsx", by, now)
    file.seek(0)
    return file


def _note(opened: OpenedLeads, asked: LeadFilter, form: str, by: Person, now: datetime) -> None:
    with one_write(verb="export_leads", by=by, now=now) as write:
        write.about("export", form, agreement=opened.slug, commitment=asked.commitment, q=bool(asked.q))


def _columns(words: Words) -> tuple[Column, ...]:
    return (
        Column("lead", words("Lead")),
        Column("src", words("System")),
        Column("created", words("Made"), Cell.INSTANT),
        Column("source", words("Source")),
        Column("campaign", words("Campaign")),
        Column("stage", words("Stage")),
        Column("status", words("Status in the CRM")),
        Column("tier", words("Tier")),
        Column("owner", words("Owner")),
        Column("team", words("Team")),
        Column("promise", words("Promise")),
        Column("verdict", words("Verdict")),
        Column("started", words("Started"), Cell.INSTANT),
        Column("due", words("Due"), Cell.INSTANT),
        Column("stopped", words("Stopped"), Cell.INSTANT),
        Column("elapsed", words("Open time used"), Cell.DURATION),
        Column("touches", words("Touches"), Cell.NUMBER),
    )


def _rows(opened: OpenedLeads, asked: LeadFilter, now: datetime, words: Words) -> Iterator[dict[str, Any]]:
    titles = {c.id: c.title or c.id for version in opened.versions for c in version.commitments}
    counting = {c.id for version in opened.versions for c in version.commitments if c.kind is Kind.FOLLOW_UP_DEPTH}
    said: dict[str, Any] = {"scope": opened.scope, "now": now, "words": words}
    leads = every_lead(opened.facts, opened.versions, asked, waivers=opened.waivers(asked.moment(now)), **said)
    for lead in leads:
        asked_for = [each for each in lead.clocks if asked.commitment in ("", each.commitment)]
        wanted = [each for each in asked_for if lead.episode in (None, each.episode) or not asked.commitment]
        if not wanted:
            yield _row(lead, None, titles, counting)
        yield from (_row(lead, clock, titles, counting) for clock in wanted)


def _row(lead: LeadRow, clock: LeadClock | None, titles: dict[str, str], counting: set[str]) -> dict[str, Any]:
    """Touches only under promises that are `counting` them: elsewhere a 0 would say that nobody ever called."""
    row: dict[str, Any] = {
        "lead": lead.lead_id,
        "src": lead.src,
        "created": lead.created_at,
        "source": lead.source,
        "campaign": lead.campaign,
        "stage": lead.stage,
        "status": lead.status,
        "tier": lead.tier,
        "owner": lead.owner,
        "team": lead.team,
    }
    if clock is None:
        return row
    return row | {
        "promise": titles.get(clock.commitment, clock.commitment),
        "verdict": clock.verdict,
        "started": clock.started_at,
        "due": clock.due_at,
        "stopped": clock.stopped_at,
        "elapsed": clock.elapsed_s,
        "touches": clock.count if clock.commitment in counting else None,
    }
