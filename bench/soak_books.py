"""The books of a soak: what was promised to somebody beside what is there. Every fault must be none.

The site is down while they are kept. They go by what was sent and answered, by what receivers got, and by everything
made once more from the beginning: facts from the events in another order, clocks from the facts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from bench.soak_events import KINDS
from bench.soak_people import leads_of

SHOWN = 5  # samples of a fault
SENDING = tuple(KINDS)  # as SQL lists them
Order = dict[str, Any]


@dataclass
class Books:
    """`counts` say how much there was, `faults` how often a book is off, with some samples of each."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def check(self, name: str, found: Iterable[object]) -> None:
        """Nothing may be found."""
        listed = list(found)
        self.faults[name] = self.faults.get(name, 0) + len(listed)
        if listed:
            self.samples.setdefault(name, []).extend(str(one)[:300] for one in listed[:SHOWN])


def balance(order: Order, now: datetime) -> dict[str, Any]:
    """Counts, faults and samples of the faults."""
    from bench.soak_told import check_messages
    from bench.soak_twice import check_clocks, check_replay

    books = Books()
    check_intake(books, order["parcels"])
    check_leads(books, order["parcels"])
    check_deeds(books, order["deeds"])
    check_imports(books)
    check_messages(books, order["mails"], order["posts"], now)
    check_replay(books, Path(order["scratch"]), now, Random(order["seed"]))
    check_clocks(books, Path(order["scratch"]), now)
    check_house(books)
    return {"counts": books.counts, "faults": books.faults, "samples": books.samples}


def check_intake(books: Books, parcels: list[Order]) -> None:
    """Whatever was acknowledged is there once, nothing else is, and the tallies add up."""
    from smarketing.ledger.models import InboxRow, InboxTally

    acked, sent, forged = set[Any](), set[Any](), set[Any]()
    for parcel in parcels:
        versions = _versions(parcel)
        (forged if parcel["is_forged"] else sent).update(versions)
        acked.update(versions if parcel["receipt"] else ())
    rows = list(InboxRow.objects.filter(src__in=KINDS).values_list("src", "key", "body_digest", "state", "is_conflict"))
    there = Counter(row[:3] for row in rows)
    books.counts |= {"parcels": len(parcels), "acknowledged events": len(acked), "forged events": len(forged - sent)}
    books.check("acknowledged and lost", acked - there.keys())
    books.check("stored twice", (one for one, n in there.items() if n > 1))
    books.check("stored and never sent", there.keys() - sent)
    books.check("forged and let in", (forged - sent) & there.keys())
    books.check("neither fact nor dead letter", (row for row in rows if row[3] not in ("done", "dead")))
    firsts = {parcel["number"]: parcel["receipt"] for parcel in parcels}
    repeats = [parcel for parcel in parcels if parcel["of"] is not None and parcel["receipt"]]
    books.check("another receipt at a repeat", (one for one in repeats if one["receipt"] != firsts[one["of"]]))
    books.counts["repeats"] = len(repeats)
    books.counts["dead letters"] = sum(row[3] == "dead" for row in rows)
    versions_of = Counter(row[:2] for row in rows)
    flagged = sum(row[4] for row in rows)
    books.check("contradictions not flagged", range(abs(flagged - sum(n - 1 for n in versions_of.values()))))
    tallies = list(InboxTally.objects.filter(src__in=KINDS))
    for name in ("received", "stored", "duplicate", "conflict", "rejected", "dead"):
        books.counts[f"tallied {name}"] = sum(getattr(tally, f"n_{name}") for tally in tallies)
    told = books.counts
    off = told["tallied received"] - told["tallied stored"] - told["tallied duplicate"] - told["tallied rejected"]
    off = abs(off) + abs(told["tallied stored"] + told["tallied rejected"] - len(rows))
    off += abs(told["tallied dead"] - told["dead letters"]) + abs(told["tallied conflict"] - flagged)
    books.check("tallies off", range(off))
    poison = [row for row in InboxRow.objects.filter(src__in=KINDS, state="dead") if not _is_poison(bytes(row.body))]
    books.check("dead that should live", ((row.src, row.trouble, bytes(row.body)) for row in poison))


def _versions(parcel: Order) -> list[tuple[str, str, str]]:
    from smarketing.sources.webhook.shapes import SHAPES

    headers = {"content-type": parcel["content_type"]}
    events = SHAPES[KINDS[parcel["src"]]].split(parcel["body"].encode(), headers)
    return [(parcel["src"], event.key, sha256(event.raw).hexdigest()) for event in events]


def _is_poison(body: bytes) -> bool:
    event = json.loads(body)
    known = ("occurredAt", "_id", "Lead ID", "occurred_at", "timestamp")
    is_told = any(name in event or name in event.get("meta", {}) for name in known)
    return (
        "nonsense" in event.get("data", {}) or ("subscriptionType" not in event and "objectId" in event) or not is_told
    )


def check_leads(books: Books, parcels: list[Order]) -> None:
    """Each lead that was told of is a fact once, beside those that nobody told of."""
    told = {(parcel["src"], lead) for parcel in parcels for lead in parcel["leads"] if parcel["receipt"]}
    there = Counter(_facts("lead", "lead_id", f"src IN {SENDING}"))
    books.counts["leads told of"] = len(told)
    books.check("leads lost", told - there.keys())
    books.check("leads twice", (one for one, n in there.items() if n > 1))
    books.check("leads of nothing", there.keys() - told)


