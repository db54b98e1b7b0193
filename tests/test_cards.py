"""A card for every article: what a list shows of it survives all that happens to a site."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from recommender.articles import Article, ArticleSummary
from recommender.collection.summary_table import SummaryTable
from recommender.engine import Recommender
from recommender.rules.policy import Policy

TEXT = "The choir sang on while rain closed the valley road. Nobody came by the road that night."
ARTICLES = [
    Article("given", "Rain floods the valley road", "Rain fell on the valley road for a week.", image="/a.jpg",
            description="<p>The <b>road</b> &amp;\nthe rain.</p>"),
    Article("taken", "Valley road floods in rain", TEXT),
    Article("other", "Valley road open after the rain", "", image="https://example.org/b.jpg"),
]  # fmt: skip
CARDS = {
    "given": ("The road & the rain.", "/a.jpg"),
    "taken": (TEXT, None),
    "other": (None, "https://example.org/b.jpg"),
}


@pytest.fixture(scope="module")
def built() -> Recommender:
    return Recommender.from_articles(ARTICLES, policy=Policy(copies="keep", floor=0.0))


def saved_and_loaded(site, path):
    site.save(path)
    return Recommender.load(path, check=True)


def cards_of(entries):
    return {entry.article_id: (entry.description, entry.image) for entry in entries}


@pytest.mark.parametrize(
    "changed",
    [
        lambda site, path: site,
        saved_and_loaded,
        lambda site, path: site.relisted(policy=Policy(copies="keep", floor=0.0, recency="latest")),
        lambda site, path: saved_and_loaded(saved_and_loaded(site, path).relisted(), path),
        lambda site, path: pickle.loads(pickle.dumps(site)),
        lambda site, path: copy.deepcopy(site),
    ],
    ids=["built", "loaded", "relisted", "loaded, relisted and loaded again", "pickled", "copied"],
)
def test_a_card_is_in_lists_whatever_happens_to_a_site(built, tmp_path, changed):
    site = changed(built, tmp_path / "site.rec")
    assert cards_of(site.summaries) == CARDS
    for article_id in CARDS:
        found = cards_of(site.related(article_id))
        assert len(found) == 2
        assert found == {other: CARDS[other] for other in found}


def test_a_card_is_in_lists_made_now_and_of_drafts(built):
    for found in (
        built.related("given", exclude=["taken"]),
        built.related("given", where={"image": ["https://example.org/b.jpg"]}),
    ):
        assert cards_of(found) == {"other": CARDS["other"]}
    draft = built.related_to("Rain on the valley road", "Rain fell.")
    assert len(draft) == 3
    assert cards_of(draft) == CARDS


def test_no_card_is_none_not_an_empty_text(built):
    by_id = sorted(ARTICLES, key=lambda each: each.article_id)
    summaries = SummaryTable.of([ArticleSummary(each.article_id, each.title) for each in by_id])
    bare = built.replaced(built.site.changed(collection=replace(built.collection, summaries=summaries)))
    assert cards_of(bare.related("given")) == {"taken": (None, None), "other": (None, None)}
    entry = bare.related("given")[0]
    assert replace(entry, description="It rained.").description == "It rained."
