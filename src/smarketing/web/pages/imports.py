"""Imports as a list, and the receipt of one: what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from smarketing.ledger.models import Import, ImportFile
from smarketing.records.models import Job, Person
from smarketing.records.models.jobs import JobStatus
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.jobs import JobPage, job_page
from smarketing.web.request import Request
from smarketing.workflows.import_sentences import notes_told, problem_told, reason_sentence

MOST = 100
STATUSES = {
    "imported": (N_("read"), "good"),
    "repeated": (N_("read before"), "muted"),
    "linking": (N_("only looked into"), "muted"),
    "unknown": (N_("not recognised"), "bad"),
    "unreadable": (N_("unreadable"), "bad"),
}
TABLES = {
    "lead": N_("Leads"),
    "deal": N_("Deals"),
    "touch": N_("Touches"),
    "stage_change": N_("Stage changes"),
    "owner": N_("Owners"),
    "spend": N_("Spend"),
    "delivery": N_("Deliveries"),
    "identity": N_("Merged records"),
    "deal_lead": N_("Links of deals and leads"),
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    id: str
    href: str
    at: datetime
    by: str
    profile: str
    files: str
    n_rows: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    is_undone: bool


@dataclass(frozen=True, slots=True)
class FileReceiptPage:
    title: str
    status: str
    tone: str
    read_as: str
    form: str
    n_rows: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    beside: tuple[str, ...]  # rows that were none, in sentences
    reasons: tuple[tuple[str, int], ...]
    examples: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    unread: tuple[str, ...]
    problem: str
    rejects: str  # address; empty where nothing was rejected


@dataclass(frozen=True, slots=True)
class ImportsPage:
    rows: tuple[ImportRow, ...]
    jobs: tuple[JobPage, ...]
    may_bring: bool
    may_undo: bool
    limit_mb: int

    @property
    def is_busy(self) -> bool:
        return any(job.is_open for job in self.jobs)


@dataclass(frozen=True, slots=True)
class ImportPage:
    row: ImportRow
    files: tuple[FileReceiptPage, ...]
    tables: tuple[tuple[str, int, int], ...]  # what entered: fact table, new rows, changed rows
    source: str
    zone: str
    may_undo: bool
    may_bring: bool
    has_rejects: bool
    undone_at: datetime | None
    undone_by: str
    undo_question: str
    limit_mb: int


def imports_seen_by(request: Request) -> QuerySet[Import]:
    """All of them for those who run the installation or manage a team, one's own for the rest."""
    every = Import.objects.prefetch_related("files")
    if request.grant.is_any or request.grant.team_ids:
        return every
    return every.filter(by=request.actor.person.pk if request.actor.person else -1)


def imports_page(request: Request, *, now: datetime, limit_mb: int) -> ImportsPage:
    found = list(imports_seen_by(request)[:MOST])
    names = _names(found)
    jobs = Job.objects.filter(kind="import_export", status__in=(JobStatus.WAITING, JobStatus.RUNNING, JobStatus.FAILED))
    if not request.grant.is_any:
        jobs = jobs.filter(asked_by=request.actor.person)
    shown = [job for job in jobs.order_by("-id")[:5] if job.status != JobStatus.FAILED or (now - job.asked_at).days < 1]
    return ImportsPage(
        rows=tuple(_row(one, names) for one in found),
        jobs=tuple(job_page(job, now=now, words=request.words) for job in shown),
        may_bring=bool(request.actor.grant("import", "create")),
        may_undo=bool(request.actor.grant("import", "delete")),
        limit_mb=limit_mb,
    )


def import_page(request: Request, found: Import, *, limit_mb: int) -> ImportPage:
    words, row = request.words, _row(found, _names([found]))
    files = tuple(_file(found, each, words) for each in found.files.all())
    return ImportPage(
        row=row,
        files=files,
        tables=_tables(found.tables, words),
        source=found.source,
        zone=found.zone,
        may_undo=bool(request.actor.grant("import", "delete")) and not row.is_undone,
        may_bring=bool(request.actor.grant("import", "create")),
        has_rejects=any(file.rejects for file in files),
        undone_at=found.undone_at,
        undone_by=_names([found]).get(found.undone_by or 0, ""),
        undo_question=undo_question(row, words),
        limit_mb=limit_mb,
    )


def undo_question(row: ImportRow, words: Words) -> str:
    return words.plural(
        "Undo this import? {n} row that it brought is taken away; what it wrote over comes back.",
        "Undo this import? The {n} rows that it brought are taken away; what it wrote over comes back.",
        row.n_accepted,
    )


def _row(found: Import, names: dict[int, str]) -> ImportRow:
    files = list(found.files.all())
    titles = [file.file for file in files]
    return ImportRow(
        id=found.id,
        href=reverse("import", args=[found.id]),
        at=found.at,
        by=names.get(found.by or 0, ""),
        profile=found.profile,
        files=", ".join(dict.fromkeys(titles)),
        n_rows=sum(file.n_rows for file in files),
        n_accepted=sum(file.n_accepted for file in files),
        n_rejected=sum(file.n_rejected for file in files),
        n_duplicates=sum(file.n_duplicates for file in files),
        is_undone=found.status == Import.UNDONE,
    )


def _names(imports: list[Import]) -> dict[int, str]:
    ids = {id for one in imports for id in (one.by, one.undone_by) if id}
    return {person.pk: str(person) for person in Person.objects.filter(pk__in=ids)}


def _file(of: Import, file: ImportFile, words: Words) -> FileReceiptPage:
    status, tone = STATUSES.get(file.status, (file.status, ""))
    return FileReceiptPage(
        title=f"{file.file} [{file.sheet}]" if file.sheet else file.file,
        status=words(status),
        tone=tone,
        read_as=file.read_as,
        form=file.form,
        n_rows=file.n_rows,
        n_accepted=file.n_accepted,
        n_rejected=file.n_rejected,
        n_duplicates=file.n_duplicates,
        beside=_beside(file, words),
        reasons=tuple((reason_sentence(reason, words), n) for reason, n in file.reasons.items()),
        examples=tuple({**each, "because": _because(each, words)} for each in file.examples),
        notes=notes_told(file.sentences, file.notes, words),
        unread=tuple(file.unread_columns),
        problem=problem_told(file.sentences, file.problem, words),
        rejects=reverse("import_rejects", args=[of.id, file.position]) if file.rejects_file else "",
    )


def _because(example: Mapping[str, str], words: Words) -> str:
    """The reason in the reader's language; the sentence of whoever brought the file where its code is unknown."""
    told = reason_sentence(example["reason"], words)
    return example["because"] if told == example["reason"] else told


def _beside(file: ImportFile, words: Words) -> tuple[str, ...]:
    told = (
        (file.n_blank, "{n} blank row was passed over.", "{n} blank rows were passed over."),
        (file.n_unused, "{n} row is no fact by the profile's rules.", "{n} rows are no facts by the profile's rules."),
        (file.n_twice, "{n} time came twice that night; the earlier one is taken.",
         "{n} times came twice that night; the earlier ones are taken."),
        (file.n_emptied, "{n} cell could not be read and was left empty.",
         "{n} cells could not be read and were left empty."),
    )  # fmt: skip
    return tuple(words.plural(one, many, n) for n, one, many in told if n)


def _tables(counts: dict[str, Any], words: Words) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (words(TABLES[name]), int(said.get("n_new", 0)), int(said.get("n_updated", 0)))
        for name, said in counts.items()
        if name in TABLES
    )
