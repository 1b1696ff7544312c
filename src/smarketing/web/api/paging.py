"""Pages of a list: the addresses beside a page, in the body and as `Link` headers (RFC 8288)."""

from __future__ import annotations

from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from ninja import Query

from smarketing.web.request import Request

Row = TypeVar("Row", bound=Model)
PageNumber = Annotated[int, Query(..., ge=1, le=100_000, description="number of the page; the first is 1")]
PageSize = Annotated[int, Query(..., ge=1, le=200, description="how many on a page")]


def link_pages(request: Request, response: HttpResponse, *, page: int, n_pages: int) -> str | None:
    """Says in `Link` where the first, previous, next and last page are; returns the address of the next."""

    def at(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    near = {"first": 1, "prev": page - 1, "next": page + 1, "last": n_pages}
    links = {rel: at(number) for rel, number in near.items() if 1 <= number <= n_pages}
    response.headers["Link"] = ", ".join(f'<{href}>; rel="{rel}"' for rel, href in links.items())
    return links.get("next")


def one_page(rows: QuerySet[Row], page: int, size: int) -> tuple[list[Row], int, int, int]:
    """The rows of a page, how many there are on all, the number of this page (the last, past the end), of pages."""
    n = rows.count()
    n_pages = max(1, -(-n // size))
    number = min(page, n_pages)
    return list(rows[(number - 1) * size : number * size]), n, number, n_pages
