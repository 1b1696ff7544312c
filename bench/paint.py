"""When a reader's browser paints a page for the first time and has all of it: the site on a port of its own."""

from __future__ import annotations

import shutil
import statistics
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TIMES = """() => new Promise((tell) => {
    const [page] = performance.getEntriesByType("navigation");
    new PerformanceObserver((list) => {
        const [paint] = list.getEntriesByName("first-contentful-paint");
        if (paint) tell([page.responseEnd, paint.startTime, page.loadEventEnd]);
    }).observe({ type: "paint", buffered: true });
})"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def measure_paint(paths: Mapping[str, str], session: str, n_rounds: int) -> dict[str, tuple[float, float, float]]:
    """Milliseconds until the answer is there, until the first paint, until everything is; the median of the rounds.

    Takes    session  the cookie of who is signed in
    Returns  nothing where there is no browser
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        return {}
    from playwright.sync_api import sync_playwright

    with _served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page, found = context.new_page(), {}
        for name, path in paths.items():
            rounds = []
            for _ in range(n_rounds):
                page.goto(site + path, wait_until="load")
                rounds.append(page.evaluate(TIMES))
            answer, paint, whole = (statistics.median(times) for times in zip(*rounds, strict=True))
            found[name] = (answer, paint, whole)
        browser.close()
    return found


@contextmanager
def _served() -> Iterator[str]:
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
