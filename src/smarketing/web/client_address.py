"""The address a request comes from, as far as our own proxies vouch for it."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"


def client_address(request: HttpRequest) -> str:
    """What the outermost of our proxies saw; whatever a client wrote in front of that is not believed."""
    proxies = settings.ENVIRONMENT.proxies
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    told = seen[-proxies] if len(seen) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(told.strip()))
    except ValueError:
        return UNKNOWN


def typed_address(request: HttpRequest | None, credentials: dict[str, str] | None = None) -> str:
    """Whose account somebody tries to enter, spelled in one way, so that capitals do not buy more tries."""
    typed = (credentials or {}).get("email") or (request.POST.get("login", "") if request else "")
    return str(typed).strip().lower()[:254]
