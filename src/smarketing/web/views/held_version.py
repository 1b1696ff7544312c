"""The version that an address names, as this reader may see it; what every page of a version begins with."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from smarketing.records.agreements import Held, foremost, held_versions
from smarketing.terms.errors import UserError
from smarketing.terms.language import LANGUAGES, Words
from smarketing.terms.language import words as words_in
from smarketing.web.pages.agreement_document import Document, Margin, document_page
from smarketing.web.pages.agreement_version import Frame, frame
from smarketing.web.request import Request
from smarketing.workflows.comment_on_clause import may_comment, removable
from smarketing.workflows.turn_versions import turn_versions


@dataclass(frozen=True)
class Opened:
    """One version among those of its agreement that the reader may see, newest first."""

    held: Held
    others: tuple[Held, ...]
    request: Request

    @property
    def words(self) -> Words:
        return self.request.words

    @property
    def own_id(self) -> int | None:
        return self.request.actor.person.id if self.request.actor.person else None

    def frame(self, here: str = "agreement_version") -> Frame:
        return frame(self.held, self.others, here=here, own_id=self.own_id, words=self.words)

    def shown_in(self) -> Words:
        """The language asked for; the agreement's own where none is."""
        wanted = self.request.GET.get("language", "")
        return words_in(wanted if wanted in LANGUAGES else self.held.terms.language)

    def margin(self) -> Margin:
        actor, held = self.request.actor, self.held
        return Margin(
            held=held,
            words=self.words,
            may_remark=may_comment(actor, held.terms, held.seat),
            open_clause=self.request.GET.get("remark"),
            own_id=self.own_id,
            removable=removable(actor, held.terms, held.version.comments.filter(removed_at=None)),
        )

    def document(self) -> Document:
        return document_page(self.held, self.margin(), words=self.words, shown=self.shown_in())


def opened(request: Request, slug: str, number: int | None = None) -> Opened:
    """The version; of an agreement without a number, the one people mean.

    Raises Http404 where there is none or it is none of the reader's business.
    """
    turn_versions(now=timezone.now())
    found = held_versions(request.actor, slug=slug)
    held = foremost(found) if number is None else next((each for each in found if each.version.number == number), None)
    if held is None:
        raise Http404
    return Opened(held, found, request)


def spoken(error: UserError, words: Words) -> UserError:
    """The error in the reader's language."""
    error.translate(words)
    return error
