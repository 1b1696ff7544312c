"""Agreements as people meet them: pages, forms and files; who sees them, and what they are told."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import PASSWORD, Cast
from tests.negotiations import (
    NOW,
    TEXT,
    a_draft,
    a_proposal,
    a_signed,
    changed,
    fingerprint,
    latest,
    sign,
    status,
)

from smarketing.records.models import Comment, Event, Person, Version
from smarketing.terms.lifecycle import Status
from smarketing.workflows.counter_version import counter_version
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.save_draft import save_draft

V1 = "/agreements/acme/versions/1/"
GETS = ("", "changes", "revisions/", "text", "yaml", "pdf", "backtest", "acknowledgements/")


def proven(client: Client) -> Client:
    """The browser of somebody who has proved this very minute who they are."""
    client.post("/confirmation/", {"password": PASSWORD})
    return client


def page(client: Client, path: str, code: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == code, (path, response.status_code)
    return response.content.decode()


def test_an_empty_list_says_the_next_step(cast: Cast) -> None:
    assert "Choose a starter" in page(cast.client_of(cast.maya), "/agreements/")
    assert "No agreement binds your teams yet" in page(cast.client_of(cast.zed), "/agreements/")


def test_a_starter_becomes_a_draft(cast: Cast) -> None:
    client = cast.client_of(cast.maya)
    response = client.post("/agreements/", {"starter": "small_b2b", "language": "es"}, follow=True)
    assert response.redirect_chain[-1][0].endswith("/versions/1/")
    assert 'lang="es"' in response.content.decode()
    assert Version.objects.get().status == "draft"


def test_a_file_becomes_a_draft_or_says_why_not(cast: Cast) -> None:
    client = cast.client_of(cast.maya)
    wrong = client.post("/agreements/", {"text": changed("140 leads", "many")})
    assert wrong.status_code == 422 and "many" in wrong.content.decode()
    assert not Version.objects.exists()
    assert client.post("/agreements/", {"text": TEXT}).status_code == 302


def test_what_waits_comes_first(cast: Cast) -> None:
    a_proposal(cast)
    told = page(cast.client_of(cast.sam), "/agreements/")
    assert "1 thing waits for you" in told and "your signature is waited for" in told


def test_strangers_and_the_bound_do_not_see_a_draft(cast: Cast) -> None:
    a_draft(cast)
    for person in (cast.zed, cast.zoe, cast.rita, cast.eva, cast.nora):
        client = cast.client_of(person)
        for path in ("/agreements/acme/", *(V1 + part for part in GETS)):
            assert client.get(path).status_code == 404, (person, path)
    for person in (cast.maya, cast.sam, cast.olu):
        for part in GETS:
            assert cast.client_of(person).get(V1 + part).status_code == 200, (person, part)


def test_the_bound_read_what_was_signed(cast: Cast) -> None:
    a_signed(cast)
    for person in (cast.rita, cast.eva):
        told = page(cast.client_of(person), "/agreements/acme/")
        assert "95" in told and "I have read it" in told
        assert cast.client_of(person).get(V1 + "signatures/").status_code == 404
        assert cast.client_of(person).post(V1 + "end", {"party": "sales", "why": "No."}).status_code == 404


def test_every_clause_has_its_place_on_the_page(cast: Cast) -> None:
    a_draft(cast)
    told = page(cast.client_of(cast.maya), V1)
    for address in ("summary", "parties.sales.commitments", "commitments.speed", "definitions.mql", "calendars.office"):
        assert f'id="{address}"' in told
    assert 'class="finding"' in told


def test_the_text_speaks_the_agreements_language_and_the_readers(cast: Cast) -> None:
    a_draft(cast, TEXT.replace("zone: Europe/Madrid\nin_force", "language: es\nzone: Europe/Madrid\nin_force"))
    client = cast.client_of(cast.maya)
    written, read = page(client, V1), page(client, V1 + "?language=en")
    assert "Resumen" in written and "What Sales promises" not in written
    assert "What Sales promises" in read and "Marketing brings leads that sales calls at once." in read


def test_maya_and_sam_talk_until_both_have_signed(cast: Cast) -> None:
    maya, sam = proven(cast.client_of(cast.maya)), proven(cast.client_of(cast.sam))
    maya.post("/agreements/", {"text": TEXT})
    sam.post(V1 + "comments/", {"clause": "commitments.speed", "text": "An hour is short."})
    assert "An hour is short." in page(maya, V1)
    maya.post(V1 + "proposal", {"revision": 1})
    sam.post(V1 + "counter-proposals/", {"revision": 1, "note": "Two hours."})
    slower = changed("within 1 business hour", "within 2 business hours")
    assert sam.post(V1 + "text", {"text": slower, "revision": 2, "note": "Two."}).status_code == 302
    assert "weaker" in page(maya, V1 + "changes?text=1")
    sam.post(V1 + "proposal", {"revision": 3})
    version = Version.objects.get()
    for client, party in ((maya, "marketing"), (sam, "sales")):
        shown = page(client, V1 + "signatures/")
        assert fingerprint(version) in shown
        said = {"party": party, "fingerprint": fingerprint(version), "agreed": "yes"}
        assert client.post(V1 + "signatures/", said).status_code == 302
    assert status(version) is Status.SIGNED
    assert {signature.method for signature in version.signatures.all()} == {"password"}


def test_signing_asks_again_who_one_is(cast: Cast) -> None:
    version = a_proposal(cast)
    client = cast.client_of(cast.sam)
    asked = client.get(V1 + "signatures/")
    assert asked.status_code == 302 and "confirmation" in asked.headers["Location"]
    said = {"party": "sales", "fingerprint": fingerprint(version), "agreed": "yes"}
    assert client.post(V1 + "signatures/", said).status_code == 302
    assert not version.signatures.exists()
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert version.signatures.get().method == "password"  # what was asked for went on once it was clear who asked


def test_proof_of_five_minutes_ago_is_no_proof(cast: Cast) -> None:
    a_proposal(cast)
    client = proven(cast.client_of(cast.sam))
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 301
    session.save()
    assert client.get(V1 + "signatures/").status_code == 302


def test_nobody_signs_what_they_were_not_shown(cast: Cast) -> None:
    version = a_proposal(cast)
    client, shown = proven(cast.client_of(cast.sam)), fingerprint(version)
    counter_version(version_id=version.id, note="Less.", revision=1, text=changed("140", "99"), by=cast.maya, now=NOW)
    propose_version(version_id=version.id, revision=2, by=cast.maya, now=NOW)
    response = client.post(V1 + "signatures/", {"party": "sales", "fingerprint": shown, "agreed": "yes"})
    assert response.status_code == 409 and "nothing was signed" in response.content.decode()
    assert not version.signatures.exists()


@pytest.mark.parametrize("said", [{"party": "marketing"}, {"party": "nobody"}, {"party": ""}, {}])
def test_nobody_signs_for_the_other_party(cast: Cast, said: dict[str, str]) -> None:
    version = a_proposal(cast)
    client = proven(cast.client_of(cast.sam))
    posted = client.post(V1 + "signatures/", {"fingerprint": fingerprint(version), "agreed": "yes"} | said)
    assert posted.status_code == 404
    assert not version.signatures.exists()


def test_the_tick_is_asked_for(cast: Cast) -> None:
    version = a_proposal(cast)
    client = proven(cast.client_of(cast.sam))
    response = client.post(V1 + "signatures/", {"party": "sales", "fingerprint": fingerprint(version)})
    assert response.status_code == 422 and not version.signatures.exists()


def test_sent_twice_signed_once(cast: Cast) -> None:
    version = sign(a_proposal(cast), cast.maya, "marketing")
    client = proven(cast.client_of(cast.sam))
    said = {"party": "sales", "fingerprint": fingerprint(version), "agreed": "yes"}
    assert [client.post(V1 + "signatures/", said).status_code for _ in range(2)] == [302, 302]
    assert version.signatures.count() == 2


def test_whoever_is_disabled_is_out_at_once(cast: Cast) -> None:
    version = a_proposal(cast)
    client = proven(cast.client_of(cast.sam))
    Person.objects.filter(id=cast.sam.id).update(is_active=False)
    said = {"party": "sales", "fingerprint": fingerprint(version), "agreed": "yes"}
    assert client.post(V1 + "signatures/", said).status_code in (302, 404)
    assert not version.signatures.exists()


def test_a_stale_text_comes_back_with_what_was_saved_meanwhile(cast: Cast) -> None:
    version = a_draft(cast)
    save_draft(version_id=version.id, text=changed("140", "160"), revision=1, by=cast.sam, now=NOW)
    mine = changed("140", "120")
    response = cast.client_of(cast.maya).post(V1 + "text", {"text": mine, "revision": 1})
    told = response.content.decode()
    assert response.status_code == 409 and "Sam Whitlock saved text 2" in told
    assert "120 leads" in told and "160 leads" in told and 'name="revision" value="2"' in told


def test_faults_are_shown_by_line(cast: Cast) -> None:
    version = a_draft(cast)
    wrong = changed("95 % within 1 business hour", "4h")
    line = TEXT[: TEXT.index("95 %")].count("\n") + 1
    response = cast.client_of(cast.maya).post(V1 + "text", {"text": wrong, "revision": 1})
    told = response.content.decode()
    assert response.status_code == 422 and f"Line {line}" in told and f'class="wrong">{line}<' in told
    assert latest(version) == 1


def test_yaml_goes_down_and_up(cast: Cast) -> None:
    version = a_draft(cast)
    client = cast.client_of(cast.maya)
    down = client.get(V1 + "yaml")
    assert down.content.decode() == TEXT and "acme-1.yaml" in down.headers["Content-Disposition"]
    up = client.put(V1 + "yaml", changed("140", "150"), content_type="application/yaml", headers={"If-Match": '"1"'})
    assert up.status_code == 302 and latest(version) == 2
    stale = client.put(V1 + "yaml", changed("140", "130"), content_type="application/yaml", headers={"If-Match": '"1"'})
    assert stale.status_code == 409


def test_a_signed_text_goes_down_with_its_signatures(cast: Cast) -> None:
    a_signed(cast)
    assert "signatures:" in cast.client_of(cast.rita).get(V1 + "yaml").content.decode()


def test_pdf(cast: Cast) -> None:
    a_signed(cast)
    response = cast.client_of(cast.rita).get(V1 + "pdf")
    assert response.headers["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")


def test_remarks_work_with_and_without_scripts(cast: Cast) -> None:
    a_draft(cast)
    sam = cast.client_of(cast.sam)
    plain = sam.post(V1 + "comments/", {"clause": "commitments.speed", "text": "Hm. <b>"})
    assert plain.headers["Location"].endswith("#commitments.speed")
    said = Comment.objects.get()
    told = sam.post(V1 + f"comments/{said.id}/settlement", {"is_settled": "yes"}, headers={"HX-Request": "true"})
    assert "Settled by Sam Whitlock" in told.content.decode() and "<html" not in told.content.decode()
    form = sam.get(V1 + "?remark=commitments.leads", headers={"HX-Request": "true"}).content.decode()
    assert 'value="commitments.leads"' in form and "<html" not in form
    assert "&lt;b&gt;" in page(sam, V1)
    assert cast.client_of(cast.maya).post(V1 + f"comments/{said.id}/", {"text": "Mine."}).status_code == 404
    sam.post(V1 + f"comments/{said.id}/", {"removal": "yes", "text": "x"})
    assert Comment.objects.get().removed_at is not None


def test_declining_takes_reasons(cast: Cast) -> None:
    version = a_proposal(cast)
    sam = cast.client_of(cast.sam)
    empty = sam.post(V1 + "declines/", {"party": "sales", "reasons": " "})
    assert empty.status_code == 409 and "No reason is given" in empty.content.decode()
    sam.post(V1 + "declines/", {"party": "sales", "reasons": "Too many fairs."})
    assert status(version) is Status.DECLINED
    assert "Too many fairs." in page(cast.client_of(cast.maya), V1)


def test_the_next_version_begins_from_the_one_in_force(cast: Cast) -> None:
    a_signed(cast)
    told = cast.client_of(cast.maya).post(V1 + "amendment", follow=True)
    assert told.redirect_chain[-1][0].endswith("/versions/2/")
    again = cast.client_of(cast.sam).post(V1 + "amendment")
    assert again.status_code == 409 and "still open" in again.content.decode()


def test_who_has_read_it_and_who_has_not(cast: Cast) -> None:
    version = a_signed(cast)
    rita = cast.client_of(cast.rita)
    assert rita.post(V1 + "acknowledgements/", {"fingerprint": "other"}).status_code == 409
    rita.post(V1 + "acknowledgements/", {"fingerprint": fingerprint(version)})
    told = page(cast.client_of(cast.sam), V1 + "acknowledgements/")
    assert "1 of 4 have read it" in told and "not yet" in told


def test_acts_of_strangers_change_nothing(cast: Cast) -> None:
    version = a_proposal(cast)
    n_events = Event.objects.count()
    acts = {
        "proposal": {"revision": 1},
        "counter-proposals/": {"revision": 1, "note": "Ha."},
        "declines/": {"party": "sales", "reasons": "Ha."},
        "amendment": {},
        "end": {"party": "sales", "why": "Ha."},
        "acknowledgements/": {"fingerprint": fingerprint(version)},
        "comments/": {"clause": "", "text": "Ha."},
        "text": {"revision": 1, "text": TEXT},
    }
    for person in (cast.zoe, cast.zed, cast.rita, cast.eva, cast.nora):
        client = proven(cast.client_of(person))
        for act, said in acts.items():
            assert client.post(V1 + act, said).status_code == 404, (person, act)
    assert Event.objects.count() == n_events


@pytest.mark.parametrize(
    "act", ("counter-proposals/", "declines/", "end", "text", "proposal", "amendment", "comments/")
)
def test_who_may_only_read_is_not_told_what_a_form_lacks(cast: Cast, act: str) -> None:
    a_signed(cast)
    page(cast.client_of(cast.maya), V1)  # the version begins
    n_events = Event.objects.count()
    people = (cast.eva,) if act == "comments/" else (cast.eva, cast.rita)  # reps may remark
    for person in people:
        client = cast.client_of(person)
        assert client.get(V1).status_code == 200
        assert client.post(V1 + act, {}).status_code == 404, person
    assert Event.objects.count() == n_events


def test_odd_questions_get_plain_answers(cast: Cast) -> None:
    a_draft(cast)
    client = cast.client_of(cast.maya)
    for path in (
        "?language=xx",
        "?remark=nothing",
        "changes?from=99&text=abc",
        "changes?text=99",
        "changes?from=-1",
        "changes?text=1&of=" + "9" * 30,
        "changes?from=²",
    ):
        assert client.get(V1 + path).status_code == 200, path
    for path in ("/agreements/none/", "/agreements/acme/versions/99/", "/agreements/acme/versions/99/yaml"):
        assert client.get(path).status_code == 404
    for said in ({}, {"revision": "x"}, {"revision": "9" * 30}):
        assert client.post(V1 + "proposal", said).status_code == 409
    assert client.put(V1 + "yaml", b"\xff\xfe", content_type="application/yaml").status_code == 422
    odd = client.put(V1 + "yaml", TEXT.encode(), content_type="application/yaml", headers={"If-Match": '"x²"'})
    assert odd.status_code == 302
    assert client.post(V1 + "text", {"revision": 1, "text": ""}).status_code == 422


def test_each_saved_text_tells_what_it_changed(cast: Cast) -> None:
    version = a_draft(cast)
    for number, leads in enumerate(("150", "160"), 1):
        save_draft(version_id=version.id, text=changed("140", leads), revision=number, by=cast.sam, now=NOW)
    client = cast.client_of(cast.maya)
    assert "changes?text=1&amp;of=2" in page(client, V1 + "revisions/")
    told = page(client, V1 + "changes?text=1&of=2")
    assert "from 140 leads to 150 leads" in told and "160" not in told
