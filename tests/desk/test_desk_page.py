"""The desk in Chromium: decisions by keyboard, conflicts, safety, accessibility, narrow screens."""

from __future__ import annotations

import json
import re
from collections import Counter
from urllib.parse import quote

import pytest
from desk.conftest import HOSTILE, ODD_ID, TOKEN

from recommender import Recommender

TITLES = "[...document.querySelectorAll('.related .title')].map((each) => each.textContent)"
NOTES = "document.querySelector('.notes').innerText"
FOUND = "document.querySelector('.found').textContent"
VIEWS = ("meaning", "copies", "shown", "short", "decisions", "health")


def settled(browser):
    """Wait until the view is drawn."""
    browser.until("document.querySelector('.view h2')")
    return browser


def press(browser, selector):
    browser.until(f"document.querySelector({json.dumps(selector)})")
    browser.js(f"document.querySelector({json.dumps(selector)}).click()")


def tab_to(browser, condition):
    """Press Tab until an element has the focus."""
    for _ in range(80):
        if browser.js(f"(({condition})(document.activeElement)) === true"):
            return
        browser.press("Tab")
    raise AssertionError(f"Tab never reaches {condition}")


def test_an_article_is_pinned_and_unpinned_by_keyboard_alone(page, client):
    browser = page("#road-25")
    before = browser.js(TITLES)
    third = "each.closest('li').matches(':nth-child(3)')"
    tab_to(browser, f"(each) => each.dataset.key?.startsWith('Pin here') && {third}")
    assert before[2] in browser.js("document.activeElement.getAttribute('aria-label')")
    browser.press("Enter")
    browser.until(f"{NOTES}.startsWith('Pin saved. 1 list changed.')")
    assert "Ana" in browser.js("document.querySelector('.badge.pinned').closest('li').innerText")
    (rule,) = client.get("/v1/rules/road-25").json()["rules"]
    assert (rule["action"], rule["position"], rule["by"]) == ("pin", 3, "Ana")
    browser.until("document.activeElement.textContent === 'Undo'")
    browser.press("Enter")
    browser.until(f"{NOTES}.startsWith('Pin taken back.')")
    browser.until("!document.querySelector('.badge.pinned')")
    assert browser.js(TITLES) == before
    assert client.get("/v1/rules/road-25").json()["rules"] == []


def test_a_block_leaves_the_list_at_once_and_is_withdrawn_where_the_rules_are_shown(page):
    browser = page("#road-30")
    before = browser.js(TITLES)
    press(browser, ".related li:first-child [data-key^='Block']")
    browser.until("document.querySelector('.rules')")
    assert before[0] not in browser.js(TITLES)
    assert before[0] in browser.js("document.querySelector('.rules p').innerText")
    press(browser, ".rules button")
    browser.until("!document.querySelector('.rules')")
    assert browser.js(TITLES) == before


def test_any_article_is_found_by_title_or_meaning_and_pinned(page):
    browser = page("#road-35")
    for mode, words in (("title", "road-60"), ("meaning", "Rain floods road 12 in town 4")):
        browser.js(f"document.querySelector('.pinning [name=pin]').value = {json.dumps(words)}")
        browser.js(f"document.querySelector('.pinning [name=by]').value = {json.dumps(mode)}")
        browser.js("document.querySelector('.hits').replaceChildren()")
        press(browser, ".pinning [type=submit]")
        browser.until("document.querySelector('.hits button')")
    press(browser, ".hits button")
    browser.until("document.querySelector('.related li:first-child .badge.pinned')")
    assert browser.js(TITLES)[0].startswith("Rain floods road 12")


def test_two_editors_see_each_other(page, client):
    browser = page("#road-40")
    client.put("/v1/rules/road-40/pins/road-64", json={"by": "Bo", "position": 1}).raise_for_status()
    press(browser, ".related li:first-child [data-key^='Block']")
    browser.until(f"{NOTES}.includes('Bo has changed the rules')")
    assert "Rain floods road 12, part 4" in browser.js(TITLES), "what the other editor did is shown"
    assert len(client.get("/v1/rules/road-40").json()["rules"]) == 1
    assert browser.js("document.querySelector('.notes button').textContent") == "Do it all the same"
    press(browser, ".notes button")
    browser.until(f"{NOTES}.startsWith('Block saved.')")
    assert {each["by"] for each in client.get("/v1/rules/road-40").json()["rules"]} == {"Ana", "Bo"}


@pytest.mark.parametrize("by", [None, "Eve"])
def test_without_the_token_the_desk_asks_to_sign_in_and_shows_nothing(page, by):
    browser = page("#road-45", by=by, token="wrong", drawn="document.querySelector('.account').open")
    assert "a token to write" in browser.js(NOTES)
    assert "Rain floods" not in browser.js("document.body.innerText")
    browser.js("document.querySelector('.account [name=by]').value = 'Ana'")
    browser.js(f"document.querySelector('.account [name=token]').value = {json.dumps(TOKEN)}")
    press(browser, ".account [type=submit]")
    browser.until("document.querySelector('.account summary').textContent === 'Signed in as Ana'")
    browser.until("document.querySelector('.related')")
    assert browser.js("Object.keys(localStorage).length") == 0


def test_decisions_are_listed_and_undone(page, client):
    client.put("/v1/rules/road-50/pins/road-62", json={"by": "<b>Bo</b>", "position": 1}).raise_for_status()
    browser = settled(page("#/decisions"))
    browser.until("document.querySelector('.decisions li')")
    assert "<b>Bo</b>" in browser.js("document.querySelector('.decisions li').innerText")
    press(browser, ".decisions button")
    browser.until("document.querySelectorAll('.decisions li')[0].innerText.includes('undoes')")
    assert client.get("/v1/rules/road-50").json()["rules"] == []


