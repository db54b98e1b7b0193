"""Tests of wikilinks: which page of a folder each one names."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from recommender import Policy, Recommender, read_articles
from recommender.readers.markdown.markdown_source import plain_markdown
from recommender.readers.markdown.wiki_links import WikiLinks
from recommender.text.links import SiteLinks

TEXT = "It rained for many days and the river rose above the quay of the old town."
FOLDER = {
    "Home town.md": f"# Home town\n\n{TEXT}",
    "days/Wet days.md": f"# Wet days\n\n{TEXT}",
    "days/2024/Log.md": f"# Log\n\n{TEXT}",
    "days/2025/Log.md": f"# Log\n\n{TEXT}",
    "places___River.md": f"# River\n\n{TEXT}",
    "v1.0.md": f"# Version\n\n{TEXT}",
}


def _links(folder: Path) -> dict[str, set[str]]:
    """Return what each article links to."""
    articles, links = list(read_articles(folder)), SiteLinks()
    for article in articles:
        assert "wiki:" not in article.body
        links.see(article)
    ids, arrays = [article.article_id for article in articles], links.to_arrays()
    starts, rows = arrays["links_indptr"].tolist(), arrays["links_indices"].tolist()
    return {
        each: {ids[row] for row in rows[start:end]}
        for each, start, end in zip(ids, starts, starts[1:], strict=False)
    }


LINKS = {
    "[[Wet days]]": {"days/Wet days"},
    "[[wet-days|rain]]": {"days/Wet days"},
    "[[Wet days#In May]]": {"days/Wet days"},
    "[[days/Wet days.md]]": {"days/Wet days"},
    "[[rain in town|Home_town]]": {"Home town"},  # label first, as in the wikis of GitHub
    "| [[Wet days\\|rain]] |\n|---|\n| a |": {"days/Wet days"},
    "[[places/River]]": {"places___River"},
    "[[v1.0]]": {"v1.0"},
    "[[2024/Log]]": {"days/2024/Log"},
    "[[Log]]": set(),
    "[[other/Wet days]]": set(),
    "[[Sun]] and [[#Heading]]": set(),
    "![[Wet days]]": set(),
    "`[[Wet days]]`": set(),
    "```\n[[Wet days]]\n```": set(),
    "[[Wet days]](https://example.org/)": set(),
}


@pytest.mark.parametrize("link", LINKS)
def test_a_wikilink_leads_to_the_page_that_it_names(link: str, tmp_path: Path) -> None:
    for path, page in (FOLDER | {"notes/a.md": f"# A\n\n{TEXT}\n\n{link}\n"}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(page)
    assert _links(tmp_path)["notes/a"] == LINKS[link]


def test_a_name_of_several_pages_is_that_of_the_page_beside() -> None:
    links = WikiLinks()
    for path in ("2024/Log.md", "2025/Log.md"):
        links.see(path)
    link = '<a href="wiki:Log">log</a>'
    assert links.resolved(link, "2025/May.md") == '<a href="Log.md">log</a>'
    assert links.resolved(link, "May.md") == '<a href="Log">log</a>'


def test_a_page_that_is_updated_alone_keeps_its_links_to_those_beside_it(tmp_path: Path) -> None:
    pages = {f"Note {number}.md": f"# Note {number}\n\n{TEXT} {number * 'Rain. '}" for number in range(5)}
    for name, page in pages.items():
        (tmp_path / name).write_text(page)
    policy = Policy(linked="out", floor=0.0, copies="keep")
    site = Recommender.from_articles(read_articles(tmp_path), k=4, policy=policy)
    assert "Note 3" in [each.article_id for each in site["Note 0"]]
    (tmp_path / "Note 0.md").write_text(f"{pages['Note 0.md']}\n\n[[Note 3|then]]")
    site.update(read_articles(tmp_path / "Note 0.md"))
    assert "Note 3" not in [each.article_id for each in site["Note 0"]]


def test_pages_of_notebooks_have_wikilinks_too(tmp_path: Path) -> None:
    for name, link in (("a", "[[b]]"), ("b", "[[c]]")):
        cell = {"cell_type": "markdown", "source": f"# {name}\n\n{TEXT} {link}"}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
    assert _links(tmp_path) == {"a": {"b"}, "b": set()}


def test_lists_may_leave_out_what_wikilinks_lead_to(tmp_path: Path) -> None:
    for path, page in (FOLDER | {"a.md": f"# A\n\n{TEXT} [[Wet days]]\n"}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(page.replace("quay", f"quay of {path}"))
    policy = Policy(linked="out", floor=0.0)
    site = Recommender.from_articles(read_articles(tmp_path), k=3, policy=policy)
    assert "days/Wet days" not in [each.article_id for each in site["a"]]
    assert "a" in [each.article_id for each in site["days/Wet days"]]


@pytest.mark.parametrize("part", ["[[", "[[a", "[[a|", "[[a]]", "]]", '<a href="wiki:a">'])
def test_long_repetitions_are_fast(part: str) -> None:
    started, links = time.process_time(), WikiLinks()
    links.see("a.md")
    links.resolved(plain_markdown(part * 20_000)[0], "b.md")
    assert time.process_time() - started < 5
