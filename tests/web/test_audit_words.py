"""What happened is told in sentences; the codes stay beside them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.cast import Cast

from smarketing.records.events import one_write
from smarketing.records.models import Agreement, Event, Version
from smarketing.records.spoken_events import EventTeller, Told, deed_name, thing_name
from smarketing.terms.language import words

pytestmark = pytest.mark.usefixtures("cast")
NOW = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)


@pytest.fixture
def version(cast: Cast) -> Version:
    agreement = Agreement.objects.create(slug="ours", title="Our promises", created_by=cast.olu, created_at=NOW)
    return Version.objects.create(agreement=agreement, number=2, from_on=date(2026, 2, 1), created_at=NOW)


def told(verb: str, thing: object, object_id: object = None, **detail: object) -> Told:
    with one_write(verb=verb, by=None, now=NOW) as write:
        write.about(thing, object_id, **detail)  # type: ignore[arg-type]
    event = Event.objects.latest("seq")
    return EventTeller([event], words("en"), "Europe/Madrid").tell(event)


def test_an_act_on_a_version_names_it(version: Version) -> None:
    one = told("sign_version", version, party="sales", fingerprint="sha256:0123456789abcdef", is_last=True)
    assert one.deed == "signed version 2 of Our promises"
    assert one.about == "version 2 · Our promises"
    assert one.details == (("party", "sales"), ("fingerprint", "0123456789ab"), ("the last signature", "yes"))


def test_what_is_gone_or_was_never_said_leaves_the_plain_sentence() -> None:
    assert told("sign_version", "version", 999).deed == "signed an agreement"
    assert told("keep_view", "savedview", 1).deed == "kept a view"


def test_values_are_written_as_people_write_them() -> None:
    one = told(
        "change_membership",
        "membership",
        3,
        person="rita@example.com",
        team="sales",
        role="rep",
        from_on=date(2026, 1, 1),
        until_on=None,
    )
    assert one.deed == "changed what rita@example.com is in the team sales"
    assert one.details == (("role", "rep"), ("from", "Thu 1 Jan 2026"))
    one = told("create_token", "apitoken", 1, name="crm", scope="ingest", expires_at=NOW)
    assert one.details == (("what it may do", "bring facts"), ("holds until", "Fri 16 Jan 2026, 00:30:00"))
    one = told("import_files", "import", "i-1", files=["a.csv", "b.csv"], n_rows=12_000)
    assert (one.deed, one.details) == ("imported a.csv, b.csv", (("rows", "12,000"),))


def test_an_owner_of_nobody_is_said_so() -> None:
    assert told("link_owner", "owner", "crm:7", person="sam@example.com").deed == (
        "linked the CRM's owner crm:7 to sam@example.com"
    )
    assert told("link_owner", "owner", "crm:7", person=None).deed == "said that the CRM's owner crm:7 is nobody here"


def test_what_nobody_named_is_shown_as_it_is() -> None:
    one = told("fly_kite", "red_kite", 5, wind_from="NW", metres={"up": 30})
    assert one == Told("fly kite", "red kite 5", (("wind from", "NW"), ("metres", "up: 30")))
    assert (deed_name("fly_kite", words("es")), thing_name("red_kite", words("es"))) == ("fly kite", "red kite")


def test_the_page_says_sentences_and_keeps_the_codes(cast: Cast, version: Version) -> None:
    told("sign_version", version, party="sales")
    page = cast.client_of(cast.olu).get("/settings/audit/").content.decode()
    assert "signed version 2 of Our promises" in page and '<code class="muted">sign_version</code>' in page
    assert f'title="version {version.pk}"' in page
    assert '<option value="sign_version">signed an agreement</option>' in page
    assert '<option value="version">version</option>' in page


def test_names_of_a_page_are_looked_up_once(version: Version, django_assert_max_num_queries: object) -> None:
    for _ in range(5):
        told("sign_version", version)
    events = list(Event.objects.all())
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        teller = EventTeller(events, words("en"), "UTC")
        assert {teller.tell(event).deed for event in events} >= {"signed version 2 of Our promises"}


def test_the_command_says_sentences_too(version: Version, capsys: pytest.CaptureFixture[str]) -> None:
    from smarketing.cli.audit import _show_entries

    told("draft_agreement", version, slug="ours")
    _show_entries(list(Event.objects.all()))
    out = " ".join(capsys.readouterr().out.split())
    assert "drafted" in out and "draft_agreement" in out
