"""What people do to an agreement until it is signed, without pages."""

from __future__ import annotations

import pytest
from tests.cast import Cast
from tests.negotiations import NOW, TEXT, a_draft, a_proposal, a_signed, changed, fingerprint, latest, sign, status

from smarketing.records.access import Refused, actor_of
from smarketing.records.agreements import held_versions, waits
from smarketing.records.events import chain_faults
from smarketing.records.models import Event, Person, Version
from smarketing.records.negotiation import Stale
from smarketing.terms.errors import TermsError, UserError
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.lifecycle import Status
from smarketing.workflows.counter_version import counter_version, reopen_version
from smarketing.workflows.decline_version import decline_version
from smarketing.workflows.draft_agreement import draft_agreement, draft_starter
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.save_draft import save_draft
from smarketing.workflows.sign_version import sign_version


def test_a_text_becomes_a_draft_word_for_word(cast: Cast) -> None:
    version = a_draft(cast)
    assert (version.number, version.status, str(version.from_on)) == (1, "draft", "2026-02-01")
    saved = version.revisions.get()
    assert (saved.text, saved.party, saved.by) == (TEXT, "marketing", cast.maya)
    assert Event.objects.get().verb == "draft_agreement"


def test_signatures_in_a_file_are_not_taken_over(cast: Cast) -> None:
    signed = (
        TEXT + "signatures:\n  - {party: sales, name: Sam, signed_at: '2026-01-01T00:00:00+00:00', fingerprint: x}\n"
    )
    assert "signatures" not in a_draft(cast, signed).revisions.get().text


def test_a_faulty_text_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(UnreadableTerms) as told:
        a_draft(cast, changed("95 % within 1 business hour", "4h"))
    assert told.value.where.startswith("agreement.yaml:")
    assert not Version.objects.exists() and not Event.objects.exists()


def test_nobody_drafts_for_others(cast: Cast) -> None:
    with pytest.raises(Refused):
        a_draft(cast, by=cast.zoe)
    with pytest.raises(Refused):
        a_draft(cast, by=cast.rita)
    with pytest.raises(Refused):
        a_draft(cast, by=cast.dora)


def test_an_id_that_is_taken_says_no_more(cast: Cast) -> None:
    a_draft(cast)
    theirs = changed("teams: [Sales]", "teams: [Partners]")
    with pytest.raises(TermsError, match="cannot be used"):
        a_draft(cast, theirs, by=cast.zoe)


def test_only_one_version_is_talked_about_at_a_time(cast: Cast) -> None:
    a_draft(cast)
    with pytest.raises(TermsError, match="Version 1 of this agreement is still open"):
        a_draft(cast)


def test_a_starter_gets_an_id_of_its_own_and_days_to_come(cast: Cast) -> None:
    first, second = (draft_starter(name="small_b2b", language="en", by=cast.maya, now=NOW) for _ in range(2))
    assert [version.agreement.slug for version in (first, second)] == ["marketing-sales", "marketing-sales-2"]
    assert str(first.from_on) == "2026-02-01"
    assert "# Keep this list short" in second.revisions.get().text


def test_a_draft_is_seen_by_those_who_negotiate(cast: Cast) -> None:
    a_draft(cast)
    seen = {name for name, person in cast.people.items() if held_versions(actor_of(person, NOW.date()))}
    assert seen == {"olu", "maya", "sam"}


def test_saving_keeps_every_text(cast: Cast) -> None:
    version = a_draft(cast)
    save_draft(version_id=version.id, text=changed("140", "160"), revision=1, by=cast.sam, now=NOW)
    again = save_draft(version_id=version.id, text=changed("140", "160"), revision=1, by=cast.sam, now=NOW)
    assert [(each.number, each.party) for each in version.revisions.all()] == [(1, "marketing"), (2, "sales")]
    assert again.number == 2  # sent twice, saved once
    assert Event.objects.count() == 2 and not list(chain_faults())


def test_nobody_overwrites_what_they_have_not_seen(cast: Cast) -> None:
    version = a_draft(cast)
    save_draft(version_id=version.id, text=changed("140", "160"), revision=1, by=cast.sam, now=NOW)
    with pytest.raises(Stale, match="Sam Whitlock saved text 2") as told:
        save_draft(version_id=version.id, text=changed("140", "120"), revision=1, by=cast.maya, now=NOW)
    assert "Nothing is lost" in told.value.hint
    assert latest(version) == 2


def test_a_text_of_another_agreement_is_refused(cast: Cast) -> None:
    version = a_draft(cast)
    with pytest.raises(TermsError, match='This is version 1 of "acme"; the text says version 1 of "other"'):
        save_draft(version_id=version.id, text=changed("id: acme", "id: other"), revision=1, by=cast.maya, now=NOW)


def test_a_proposed_text_stands_still(cast: Cast) -> None:
    version = a_proposal(cast)
    with pytest.raises(TermsError, match="This agreement is proposed: nobody can edit it"):
        save_draft(version_id=version.id, text=changed("140", "160"), revision=1, by=cast.maya, now=NOW)


