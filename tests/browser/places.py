"""Every page there is, found as people find it: by following the links of the pages they may open."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from tests.browser.reader import Reader

from smarketing.records.permissions import table

LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')


def page_names() -> list[str]:
    """URL names that the permission table lets somebody read."""
    return sorted(name for name, methods in table()["routes"].items() if methods == "public" or "GET" in methods)


def find_pages(reader: Reader, beginnings: tuple[str, ...]) -> dict[str, str]:
    """URL name → the first address that answers with a page, nearest to where the reader begins."""
    found: dict[str, str] = {}
    tried: dict[str, int] = {}
    ahead = deque(beginnings)
    while ahead:
        path = ahead.popleft()
        name = _name_of(path)
        if name is None or name in found or tried.get(name, 0) >= 3:
            continue
        tried[name] = tried.get(name, 0) + 1
        answer = reader.context.request.get(reader.site.address + path)
        landed = urlsplit(answer.url)
        name = _name_of(landed.path)
        if answer.ok and "text/html" in answer.headers.get("content-type", "") and name and name not in found:
            found[name] = landed.path + (f"?{landed.query}" if landed.query else "")
            ahead.extend(unescape(link) for link in LINK.findall(answer.text()))
    return found


def _name_of(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None
