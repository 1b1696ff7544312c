"""The server killed while somebody signs: the signature is there with all that belongs to it, or nothing is."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator

import pytest
from tests.databases import Database
from tests.faults.company import MAYA, PASSWORD, SAM, slug
from tests.faults.served import Served, served

from smarketing.records import events
from smarketing.records.models import Event, Signature, Version

SEED, N_INSTANTS = 20_261_122, 10
POINTS = {  # and whether the signature is there afterwards
    "agreement.sign.before_write": False,
    "agreement.sign.after_write": False,
    "audit.append.before": False,
    "audit.append.after": False,
    "agreement.sign.before_commit": False,
    "agreement.sign.after_commit": True,
}
FINGERPRINT = re.compile(r'name="fingerprint" value="([^"]+)"')
WEB = ("web",)


@pytest.fixture
def site(each_database: Database) -> Iterator[Served]:
    with served(each_database) as site:
        yield site


class Signing:
    """One agreement of the company's. Maya signs those with even numbers as the first, Sam the others as the last."""

    def __init__(self, site: Served, number: int) -> None:
        self.site, self.slug, self.is_last = site, slug(number), bool(number % 2)
        self.party = "sales" if self.is_last else "marketing"
        self.place = f"/agreements/{self.slug}/versions/1/"
        self.visitor = site.visitor(SAM if self.is_last else MAYA, PASSWORD)
        self.form: dict[str, str] = {}

    def read(self) -> None:
        """Show who one is, and read the text that is to be signed."""
        self.visitor.confirms()
        shown = FINGERPRINT.search(self.visitor.gets(f"{self.place}signatures/").text)
        assert shown
        self.form = {"party": self.party, "fingerprint": shown[1], "agreed": "yes"}

    def sign(self) -> None:
        self.visitor.posts(f"{self.place}signatures/", self.form, expected=302)

    def sign_and_be_killed(self, *, at: str = "", after_s: float = 0.0) -> None:
        connection = self.visitor.posts_and_leaves(f"{self.place}signatures/", self.form)
        if at:
            self.site.wait_for_death_at(at)
        time.sleep(after_s)
        self.site.kill()
        connection.close()

    def is_there(self) -> bool:
        """Whether it is signed; with all that belongs to a signature, or with nothing of it."""
        with self.site.looking() as alias:
            version = Version.objects.using(alias).get(agreement__slug=self.slug)
            signatures = Signature.objects.using(alias).filter(version=version, lapsed_at=None)
            signed = sorted(signatures.values_list("party", flat=True))
            about = Event.objects.using(alias).filter(verb="sign_version", object_id=str(version.id))
            noted = sorted(event.detail["party"] for event in about)
            faults = list(events.chain_faults(using=alias))
        is_there = self.party in signed
        is_whole = is_there and self.is_last
        assert signed == noted == ["marketing"] * (self.is_last or is_there) + ["sales"] * is_whole
        assert (version.status, version.signed_at is not None) == (
            ("signed", True) if is_whole else ("proposed", False)
        )
        assert faults == []
        return is_there

    def complete(self) -> None:
        """Send the form again: it signs what was not signed, and changes nothing where it was."""
        self.sign()
        assert self.is_there()
        self.sign()
        assert self.is_there()


def test_killed_at_every_point_of_signing_as_the_last(site: Served) -> None:
    site.run(str(2 * len(POINTS)), module="tests.faults.company")
    for number, (point, is_there) in enumerate(POINTS.items()):
        site.start(WEB, failpoint=point)
        signing = Signing(site, 2 * number + 1)
        signing.read()
        signing.sign_and_be_killed(at=point)
        assert signing.is_there() is is_there, point
        site.start(WEB)
        signing.complete()
        site.kill()
    site.start()
    site.check_well()


def test_killed_at_any_instant_of_signing(site: Served) -> None:
    site.run(str(N_INSTANTS + 1), module="tests.faults.company")
    site.start(WEB)
    undisturbed = Signing(site, N_INSTANTS)
    undisturbed.read()
    began = time.monotonic()
    undisturbed.sign()
    lasts_s = time.monotonic() - began
    instants = [random.Random(f"{SEED} {number}").uniform(0, 1.3) * lasts_s for number in range(N_INSTANTS)]
    for number, after_s in enumerate(instants):
        told = f"seed {SEED}, agreement {number}, killed {after_s * 1000:.1f} ms after the form was sent"
        signing = Signing(site, number)
        signing.read()
        signing.sign_and_be_killed(after_s=after_s)
        site.start(WEB)
        try:
            signing.is_there()
            signing.complete()
        except AssertionError as error:
            raise AssertionError(told) from error
    document = undisturbed.visitor.gets(f"{signing.place}pdf")
    assert document.body.startswith(b"%PDF")
    site.restart()
    site.check_well()
