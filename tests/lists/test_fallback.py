"""What fills a short list: the order of each source, and whole sites whose lists are short."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Article, Policy, Recommender
from recommender.collection.summary_table import NO_DATE
from recommender.editors import EditorRules, Pin
from recommender.rules.fallback import FallbackOrder
from recommender.rules.policy_settings import FALLBACKS

SOURCE_ORDERS = st.permutations(FALLBACKS).flatmap(lambda each: st.integers(0, 3).map(lambda n: each[:n]))


@given(st.data())
def test_each_source_offers_its_articles_in_its_order(data):
    n = data.draw(st.integers(0, 60))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    published = np.where(random.random(n) < 0.2, NO_DATE, random.integers(0, 5, n))
    section = random.integers(-1, 2, n).astype(np.int32)
    popularity = np.where(random.random(n) < 0.3, np.nan, random.integers(-2, 3, n))
    id_order = random.permutation(n).astype(np.int32)
    sources, mine = tuple(data.draw(SOURCE_ORDERS)), data.draw(st.integers(-1, 1))

    dated = [row for row in range(n) if published[row] != NO_DATE]
    newest = sorted(dated, key=lambda row: (-published[row], id_order[row]))
    known = [row for row in range(n) if not np.isnan(popularity[row])]
    expected = {
        "newest": newest,
        "section": [row for row in newest if section[row] == mine and mine >= 0],
        "popular": sorted(known, key=lambda row: (-popularity[row], id_order[row])),
    }
    order = FallbackOrder(sources, published, section, popularity, id_order)
    offers = {source: rows.tolist() for source, rows in order.offers(mine)}
    assert list(offers) == list(sources)
    assert offers == {source: expected[source] for source in sources}


def site_of(articles, policy, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return Recommender.from_articles(articles, policy=policy, **settings)


WORDS = ("harbour", "violin", "glacier", "saffron", "turbine", "meadow", "lantern", "orchard")


def unrelated(*, views=True, dates=True, sections=True):
    """Articles that have nothing in common, one a day, of two sections in turn, the oldest read most."""
    return [
        Article(
            f"a{day}", "", " ".join(f"{word}{letter}" for letter in "abcdefgh"),
            published=f"2026-05-0{day + 1}" if dates else None,
            section=("news", "sport")[day % 2] if sections else None,
            metadata={"views": 10 - day} if views else {},
        )
        for day, word in enumerate(WORDS)
    ]  # fmt: skip


def entries(site, article_id, **how):
    return [(entry.article_id, entry.source) for entry in site.related(article_id, **how)]


def test_sources_fill_a_list_in_their_order_and_say_their_names():
    site = site_of(unrelated(), Policy(fallback=("section", "popular", "newest")), k=5)
    assert entries(site, "a1") == [
        ("a7", "section"), ("a5", "section"), ("a3", "section"), ("a0", "popular"), ("a2", "popular"),
    ]  # fmt: skip
    site = site_of(unrelated(), Policy(fallback=("newest", "section")), k=3)
    assert entries(site, "a7") == [("a6", "newest"), ("a5", "newest"), ("a4", "newest")]
    assert [entry.rank for entry in site.related("a7")] == [1, 2, 3]
    assert all(entry.score == 0 for entry in site.related("a7"))


def test_without_a_ladder_lists_stay_short():
    assert entries(site_of(unrelated(), Policy()), "a1") == []


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ("dates", [("a0", "popular"), ("a2", "popular"), ("a3", "popular")]),
        ("sections", [("a0", "popular"), ("a2", "popular"), ("a3", "popular")]),
        ("views", [("a7", "section"), ("a5", "section"), ("a3", "section")]),
    ],
)
def test_a_source_that_the_site_has_nothing_for_is_passed_over(without, left):
    policy = Policy(fallback=("section", "popular", "newest"))
    assert entries(site_of(unrelated(**{without: False}), policy, k=3), "a1") == left


def test_a_site_without_dates_sections_and_views_has_nothing_to_fill_with():
    policy = Policy(fallback=FALLBACKS)
    site = site_of(unrelated(dates=False, sections=False, views=False), policy)
    assert entries(site, "a1") == []


def test_only_what_may_be_listed_fills():
    policy = Policy(
        fallback=("newest",), where_not={"section": ["sport"]}, published_before="2026-05-06",
        recency="background",
    )  # fmt: skip
    site = site_of(unrelated(), policy)
    assert entries(site, "a6") == [("a4", "newest"), ("a2", "newest"), ("a0", "newest")]
    assert entries(site, "a3") == [("a2", "newest"), ("a0", "newest")]
    assert entries(site, "a0") == []
    assert entries(site, "a6", exclude=["a2"]) == [("a4", "newest"), ("a0", "newest")]
    assert entries(site, "a6", where_not={"author": ["ann"]}, within_days=3) == [("a4", "newest")]
    draft = site.related_to("Something else", published="2026-05-03", k=2)
    assert [(entry.article_id, entry.source) for entry in draft] == [("a2", "newest"), ("a0", "newest")]


STORY = (
    "The ferry to Osmund island stops on Monday because its only engine has to be mended in the yard at Kell."
)


def a_site_with_copies():
    """Two near copies, b1 the older, a follow-up of them, and strangers."""
    more = "It will be back before the herring festival, the captain said to the islanders on the quay."
    return [
        Article("b1", "Ferry stops", f"{STORY} {more}", published="2026-06-01"),
        Article("b2", "No ferry", f"{STORY} {more}", published="2026-06-02"),
        Article(
            "follow-up", "Ferry sails", "The ferry to Osmund island sails again.", published="2026-06-03"
        ),
        *unrelated(),
    ]


def test_lists_are_filled_behind_what_is_related_and_never_with_what_they_have_or_its_copies():
    site = site_of(a_site_with_copies(), Policy(fallback=("newest",)))
    for related in site.related_all():
        ids = related.article_ids
        assert related.article_id not in ids
        assert len(set(ids)) == len(ids)
        assert not {"b1", "b2"} <= set(ids)
        sources = [entry.source for entry in related]
        assert sources == sorted(sources, key=["related", "newest"].index)
        assert len(ids) == 9
    assert entries(site, "follow-up")[:2] == [("b1", "related"), ("a7", "newest")]
    assert entries(site, "b2")[0] == ("follow-up", "related")


def test_a_section_offers_its_own_copy_of_a_story():
    articles = [
        replace(each, section="local" if each.article_id == "b2" else "wire") for each in a_site_with_copies()
    ]
    articles.append(
        Article("desk", "Choir", "Voices wanted for spring.", section="local", published="2026-06-04")
    )
    site = site_of(articles, Policy(fallback=("section",)))
    assert entries(site, "desk") == [("b2", "section")]


def test_what_stands_for_a_pinned_copy_does_not_come_in_by_the_ladder():
    editors = EditorRules(pins=(Pin("a0", "b2"), Pin("a1", "b2", 3)))
    site = site_of(a_site_with_copies(), Policy(fallback=("newest",)), editors=editors)
    for article_id in ("a0", "a1"):
        found = dict(entries(site, article_id))
        assert found["b2"] == "pinned"
        assert "b1" not in found
        assert len(found) == 9
    found = site_of(a_site_with_copies(), Policy(fallback=("newest",), copies="keep"), editors=editors)
    assert {"b1", "b2"} < dict(entries(found, "a0")).keys()


def test_a_site_without_articles_offers_nothing():
    order = FallbackOrder(
        FALLBACKS, np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0, np.int32)
    )
    assert [len(rows) for _, rows in order.offers(-1)] == [0, 0, 0]
