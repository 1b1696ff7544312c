"""The OpenAPI file: what each operation answers, every refusal included, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from smarketing.web.api.problems import TYPE
from smarketing.web.api.shapes import Problem

ROOT = "/api/v1/"
VERBS = {"GET": "read", "POST": "create", "DELETE": "delete"}
REFUSALS = {
    400: "A part of the request cannot be understood; `where` names it.",
    401: "No token came, or one that is unknown, expired or revoked.",
    404: "It is not there, or not yours to see: the answer does not tell which.",
    409: "It cannot be answered as things are: there are no facts yet, or it was done already.",
    413: "The body is too large.",
    422: "The request cannot be obeyed; `errors` names each place.",
    429: "More than 600 requests of this token in a minute; `Retry-After` says how many seconds to wait.",
    500: "A mistake of ours. It was written down.",
}
ALWAYS = (400, 401, 404, 429, 500)
ETAG = {"description": "Of exactly these bytes.", "required": True, "schema": {"type": "string"}}
LINK = {"description": "first, prev, next and last page (RFC 8288)", "required": True, "schema": {"type": "string"}}
RETRY = {"description": "Seconds to wait.", "required": True, "schema": {"type": "string"}}
OTHER_TYPES = {"read_version_yaml": ("application/yaml", "object"), "read_rejects": ("text/csv", "string")}
ABOUT = """\
Scorecards, leads, clocks, explanations, agreements and imports of one installation.

Every request carries a token in its header, `Authorization: Bearer smk_…`; a session of a browser opens nothing here.
People make tokens in their settings. A token sees what its person sees on the site, narrowed by its scope: `ingest`
brings imports and reads what became of them, `read` reads, `admin` does both and writes drafts.

Instants are RFC 3339 in UTC, days ISO 8601, ratios numbers from 0 to 1, `*_s` seconds. Problems are
`application/problem+json` (RFC 9457) in the language of `Accept-Language` (en, es, it). Every GET has its HEAD and an
ETag: send it back as `If-None-Match` and be answered 304 while nothing changed. Lists come in pages; `Link` leads
through them. A method that an address does not have is answered 405 with `Allow`. Keys may be added; none is renamed.
"""
INFO = {
    "servers": [{"url": "/", "description": "this installation"}],
    "security": [{"token": []}],
}


STRICT: Mapping[str, Any] = {"ensure_ascii": False, "allow_nan": False}


class Plain(NinjaJSONEncoder):
    """Instants to the microsecond, in UTC, with Z."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return super().default(o)


class Renderer(JSONRenderer):
    encoder_class = Plain
    json_dumps_params = STRICT


class DescribedAPI(NinjaAPI):
    """An API whose file says what the gate, the door and the error pages add to each operation."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return f"{VERBS[operation.methods[0]]}_{operation.url_name}"

    def get_openapi_schema(self, **_: Any) -> Any:
        schema = super().get_openapi_schema(path_prefix=ROOT)
        components = schema["components"]
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "A token from the settings: smk_…"}
        }
        components["schemas"]["Problem"] = Problem.model_json_schema()
        components["responses"] = {f"Problem{status}": _refusal(status, text) for status, text in REFUSALS.items()}
        for path in schema["paths"].values():
            for method, operation in path.items():
                _complete(method, operation)
        return json.loads(json.dumps(schema))


def _complete(method: str, operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        parameter.pop("examples", None)  # they stay in its schema; here they would have to be named
    said = operation["responses"]
    for status, answer in said.items():
        answer["description"] = "Being counted; ask again." if status == 202 and method == "get" else "Done."
        if operation["operationId"] in OTHER_TYPES:
            kind, what = OTHER_TYPES[operation["operationId"]]
            answer["content"] = {kind: {"schema": {"type": what}}}
        if method == "get" and status == 200:
            is_paged = any(each["name"] == "page" for each in operation["parameters"])
            answer["headers"] = {"ETag": ETAG} | ({"Link": LINK} if is_paged else {})
    if 202 in said and method == "get":
        said[202] |= {"content": said[202].pop("content"), "headers": {"Retry-After": RETRY}}
        said[202]["content"] = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if method == "get":
        said[304] = {"description": "Nothing changed since that ETag."}
    for status in sorted({*ALWAYS, *_more(method, operation)}):
        said[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = {str(status): said[status] for status in sorted(said)}


def _more(method: str, operation: dict[str, Any]) -> set[int]:
    """Refusals that only some operations know."""
    found = {422} if operation["parameters"] or "requestBody" in operation else set()
    if "requestBody" in operation:
        found.add(413)
    if method == "delete" or {"scorecards", "leads"} & set(operation.get("tags", [])):
        found.add(409)
    return found


def _refusal(status: int, text: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": "There is nothing here.", "status": status}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}}
    answer: dict[str, Any] = {
        "description": text,
        "content": {TYPE: content | ({"example": example} if status == 404 else {})},
    }
    headers = {401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}, 429: {"Retry-After": RETRY}}
    return answer | ({"headers": headers[status]} if status in headers else {})
