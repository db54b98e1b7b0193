"""The HTML file: its data, its policy, and the escaping of hostile content."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from recommender.articles import ArticleSummary
from recommender.errors import InputError
from recommender.export import LinkedLists, export
from recommender.lists.related import RelatedArticle, RelatedList, SharedTerm

NASTY = (
    "</script x></script><script>alert(1)</script><!--<img src=x onerror=alert(2)>&amp;\u2028$title ${data}"
)


def page_of(site, **options):
    stream = io.BytesIO()
    export(site, stream, "html", **options)
    return stream.getvalue().decode()


def data_of(page: str):
    (script,) = html.fromstring(page).xpath("//script[@type='application/json']")
    return json.loads(script.text)


def lists_of(data):
    return [
        {data["ids"][row]: score for row, score in zip(rows, scores, strict=True)}
        for rows, scores in zip(data["related"], data["scores"], strict=True)
    ]


@pytest.mark.parametrize("k", [None, 1])
def test_the_data_contains_the_lists(site, k):
    data = data_of(page_of(site, k=k))
    assert data["ids"] == [summary.article_id for summary in site.summaries]
    assert data["titles"] == [summary.title for summary in site.summaries]
    expected = [
        {e.article_id: pytest.approx(e.score, rel=1e-3) for e in each} for each in site.related_all(k)
    ]
    assert lists_of(data) == expected
    assert [list(each) for each in lists_of(data)] == [list(each) for each in expected]
    sections = [data["section_names"][at] if at >= 0 else None for at in data["sections"]]
    assert sections == [summary.section for summary in site.summaries]
    dates = [summary.published.date().isoformat() if summary.published else "" for summary in site.summaries]
    assert data["published"] == dates
    assert data["descriptions"] == [summary.description or "" for summary in site.summaries]


def test_links_belong_to_the_page(site):
    with pytest.raises(InputError, match="jsonl has no links for texts"):
        export(LinkedLists(site), io.BytesIO(), "jsonl")


def test_reasons_are_optional(site):
    without, data = data_of(page_of(site)), data_of(page_of(site, why=True))
    assert "parts" not in without
    assert "terms" not in without
    first = site.lists[0].related[0]
    parts = dict(zip(data["part_names"], data["parts"][0][0], strict=True))
    assert parts == pytest.approx(first.parts, rel=1e-3)
    terms = data["terms"][0][0]
    assert [data["term_names"][at] for at in terms[::2]] == [term.term for term in first.terms]
    assert terms[1::2] == pytest.approx([term.share for term in first.terms], rel=1e-3)


def test_a_part_is_0_for_entries_without_it(site_of):
    site = site_of(["a", "b"])
    entries = (RelatedArticle("b", 1, 1.0, parts={"x": 1.0}), RelatedArticle("a", 2, 0.5, parts={"y": 0.5}))
    site.lists[0] = RelatedList("a", entries)
    data = data_of(page_of(site, why=True))
    assert data["part_names"] == ["x", "y"]
    assert data["parts"][0] == [[1.0], [0, 0.5]]


def counts_of(page: str) -> dict[str, str]:
    terms = html.fromstring(page).xpath("//dl[@class='counts']/div")
    return {div.xpath("string(dt)"): div.xpath("string(dd)") for div in terms}


def test_the_counts(site_of):
    site = site_of(["a", "b", "c", "d"])  # a: b c, b: c, c: empty, d: c
    entries = [("b", "c"), ("c",), (), ("c",)]
    site.lists = [
        RelatedList(article_id, tuple(RelatedArticle(e, rank, 0.5) for rank, e in enumerate(related, 1)))
        for article_id, related in zip("abcd", entries, strict=True)
    ]
    counts = counts_of(page_of(site))
    assert counts == {
        "Articles": "4",
        "Lists": "3",
        "Mean length": "1.0",
        "Orphans": "2",
        "Most shown": "Title of cin 3",
    }
    assert data_of(page_of(site))["shown"] == [0, 1, 3, 0]


def test_no_articles(site_of):
    page = page_of(site_of([]))
    assert counts_of(page)["Most shown"] == "none"
    assert data_of(page)["ids"] == []


@pytest.fixture
def nasty(site_of):
    site = site_of(["a", "b", NASTY])
    urls = ["javascript:alert(1)", "https://example.org/?a=1&b=\"'<", " data:text/html,x"]
    site.summaries = [
        ArticleSummary(
            summary.article_id, NASTY, datetime(2026, 1, 1, tzinfo=UTC), NASTY, NASTY, url, NASTY, NASTY
        )
        for summary, url in zip(site.summaries, urls, strict=True)
    ]
    term = SharedTerm(NASTY, 0.5)
    site.lists = [
        RelatedList(
            a, tuple(RelatedArticle(b, 1, 0.5, NASTY, parts={NASTY: 0.5}, terms=(term,)) for b in related)
        )
        for a, related in [("a", [NASTY]), ("b", [NASTY]), (NASTY, ["a"])]
    ]
    return site


def test_hostile_text_stays_data(nasty):
    page = page_of(nasty, why=True)
    document = html.fromstring(page)
    assert len(document.xpath("//script")) == 2
    assert not document.xpath("//img | //@onerror | //comment()")
    raw = page.split('<script type="application/json">', 1)[1].rsplit("</script>", 2)[0]
    assert not set("<>&\u2028") & set(raw)
    data = data_of(page)
    assert data["ids"][2] == data["titles"][0] == data["section_names"][0] == data["term_names"][0] == NASTY
    assert data["descriptions"] == [NASTY] * 3
    assert data["urls"] == ["", "https://example.org/?a=1&b=\"'<", ""]
    assert document.xpath("string(//div[@class='hub']//a)") == NASTY


def test_the_page_references_no_other_resource(site):
    document = html.fromstring(page_of(site, why=True))
    assert set(document.xpath("//link/@href")) == {"data:,"}
    assert not document.xpath("//@src")
    assert all(href.startswith("#") for href in document.xpath("//a/@href"))
    style = document.xpath("string(//style)")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_only_the_script_and_style_of_the_page(site):
    document = html.fromstring(page_of(site))
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for text in document.xpath("//style/text() | //script[not(@type)]/text()"):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


PICTURES = [  # the address given by an article, and the one that the page loads
    ("https://cdn.example.org/a.jpg?w=1&h=2", "https://cdn.example.org/a.jpg?w=1&h=2"),
    ("/img/a.jpg", "https://example.org/img/a.jpg"),
    (" ../a.jpg ", "https://example.org/a.jpg"),
    ("//cdn.example.org/a.jpg", "https://cdn.example.org/a.jpg"),
    ("data:image/svg+xml,<svg/>", ""),
    ("javascript:alert(1)", ""),
    ("file:///etc/passwd", ""),
    ("https://[broken", ""),
    (None, ""),
]


@pytest.mark.parametrize(("image", "loaded"), PICTURES)
def test_a_picture_address_is_absolute_or_relative_to_its_article(site_of, image, loaded):
    site = site_of(["a", "b"])
    site.summaries[1] = replace(site.summaries[1], url="https://example.org/2026/b", image=image)
    assert data_of(page_of(site))["images"][1] == loaded


@pytest.mark.parametrize(
    ("image", "loaded"),
    [("/img/a.jpg", "/img/a.jpg"), ("//host/a.jpg", ""), ("\\\\host\\a.jpg", ""), ("/\\host/a", "")],
)
def test_without_the_url_of_its_article_a_relative_picture_stays_on_the_host(site_of, image, loaded):
    site = site_of(["a", "b"])
    site.summaries[1] = replace(site.summaries[1], url=None, image=image)
    assert data_of(page_of(site))["images"][1] == loaded


def test_pictures_are_allowed_and_offered_only_if_articles_have_some(site_of):
    def of(site):
        document = html.fromstring(page_of(site))
        (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        (sources,) = re.findall(r"img-src ([^;]*);", policy)
        return sources.split(), "hidden" in document.xpath("//label[@class='pictures']")[0].attrib

    site = site_of(["a", "b"])
    assert of(site) == (["data:", "'self'", "http:", "https:"], False)
    site.summaries = [replace(summary, image=None) for summary in site.summaries]
    assert of(site) == (["data:"], True)


def test_controls_have_labels_and_the_page_a_language(site):
    document = html.fromstring(page_of(site))
    assert document.get("lang") == "en"
    assert document.get("dir") == "ltr"
    for control in document.xpath("//input | //select"):
        assert control.xpath("string(ancestor::label/span)").strip()
    assert all(document.xpath(f"//{name}/@aria-label") for name in ("nav", "section"))


def test_a_site_too_large_for_a_page_shows_its_newest_lists_and_a_notice(site_of, monkeypatch):
    monkeypatch.setattr("recommender.export.html_page.PAGE_LIMIT", 4)
    site = site_of([f"a{row}" for row in range(12)])
    page = page_of(site)
    data = data_of(page)
    assert data["ids"][: data["lists"]] == ["a7", "a8", "a10", "a11"]  # dated 8, 9, 11 and 12 January
    assert lists_of(data) == [
        {e.article_id: pytest.approx(e.score, rel=1e-3) for e in site.lists[row]} for row in (7, 8, 10, 11)
    ]
    others = {e.article_id: e.title for row in (7, 8, 10) for e in site.lists[row]}
    assert {id: data["titles"][row] for row, id in enumerate(data["ids"]) if id in others} == others
    assert re.search(r"lists of the 4 newest articles of 12", page)
    assert counts_of(page)["Articles"] == "12"
    assert "newest articles of" not in page_of(site_of(["a", "b"]))