def test_searches_and_pages_come_from_the_server(page):
    browser = settled(page("#"))
    assert browser.js("document.querySelectorAll('.articles li').length") == 50
    press(browser, ".more")
    browser.until("document.querySelectorAll('.articles li').length === 68")
    browser.press("/")
    for key in "road-07":
        browser.press(key)
    browser.until(f"{FOUND} === '1 article of 68'")
    browser.press("ArrowDown")
    browser.press("Enter")
    browser.until("location.hash === '#road-07' && document.querySelector('.related')")


def test_a_draft_finds_articles_by_meaning(page):
    browser = settled(page("#/meaning"))
    browser.js("meaning.elements.body.value = 'Rain flooded road 8 in town 2'")
    press(browser, ".meaning [type=submit]")
    browser.until("document.querySelector('.articles a')")
    assert browser.js("document.querySelector('.articles .title').textContent").startswith(
        "Rain floods road 8"
    )


def test_the_views_show_the_lists_as_they_are(page, place):
    browser, site = page("#"), Recommender.load(place)
    lists = {each.article_id: each.article_ids for each in site.related_all()}
    shown = Counter(each for entries in lists.values() for each in entries)
    expected = {
        "shown": len(lists.keys() - shown.keys()),
        "short": sum(len(each) < 5 for each in lists.values()),
        "copies": 1,
    }
    for view in expected:
        browser.js(f"location.hash = '#/{view}'; panel.replaceChildren(); found.textContent = ''")
        settled(browser)
        assert browser.js(FOUND).startswith(f"{expected[view]} "), view
        assert browser.js("document.querySelectorAll('.view .articles li').length") >= expected[view]
        if view == "shown":
            most = browser.js("document.querySelector('.view ol.articles .meta').textContent")
            assert f"in {max(shown.values())} lists" in most, "hubs come first"
    assert browser.js(TITLES.replace(".related", ".groups")) == [
        "The choir of Marbury sings again",
        "The choir of Marbury is back",
    ]


def test_clicks_and_two_policies_are_shown_as_they_are_now(page, client):
    before = client.get("/desk/clicks").json()
    for number in range(4):
        found = client.get(f"/v1/articles/road-{20 + number}/related").json()
        shown = [each["article_id"] for each in found["related"]]
        report = {"query": found["article_id"], "shown": shown, "positions": list(range(1, len(shown) + 1)),
                  "clicked": shown[:1] if number else [], "arm": found["arm"] if number else None}  # fmt: skip
        client.post("/v1/clicks", json=report).raise_for_status()
    now = client.get("/desk/clicks").json()
    assert (now["shown"], now["clicked"]) == (before["shown"] + 4, before["clicked"] + 3)
    assert now["days"][-1]["shown"] >= 1
    arms = client.get("/v1/comparison").json()["arms"]
    text = settled(page("#/health")).js("panel.innerText")
    assert f"{now['clicked']} of {now['shown']} lists clicked" in text
    for arm in arms.values():
        assert f"{arm['clicked']} of {arm['shown']} list" in text
    assert "Difference, and its interval" in text
    for said in (
        "Pins",
        "In no list",
        "No need to build the site again.",
        "Added since the model was fitted",
    ):
        assert said in text


def test_hostile_content_is_text_and_nothing_is_asked_of_others(page, service):
    browser = settled(page(f"#{quote(ODD_ID, safe='')}"))
    assert browser.js("document.querySelector('.reader h2').textContent") == HOSTILE
    assert browser.js("document.querySelectorAll('img, .view script').length") == 0
    requests = (
        each["params"] for each in browser.events if each.get("method") == "Network.requestWillBeSent"
    )
    asked = [each["request"]["url"] for each in requests]
    assert len(asked) > 3
    assert all(each.startswith((service, "about:", "data:")) for each in asked)
    assert not [each for each in asked if "token" in each]


def test_the_page_has_no_inline_script_or_style_and_a_strict_policy(client):
    answer = client.get("/desk/")
    policy = dict(each.strip().split(" ", 1) for each in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", answer.text)
    tag = client.get("/desk/desk.js").headers["etag"]
    assert client.get("/desk/desk.js", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/desk", follow_redirects=False).headers["location"] == "desk/"
    assert client.get("/desk/desk.html").status_code == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, client, axe, scheme):
    client.put("/v1/rules/road-55/pins/road-62", json={"by": "Ana", "position": 2}).raise_for_status()
    places = {
        "light": ("#/decisions/road-55", "#/meaning", "#/short"),
        "dark": ("#/health", "#/copies", "#/shown"),
    }
    for place in places[scheme]:
        browser = page(place, 320 if place in ("#/meaning", "#/health") else 1280)
        browser.call(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        settled(browser)
        browser.js("account.open = state.view === 'meaning'; tell('Saved.', button('Undo', () => {})); 0")
        browser.js(f"{axe}; 0")
        rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
        passes, violations = browser.js(
            f"axe.run(document, {{ runOnly: {rules} }}).then((found) => [found.passes.length, "
            "JSON.stringify(found.violations.map((each) => [each.id, each.nodes.map((node) => node.html)]))])"
        )
        assert passes > 20
        assert json.loads(violations) == [], place


def test_no_view_scrolls_sideways_at_320_pixels(page):
    browser = page("#road-60", 320)
    for view in VIEWS:
        browser.js(f"location.hash = '#/{view}'; panel.replaceChildren()")
        browser.until("!document.body.classList.contains('reading')")
        settled(browser)
        assert browser.js("document.documentElement.scrollWidth") <= 320, view
    browser.js("location.hash = '#road-60'")
    browser.until("document.body.classList.contains('reading') && document.querySelector('.related')")
    assert browser.js("document.documentElement.scrollWidth") <= 320
