"""Somebody at the site's door over plain HTTP: cookies, the token of forms, and requests nobody waits for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BOUNDARY = "a-line-that-no-export-holds"
PATIENCE_S = 60
Form = Mapping[str, str]
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Answer:
    status: int
    leads_to: str  # path of a redirect
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Visitor:
    """One person's browser, as far as forms need one; it outlives the site's process."""

    address: str
    password: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def signs_in(self, email: str) -> None:
        self.gets("/sign-in/")
        self.posts("/sign-in/", {"login": email, "password": self.password}, expected=302)

    def confirms(self) -> None:
        """Show again who one is."""
        self.gets("/confirmation/")
        self.posts("/confirmation/", {"password": self.password}, expected=302)

    def gets(self, path: str, *, expected: int = 200) -> Answer:
        answer = self._answer(self._sent("GET", path), expected)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def posts(self, path: str, form: Form, files: Files = (), *, expected: int) -> Answer:
        kind, body = self._filled(form, files)
        return self._answer(self._sent("POST", path, kind, body), expected)

    def posts_and_leaves(self, path: str, form: Form, files: Files = (), *, share: float = 1.0) -> HTTPConnection:
        """Send a form, or the first `share` of it, and wait for nothing; close what is returned when it is over."""
        kind, body = self._filled(form, files)
        return self._sent("POST", path, kind, body, share)

    def _filled(self, form: Form, files: Files) -> tuple[str, bytes]:
        said = {**form, "csrfmiddlewaretoken": self.token}
        if files:
            return f"multipart/form-data; boundary={BOUNDARY}", _multipart(said, files)
        return "application/x-www-form-urlencoded", urlencode(said).encode()

    def _sent(self, verb: str, path: str, kind: str = "", body: bytes = b"", share: float = 1.0) -> HTTPConnection:
        place = urlsplit(self.address)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE_S)
        connection.putrequest(verb, path)
        headers = {"Origin": self.address, "Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if body:
            headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
        for name, text in headers.items():
            connection.putheader(name, text)
        connection.endheaders()
        connection.send(body[: round(len(body) * share)])
        return connection

    def _answer(self, connection: HTTPConnection, expected: int) -> Answer:
        said = connection.getresponse()
        answer = Answer(said.status, urlsplit(said.headers["Location"] or "").path, said.read())
        for line in said.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        connection.close()
        assert answer.status == expected, (answer.status, answer.leads_to, answer.text[:3000])
        return answer


def _multipart(form: Form, files: Files) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in form.items()]
    for name, content in files:
        head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        parts.append(head.encode() + content)
    line = f"--{BOUNDARY}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
