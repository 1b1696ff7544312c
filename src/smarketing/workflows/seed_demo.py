"""Fill an empty installation with the demo company: its people, its signed and negotiated agreement, its facts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from smarketing.records.events import one_write
from smarketing.records.models import Event, Membership, OwnerLink, Person, Team
from smarketing.records.models import Version as VersionRecord
from smarketing.sources.demo import SEED, DemoExports, write_demo
from smarketing.sources.demo_company.cast import REPS, Rep, address
from smarketing.sources.demo_company.story import AMENDED_MONTH, HEADQUARTERS, N_MONTHS, Story, story_until
from smarketing.sources.read_profile import read_profile
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.workflows.acknowledge_version import acknowledge_version
from smarketing.workflows.demo_talks import negotiate
from smarketing.workflows.draft_agreement import draft_agreement
from smarketing.workflows.import_files import Tell, import_files
from smarketing.workflows.note_import import note_import
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.sign_version import sign_version
from smarketing.workflows.turn_versions import turn_versions

N_DEMO_LEADS = 8_000
# name, what they are here, team roles by team slug
SPEAKERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Olu Adeyemi", N_("runs the installation"), {}),
    ("Maya Olmedo", N_("manages marketing"), {"marketing": "manager"}),
    ("Sam Whitlock", N_("manages sales"), {"sales": "manager"}),
    ("Rita Serrano", N_("sales rep"), {"sales": "rep"}),
    ("Eva Santoro", N_("looks at both teams"), {"marketing": "viewer", "sales": "viewer"}),
)
READERS_OF_LATEST = ("Rita Serrano", "Inés Carballo", "Giulia Ferrante", "Priya Raman")


@dataclass(frozen=True, slots=True)
class SignIn:
    """`role` is a sentence of the catalogue."""

    name: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the seeding, told before it begins."""

    what: str


def seed_demo(
    home: Path, *, now: datetime, words: Words, n_leads: int = N_DEMO_LEADS, progress: Tell | None = None
) -> Iterator[Stage | tuple[SignIn, ...]]:
    """Tell each stage, and at the end who can sign in and how.

    The story ends on the latest day that is over at the head office, so that its numbers are about now.
    Raises UserError when there is somebody in this installation already.
    """
    if Person.objects.exists() or Event.objects.exists():
        raise UserError(
            N_("There are people in this installation already, and the demo changes nothing of theirs."),
            where=str(home),
            hint=N_("Name another folder: --directory DIR."),
        )
    tale = story_until(_until_on(now))
    yield Stage(N_("Writing the exports of the demo company's CRM"))
    exports = write_demo(home / "demo", n_leads=n_leads, seed=SEED, until_on=tale.until_on, language=words.language)
    yield Stage(N_("Inviting its people"))
    sign_ins = _people(tale, words.language, _at(tale.first_on, -60))
    yield Stage(N_("Signing its agreement"))
    sign_versions(tale, exports, words)
    yield Stage(N_("Importing its leads"))
    olu = speaker("Olu Adeyemi")
    import_files(
        list(exports.files.values()),
        profile=read_profile(str(exports.profile), words),
        facts=open_ledger(by=olu.pk),
        now=exports.exported_at,
        progress=progress,
        keep=note_import(by=olu, now=exports.exported_at),
        words=words,
    )
    yield sign_ins


def _until_on(now: datetime) -> date:
    local = now.astimezone(zone(HEADQUARTERS))
    today_is_told = (local.hour, local.minute) >= (17, 30)
    return local.date() - timedelta(days=0 if today_is_told else 1)


def _at(on: date, days: int, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of office hours some days before or after a day."""
    day = on + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone(HEADQUARTERS)).astimezone(UTC)


def _people(tale: Story, language: str, at: datetime) -> tuple[SignIn, ...]:
    """Teams, the five who sign in, and every rep who still works there; reps of the facts own their leads here."""
    with one_write(verb="seed_demo", by=None, now=at) as write:
        marketing = Team.objects.create(slug="marketing", name="Marketing", role="marketing")
        sales = Team.objects.create(
            slug="sales", name="Sales", role="sales", fact_names=sorted({rep.team for rep in REPS})
        )
        teams = {"marketing": marketing, "sales": sales}
        sign_ins = []
        for name, role, roles in SPEAKERS:
            sign_in = SignIn(name, role, address(name), f"{name.split()[0].lower()}-{secrets.token_hex(5)}")
            person = Person.objects.create_user(
                sign_in.email,
                sign_in.password,
                name=name,
                language=language,
                zone=HEADQUARTERS,
                is_admin=not roles,
            )
            for slug, member in roles.items():
                Membership.objects.create(person=person, team=teams[slug], role=member, from_on=at.date())
            sign_ins.append(sign_in)
        for rep in REPS:
            if rep.left >= N_MONTHS:
                _rep(rep, sales, language, max(at.date(), tale.month_start(rep.joined)) if rep.joined else at.date())
        write.about("installation", "demo", n_people=Person.objects.count())
    return tuple(sign_ins)


def _rep(rep: Rep, sales: Team, language: str, from_on: date) -> None:
    person = Person.objects.filter(email=address(rep.name)).first()
    if person is None:
        person = Person.objects.create_user(address(rep.name), name=rep.name, language=language, zone=HEADQUARTERS)
        Membership.objects.create(person=person, team=sales, role="rep", from_on=from_on)
    OwnerLink.objects.create(person=person, src="demo", owner_id=rep.id)


def sign_versions(tale: Story, exports: DemoExports, words: Words) -> None:
    """The first version at the beginning, the second ten months later; then the talks about a third."""
    texts = [path.read_text("utf-8") for path in sorted(exports.agreement.glob("*.yaml"))]
    begins = (tale.first_on, tale.month_start(AMENDED_MONTH))
    for text, from_on in zip(texts, begins, strict=True):
        version = _signed(text, from_on, words)
        turn_versions(now=_at(from_on, 0, 0, 5))
    _acknowledge(version, begins[-1], words)
    negotiate(version, tale.exported_at, words)


def _signed(text: str, from_on: date, words: Words) -> VersionRecord:
    maya, sam = speaker("Maya Olmedo"), speaker("Sam Whitlock")
    version = draft_agreement(text=text, by=maya, now=_at(from_on, -24), words=words)
    propose_version(version_id=version.id, revision=1, by=maya, now=_at(from_on, -20, 16, 40), words=words)
    fingerprint = version.revisions.get(number=1).fingerprint
    sign: Callable[..., object] = sign_version
    for party, person, days, hour in (("marketing", maya, -17, 11), ("sales", sam, -16, 9)):
        sign(
            version_id=version.id,
            party=party,
            fingerprint=fingerprint,
            method="password",
            by=person,
            now=_at(from_on, days, hour, 20),
            words=words,
        )
    return version


def _acknowledge(version: VersionRecord, from_on: date, words: Words) -> None:
    revision = version.revisions.get(number=1)
    for position, name in enumerate(READERS_OF_LATEST):
        acknowledge_version(
            version_id=version.id,
            fingerprint=revision.fingerprint,
            by=speaker(name),
            now=_at(from_on, position + 1, 9 + position),
            words=words,
        )


def speaker(name: str) -> Person:
    return Person.objects.get(email=address(name))
