"""`smarketing web`: the site alone, for those who let another program watch over processes."""

from __future__ import annotations

import logging
import os
from typing import Annotated, Any

import typer

from smarketing.cli.app import Lang, app
from smarketing.cli.console import say

Host = Annotated[str, typer.Option("--host", help=say("Address to listen on; 0.0.0.0 for every one of this machine."))]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=say("Port to listen on; 0 for any that is free."))]
Workers = Annotated[int, typer.Option("--workers", min=0, max=64, help=say("Web processes; 0 for the setting's."))]

MOST_WORKERS = 4
# Threads of each process: a request that brings events waits for the disk, and they are the more quickly done the more
# wait together. Of a hundred connections that PostgreSQL has as it comes, all processes that serve share eighty.
MOST_THREADS, MOST_CONNECTIONS = 384, 80
LINGER_S = 15  # how long an answer under way may take when we are told to end


@app.command(help=say("Serve the site alone, without the worker."))
def web(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 0, lang: Lang = "en") -> None:  # noqa: ARG001
    from smarketing.cli.lifeline import hold_lifeline, let_children_hold
    from smarketing.cli.ports import check_port_is_free
    from smarketing.workflows.open_facts import set_up_django
    from smarketing.workflows.ready_database import check_database

    hold_lifeline()
    check_port_is_free(host, port)
    set_up_django()
    check_database()
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    os.environ.update(let_children_hold())  # what granian starts ends with us
    n_workers = workers or settings.ENVIRONMENT.workers or min(os.cpu_count() or 1, MOST_WORKERS)
    _listen(host, port, n_workers, is_server=connections["default"].vendor == "postgresql")


def _listen(host: str, port: int, workers: int, *, is_server: bool) -> None:
    import multiprocessing

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from smarketing.web.seats import CONNECTIONS, THREADS

    multiprocessing.set_start_method("spawn")  # libraries with threads of their own do not survive a fork

    os.environ[THREADS] = str(MOST_THREADS)
    if is_server:
        os.environ[CONNECTIONS] = str(max(MOST_CONNECTIONS // workers, 1))
    Server(
        "smarketing.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=MOST_THREADS,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=LINGER_S,
        log_level=LogLevels.warning,
        log_dictconfig=_logs(),
        process_name=None,
    ).serve()


def _logs() -> dict[str, dict[str, Any]]:
    """Granian's own, as lines of ours, and out of what was asked for: it writes its warnings there."""
    from django.conf import settings
    from granian.log import LOGGING_CONFIG

    handlers: Any = LOGGING_CONFIG["handlers"]
    ours = {"formatter": settings.LOGGING["handlers"]["stream"]["formatter"], "stream": "ext://sys.stderr"}
    return {
        "formatters": {**LOGGING_CONFIG["formatters"], **settings.LOGGING["formatters"]},  # type: ignore[dict-item]
        "filters": {"meant": {"()": "smarketing.cli.web.Meant"}},
        "handlers": {name: {**handler, **ours, "filters": ["meant"]} for name, handler in handlers.items()},
    }


class Meant(logging.Filter):
    """Without the advice to take fewer threads: so many are meant, since most of them wait for the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Configuration allows spawning up to")
