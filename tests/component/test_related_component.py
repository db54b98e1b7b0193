"""The web component in Chromium: what it shows, what it reports, and what it never does."""

from __future__ import annotations

import json
import time

import pytest

from recommender.rendering import heading_in
from recommender.service.component_script import ComponentScript

ENTRIES = [
    {"article_id": f"story {rank}", "title": f"Story <b>{rank}</b> & more", "url": f"/story/{rank}"}
    for rank in range(1, 8)
]
ROOT = "document.querySelector('related-articles').shadowRoot"
SHIFT = """<script>var shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) =>
  shift += each.value)).observe({type: "layout-shift", buffered: true})</script>"""


def answer(service, entries, article="rain%2Fin%20May", **more):
    content = json.dumps({"article_id": "rain/in May", "related": entries, **more}).encode()
    service.pages[f"/v1/articles/{article}/related"] = "application/json", content


def page(service, element="", *, share=1.0, before="", after="", lang="en"):
    service.pages["/related.js"] = "text/javascript", ComponentScript.with_share(share).content
    script = f'<script async src="{service.origin}/related.js"></script>'
    return (
        f'<html lang="{lang}"><head>{SHIFT}{script}</head><body>{before}'
        f'<related-articles article="rain/in May" {element}></related-articles>{after}</body></html>'
    )


def shown(browser):
    browser.until(f"!!{ROOT}?.querySelector('a')")
    return browser.js(f"[...{ROOT}.querySelectorAll('a')].map((a) => [a.textContent, a.href])")


def leave(browser):
    browser.call("Page.navigate", url="about:blank")
    browser.until("location.href === 'about:blank'")


def reports(service, n):
    end = time.monotonic() + 10
    while len(service.posted()) < n and time.monotonic() < end:
        time.sleep(0.02)
    return service.posted()


def test_a_list_is_shown_as_text_with_a_heading_in_the_language_of_the_page(browser, web):
    site, service = web
    answer(service, ENTRIES)
    browser.visit(site.show(page(service, lang="zh-TW")))
    assert shown(browser) == [[e["title"], site.origin + e["url"]] for e in ENTRIES[:5]]
    assert browser.js(f"{ROOT}.querySelector('h2').textContent") == heading_in("zh-TW")
    assert browser.js(f"{ROOT}.querySelector('nav').getAttribute('aria-label')") == heading_in("zh-TW")
    names = [
        node["name"]["value"]
        for node in browser.call("Accessibility.getFullAXTree")["nodes"]
        if node["role"]["value"] == "navigation"
    ]
    assert names == [heading_in("zh-TW")]
    assert not browser.thrown()
    (asked,) = [each for each in service.requests if "/v1/" in each[1]]
    assert asked[1].endswith("/related")
    assert not {"cookie", "referer"} & {name.lower() for name in asked[2]}


TAGS = ("de-AT", "nb", "sr-Latn", "sr", "zh-Hant-HK", "zh_TW", "pt-BR", "tlh", "in", "fil", "")


def test_headings_are_those_of_lists_in_pages(browser, web):
    site, service = web
    answer(service, ENTRIES[:1])
    element = '<related-articles article="rain/in May"></related-articles>'
    more = "".join(f'<div lang="{tag}">{element}</div>' for tag in TAGS)
    browser.visit(site.show(page(service, after=more)))
    headings = "[...document.querySelectorAll('div > related-articles')].map((e) => e.shadowRoot?.querySelector('h2'))"
    browser.until(f"{headings}.every(Boolean)")
    assert browser.js(f"{headings}.map((h) => h.textContent)") == [heading_in(tag) for tag in TAGS]


