"""What an address of the web must look like before anything is sent there."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

PORTS = {"https": 443, "http": 80}
OPEN_PORTS = frozenset({443, 8443})
LONGEST = 2_000
PLACE = re.compile(r"(?:\[[0-9A-Fa-f:.]*\]|[^:@\[\]]+)(?::[0-9]+)?")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]")
NO_ADDRESS, LOOKS = N_("This is no address of the web."), N_("It begins with https:// and has no spaces.")
ASK = N_("An administrator may let internal hosts through: SMARKETING_EGRESS_HOSTS.")


class Blocked(UserError):
    """Nothing is sent there, now or later."""


@dataclass(frozen=True, slots=True)
class Target:
    """`is_trusted`: the operator named this host, so that its address may be anything."""

    scheme: str
    host: str  # lower case, ASCII; in brackets if it is of IPv6
    port: int
    path: str  # with the query
    is_trusted: bool

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"


def target_of(url: str, hosts: Collection[str]) -> Target:
    """The parts of an address that may be asked.

    Takes    hosts  `host` or `host:port` that the operator lets through although they may be internal
    Raises   Blocked
    """
    if not url or len(url) > LONGEST or re.search(r"[\x00-\x20\x7f\\]", url):
        raise Blocked(NO_ADDRESS, hint=LOOKS)
    try:
        parts = urlsplit(url)
        if not PLACE.fullmatch(parts.netloc.rpartition("@")[2]):
            raise ValueError(parts.netloc)
        scheme, host, asked = parts.scheme.lower(), _host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise Blocked(NO_ADDRESS, hint=LOOKS) from error
    if scheme not in PORTS:
        raise Blocked(N_("Messages are sent to addresses that begin with https:// only."))
    if parts.username is not None or parts.password is not None:
        raise Blocked(N_("The address may hold no name and no password."))
    port = PORTS[scheme] if asked is None else asked
    is_trusted = _is_named(host, port, hosts)
    if not is_trusted and scheme != "https":
        raise Blocked(N_("Messages are sent to addresses that begin with https:// only."), hint=ASK)
    if not is_trusted and port not in OPEN_PORTS:
        raise Blocked(N_("Nothing is sent to port {port}."), port=port, hint=ASK)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return Target(scheme, host, port, path + query, is_trusted)


def _host(host: str) -> str:
    """As the resolver is asked for it.

    Raises ValueError for what is no host
    """
    plain = host if host.isascii() else host.encode("idna").decode("ascii")
    plain = plain.lower().rstrip(".")
    plain = f"[{plain}]" if ":" in plain else plain
    if not HOST.fullmatch(plain):
        raise ValueError(plain)
    return plain


def _is_named(host: str, port: int, hosts: Collection[str]) -> bool:
    return f"{host}:{port}" in hosts or (host in hosts and port in (*PORTS.values(), *OPEN_PORTS))