def test_a_counter_proposal_lapses_signatures_and_keeps_them(cast: Cast) -> None:
    version = sign(a_proposal(cast), cast.maya, "marketing")
    answer = changed("1 business hour", "4 business hours")
    with pytest.raises(UserError, match="No reason"):
        counter_version(version_id=version.id, note=" ", revision=1, text=answer, by=cast.sam, now=NOW)
    counter_version(version_id=version.id, note="Four hours.", revision=1, text=answer, by=cast.sam, now=NOW)
    assert status(version) is Status.DRAFT
    assert version.signatures.get().lapsed_at == NOW
    held = held_versions(actor_of(cast.maya, NOW.date()))
    assert [wait.verb for wait in waits(actor_of(cast.maya, NOW.date()), held)] == ["answer"]


def test_both_sign_and_it_is_signed(cast: Cast) -> None:
    version = a_proposal(cast)
    waiting = [
        wait.verb for wait in waits(actor_of(cast.sam, NOW.date()), held_versions(actor_of(cast.sam, NOW.date())))
    ]
    assert waiting == ["sign"]
    assert status(sign(version, cast.maya, "marketing")) is Status.PROPOSED
    assert status(sign(version, cast.sam, "sales")) is Status.SIGNED
    said = version.signatures.get(party="sales")
    assert said.fingerprint in said.statement and "Sam Whitlock" in said.statement


def test_the_other_party_does_not_sign_for_me(cast: Cast) -> None:
    version = a_proposal(cast)
    for person in (cast.sam, cast.olu, cast.rita, cast.eva, cast.zoe, cast.dora, cast.nora):
        with pytest.raises(Refused):
            sign(version, person, "marketing")
    assert not version.signatures.exists()


def test_naming_ones_own_team_does_not_make_one_the_other_party(cast: Cast) -> None:
    mine = changed("teams: [Sales]", "teams: [Marketing]").replace(
        "{name: Sam Whitlock}", "{name: M, email: maya@example.com}"
    )
    version = a_proposal(cast, mine)
    with pytest.raises(Refused):
        sign(version, cast.maya, "sales")


def test_a_customer_signs_by_the_address_of_its_contact(cast: Cast) -> None:
    text = changed("role: sales", "role: customer").replace(
        "{name: Sam Whitlock}", "{name: Nora, email: Nora@Example.com}"
    )
    version = a_proposal(cast, text)
    assert [held.to_sign for held in held_versions(actor_of(cast.nora, NOW.date()))] == [("sales",)]
    assert status(sign(sign(version, cast.nora, "sales"), cast.maya, "marketing")) is Status.SIGNED


def test_an_edit_between_view_and_signature_is_noticed(cast: Cast) -> None:
    version = a_proposal(cast)
    shown = fingerprint(version)
    counter_version(version_id=version.id, note="Less.", revision=1, text=changed("140", "100"), by=cast.maya, now=NOW)
    propose_version(version_id=version.id, revision=2, by=cast.maya, now=NOW)
    with pytest.raises(Stale, match="nothing was signed"):
        sign(version, cast.sam, "sales", text=shown)
    assert not version.signatures.exists()


def test_a_text_changed_behind_our_back_cannot_be_signed(cast: Cast) -> None:
    version = a_proposal(cast)
    version.revisions.update(text=changed("140", "10"))
    with pytest.raises(Stale):
        sign(version, cast.sam, "sales")


def test_signing_twice_signs_once(cast: Cast) -> None:
    version = a_proposal(cast)
    sign(version, cast.maya, "marketing")
    n_events = Event.objects.count()
    sign(version, cast.maya, "marketing")
    sign(version, cast.sam, "sales")
    sign(version, cast.sam, "sales")  # after it became signed
    assert version.signatures.count() == 2 and Event.objects.count() == n_events + 1


def test_somebody_disabled_meanwhile_signs_nothing(cast: Cast) -> None:
    version = a_proposal(cast)
    Person.objects.filter(id=cast.sam.id).update(is_active=False)
    with pytest.raises(Refused):
        sign(version, Person.objects.get(id=cast.sam.id), "sales")


def test_a_signature_is_whole_or_not_at_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    version = sign(a_proposal(cast), cast.maya, "marketing")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("smarketing.records.events._add", die)
    with pytest.raises(KeyboardInterrupt):
        sign_version(
            version_id=version.id,
            party="sales",
            fingerprint=fingerprint(version),
            method="password",
            by=cast.sam,
            now=NOW,
        )
    assert status(version) is Status.PROPOSED and version.signatures.count() == 1


def test_declined_talks_can_be_taken_up_again(cast: Cast) -> None:
    version = sign(a_proposal(cast), cast.maya, "marketing")
    with pytest.raises(Refused):
        decline_version(version_id=version.id, party="sales", reasons="No.", by=cast.maya, now=NOW)
    decline_version(version_id=version.id, party="sales", reasons="Too fast.", by=cast.sam, now=NOW)
    assert status(version) is Status.DECLINED
    reopen_version(version_id=version.id, note="Slower, then.", revision=1, by=cast.maya, now=NOW)
    assert status(version) is Status.DRAFT
    assert version.signatures.get().lapsed_at == NOW
    with pytest.raises(TermsError, match="This agreement is draft"):
        sign(version, cast.sam, "sales")


def test_drafting_a_known_agreement_makes_its_next_version(cast: Cast) -> None:
    a_signed(cast)
    following = draft_agreement(text=changed("2026-02-01", "2026-05-01"), by=cast.sam, now=NOW)
    assert following.number == 2
    assert following.revisions.get().text.startswith("# What we agreed in the kitchen.\nid: acme\nversion: 2\n")
