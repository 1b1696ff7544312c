"""One phase of load in a process of its own: python -m bench.load_sender ORDER.json ANSWER.json.

Requests leave when they are meant to, whatever became of those before them, and their time counts from then.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.load_events import SRC, Phase, Posting, postings
from bench.load_http import BROKEN, Answer, Client, request_bytes
from bench.machine import peak_mib, wall_clock
from smarketing.sources.webhook.signatures.standard import ID, SIGNATURE, TIMESTAMP, signature

ACKNOWLEDGED, REFUSED_LATER, WRONG = 202, (429, 503, 507), "wrong"
LEAST_PAUSE_S, LONGEST_S = 0.5, 120.0  # between two tries of one posting; for all tries of one


@dataclass
class Sending:
    """What became of each posting: when it was acknowledged, counted from when it was meant to leave."""

    phase: Phase
    secret: str
    client: Client
    began: float = 0.0
    acked_s: dict[int, float] = field(default_factory=dict)
    refused_s: list[float] = field(default_factory=list)  # until the first refusal of a posting
    statuses: Counter[int] = field(default_factory=Counter)
    n_first: int = 0
    late_s: float = 0.0  # how far behind its plan the sender itself was at worst
    retries: Random = field(default_factory=lambda: Random(1))
    n_open: int = 0
    wrong: list[str] = field(default_factory=list)

    async def run(self, planned: list[tuple[Posting, bytes]]) -> None:
        loop, self.began = asyncio.get_running_loop(), time.monotonic() + 0.2
        for number, (posting, request) in enumerate(planned):
            wait_s = self.began + posting.at_s - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            elif number % 50 == 0:
                await asyncio.sleep(0)
            self.late_s = max(self.late_s, time.monotonic() - self.began - posting.at_s)
            self.n_open += 1
            self._send(loop, number, posting, request, 1)
        while self.n_open:
            await asyncio.sleep(0.05)

    def _send(self, loop: Any, number: int, posting: Posting, request: bytes, attempt: int) -> None:
        def done(answer: Answer) -> None:
            self.statuses[answer.status] += 1
            took_s = time.monotonic() - self.began - posting.at_s
            if answer.status == ACKNOWLEDGED:
                self.acked_s[number] = took_s
                self.n_first += attempt == 1
                self.n_open -= 1
            elif (answer.status in REFUSED_LATER or answer.status == BROKEN) and took_s < LONGEST_S:
                if attempt == 1 and answer.status != BROKEN:
                    self.refused_s.append(took_s)
                pause_s = max(answer.retry_after_s, LEAST_PAUSE_S) * self.retries.uniform(1, 1 + attempt)
                loop.call_later(pause_s, self._again, loop, number, posting, attempt + 1)
            else:
                self.wrong.append(f"{answer.status} {answer.body[:200]!r}")
                self.n_open -= 1

        self.client.send(request, done)

    def _again(self, loop: Any, number: int, posting: Posting, attempt: int) -> None:
        self._send(loop, number, posting, signed(posting, self.secret, int(wall_clock().timestamp())), attempt)


def signed(posting: Posting, secret: str, at: int) -> bytes:
    proof = {ID: posting.webhook_id, TIMESTAMP: str(at)}
    proof[SIGNATURE] = signature(secret, posting.webhook_id, at, posting.body)
    return request_bytes("POST", f"/in/{SRC}", {"Content-Type": "application/json", **proof}, posting.body)


def main(order: str, answer: str) -> None:
    told = json.loads(Path(order).read_text("utf-8"))
    phase, base = Phase(**told["phase"]), datetime.fromisoformat(told["began_at"])
    due = wall_clock().timestamp()
    planned = [(one, signed(one, told["secret"], int(due + one.at_s))) for one in postings(phase, base)]
    gc.collect()
    gc.disable()
    cpu = time.process_time()
    sending = Sending(phase, told["secret"], Client("127.0.0.1", told["port"]))
    print("ready", flush=True)
    asyncio.run(sending.run(planned))
    Path(answer).write_text(json.dumps(summary(sending, len(planned), time.process_time() - cpu)))


def summary(sending: Sending, n: int, cpu_s: float) -> dict[str, Any]:
    over_s = time.monotonic() - sending.began
    return {
        "n": n,
        "n_first": sending.n_first,
        "acked": sorted(sending.acked_s),
        "ack_ms": percentiles(list(sending.acked_s.values())),
        "refused_ms": percentiles(sending.refused_s),
        "n_refused": len(sending.refused_s),
        "statuses": {str(status): count for status, count in sorted(sending.statuses.items())},
        "wrong": sending.wrong[:5],
        "n_wrong": len(sending.wrong),
        "over_s": over_s,
        "sender": {"late_ms": sending.late_s * 1000, "cpu_s": cpu_s, "peak_mib": peak_mib()},
    }


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50, p99 and the worst, in milliseconds; nothing of nothing."""
    found = sorted(seconds)
    if not found:
        return {}
    at = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999}
    return {name: 1000 * found[min(int(len(found) * share), len(found) - 1)] for name, share in at.items()} | {
        "worst": 1000 * found[-1]
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
