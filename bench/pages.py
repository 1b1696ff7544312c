"""Pages of a company of any size: list, search, one lead, the scorecard, beside a bare Django page of the same size."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.company import NOW, company
from bench.facts import prepare_facts
from bench.machine import describe, peak_mib
from bench.paint import measure_paint
from bench.stored_clocks import scan
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import Folder, open_folder
from smarketing.ledger.lead_list import LISTS, open_lead_list
from smarketing.ledger.replica import open_replica
from smarketing.ledger.stored_cards import CARDS

if TYPE_CHECKING:
    from django.test import Client

MOMENT = datetime.fromtimestamp(NOW / 1e6, UTC)
PAGES = {
    "leads": "/leads/",
    "leads, by due time": "/leads/?sort=due",
    "search": "/leads/?q=L{lead:09}",
    "breached in a month": "/leads/?commitment=respond&verdict=breached&period=2026-11",
    "any breached": "/leads/?verdict=breached&sort=-due",
    "one lead": "/leads/crm/L{lead:09}/",
    "one lead of a list": "/leads/crm/L{lead:09}/?sort=-created",
}
CARD = "/scorecards/company/?period=2026-11"
PATIENCE_S = 600.0


def print_pages(n_leads: int, n_rounds: int) -> None:
    """Milliseconds of each page: the first time, then the least of the rounds; beside a bare page and a raw scan."""
    folder, machine = open_folder(prepare_facts(n_leads)), describe()
    print(f"{machine['processor']}, {machine['cores']} cores, load {machine['load']}; {n_leads:,} leads")
    agreement, replica = company().agreement, open_replica(folder)
    clocks = open_clocks(replica, [agreement], now=NOW)
    shutil.rmtree(folder.path / LISTS, ignore_errors=True)
    before = peak_mib()
    made_ms, _ = _timed(lambda: open_lead_list(folder, replica))
    print(f"list of leads made in {made_ms:,.0f} ms, {peak_mib() - before:,.0f} MiB more at the peak")
    scan_ms = min(_timed(lambda: scan(clocks))[0] for _ in range(n_rounds))
    print(f"raw scan of the clocks {scan_ms:.1f} ms\n")
    print(f"{'':22}{'first':>9}{'warm ms':>9}{'÷ bare':>8}{'÷ scan':>8}{'KiB':>7}")
    paths = {name: form.format(lead=n_leads // 8) for name, form in PAGES.items()}
    with _site(folder) as client:
        for name, path in paths.items():
            first_ms, body = _timed(partial(_page, client, path))
            warm_ms = min(_timed(partial(_page, client, path))[0] for _ in range(n_rounds))
            _tell(name, first_ms, warm_ms, scan_ms, body, n_rounds)
        _print_card(client, folder, scan_ms, n_rounds)
        print(f"\nmemory of the process {_memory_mib():,.0f} MiB, {peak_mib():,.0f} MiB at the peak")
        _print_paint(client, paths | {"scorecard": CARD}, n_rounds)


def _tell(name: str, first_ms: float, warm_ms: float, scan_ms: float, body: bytes, n_rounds: int) -> None:
    bare_ms = _bare(body, n_rounds)
    print(
        f"{name:22}{first_ms:>9.0f}{warm_ms:>9.1f}{warm_ms / bare_ms:>8.1f}"
        f"{warm_ms / scan_ms:>8.2f}{len(body) / 1024:>7.0f}"
    )


def _print_card(client: Client, folder: Folder, scan_ms: float, n_rounds: int) -> None:
    """Counted and drawn for the first time; then, by a process that knows nothing, from the card that is stored."""
    from smarketing.workflows.card_shelf import CardShelf

    shutil.rmtree(folder.path / CARDS, ignore_errors=True)
    with patch("smarketing.workflows.show_scorecard.SHELF", CardShelf()):
        cold_ms, body = _timed(lambda: _page(client, CARD))
        held_ms = min(_timed(lambda: _page(client, CARD))[0] for _ in range(n_rounds))
    stored = []
    for _ in range(n_rounds):
        with patch("smarketing.workflows.show_scorecard.SHELF", CardShelf()):
            stored.append(_timed(lambda: _page(client, CARD))[0])
    _tell("scorecard, stored", cold_ms, min(stored), scan_ms, body, n_rounds)
    _tell("scorecard, in memory", cold_ms, held_ms, scan_ms, body, n_rounds)


def _print_paint(client: Client, paths: dict[str, str], n_rounds: int) -> None:
    found = measure_paint(paths, client.cookies["sessionid"].value, n_rounds)
    print(f"\n{'in a browser, ms':22}{'answer':>9}{'paint':>9}{'whole':>9}" if found else "\nno browser on the PATH")
    for name, (answer, paint, whole) in found.items():
        print(f"{name:22}{answer:>9.0f}{paint:>9.0f}{whole:>9.0f}")


@contextmanager
def _site(folder: Folder) -> Iterator[Client]:
    """An installation without people but its administrator, who looks at these facts under the company's agreement."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        os.environ |= {"SMARKETING_HOME": home, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test import Client

        from smarketing.records.models import Person

        for command in ("migrate", "createcachetable"):
            call_command(command, verbosity=0)
        person = Person.objects.create_user("bench@example.com", "only for measuring", name="Bench", is_admin=True)
        logging.disable(logging.WARNING)
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, stands_in in _stand_ins(folder).items():
            stack.enter_context(patch(name, stands_in))
        yield client


def _stand_ins(folder: Folder) -> dict[str, Any]:
    from smarketing.web.views import asked_scorecard
    from smarketing.workflows.find_agreements import Signed

    signed = (Signed("company", "Company", 1, date(2023, 1, 1), None, is_in_force=True),)
    now = SimpleNamespace(now=lambda: MOMENT)
    return {
        "smarketing.workflows.show_scorecard.open_facts": lambda *_, **__: folder,
        "smarketing.web.views.asked_scorecard.agreements_of": lambda *_, **__: signed,
        "smarketing.web.views.asked_scorecard.versions_of": lambda *_, **__: (company().agreement,),
        "smarketing.web.views.asked_scorecard.timezone": now,
        "smarketing.web.views.scorecards.asked": partial(asked_scorecard.asked, wait_s=PATIENCE_S),
        "smarketing.workflows.open_leads.open_facts": lambda *_, **__: folder,
        "smarketing.workflows.open_leads.agreements_visible_to": lambda _: signed,
        "smarketing.workflows.open_leads.versions_of": lambda *_, **__: (company().agreement,),
        "smarketing.web.views.leads.timezone": now,
    }


def _page(client: Client, path: str) -> bytes:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    return bytes(response.content)


def _bare(body: bytes, n_rounds: int) -> float:
    """A view that fills a template with as much text, behind no middleware."""
    from django.template import Context, Engine
    from django.test import RequestFactory

    template, text = Engine().from_string("<!doctype html><title>Bare</title>{{ text }}"), body.decode()
    factory = RequestFactory()

    def answer() -> Any:
        from django.http import HttpResponse

        factory.get("/")
        return HttpResponse(template.render(Context({"text": text})))

    return min(_timed(answer)[0] for _ in range(3 * n_rounds))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return (time.perf_counter() - began) * 1000, answer


def _memory_mib() -> float:
    """What the process holds now, without what others hold as well."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
