"""The page, or the one listed fragment of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers

from smarketing.web.request import Request


def render_page(
    request: Request, template: str, *, fragments: Collection[str] = (), status: int = 200, **context: Any
) -> HttpResponse:
    """A response with the whole template, or with one of its blocks.

    Takes    fragments  blocks that may be asked for alone, by htmx's target (`HX-Target: leads` → block `leads`);
                        the header is a reader's input, so what is not listed gets the whole page
    """
    wanted = request.headers.get("HX-Target", "").replace("-", "_")
    if not request.headers.get("HX-Request") or request.headers.get("HX-Boosted") or wanted not in fragments:
        response = HttpResponse(get_template(template).render(context, request), status=status)
    else:
        response = HttpResponse(_fragment(request, template, wanted, context), status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target", "Cookie", "Accept-Language"))
    return response


def _fragment(request: Request, template: str, block: str, context: dict[str, Any]) -> str:
    from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy

    found: Any = get_template(template)
    context |= {"request": request, "csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}
    for processor in found.backend.template_context_processors:
        context |= processor(request)
    inner = found.template
    pieces = inner.environment.get_template("_parts/ui.html")  # a block alone does not see what its page imports
    values = inner.new_context(context | {"ui": pieces.make_module(context)})
    parts = inner.blocks[block](values) if block in inner.blocks else inner.root_render_func(values)
    return "".join(parts)
