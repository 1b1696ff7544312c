"""python3 dev.py bench COMMAND, of which these are; they measure ratios, not seconds.

run            rounds of scan, engine, peers, scan at each size; prints the table of docs/explanation/performance.md
gate           one round at 100,000 leads: fails when answers differ, or an import costs a multiple of the bare load
business-time  one elapsed and one due per lead beside peers
verify         the engine's clocks beside the slow twin on a sample
pages          leads, search and one lead on the site beside a bare Django page and a raw scan
load           senders in an open loop while people look at pages, beside a bare insert, on both databases
soak           minutes of mixed load with kill -9 every few seconds; fails unless every book balances
drain          a backlog of events into the facts beside taking them in, on both databases
ledger         an import of leads and touches beside the bare load of the same rows, on both databases
stored         news of a hundred leads beside appending it and making all anew; questions to stored clocks and cards
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="rounds beside peers")
    run.add_argument("--leads", default="100000,1000000", help="sizes, separated by commas")
    run.add_argument("--rounds", type=int, default=5)
    run.add_argument("--peers", default="duckdb,polars,pandas,one_by_one", help="which peers; empty for none")
    run.add_argument("--json", type=Path, help="write everything measured to this file")
    commands.add_parser("gate", help="small, quick and strict about answers")
    time = commands.add_parser("business-time", help="elapsed and due per lead")
    time.add_argument("--frappe-crm", type=Path, help="a checkout of Frappe CRM to measure its own functions")
    time.add_argument("--helpdesk", type=Path, help="a checkout of Frappe Helpdesk, likewise")
    verify = commands.add_parser("verify", help="clocks beside the slow twin")
    verify.add_argument("--leads", type=int, default=100_000)
    verify.add_argument("--sample", type=int, default=2_000)
    stored = commands.add_parser("stored", help="micro-batches, stored clocks and cards")
    stored.add_argument("--leads", type=int, default=100_000)
    stored.add_argument("--rounds", type=int, default=3)
    ledger = commands.add_parser("ledger", help="imports beside bare loads")
    ledger.add_argument("--leads", type=int, default=100_000)
    ledger.add_argument("--rounds", type=int, default=3)
    ledger.add_argument("--on", default="sqlite,postgres", help="which databases")
    drain = commands.add_parser("drain", help="events into the facts")
    drain.add_argument("--events", type=int, default=30_000)
    drain.add_argument("--rounds", type=int, default=3)
    drain.add_argument("--on", default="sqlite,postgres", help="which databases")
    load = commands.add_parser("load", help="events posted while people look at pages")
    load.add_argument("--on", default="sqlite,postgres", help="which databases")
    load.add_argument("--rate", type=float, default=400, help="single events a second; 0 for none")
    load.add_argument("--seconds", type=float, default=300)
    load.add_argument("--burst-rate", type=float, default=1_500)
    load.add_argument("--burst-seconds", type=float, default=20)
    load.add_argument("--batch-rate", type=float, default=10_000, help="events a second in batches of 100")
    load.add_argument("--batch-seconds", type=float, default=30)
    load.add_argument("--people", type=int, default=20)
    load.add_argument("--apart", action="store_true", help="events have a web process of their own")
    load.add_argument("--open-clocks", type=int, default=200_000)
    load.add_argument("--json", type=Path, help="append everything measured to this file, a line for each database")
    soak = commands.add_parser("soak", help="mixed load with kill -9 every few seconds, then the books")
    soak.add_argument("--minutes", type=float, default=5)
    soak.add_argument("--on", default="sqlite,postgres", help="which databases")
    soak.add_argument("--rate", type=float, default=2.0, help="new leads a second")
    soak.add_argument("--seed", type=int, help="of stories and kills; any when not said")
    soak.add_argument("--json", type=Path, help="append everything counted to this file, a line for each database")
    pages = commands.add_parser("pages", help="pages of the site beside a bare one")
    pages.add_argument("--leads", type=int, default=100_000)
    pages.add_argument("--rounds", type=int, default=5)
    return COMMANDS[(words := parser.parse_args()).command](words)


def run(words: argparse.Namespace) -> int:
    from bench.report import measure_sizes, print_report

    sizes = [int(size) for size in words.leads.split(",")]
    peers = [peer for peer in words.peers.split(",") if peer]
    report = measure_sizes(sizes, words.rounds, peers)
    if words.json:
        words.json.write_text(json.dumps(report, indent=1, default=str))
    print_report(report)
    return 0


def gate(_words: argparse.Namespace) -> int:
    from bench.gate import check_gate

    return check_gate()


def business_time(words: argparse.Namespace) -> int:
    from bench.business_time import print_measured

    print_measured(frappe_crm=words.frappe_crm, helpdesk=words.helpdesk)
    return 0


def verify(words: argparse.Namespace) -> int:
    from bench.verify import compare

    return compare(words.leads, words.sample)


def stored(words: argparse.Namespace) -> int:
    from bench.report import print_stored

    print_stored(words.leads, words.rounds)
    return 0


def ledger(words: argparse.Namespace) -> int:
    from bench.ledger import print_ledger

    print_ledger(words.leads, words.rounds, words.on.split(","))
    return 0


def drain(words: argparse.Namespace) -> int:
    from bench.drain import print_drain

    print_drain(words.events, words.rounds, words.on.split(","))
    return 0


def load(words: argparse.Namespace) -> int:
    from bench.load import plan_of, print_load

    print_load(plan_of(words), words.on.split(","), words.json)
    return 0


def soak(words: argparse.Namespace) -> int:
    from bench.soak import print_soak

    return print_soak(words.minutes, words.on.split(","), words.rate, words.seed, words.json)


def pages(words: argparse.Namespace) -> int:
    from bench.pages import print_pages

    print_pages(words.leads, words.rounds)
    return 0


COMMANDS = {
    "run": run,
    "gate": gate,
    "business-time": business_time,
    "verify": verify,
    "stored": stored,
    "ledger": ledger,
    "drain": drain,
    "load": load,
    "soak": soak,
    "pages": pages,
}

if __name__ == "__main__":
    sys.exit(main())
