"""People at work during a soak, in a process of their own: python -m bench.soak_people ORDER.json ANSWER.json.

Reps answer their leads, take back what they did, look around; an administrator imports files and takes some back. Each
has a browser that asks again when nobody answered, with the same form.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.visitor import Answer, Visitor

from bench.machine import wall_clock

LEAD = re.compile(r'name="lead" value="([^"]+)"><input type="hidden" name="key" value="([^"]+)"')
DEED, REFUSED = re.compile(r'name="seq" value="(\d+)"'), 'class="flash error"'
REASON = re.compile(r'name="reason" value="(\w+)"')
IMPORT = re.compile(r'href="/data/imports/([^/"]+)/"')
TOUCHES = ("call:connected", "call:no_answer", "email:sent", "meeting:held")
AGAIN_S, PATIENCE_S = 0.5, 600.0  # the site may be killed again before it has answered anybody
BUSY = (429, 503)
N_ROWS, WRONG_EVERY = 200, 50  # of an import
HEADER = "Lead Id,Created Time,Modified Time,Owner,Lead Source,Status"


class Unanswered(Exception):
    """Nobody answered for minutes."""


@dataclass
class Browser(Visitor):
    """Takes any answer, and notes those that nobody should be given."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    deeds: list[dict[str, Any]] = field(default_factory=list)
    here: str = ""

    def _sent(self, verb: str, path: str, kind: str = "", body: bytes = b"", share: float = 1.0) -> HTTPConnection:
        self.here = f"{verb} {path}"
        return super()._sent(verb, path, kind, body, share)

    def _answer(self, connection: HTTPConnection, expected: int) -> Answer:
        try:
            return super()._answer(connection, expected)
        except AssertionError as error:
            status, leads_to, text = error.args[0]
            if status not in (*BUSY, 302, 200):
                self.wrong.append(f"{self.here} {status} {text[:300]!r}")
            return Answer(status, leads_to, text.encode())
        finally:
            connection.close()

    def asked(self, path: str, form: dict[str, str] | None = None, files: Any = ()) -> Answer:
        """The answer, however often it takes to get one."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                answer = self.gets(path) if form is None else self.posts(path, form, files, expected=302)
            except (OSError, HTTPException):
                self.statuses["nobody"] += 1
            else:
                self.statuses[str(answer.status)] += 1
                if answer.status not in BUSY:
                    return answer
            time.sleep(AGAIN_S)
        self.wrong.append(f"{self.here} was not answered for {PATIENCE_S} s")
        raise Unanswered

    def comes_in(self, email: str) -> None:
        """Sign in, however often it takes."""
        self.asked("/sign-in/")
        while not self.asked("/sign-in/", {"login": email, "password": self.password}).leads_to:
            time.sleep(5)
            self.asked("/sign-in/")

    def does(self, path: str, form: dict[str, str], **told: Any) -> Answer:
        """A deed at the desk, and whether it was refused."""
        answer = self.asked(path, form)
        page = self.asked(answer.leads_to or "/desk/")
        self.deeds.append({"path": path, **form, **told, "status": answer.status, "is_refused": REFUSED in page.text})
        return page


@dataclass
class Rep:
    browser: Browser
    pages: list[str]
    chance: Random

    def turn(self) -> None:
        """One thing that a rep does at the desk."""
        page, draw = self.browser.asked("/desk/").text, self.chance.random()
        leads = LEAD.findall(page)
        if draw < 0.15 and (deed := DEED.search(page)):
            self.browser.does("/desk/undoings/", {"seq": deed[1]})
        elif draw < 0.60 and leads:
            self._act(page, *self.chance.choice(leads[:12]), self.chance.random())
        else:
            path = self.chance.choice(self.pages)
            if leads and path == "/leads/":
                path = f"/leads/{self.chance.choice(leads)[0].replace(':', '/')}/"
            self.browser.asked(path)

    def _act(self, page: str, lead: str, key: str, draw: float) -> None:
        form = {"lead": lead, "key": key}
        if draw < 0.6:
            self.browser.does("/desk/touches/", {**form, "what": self.chance.choice(TOUCHES)})
        elif draw < 0.85 or not (reasons := REASON.findall(page)):
            self.browser.does("/desk/dispositions/", {**form, "answer": "sal"})
        else:
            self.browser.does("/desk/dispositions/", {**form, "answer": "disqualified", "reason": reasons[0]})


@dataclass
class Importer:
    browser: Browser
    pages: list[str]
    chance: Random
    n_imports: int = 0

    def turn(self) -> None:
        """Bring a file, or take back an import."""
        if self.n_imports and self.chance.random() < 0.3:
            found = IMPORT.findall(self.browser.asked("/data/").text)
            if found:
                import_id = self.chance.choice(found[:5])
                self.browser.asked(f"/data/imports/{import_id}/")
                self.browser.asked(f"/data/imports/{import_id}/undoing", {})
            return
        self.browser.asked("/data/")
        upload = self.browser.asked("/data/uploads/", {}, [export(self.n_imports)]).leads_to
        if upload.startswith("/data/uploads/"):
            self.browser.asked(upload)
            self.browser.asked(f"{upload}imports/", {})
            self.n_imports += 1


@dataclass
class Reader:
    browser: Browser
    pages: list[str]
    chance: Random

    def turn(self) -> None:
        self.browser.asked(self.chance.choice(self.pages))


def export(number: int) -> tuple[str, bytes]:
    """A file of leads that no other brings; every fiftieth has no time that can be read."""
    made = {True: "not a time", False: "2025-06-02T10:00:00Z"}
    rest = "2025-07-01T09:00:00Z,Rita,Google,New"
    rows = [f"F{number}-{row},{made[is_wrong(row)]},{rest}" for row in range(N_ROWS)]
    return f"soak-{number}.csv", "\n".join([HEADER, *rows, ""]).encode()


def is_wrong(row: int) -> bool:
    return row % WRONG_EVERY == WRONG_EVERY - 1


def leads_of(file: str) -> set[str]:
    """The ids that a file brings."""
    number = file.removeprefix("soak-").removesuffix(".csv")
    return {f"F{number}-{row}" for row in range(N_ROWS) if not is_wrong(row)}


ROLES = {"rep": (Rep, 1.5, 5.0), "reader": (Reader, 2.0, 8.0), "importer": (Importer, 10.0, 40.0)}


def work(person: dict[str, Any], browser: Browser, order: dict[str, Any]) -> None:
    """Until the file `stop` is there: act, and rest as long as the role rests."""
    role, least_s, most_s = ROLES[person["role"]]
    chance, stop = Random(f"{order['seed']} {person['email']}"), Path(order["stop"])
    who = role(browser, person["pages"], chance)
    try:
        browser.comes_in(person["email"])
        while not stop.exists():
            who.turn()
            time.sleep(who.chance.uniform(least_s, most_s))
    except Unanswered:
        return
    except Exception as error:
        browser.wrong.append(f"{browser.here}: {type(error).__name__} {error}"[:300])
        raise


def main(order_path: str, answer: str) -> None:
    order = json.loads(Path(order_path).read_text("utf-8"))
    browsers = [Browser(f"http://127.0.0.1:{order['port']}", order["password"]) for _ in order["people"]]
    threads = [
        threading.Thread(target=work, args=(person, browser, order))
        for person, browser in zip(order["people"], browsers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sum((browser.statuses for browser in browsers), Counter[str]())
    wrong = [one for browser in browsers for one in browser.wrong]
    said = {"deeds": [deed for browser in browsers for deed in browser.deeds], "ended_at": wall_clock().isoformat()}
    said |= {"statuses": dict(statuses), "wrong": wrong[:20], "n_wrong": len(wrong)}
    Path(answer).write_text(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
