"""Open the versions of an agreement as they were signed in the database."""

from __future__ import annotations

from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import N_, Words
from smarketing.terms.lifecycle import Status
from smarketing.terms.read_yaml import read_agreement_text

SIGNED = (Status.SIGNED, Status.IN_FORCE, Status.SUPERSEDED, Status.ENDED)


def versions_of(slug: str | None = None, *, words: Words = ENGLISH) -> tuple[Agreement, ...]:
    """Every signed version of an agreement, the earliest first; those called off before their first day never held.

    Takes    slug  the agreement's id; None where there is only one
    Raises   TermsError when there is none, or several and none is named
    """
    from smarketing.records.models import Version

    signed = Version.objects.filter(status__in=SIGNED).select_related("agreement").order_by("number")
    held = [version for version in signed if version.ended_at is None or version.ended_at.date() >= version.from_on]
    slugs = sorted({version.agreement.slug for version in held})
    wanted = slug or (slugs[0] if len(slugs) == 1 else None)
    if wanted not in slugs:
        raise _nothing(slugs, slug, words)
    texts = [(version, version.revisions.last()) for version in held if version.agreement.slug == wanted]
    return tuple(
        read_agreement_text(revision.text, where=str(version), folder=None, words=words)
        for version, revision in texts
        if revision is not None
    )


def _nothing(slugs: list[str], slug: str | None, words: Words) -> TermsError:
    if slug is None and slugs:
        hint = words("Name one of {choices}.", choices=", ".join(slugs))
        return TermsError(words(N_("Several agreements are signed here.")), where="--agreement", hint=hint)
    hint = words(N_("Sign one on the site, or name a file: --agreement FILE."))
    return TermsError(words(N_("No agreement is signed here.")), where=slug or "--agreement", hint=hint)
