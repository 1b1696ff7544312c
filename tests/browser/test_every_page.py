"""Every page that a person may open: it draws, fits, is light, complains of nothing and is accessible in every size."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import open_reader
from tests.browser.places import find_pages, page_names
from tests.browser.reader import PHONE, WIDE, Reader
from tests.browser.site import Site
from tests.browser.sources import makes_a_source, posts

# who looks, and where they begin: what has links to it is found from there, the other doors are named
BEGINNINGS = {
    "": ("/sign-in/", "/sign-in/disabled/", "/password/sent/"),
    "olu": ("/", "/first-run/teams/", "/first-run/data/", "/first-run/agreement/", "/first-run/scorecard/",
            "/help/components/", "/sign-out/"),
    "maya": ("/", "/agreements/tramontana/versions/3/edit/new-promise/?kind=lead_volume"),
}  # fmt: skip
OTHERS = {
    "rita": ("scorecard_of", "leads", "lead", "agreement_version", "settings", "tokens"),
    "eva": ("scorecard_of", "scorecard_commitment", "leads", "lead", "agreement_version", "plan"),
}
FILES = re.compile(r"api:|.*_(pdf|csv|json|yaml|export|file|workbook|chart|rejects)$|health-|vega$|mfa_download_")
# pages that nobody reaches by links alone, and what looks at them instead
ELSEWHERE = {
    "home": "leads on, to the scorecard", "scorecard": "leads on, to the scorecard", "reader": "leads back",
    "profile": "another name of the settings", "mfa_index": "another name of the second factor",
    "job": "test_import_journey", "upload": "test_import_journey", "invitation_acceptance": "test_first_five_minutes",
    "agreement_signatures": "test_negotiation", "dispute": "test_dispute",
    "pulses": "leads on, to a team's", "weeks": "leads on, to the latest whole week",
    "messages_unread": "the number on the bell", "message_link": "comes by mail: test_messages_to_people",
    "intake": "for programs: test_intake", "intake_address": "for programs: test_intake",
    "calendar": "test_calendars", "calendar_text": "test_calendars",
    **dict.fromkeys(("account_reset_password_from_key", "account_reset_password_from_key_done", "account_set_password",
                     "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
                     "socialaccount_login_error", "mfa_authenticate", "mfa_reauthenticate", "mfa_login_webauthn",
                     "mfa_reauthenticate_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_list_webauthn",
                     "mfa_deactivate_totp", "mfa_generate_recovery_codes",
                     "mfa_view_recovery_codes"), "needs a letter, a key or a provider"),
}  # fmt: skip
NAMES = [name for name in page_names() if name not in ELSEWHERE and not FILES.match(name)]


@pytest.fixture(scope="module")
def seats(browser: Browser, demo: Site) -> Iterator[dict[str, Reader]]:
    """One open window for each of them; pages are opened in it one after the other."""
    opened = {name: open_reader(browser, demo, name) for name in (*BEGINNINGS, *OTHERS)}
    yield opened
    for each in opened.values():
        each.context.close()


@pytest.fixture(scope="module")
def found(seats: dict[str, Reader]) -> dict[str, tuple[str, str]]:
    """URL name → who first found it, and where."""
    pages: dict[str, tuple[str, str]] = {}
    confirms(seats["olu"], "olu", "/settings/security/authenticator/")
    connects(seats["olu"])
    for name, beginnings in BEGINNINGS.items():
        for page, path in find_pages(seats[name], beginnings).items():
            pages.setdefault(page, (name, path))
    return pages


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_for_everybody(name: str, found: dict[str, tuple[str, str]], seats: dict[str, Reader]) -> None:
    assert name in found, f"no link leads to {name}: make one, or name its door or its test above"
    who, path = found[name]
    look(seats[who], who, path)


@pytest.mark.parametrize(("who", "name"), [(who, name) for who, names in OTHERS.items() for name in names])
def test_a_page_is_for_those_who_see_less(
    who: str, name: str, found: dict[str, tuple[str, str]], seats: dict[str, Reader]
) -> None:
    path = found[name][1] if name != "lead" else _own_lead(seats[who])
    look(seats[who], who, path)


def connects(olu: Reader) -> None:
    """A source with a dead letter, and an endpoint: pages that lead on to theirs."""
    secret = makes_a_source(olu)
    posts(olu, secret, [{"type": "lead.dreamt", "id": "dead-1", "data": {}}])
    page = olu.goes_to("/settings/sources/inbox/")
    for _ in range(100):
        if page.locator("main a[href*='/settings/sources/inbox/']").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    page = olu.goes_to("/settings/endpoints/")
    page.locator("input[name=name]").fill("Sales room")
    page.locator("input[name=slug]").fill("sales-room")
    page.locator("input[name=address]").fill("https://hooks.example.com/services/1")
    page.locator("select[name=kind]").select_option("slack")
    olu.clicks(page.locator("main form button[type=submit]").last)


def look(reader: Reader, who: str, path: str) -> None:
    reader.turns(WIDE, "light")
    confirms(reader, who, path)
    reader.check_light()
    reader.check_headed()
    reader.check_fits()
    reader.check_accessible()
    reader.turns(PHONE, "dark")
    reader.check_fits()
    reader.check_accessible(by_looks=True)
    complaints, reader.complaints[:] = list(reader.complaints), []
    assert not complaints, "\n".join(complaints)


def confirms(reader: Reader, who: str, path: str) -> None:
    """Go there, and prove once more who one is where the page asks for it."""
    page = reader.goes_to(path)
    if "/confirmation/" in page.url and "/confirmation/" not in path:
        page.locator("input[name=password]").fill(reader.site.people[who][1])
        reader.clicks(page.get_by_role("button", name="Confirm"))


def _own_lead(reader: Reader) -> str:
    return reader.goes_to("/leads/").locator("#leads-table tbody th a").first.get_attribute("href") or ""