def test_hostile_answers_run_nothing_and_link_nowhere_else(browser, web):
    site, service = web
    bad = [
        "javascript:window.hit=1",
        " java\tscript:window.hit=1",
        "data:text/html,x",
        "vbscript:x",
        "blob:x",
        "",
        None,
        7,
        "http://[",
        {"a": 1},
    ]
    entries = [
        {"article_id": str(at), "title": "<img src=x onerror=window.hit=1>", "url": url}
        for at, url in enumerate(bad)
    ]
    entries.append(
        {"article_id": "last", "title": "</style><script>window.hit=1</script>", "url": "https://x.example/"}
    )
    answer(service, [None, 3, "x", {"article_id": {}, "url": "/y"}, *entries])
    browser.visit(site.show(page(service, 'limit="50" heading="<b onclick=hit>Now</b>"')))
    found = shown(browser)
    assert found[-1] == [entries[-1]["title"], "https://x.example/"]
    assert {address.split(":")[0] for _, address in found} <= {"http", "https"}
    assert browser.js("window.hit") is None
    assert browser.js(f"{ROOT}.querySelectorAll('img, script, b').length") == 0
    assert not browser.thrown()


RESERVED = 'style="display:block;min-height:18em"'


@pytest.mark.parametrize(
    ("case", "place"),
    [
        ("whole list", "in the window"),
        ("short list", "in the window"),
        ("unknown article", "in the window"),
        ("no service", "in the window"),
        ("short list", "below"),
        ("empty list", "below"),
    ],
)
def test_nothing_that_is_seen_moves(browser, web, case, place):
    site, service = web
    if case not in ("unknown article", "no service"):
        n = {"whole list": 5, "short list": 2, "empty list": 0}[case]
        answer(service, [dict(each, title="A long title of many words " * 8) for each in ENTRIES[:n]])
    src = 'src="http://127.0.0.1:9"' if case == "no service" else ""
    before = f'<p style="height:{"20px" if place == "in the window" else "2000px"}">Text</p>'
    after = '<footer style="height:300px;background:silver">Foot</footer>'
    browser.visit(site.show(page(service, f"{RESERVED} {src}", before=before, after=after)))
    browser.settle()
    assert browser.js("shift") < 0.001
    height = browser.js("document.querySelector('related-articles').getBoundingClientRect().height")
    assert height == 18 * 16 if place == "in the window" or case == "whole list" else height < 18 * 16
    assert not browser.thrown()


def test_the_measure_of_shifts_would_notice_one(browser, web):
    site, service = web
    answer(service, ENTRIES)
    browser.visit(
        site.show(page(service, after="<footer style='height:300px;background:silver'>Foot</footer>"))
    )
    shown(browser)
    browser.js("document.querySelector('related-articles').style.minHeight = '500px'")
    browser.settle()
    assert browser.js("shift") > 0.01


def test_a_list_that_was_on_the_screen_is_reported_when_the_page_is_left(browser, web):
    site, service = web
    answer(service, [ENTRIES[0], {"article_id": "no address"}, ENTRIES[1]], arm="0123abcd.b")
    browser.call("Network.setCookie", name="reader", value="7", url=service.origin)
    browser.visit(site.show(page(service)))
    shown(browser)
    browser.settle()
    leave(browser)
    assert reports(service, 1) == [
        {"query": "rain/in May", "shown": ["story 1", "story 2"], "positions": [1, 2], "clicked": [], "arm": "0123abcd.b"}
    ]  # fmt: skip
    ((path, headers),) = [(path, headers) for method, path, headers, _ in service.requests if method != "GET"]
    assert path == "/v1/clicks"
    assert headers["Content-Type"].startswith("text/plain")  # which asks no permission first
    assert headers["Origin"] == site.origin  # by which the service knows whether the page may report
    asked = [headers for _, path, headers, _ in service.requests if path.startswith("/v1/")]
    assert len(asked) == 2
    assert not any({"cookie", "referer"} & {name.lower() for name in each} for each in asked)


