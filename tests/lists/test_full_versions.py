"""Versions of a documentation keep their lists full: a page lists pages of its own version, as many as there is room for."""

from __future__ import annotations

import pytest

from recommender import Article, Policy, Recommender

TOPICS = (
    "quay",
    "crane",
    "pilot",
    "ferry",
    "anchor",
    "rope",
    "tide",
    "buoy",
    "deck",
    "crew",
    "load",
    "light",
)
K = 8


def page(folder: str, topic: str, note: str = "") -> Article:
    text = f"The {topic} of the harbour. Ships and boats need the {topic}, and the {topic} needs the harbour. {note}"
    return Article(f"{folder}{topic}", f"About the {topic}", text, url=f"https://x.example/{folder}{topic}/")


@pytest.mark.parametrize("copies", ["best", "keep"])
def test_lists_of_versions_are_full_and_hold_their_own_version(copies):
    folders = {f"docs/v{number}/": f"Since version {number} the harbour is deeper." for number in (1, 2, 3)}
    pages = [page(folder, topic, note) for folder, note in folders.items() for topic in TOPICS]
    blog = [page("blog/", topic, "We went there by boat.") for topic in TOPICS[:3]]
    site = Recommender.from_articles([*pages, *blog], policy=Policy(floor=0, copies=copies), k=K)
    for folder in folders:
        for topic in TOPICS:
            found = site[f"{folder}{topic}"].article_ids
            assert len(found) == K
            assert all(each.startswith((folder, "blog/")) for each in found)
    for topic in TOPICS[:3]:
        found = site[f"blog/{topic}"].article_ids
        assert len(found) == K
        assert len({each.rpartition("/")[2] for each in found if each.startswith("docs/")}) == sum(
            each.startswith("docs/") for each in found
        )
