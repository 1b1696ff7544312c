"""One form over the text of a draft, whatever its entries are: shown, acted on, read, saved, or told why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from smarketing.records.negotiation import Stale
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.faults import Fault, UnreadableTerms
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.rewrite import rewritten
from smarketing.web.forms.agreement_tree import Tree, in_its_currency, terms_of, tree_of
from smarketing.web.forms.entries import Entries, Said, acted, gathered, opened, posted, without_blanks
from smarketing.web.pages.agreement_changes import Line, yaml_changes
from smarketing.web.pages.agreement_forms import FormPage, Reading, form_page, read_as
from smarketing.web.request import Request
from smarketing.web.views.held_version import Opened, spoken
from smarketing.web.views.posted import asking, whole_number
from smarketing.workflows.save_draft import save_draft

FRAGMENTS = ("edit_form", "reading")
ROW_ACTS = ("add", "remove", "up", "down")


@dataclass
class TermsForm:
    """Takes    at  path of the part of the agreement that the entries are of; empty for the whole"""

    request: Request
    it: Opened
    entries: Entries
    previews: Sequence[str]
    at: tuple[str | int, ...] = ()
    tree: Tree = field(default_factory=dict)  # what is there before anything was typed
    said: Said = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    trouble: UserError | None = None
    saved_changes: tuple[Line, ...] = ()
    saved: bool = False
    is_changed: bool = False

    def __post_init__(self) -> None:
        self.tree = self.tree or tree_of(self.it.held.terms)
        self.said = posted(self.request.POST) if self.request.method == "POST" else opened(self.entries, self._part())

    def _part(self, tree: Any = None) -> Any:
        found: Any = self.tree if tree is None else tree
        for step in self.at:
            found = found[step]
        return found

    @property
    def act(self) -> str:
        return self.request.POST.get("act", "")

    def take(self) -> None:
        """What was posted: a row act or a preview only shows it, anything else saves it."""
        verb = self.act.partition(":")[0]
        if verb in ROW_ACTS:
            self.said = acted(self.said, self.act)
        elif verb != "preview":
            self.save()

    def terms(self) -> Agreement:
        """What is typed, read.

        Raises UnreadableTerms
        """
        said = without_blanks(self.entries, self.said)
        changed = gathered(self.entries, said, self._part())
        if not self.at:
            return terms_of(in_its_currency(changed, self.tree), self.request.words)
        tree = gathered((), {}, self.tree)
        self._part_above(tree)[self.at[-1]] = changed
        return terms_of(tree, self.request.words)

    def _part_above(self, tree: Any) -> Any:
        for step in self.at[:-1]:
            tree = tree[step]
        return tree

    def save(self) -> None:
        self.said = without_blanks(self.entries, self.said)
        try:
            self.put(self.terms())
        except UnreadableTerms as error:
            self.faults = error.faults
        except UserError as error:
            self.trouble = spoken(error, self.request.words)

    def put(self, terms: Agreement) -> None:
        """The next text of the draft, unless it says what it said.

        Raises UserError
        """
        held = self.it.held
        self.saved = True
        if fingerprint(terms) == fingerprint(held.terms):
            return
        text = rewritten(held.revision.text, held.terms, terms)
        try:
            save_draft(
                version_id=held.version.id,
                text=text,
                revision=whole_number(self.request, "revision"),
                by=asking(self.request),
                now=timezone.now(),
                words=self.request.words,
            )
            self.is_changed = True
        except UserError as error:
            self.saved = False
            if isinstance(error, Stale):
                self.saved_changes = yaml_changes(held.revision.text, text)
            raise

    @property
    def status(self) -> int:
        return 409 if isinstance(self.trouble, Stale) else 422 if self.faults or self.trouble else 200

    @property
    def revision(self) -> int:
        """The text the form began from; after a conflict the saved one, so that saving again is meant."""
        if self.request.method == "POST" and not isinstance(self.trouble, Stale):
            return whole_number(self.request, "revision")
        return self.it.held.revision.number

    def page(self) -> FormPage:
        words = self.request.words
        prefix = "".join(f"{step}." for step in self.at)
        return form_page(self.entries, self.said, self.faults, words=words, reading=self._reading(), prefix=prefix)

    def _reading(self) -> Reading:
        words = self.request.words
        try:
            return read_as(self.terms(), self.previews, words=words)
        except UnreadableTerms as error:
            first = error.faults[0]
            return Reading(problem=f"{first.what} {first.hint}".strip())
