"""`smarketing worker`: does the jobs that wait in the database, until it is told to end."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from smarketing.cli.app import Lang, app
from smarketing.cli.console import say

UntilIdle = Annotated[bool, typer.Option("--until-idle", help=say("End when nothing is due."))]


@app.command(help=say("Do the jobs that wait: imports, recomputations, documents."))
def worker(until_idle: UntilIdle = False, lang: Lang = "en") -> None:  # noqa: ARG001 — read before the commands are built
    from smarketing.cli.heap import settle_heap
    from smarketing.cli.lifeline import hold_lifeline
    from smarketing.workflows.open_facts import set_up_django
    from smarketing.workflows.ready_database import check_database

    hold_lifeline()
    set_up_django()
    check_database()
    from smarketing.cli.job_runner import Runner
    from smarketing.tasks import EVERY, TASKS

    runner = Runner(TASKS, EVERY)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, runner.leave)
    settle_heap()
    runner.run(until_idle=until_idle)
