"""Is a port free, which one is, and who holds it if not."""

from __future__ import annotations

import socket
from pathlib import Path

from smarketing.cli.console import say
from smarketing.terms.errors import UserError

LISTENS = "0A"  # state of a socket in /proc/net/tcp


def check_port_is_free(host: str, port: int) -> None:
    """Raises UserError that names the process which listens there already."""
    try:
        _bound(host, port).close()
    except OSError as error:
        holder = _holder(port)
        if holder is None:
            raise UserError(
                say("Nobody can listen there: {reason}.", reason=say.trouble(error)),
                where=f"{host}:{port}",
                hint=say("Choose another port: --port 8001."),
            ) from None
        raise UserError(
            say("Process {pid} ({name}) holds the port.", pid=holder, name=_name(holder)),
            where=f"{host}:{port}",
            hint=say("End it, or choose another port: --port 8001."),
        ) from None


def free_port(host: str) -> int:
    with _bound(host, 0) as found:
        return int(found.getsockname()[1])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen()
    except OSError:
        found.close()
        raise
    return found


def _holder(port: int) -> int | None:
    """The process that listens on a port, where the system tells us."""
    inodes = set()
    for name in ("tcp", "tcp6"):
        table = Path("/proc/net", name)
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            words = line.split()
            if words[3] == LISTENS and int(words[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{words[9]}]")
    for handle in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if str(handle.readlink()) in inodes:
                return int(handle.parts[2])
        except OSError:
            continue
    return None


def _name(pid: int) -> str:
    try:
        return Path("/proc", str(pid), "comm").read_text().strip()
    except OSError:
        return "?"
