"""Front matter by which site generators mark pages that are not published articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from recommender import read_articles
from recommender.readers.markdown.front_matter_reasons import front_matter_reason, page_reason
from recommender.readers.records.publication import REASONS, field_reason

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LEFT_OUT: list[tuple[str, dict[str, Any], str]] = [
    ("Hugo", {"draft": "true"}, "draft"),
    ("Hugo, TOML", {"draft": True}, "draft"),
    ("Hugo", {"date": "2026-07-01"}, "future"),
    ("Hugo", {"publishDate": "2026-07-01T08:00:00Z"}, "future"),
    ("Hugo", {"date": "2026-05-01", "publishDate": "2026-07-01"}, "future"),
    ("Hugo", {"date": "2020-05-01", "expiryDate": "2026-05-31"}, "expired"),
    ("Hugo", {"headless": "true"}, "unlisted"),
    ("Hugo", {"build": {"list": "never"}}, "unlisted"),
    ("Hugo", {"_build": {"render": "false"}}, "unlisted"),
    ("Jekyll", {"published": "false"}, "draft"),
    ("Jekyll", {"redirect_to": "https://a.example/new"}, "redirect"),
    ("Jekyll, Minimal Mistakes", {"layout": "archive"}, "listing"),
    ("Jekyll", {"layout": "Tags"}, "listing"),
    ("Jekyll", {"layout": "home"}, "section"),
    ("Jekyll", {"layout": "404"}, "error-page"),
    ("Docusaurus", {"draft": "true"}, "draft"),
    ("Docusaurus", {"unlisted": "true"}, "unlisted"),
    ("Hexo", {"published": "no"}, "draft"),
    ("Hexo", {"hidden": "true"}, "unlisted"),
    ("Hexo", {"type": "categories"}, "listing"),
    ("Hexo", {"password": "herring"}, "password"),
    ("Eleventy", {"permalink": "false"}, "unlisted"),
    ("VitePress", {"head": [["meta", {"http-equiv": "refresh", "content": "0; URL=410.html"}]]}, "redirect"),
    ("Starlight", {"head": [{"tag": "meta", "attrs": {"name": "robots", "content": "noindex"}}]}, "noindex"),
    ("Jekyll", {"title": "Tag Archives", "permalink": "/tags/"}, "listing"),
    ("Eleventy", {"eleventyExcludeFromCollections": "true"}, "unlisted"),
    ("Grav", {"content": {"items": "@self.children", "limit": "6"}}, "listing"),
    ("Grav", {"content": {"items": {"@taxonomy.tag": "photo"}}}, "listing"),
    ("Grav", {"content": {"items": ["@self.children", {"@page": "/blog"}]}}, "listing"),
    ("Grav", {"routable": "false"}, "unlisted"),
    ("Statamic", {"template": "articles.index"}, "listing"),
    ("Pelican", {"status": "draft"}, "draft"),
    ("Pelican", {"status": "hidden"}, "unlisted"),
    ("Pelican", {"date": "2026-07-01 10:00"}, "future"),
    ("Zola", {"draft": True}, "draft"),
    ("Astro", {"isDraft": "true"}, "draft"),
    ("Astro", {"pubDate": "Jul 08 2026"}, "future"),
    ("Obsidian", {"publish": "false"}, "draft"),
    ("any", {"noindex": "yes"}, "noindex"),
    ("any", {"robots": "noindex, follow"}, "noindex"),
    ("any", {"private": "true"}, "private"),
    ("PostgreSQL", {"draft": "t"}, "draft"),
    ("PostgreSQL", {"is_published": "f"}, "draft"),
    ("PostgreSQL", {"is_active": "f"}, "unlisted"),
    ("Rails", {"deleted_at": "2026-05-01 10:00:00"}, "trash"),
    ("Drupal", {"moderation_state": "needs_review"}, "draft"),
    ("a newsroom", {"workflow_state": "Embargoed"}, "future"),
]
PUBLISHED: list[dict[str, Any]] = [
    {},
    {"status": "under-review", "stage": "implementation"},  # a proposal for Scala, which is published
    {"content": {"items": [{"title": "Herring"}]}, "routable": "true"},
    {"content": "posts@rain", "routable": ""},
    {
        "draft": "false",
        "published": "true",
        "hidden": "no",
        "unlisted": "false",
        "private": "",
        "publish": "true",
    },
    {"draft": "", "published": "2026-05-01", "date": "2026-05-01", "expiryDate": "2027-01-01"},
    {"head": [["meta", {"name": "robots", "content": "index"}], "meta", ["title", {}], {"tag": "meta"}]},
    {
        "layout": "post",
        "type": "post",
        "status": "published",
        "permalink": "/blog/rain/",
        "robots": "index, follow",
    },
    {
        "layout": "single",
        "permalink": "/:year/:title/",
        "password": "",
        "redirect_from": ["/old/"],
        "build": {"list": "local"},
    },
    {
        "date": "no date at all",
        "expiryDate": None,
        "robots": None,
        "status": ["draft"],
        "layout": {"name": "home"},
    },
]


@pytest.mark.parametrize(("generator", "matter", "reason"), LEFT_OUT)
def test_pages_that_a_generator_does_not_publish_as_articles(
    generator: str, matter: dict[str, Any], reason: str
) -> None:
    matter = {"title": "Rain", **matter}
    assert (field_reason(matter) or front_matter_reason(matter, NOW)) == reason, generator
    assert reason in REASONS


@pytest.mark.parametrize("matter", PUBLISHED, ids=range(len(PUBLISHED)))
def test_pages_that_are_published(matter: dict[str, Any]) -> None:
    assert (field_reason(matter) or front_matter_reason(matter, NOW)) is None


def test_a_page_that_opens_a_chapter_of_grav_is_a_section() -> None:
    paths = (
        "pages/03.themes/chapter.md",
        "01.basics/chapter.fr.md",
        "novel/chapter.md",
        "03.themes/chapter-one.md",
    )
    assert [page_reason({}, path, NOW) for path in paths] == ["section", "section", None, None]


def test_the_reference_time_decides_what_is_future() -> None:
    matter = {"date": "2026-06-01T00:00:00Z"}
    assert front_matter_reason(matter, NOW) is None
    assert front_matter_reason(matter, datetime(2026, 5, 31, tzinfo=UTC)) == "future"


def test_a_status_that_is_not_understood_is_told_with_its_words(tmp_path):
    statuses = ["published", "rejected", "rejected", "Archived", "live", "", "3"]
    rows = [
        {"id": str(n), "title": "Rain", "text": "It rained.", "status": each}
        for n, each in enumerate(statuses)
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.warns(
        UserWarning, match=r"status: 'rejected' \(2\), status: 'Archived' \(1\).*--where-not status=rejected"
    ):
        assert len(list(read_articles(file))) == len(rows)


def test_understood_statuses_and_those_of_pages_are_not_told(tmp_path, recwarn):
    row = {
        "id": "a",
        "title": "Rain",
        "text": "It rained.",
        "status": "Published",
        "draft": "f",
        "published": "2026-05-01",
    }
    (tmp_path / "articles.jsonl").write_text(json.dumps(row))
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/oak.md").write_text(
        "---\ntitle: Oak\nstatus: evergreen\n---\nAn oak grows by the river.\n"
    )
    assert len([*read_articles(tmp_path / "articles.jsonl"), *read_articles(tmp_path / "pages")]) == 2
    assert not recwarn.list
