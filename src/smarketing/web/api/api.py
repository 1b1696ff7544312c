"""The API: each operation opens what its token may see and calls the workflow that the page calls."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404, HttpResponse
from django.urls import reverse
from ninja import Schema
from ninja.errors import HttpError, ValidationError

from smarketing import __version__
from smarketing.records.permissions import needed
from smarketing.terms.errors import FactsError, TermsError, UserError
from smarketing.terms.marked import N_
from smarketing.web.api.agreements import router as agreements
from smarketing.web.api.imports import router as imports
from smarketing.web.api.jobs import router as jobs
from smarketing.web.api.leads import router as leads
from smarketing.web.api.openapi import ABOUT, INFO, DescribedAPI, Renderer
from smarketing.web.api.problems import problem
from smarketing.web.api.scorecards import router as scorecards
from smarketing.web.api.sources import router as sources
from smarketing.web.request import Request

LISTS = ("agreements", "scorecards", "leads", "clocks", "imports", "jobs", "sources", "openapi-json")

api = DescribedAPI(
    title="smarketing",
    version=__version__,
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
    openapi_extra=INFO,
    renderer=Renderer(),
)


class IndexOut(Schema):
    version: str
    links: dict[str, str]


@api.get("/", response=IndexOut, url_name="index", summary=N_("What this token may read"), tags=["index"])
def index(request: Request) -> IndexOut:
    """Addresses by name; those that the token does not open are left out."""
    links = {name.removesuffix("-json"): reverse(f"api:{name}") for name in LISTS if _opens(request, f"api:{name}")}
    return IndexOut(version=__version__, links=links)


api.add_router("/agreements", agreements, tags=["agreements"])
api.add_router("/scorecards", scorecards, tags=["scorecards"])
api.add_router("", leads, tags=["leads"])
api.add_router("", imports, tags=["imports"])
api.add_router("", jobs, tags=["jobs"])
api.add_router("", sources, tags=["sources"])


@api.exception_handler(UserError)
def of_reader(request: Request, error: UserError) -> HttpResponse:
    error.translate(request.words)
    return problem(_status(error), error.what, error.hint, where=error.where)


@api.exception_handler(ValidationError)
def of_request(request: Request, error: ValidationError) -> HttpResponse:
    found: list[dict[str, Any]] = [
        {"where": ".".join(str(part) for part in each["loc"]), "what": each["msg"]} for each in error.errors
    ]
    return problem(422, request.words("This request could not be read."), errors=found)


@api.exception_handler(Http404)
def of_nothing(request: Request, _: Http404) -> HttpResponse:
    return problem(404, request.words("There is nothing here."))


@api.exception_handler(HttpError)
def of_http(request: Request, error: HttpError) -> HttpResponse:
    return problem(error.status_code, request.words("This request could not be read."), str(error))


@api.exception_handler(Exception)
def of_ours(_: Request, error: Exception) -> NoReturn:
    """Django writes it down and answers with web/views/errors.py, which tells nothing of it."""
    raise error


def _status(error: UserError) -> int:
    """Facts that cannot answer are a conflict with their present state; terms and questions are the reader's."""
    if isinstance(error, FactsError):
        return 409
    return 422 if isinstance(error, TermsError) else 400


def _opens(request: Request, route: str) -> bool:
    need = needed(route, "GET")
    return need is None or bool(request.actor.grant(need.thing, need.action))
