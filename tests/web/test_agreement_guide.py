"""An agreement begun by questions: every answer is saved, nothing must be answered, and the quota moves the leads."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.cast import Cast
from tests.negotiations import TEXT, a_draft, changed
from tests.web.test_agreement_edit import Form, form_at, latest, now_says, wrong

from smarketing.records.models import Version

HX = {"HX-Request": "true", "HX-Target": "worksheet"}
STEPS = ("people", "words", "marketing", "plan", "sales", "hours", "rules", "period", "review")


def begun(cast: Cast, client: Client, **more: Any) -> tuple[Version, str]:
    page = client.get("/agreements/new/guide/")
    assert page.status_code == 200
    initial = page.content.decode()
    assert "Maya Olmedo" in initial and "Sam Whitlock" in initial
    teams = {team.role: team.id for team in _teams()}
    said = {
        "marketing": teams["marketing"],
        "marketing_name": "Maya Olmedo",
        "marketing_email": cast.maya.email,
        "sales": teams["sales"],
        "sales_name": "Sam Whitlock",
        "sales_email": cast.sam.email,
        "title": "Our promises",
        "language": "en",
        "currency": "eur",
        "zone": "Europe/Madrid",
    }
    response = client.post("/agreements/new/guide/", said | more)
    assert response.status_code == 302, wrong(response)
    version = Version.objects.get()
    return version, f"/agreements/{version.agreement.slug}/versions/1/guide/"


def _teams() -> Any:
    from smarketing.records.models import Team

    return Team.objects.filter(role__in=("marketing", "sales")).order_by("-id")


def test_the_draft_is_there_after_the_first_answers(cast: Cast) -> None:
    version, _ = begun(cast, cast.client_of(cast.maya))
    said = now_says(version)
    assert (said.title, said.currency, said.zone) == ("Our promises", "EUR", "Europe/Madrid")
    people = {contact.name for party in said.parties for contact in party.contacts}
    assert people == {"Maya Olmedo", "Sam Whitlock"}
    assert {each.contact for each in said.commitments} == people
    assert said.calendars[0].zone == "Europe/Madrid"
    assert cast.client_of(cast.sam).get(f"/agreements/{version.agreement.slug}/versions/1/").status_code == 200


def test_every_step_can_be_left_as_it_is(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    version, guide = begun(cast, maya)
    for step in STEPS:
        page = maya.get(f"{guide}{step}/")
        assert page.status_code == 200, step
        if step not in ("plan", "review"):
            response = maya.post(f"{guide}{step}/", Form(page.content.decode(), "edit-form").said)
            assert response.status_code == 302, (step, wrong(response))
    assert latest(version) == 1
    assert maya.get(f"{guide}nothing/").status_code == 404


def test_each_answer_is_saved_and_the_next_question_follows(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    version, guide = begun(cast, maya)
    asked = form_at(maya, f"{guide}sales/")
    n = next(n for n, each in enumerate(now_says(version).commitments) if each.kind == "speed_to_lead")
    answers = {f"commitments.{n}.target.value": "88", f"commitments.{n}.target.amount": "2"}
    response = maya.post(f"{guide}sales/", asked | answers)
    assert response.headers["Location"] == f"{guide}hours/"
    assert str(now_says(version).commitments[n].target).startswith("88 % within 2 ")


def test_the_hours_say_whether_it_is_possible(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    version, guide = begun(cast, maya)
    n = next(n for n, party in enumerate(now_says(version).parties) if party.role == "sales")
    said = form_at(maya, f"{guide}hours/") | {
        f"parties.{n}.capacity.reps": "1",
        f"parties.{n}.capacity.hours_per_rep": "3",
    }
    assert "The hours are there" in maya.get(f"{guide}hours/").content.decode()
    shown = maya.post(f"{guide}hours/", said | {"act": "preview"}, headers=HX | {"HX-Target": "reading"})
    assert "To think about" in shown.content.decode() and "hours" in shown.content.decode()
    assert latest(version) == 1


def test_a_change_of_quota_moves_the_leads_at_once(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    version, guide = begun(cast, maya)
    said = {"quota": "100000", "marketing_share": "50%", "average_deal": "5000", "close_rate": "10%", "period": "month"}
    plan = f"{guide}plan/"
    shown = maya.post(plan, said | {"act": "preview"}, headers=HX).content.decode()
    assert '<p class="big">100 ' in shown and "<html" not in shown
    assert "Of the sales quota of €100,000.00, 50\u00a0% is to come" in shown
    shown = maya.post(plan, said | {"act": "preview", "quota": "200000"}, headers=HX).content.decode()
    assert '<p class="big">200 ' in shown
    assert 'value="200000"' in maya.get(plan).content.decode()  # kept, though nothing was promised
    wrong = maya.post(plan, said | {"act": "preview", "quota": "a lot"}).content.decode()
    assert "a lot" in wrong
    assert latest(version) == 1


def test_the_leads_needed_become_marketings_promise(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    version, guide = begun(cast, maya)
    said = {"quota": "100000", "marketing_share": "50%", "average_deal": "5000", "close_rate": "10%", "period": "month"}
    response = maya.post(f"{guide}plan/", said | {"act": "promise", "revision": "1"})
    assert response.headers["Location"] == f"{guide}sales/"
    promised = [
        each for each in now_says(version).commitments if each.kind == "lead_volume" and each.only.is_everything
    ]
    assert [str(each.target) for each in promised] == ["100 leads"]


def test_the_review_reads_everything_and_leads_to_the_past(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    _, guide = begun(cast, maya)
    page = maya.get(f"{guide}review/").content.decode()
    assert "The whole agreement" in page and "To think about" in page and "/backtest" in page


def test_who_may_not_draft_is_not_asked(cast: Cast) -> None:
    for person in (cast.rita, cast.eva):
        assert cast.client_of(person).get("/agreements/new/").status_code == 404
        assert cast.client_of(person).get("/agreements/new/guide/").status_code == 404
    version = a_draft(cast)
    path = f"/agreements/{version.agreement.slug}/versions/1/guide/words/"
    assert cast.client_of(cast.zed).get(path).status_code == 404


def test_wrong_first_answers_are_told(cast: Cast) -> None:
    maya = cast.client_of(cast.maya)
    response = maya.post("/agreements/new/guide/", {"currency": "euro", "zone": "Mars"})
    assert response.status_code == 422 and not Version.objects.exists()


def test_a_copy_is_an_agreement_of_its_own(cast: Cast) -> None:
    a_draft(cast)
    maya = cast.client_of(cast.maya)
    page = maya.get("/agreements/new/").content.decode()
    assert 'value="acme/1"' in page and "Begin with questions" in page
    assert maya.post("/agreements/new/", {"copied": "acme/1"}).status_code == 302
    copy = Version.objects.order_by("-id")[0]
    assert (copy.agreement.slug, copy.number) == ("acme-2", 1)
    assert "# What we agreed in the kitchen." in TEXT and "# What we agreed" in copy.revisions.get().text
    assert maya.post("/agreements/new/", {"copied": "nothing/1"}).status_code == 422


def test_no_agreement_takes_the_address_of_the_page_of_beginnings(cast: Cast) -> None:
    response = cast.client_of(cast.maya).post("/agreements/", {"text": changed("id: acme", "id: new")})
    assert response.status_code == 422 and not Version.objects.exists()
