"""The API: each operation opens what its token may see and calls the workflow that the page calls."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from smarketing import __version__
from smarketing.terms.errors import FactsError, TermsError, UserError
from smarketing.web.api.agreements import router as agreements
from smarketing.web.api.imports import router as imports
from smarketing.web.api.leads import router as leads
from smarketing.web.api.problems import problem
from smarketing.web.api.scorecards import router as scorecards
from smarketing.web.request import Request

BEARER = {
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
}

api = NinjaAPI(
    title="smarketing",
    version=__version__,
    description="Scorecards, leads, clocks, explanations, agreements and imports of one installation.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
    openapi_extra=BEARER,
)
api.add_router("/agreements", agreements, tags=["agreements"])
api.add_router("/scorecards", scorecards, tags=["scorecards"])
api.add_router("", leads, tags=["leads"])
api.add_router("", imports, tags=["imports"])


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
def of_http(_: Request, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


def _status(error: UserError) -> int:
    """Facts that cannot answer are a conflict with their present state; terms and questions are the reader's."""
    if isinstance(error, FactsError):
        return 409
    return 422 if isinstance(error, TermsError) else 400
