"""What differs between two sites: articles, and lists that show something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender import Policy, Recommender, read_articles, site_changes
from recommender.editors import Block, EditorRules, Pin

ARTICLES = list(read_articles("data/sample/articles.jsonl"))[:60]
FIRST, SECOND, THIRD = (each.article_id for each in ARTICLES[:3])


@pytest.fixture(scope="module")
def before():
    return Recommender.from_articles(ARTICLES, k=5)


def rebuilt(articles=ARTICLES, **settings):
    return Recommender.from_articles(articles, **{"k": 5} | settings)


AFTER = {
    "nothing": lambda: rebuilt(),
    "titles": lambda: rebuilt([replace(each, title=each.title + "!") for each in ARTICLES]),
    "one picture": lambda: rebuilt([replace(ARTICLES[0], image="/rain.png"), *ARTICLES[1:]]),
    "deleted": lambda: rebuilt(ARTICLES[9:]),
    "added": lambda: Recommender.from_articles([*ARTICLES, replace(ARTICLES[0], article_id="new")], k=5),
    "shorter": lambda: rebuilt(k=3),
    "longer": lambda: rebuilt(k=8),
    "no lists": lambda: rebuilt(policy=Policy(floor=1.0)),
    "variety": lambda: rebuilt(policy=Policy(diversity=0.5)),
    "pins": lambda: rebuilt(editors=EditorRules((Pin(FIRST, SECOND, 1),), (Block(THIRD, SECOND),))),
    "expired": lambda: rebuilt([replace(ARTICLES[0], metadata={"expires": "2020-01-01"}), *ARTICLES[1:]]),
}


@pytest.mark.parametrize("change", AFTER)
def test_arrays_tell_the_same_as_lists(before, change, monkeypatch):
    after = AFTER[change]()
    for one, other in ((before, after), (after, before)):
        monkeypatch.setattr(site_changes, "_MANY", 10**9)
        listed = site_changes.site_changes(one, other)
        monkeypatch.setattr(site_changes, "_MANY", 0)
        assert site_changes.site_changes(one, other) == listed
    assert (change == "nothing") == (not listed.lists)


def test_lists_that_are_the_same_are_not_made(before, monkeypatch):
    monkeypatch.setattr(site_changes, "_MANY", 0)
    monkeypatch.setattr(site_changes, "shown_of", lambda found: pytest.fail("a list was made"))
    assert site_changes.shown_anew(before, rebuilt(), list(before)) == ()
