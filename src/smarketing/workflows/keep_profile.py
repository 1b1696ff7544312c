"""Keep the way files were read under a name, for the next time such files come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from smarketing.ledger.durable import write_durably
from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.sources.read_profile import read_profile_text, shipped_profiles
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.find_profile import NAME
from smarketing.workflows.read_upload import PROFILES


def keep_profile(*, name: str, text: str, home: Path, by: Person, now: datetime, words: Words = ENGLISH) -> Path:
    """The file of the profile; one of this name that was here before is replaced.

    Raises UserError for a name that cannot be one or that a shipped profile has, TermsError for a faulty text
    """
    check_person_can(by, "import", "create", now)
    if not NAME.fullmatch(name):
        hint = N_("Small letters, digits and _: crm_weekly.")
        raise UserError(N_('"{name}" cannot be the name of a profile.'), hint=hint, name=name[:60])
    if name in shipped_profiles():
        raise UserError(N_('smarketing has a profile "{name}" itself.'), hint=N_("Choose another name."), name=name)
    read_profile_text(text, where=f"{name}.yaml", words=words)
    path = home / PROFILES / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with one_write(verb="keep_profile", by=by, now=now) as write:
        write_durably(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        write.about("profile", name, n_characters=len(text))
    return path
