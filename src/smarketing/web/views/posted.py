"""What a request brings: who asks, and a text from a field, a file or the body itself."""

from __future__ import annotations

from django.http import Http404

from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.web.request import Request

LARGEST = 1 << 20  # bytes of a text that people read


def asking(request: Request) -> Person:
    """Who asks. The gate lets nobody but people come here."""
    if request.actor.person is None:
        raise Http404
    return request.actor.person


def posted_text(request: Request) -> str:
    """The text of the form, of the file in it, or of the body.

    Raises UserError for a file that is too large or no text
    """
    file = request.FILES.get("file") if request.method == "POST" else None
    if file is None and request.method == "POST":
        return str(request.POST.get("text", ""))
    if file is not None and (file.size or 0) > LARGEST:
        raise UserError(N_("The file is too large for terms that people read."), hint=N_("Keep it below a megabyte."))
    content = file.read() if file is not None else request.body
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(N_("The file is not UTF-8."), hint=N_("Save it as UTF-8.")) from None


def whole_number(request: Request, name: str) -> int:
    """A number of the form; 0, which nothing has, where it is none."""
    said = str(request.POST.get(name, ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
