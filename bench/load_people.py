"""People who look at pages meanwhile, in a process of their own: python -m bench.load_people ORDER.json ANSWER.json.

Each asks for a page, reads it for some seconds and asks for another, until the file `stop` of the order is there.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

from bench.load_http import Answer, Client, request_bytes
from bench.load_sender import percentiles

LEAST_READ_S, MOST_READ_S = 2.0, 8.0


async def browse(order: dict[str, Any]) -> tuple[dict[str, list[float]], Counter[int]]:
    client, stop = Client("127.0.0.1", order["port"]), Path(order["stop"])
    times: dict[str, list[float]] = defaultdict(list)
    statuses: Counter[int] = Counter()

    async def person(number: int, cookie: str, paths: list[str]) -> None:
        draw = Random(number)
        await asyncio.sleep(draw.uniform(0, MOST_READ_S))
        while not stop.exists():
            path, began = draw.choice(paths), time.monotonic()
            found: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            client.send(request_bytes("GET", path, {"Cookie": f"sessionid={cookie}"}), found.set_result)
            statuses[(await found).status] += 1
            times[path].append(time.monotonic() - began)
            await asyncio.sleep(draw.uniform(LEAST_READ_S, MOST_READ_S))

    people = [person(number, one["cookie"], one["paths"]) for number, one in enumerate(order["people"])]
    await asyncio.gather(*people)
    return times, statuses


def main(order: str, answer: str) -> None:
    times, statuses = asyncio.run(browse(json.loads(Path(order).read_text("utf-8"))))
    pages = {path: {"n": len(all_s), **percentiles(all_s)} for path, all_s in sorted(times.items())}
    every = percentiles([one for all_s in times.values() for one in all_s])
    said = {"pages": pages, "all": every, "statuses": {str(code): n for code, n in statuses.items()}}
    Path(answer).write_text(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