def _facts(table: str, column: str, where: str) -> list[tuple[str, str]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT src, {column} FROM ledger_{table} WHERE {where}")
        return [(str(src), str(own)) for src, own in cursor.fetchall()]


def check_deeds(books: Books, deeds: list[Order]) -> None:
    """What people were told is done is in the audit trail, the inbox and the facts, each once."""
    from smarketing.ledger.models import InboxRow
    from smarketing.records.models import Event

    events = Event.objects.filter(verb__in=("log_touch", "dispose_lead", "take_back_deed"))
    noted: dict[str, list[str]] = {"log_touch": [], "dispose_lead": []}
    taken_back = Counter[str]()
    for event in events:
        if event.verb == "take_back_deed":
            taken_back[str(event.detail["of"])] += 1
        else:
            noted[event.verb].append(event.detail["key"])
    touches = Counter(own.removeprefix("desk:") for _, own in _facts("touch", "touch_id", "touch_id LIKE 'desk:%%'"))
    answers = {own.removeprefix("desk:") for _, own in _facts("stage_change", "change_id", "change_id LIKE 'desk:%%'")}
    done = [deed for deed in deeds if deed["status"] == 302 and not deed["is_refused"]]
    acked = {path: {deed.get("key", "") for deed in done if deed["path"] == path} for path in PATHS}
    books.counts |= {"deeds done": len(done), "deeds refused": sum(deed["is_refused"] for deed in deeds)}
    books.check("touches lost", acked["/desk/touches/"] - touches.keys())
    books.check("touches twice", (key for key, n in touches.items() if n > 1))
    books.check("touches without an entry", touches.keys() ^ set(noted["log_touch"]))
    books.check("answers lost", acked["/desk/dispositions/"] - answers)
    books.check("answers without an entry", answers ^ set(noted["dispose_lead"]))
    books.check("entries twice", (key for keys in noted.values() for key, n in Counter(keys).items() if n > 1))
    books.check("taken back twice", (seq for seq, n in taken_back.items() if n > 1))
    undone = {deed["seq"] for deed in done if deed["path"] == "/desk/undoings/"}
    books.check("taken back and not noted", undone - taken_back.keys())
    books.check("deeds on their way", InboxRow.objects.filter(src="desk").exclude(state="done"))


PATHS = ("/desk/touches/", "/desk/dispositions/", "/desk/undoings/")


def check_imports(books: Books) -> None:
    """Every import is whole or not there, or taken back with all that it brought."""
    from smarketing.ledger.models import Import
    from smarketing.records.models import Event, Job

    imports = list(Import.objects.prefetch_related("files"))
    undone = [each for each in imports if each.status == Import.UNDONE]
    events = Event.objects.values_list("verb", "object_id")
    books.counts |= {"imports": len(imports), "imports taken back": len(undone)}
    for verb, rows in (("import_files", imports), ("undo_import", undone)):
        noted = Counter(own for said, own in events.filter(verb=verb))
        books.check("imports and entries differ", (noted - Counter(str(each.pk) for each in rows)).elements())
        books.check("imports and entries differ", (Counter(str(each.pk) for each in rows) - noted).elements())
    files = [file for each in imports for file in each.files.all()]
    sums = ((file.file, file.n_rows, file.n_accepted + file.n_rejected + file.n_duplicates) for file in files)
    books.check("rows of imports lost", (one for one in sums if one[1] != one[2]))
    left = [file for each in imports if each.status != Import.UNDONE for file in each.files.all()]
    kept = {file.file for file in left if file.n_accepted}  # what a later import found there goes with the first one
    expected = {lead for file in kept for lead in leads_of(file)}
    there = Counter(own for _, own in _facts("lead", "lead_id", f"src NOT IN {SENDING}"))
    books.check("imported leads lost", expected - there.keys())
    books.check("imported leads of nothing", there.keys() - expected)
    books.check("imported leads twice", (one for one, n in there.items() if n > 1))
    jobs = Job.objects.filter(kind="import_export")
    books.check("jobs without an end", jobs.filter(status__in=("waiting", "running")))
    books.counts["import jobs given up"] = jobs.exclude(status="done").count()


def check_house(books: Books) -> None:
    """The chain of events, the database's own check, and no files that belong to nothing."""
    from django.conf import settings
    from django.db import connection

    from smarketing.records.events import chain_faults
    from smarketing.records.models import Event

    books.counts["audit entries"] = Event.objects.count()
    books.check("audit chain broken", chain_faults())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for asked in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
                cursor.execute(asked)
                books.check("database damaged", (row for row in cursor.fetchall() if row != ("ok",)))
        else:
            books.check("database damaged", _amcheck(cursor))
    torn = ("**/.staging-*", "**/.building*", "uploads/*.upload*", "**/*.tmp", "**/*.torn")
    books.check("files of nothing", (path for pattern in torn for path in settings.HOME.glob(pattern)))


def _amcheck(cursor: Any) -> list[str]:
    """What the server's own extension finds in tables and indexes; whoever lacks it compares counts by both ways."""
    cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'")
    if not cursor.fetchone()[0]:
        return []
    cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    cursor.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
        " WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace"
    )
    found = []
    for (index,) in cursor.fetchall():
        try:
            cursor.execute("SELECT bt_index_check(%s::regclass, true)", [index])
        except Exception as error:
            found.append(f"{index}: {error}")
    return found