def test_a_click_is_reported_with_its_list_once(browser, web):
    site, service = web
    answer(service, ENTRIES)
    site.pages["/story/2"] = "text/html", b"<title>Two</title>"
    browser.visit(site.show(page(service)))
    shown(browser)
    browser.js(f"{ROOT}.querySelectorAll('a')[1].click()")
    browser.until("location.pathname === '/story/2'")
    (report,) = reports(service, 1)
    assert (report["shown"], report["clicked"]) == ([e["article_id"] for e in ENTRIES[:5]], ["story 2"])
    assert "arm" not in report


def test_a_list_nobody_saw_is_not_reported(browser, web):
    site, service = web
    answer(service, ENTRIES)
    browser.visit(site.show(page(service, before="<p style='height:3000px'>Text</p>")))
    shown(browser)
    browser.settle()
    leave(browser)
    browser.visit(site.show(page(service, before="<p style='height:3000px'>Text</p>")))
    shown(browser)
    browser.js("window.scrollTo(0, 9999)")
    browser.settle()
    leave(browser)
    assert len(reports(service, 1)) == 1


def test_a_share_is_drawn_for_each_list_whether_clicked_or_not(browser, web):
    site, service = web
    answer(service, ENTRIES)
    browser.visit(site.show(page(service, 'clicks="0.5"')))
    shown(browser)
    browser.js(
        "window.sent = 0; window.fetch = async (_, how) => { sent += how.keepalive ? 1 : 9; }; Math.random = () => draw;"
    )
    hide = (
        "Object.defineProperty(document, 'visibilityState', {configurable: true, value: '%s'});"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )
    link = f"{ROOT}.querySelector('a')"
    click = f"{link}.addEventListener('click', (e) => e.preventDefault()); {link}.click();"
    browser.settle()
    for draw, clicked, sent in ((0.4, "", 1), (0.6, "", 1), (0.4, click, 2), (0.6, click, 2)):
        browser.js(f"window.draw = {draw}; {clicked} {hide % 'hidden'} {hide % 'visible'}")
        assert browser.js("sent") == sent


def test_another_article_or_a_removed_element_ends_a_list(browser, web):
    site, service = web
    answer(service, ENTRIES)
    answer(service, ENTRIES[4:], "other")
    browser.visit(site.show(page(service)))
    shown(browser)
    browser.settle()
    browser.js("document.querySelector('related-articles').setAttribute('article', 'other')")
    browser.until(f"{ROOT}.querySelectorAll('a').length === 3")
    browser.settle()
    browser.js("window.element = document.querySelector('related-articles'); element.remove()")
    assert [each["query"] for each in reports(service, 2)] == ["rain/in May", "other"]
    browser.js("document.body.append(element)")
    assert len(shown(browser)) == 3
    assert not browser.thrown()


def test_it_works_under_a_policy_that_forbids_inline_styles_and_scripts(browser, web):
    site, service = web
    answer(service, ENTRIES)
    sources = f"script-src {service.origin}; connect-src {service.origin}"
    policy = f"default-src 'none'; {sources}; require-trusted-types-for 'script'"
    html = page(service).replace(SHIFT, f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    browser.visit(site.show(html))
    shown(browser)
    assert browser.js(f"getComputedStyle({ROOT}.querySelector('ul')).listStyleType") == "none"
    assert not browser.thrown()


def test_pages_style_it_from_outside(browser, web):
    site, service = web
    answer(service, ENTRIES)
    style = "<style>related-articles { --related-row: 4em } related-articles::part(link) { color: rgb(1, 2, 3) }</style>"
    browser.visit(site.show(page(service, 'limit="2" level="3"', before=style)))
    assert len(shown(browser)) == 2
    assert browser.js(f"getComputedStyle({ROOT}.querySelector('a')).color") == "rgb(1, 2, 3)"
    assert browser.js("document.querySelector('related-articles').offsetHeight") == 3 * 4 * 16
    assert browser.js(f"!!{ROOT}.querySelector('h3')")
