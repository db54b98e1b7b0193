"""The page in a browser: rendering and keyboard control."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from recommender.export import LinkedLists, export
from recommender.links.suggestions import LinkSuggestion, LinkSuggestions

TITLES = "[...document.querySelectorAll('.related .title')].map((title) => title.textContent)"
FOCUS = "document.activeElement.textContent || document.activeElement.tagName"
FOUND = "document.querySelector('.found').textContent"


@pytest.fixture
def shown(browser, tmp_path):
    def open_page(site, article_id="", width=1280, **options):
        out = tmp_path / "lists.html"
        export(site, out, "html", **options)
        browser.open(out.as_uri() + ("#" + quote(article_id, safe="") if article_id else ""), width)
        return browser

    yield open_page
    assert browser.complaints() == []


def test_an_address_opens_any_article(site, shown):
    for related in site.lists[::5]:
        browser = shown(site, related.article_id)
        assert browser.js(TITLES) == [entry.title for entry in related]


def test_reasons_are_drawn(site, shown):
    browser = shown(site, "plain-slug", why=True)
    reasons = browser.js("document.querySelector('.related .why').textContent")
    assert "lexical" in reasons
    assert '海峽 "quoted"' in reasons
    assert browser.js("document.querySelectorAll('.bar')[0].children.length") == 2


def test_links_for_the_text_are_drawn_with_their_phrase_and_open_the_other_article(site_of, shown):
    site = site_of(["rain", "road", "choir"])
    before, phrase, after = "<b>Rain</b> 𝒳 closed ", "the & <i>valley</i> road", " </script>on Monday."
    link = LinkSuggestion(
        phrase, before + phrase + after, len(before), 0, 9, "road", "The valley road", None, 0.7
    )
    found = [LinkSuggestions("rain", (link,)), LinkSuggestions("road"), LinkSuggestions("choir")]
    site.link_suggestions_all = lambda: iter(found)
    linked = LinkedLists(site)
    browser = shown(linked, "rain")
    assert browser.js("document.querySelector('.links p').textContent") == before + phrase + after
    assert browser.js("document.querySelector('.links mark').textContent") == phrase
    assert browser.js("document.querySelector('.links a').getAttribute('href')") == "#road"
    assert "0.70" in browser.js("document.querySelector('.links .meta').textContent")
    assert browser.js("document.querySelectorAll('.links b, .links i').length") == 0
    assert shown(linked, "road").js("document.querySelector('.links')") is None
    assert shown(site, "rain").js("document.querySelector('.links')") is None


def test_an_empty_list_and_an_unknown_id_have_a_message(site, shown):
    assert "the list is empty" in shown(site, "index").js("document.querySelector('.none').textContent")
    assert "“unknown”" in shown(site, "unknown").js("document.querySelector('.reader h2').textContent")


def test_articles_are_found_and_opened_by_keyboard(site_of, shown):
    site = site_of([f"article-{row}" for row in range(450)])
    browser = shown(site)
    assert browser.js("document.querySelectorAll('.articles li').length") == 200
    browser.press("/")
    assert browser.js(FOCUS) == "INPUT"
    for key in "44":
        browser.press(key)
    assert browser.js(FOUND) == "14 articles of 450"
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        browser.press(key)
    assert browser.js(FOCUS).startswith("Title of article-144")
    browser.press("Enter")
    assert browser.js("location.hash") == "#article-144"
    assert browser.js(TITLES) == [entry.title for entry in site.lists[144]]
    browser.press("Tab")
    assert browser.js(FOCUS) == "open the article"
    browser.press("Tab")
    browser.press("Enter")
    assert browser.js("location.hash") == "#article-145"
    browser.press("Escape")
    browser.press("End")
    assert browser.js(FOCUS).startswith("Title of article-449")


def test_show_more_draws_the_rest(site_of, shown):
    browser = shown(site_of([f"article-{row}" for row in range(450)]))
    for drawn in (400, 450):
        browser.js("document.querySelector('.more').click()")
        assert browser.js("document.querySelectorAll('.articles li').length") == drawn
    assert browser.js("document.querySelector('.more').hidden")


@pytest.mark.parametrize(
    ("query", "title"), [("cafe", "Café Ünïté"), ("unite CAFÉ", "Café Ünïté"), ("lodz", "Łódź")]
)
def test_a_search_ignores_accents_and_case(site_of, shown, query, title):
    site = site_of(["a", "b", "c"])
    summaries = zip(site.summaries, ["Café Ünïté", "Łódź", "台灣海峽"], strict=True)
    site.summaries = [
        type(s)(s.article_id, title, s.published, s.section, s.language) for s, title in summaries
    ]
    browser = shown(site)
    browser.js(f"input.value = {json.dumps(query)}; search()")
    assert browser.js("[...document.querySelectorAll('.articles .title')].map((t) => t.textContent)") == [
        title
    ]


def test_orders_and_filters(site_of, shown):
    browser = shown(site_of(["a", "b", "c"]))
    first = "document.querySelector('.articles .title').textContent"
    browser.js("order.value = 'newest'; search()")
    assert browser.js(first) == "Title of c"
    browser.js("show.value = 'empty'; search()")
    assert browser.js(FOUND) == "1 article of 3"
    browser.js("show.value = 'orphans'; search()")
    assert browser.js(FOUND) == "0 articles of 3"


def test_hostile_titles_are_drawn_as_text(site_of, shown):
    nasty = "<img src=x onerror='document.body.remove()'></script>"
    browser = shown(site_of([nasty, "b", "c"]), nasty)
    assert browser.js("document.querySelector('.reader h2').textContent") == f"Title of {nasty}"
    assert browser.js("document.querySelectorAll('img').length") == 0


CARD = "[...document.querySelectorAll('.related .description')].map((text) => text.textContent)"
LOADED = "Promise.all([...document.querySelectorAll('img')].map((picture) => picture.decode().then(() => picture.width)))"


def test_an_entry_shows_two_lines_of_its_description_as_text(site, shown):
    browser = shown(site, "plain-slug")
    assert browser.js(CARD) == ["The road is open.", '"It rained", <b>said</b> he; 海峽, a/b\\c']
    browser.js("document.querySelector('.related .description').append(' It rained.'.repeat(100))")
    lines = browser.js(
        "(({offsetHeight: all}, line) => all / line)(document.querySelector('.related .description'), 21)"
    )
    assert lines == pytest.approx(2, abs=0.2)


def test_pictures_are_loaded_on_request_and_do_not_shift_the_layout(site, shown, tmp_path):
    (tmp_path / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='900'/>")
    site.summaries = [replace(each, url=None, image="picture.svg") for each in site.summaries]
    browser = shown(site, "plain-slug")
    assert browser.js("document.images.length") == 0
    requests = [event for event in browser.events if event.get("method") == "Network.requestWillBeSent"]
    assert len(requests) == 1
    height = "document.querySelector('.related').offsetHeight"
    browser.js("pictures.click()")
    before = browser.js(height)
    assert browser.js(LOADED) == [120, 120, 120]
    assert browser.js(height) == before
    assert browser.js(
        "[...document.images].every((picture) => picture.loading === 'lazy' && picture.alt === '')"
    )
    browser.js("pictures.click()")
    assert browser.js("document.images.length") == 0


def test_a_narrow_window_shows_one_panel_at_a_time(site, shown):
    visible = "['.finder', '.reader'].map((name) => document.querySelector(name).offsetParent !== null)"
    browser = shown(site, width=390)
    assert browser.js(visible) == [True, False]
    browser.js("document.querySelector('.articles a').click()")
    browser.js("new Promise((done) => setTimeout(done, 50))")
    assert browser.js(visible) == [False, True]
    browser.press("Escape")
    assert browser.js(visible) == [True, False]
    assert browser.js("document.documentElement.scrollWidth") <= 390


def test_a_page_without_articles(site_of, shown):
    assert shown(site_of([])).js(FOUND) == "0 articles"
