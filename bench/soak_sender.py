"""All sources of a soak in a process of its own: python -m bench.soak_sender ORDER.json ANSWER.json.

Whatever is not answered is sent again until it is; the answer is what was sent and what became of it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.load_http import BROKEN, Answer, Client, request_bytes
from bench.machine import wall_clock
from bench.soak_events import KINDS, Parcel, Stories
from smarketing.sources.webhook.signatures import hubspot, standard

LATER, PROVEN_OTHERWISE = (429, 503, 507, BROKEN), 401
PAUSE_S, PATIENCE_S = 0.7, 300.0
MOST = 64  # connections


@dataclass
class Sending:
    """`kept` has every parcel that left, in the order of its number, and what came of it."""

    order: dict[str, Any]
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    open: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client = Client("127.0.0.1", self.order["port"], MOST)
        self.chance, self.began = Random(f"retries {self.order['seed']}"), time.monotonic()

    async def run(self) -> None:
        stories = Stories(self.order["seed"], self.order["rate"], wall_clock())
        stop = Path(self.order["stop"])
        for at_s, parcel in stories.parcels():
            while (wait_s := self.began + at_s - time.monotonic()) > 0 and not stop.exists():
                await asyncio.sleep(min(wait_s, 0.3))
            self._begin(parcel)
            if stop.exists():
                break
        for _, _, parcel in sorted(stories.planned, key=lambda one: one[:2]):
            self._begin(parcel)  # a story that has begun is told to its end
        await asyncio.wait_for(asyncio.gather(*self.open), PATIENCE_S)

    def _begin(self, parcel: Parcel) -> None:
        task = asyncio.get_running_loop().create_task(self._insist(parcel))
        self.open.add(task)
        task.add_done_callback(self.open.discard)

    async def _insist(self, parcel: Parcel) -> None:
        told = {"src": parcel.src, "body": parcel.body.decode(), "content_type": parcel.content_type}
        told |= {"leads": parcel.leads, "is_forged": parcel.is_forged, "of": parcel.of, "n_sent": 0, "receipt": ""}
        self.kept[parcel.number] = told
        while True:
            answer = await self._answer(parcel)
            told["n_sent"] += 1
            self.statuses[str(answer.status)] += 1
            if answer.status not in LATER:
                break
            await asyncio.sleep(max(answer.retry_after_s, PAUSE_S) * self.chance.uniform(1, 2))
        if answer.status != (PROVEN_OTHERWISE if parcel.is_forged else 202):
            self.wrong.append(f"{parcel.src} {answer.status} {answer.body[:200]!r}")
        elif not parcel.is_forged:
            told["receipt"] = json.loads(answer.body)["receipt"]

    async def _answer(self, parcel: Parcel) -> Answer:
        found: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.client.send(self._request(parcel), found.set_result)
        return await found

    def _request(self, parcel: Parcel) -> bytes:
        """Signed now, as each kind does it; a forged one with a secret of somebody else's."""
        kind, secret = KINDS[parcel.src], self.order["secrets"][parcel.src]
        path, headers = f"/in/{parcel.src}", {"Content-Type": parcel.content_type}
        at = wall_clock().timestamp()
        if kind == "generic":
            secret = standard.new_secret() if parcel.is_forged else secret
            own = f"n{parcel.number if parcel.of is None else parcel.of}"
            headers |= {standard.ID: own, standard.TIMESTAMP: str(int(at))}
            headers[standard.SIGNATURE] = standard.signature(secret, own, int(at), parcel.body)
        elif kind == "hubspot":
            url, secret = f"http://127.0.0.1:{self.order['port']}{path}", "forged" if parcel.is_forged else secret
            headers[hubspot.TIMESTAMP] = millis = str(int(at * 1000))
            headers[hubspot.SIGNATURE] = hubspot.signature(secret, "POST", url, parcel.body, millis)
        elif kind == "pipedrive":
            own = "forged:forged" if parcel.is_forged else secret
            headers["Authorization"] = f"Basic {base64.b64encode(own.encode()).decode()}"
        else:
            path += f"/{'forged' if parcel.is_forged else secret}"
        return request_bytes("POST", path, headers, parcel.body)


def main(order: str, answer: str) -> None:
    sending = Sending(json.loads(Path(order).read_text("utf-8")))
    asyncio.run(sending.run())
    said = {"parcels": [sending.kept[number] for number in sorted(sending.kept)]}
    told = {"statuses": dict(sending.statuses), "wrong": sending.wrong[:20], "n_wrong": len(sending.wrong)}
    Path(answer).write_text(json.dumps(said | told))


if __name__ == "__main__":
    main(*sys.argv[1:])
