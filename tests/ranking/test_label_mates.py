"""The best of a small section are found, although many articles of other sections are nearer by content."""

import numpy as np
import pytest
from hand_made_sites import hand_made, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Recommender, read_articles
from recommender.lists import drafts
from recommender.ranking import label_mates as mates_module
from recommender.ranking import ranker, site_sizes
from recommender.ranking.label_mates import label_mates
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer

RAISES = np.float32([0, 0, 0, 0, 0, 0, 2])
LOWERS = -RAISES


def random_site(seed, n, ratios=RAISES):
    random = np.random.default_rng(seed)
    tags = [frozenset(f"t{tag}" for tag in random.integers(0, 5, random.integers(0, 4))) for _ in range(n)]
    dense = unit(random.normal(size=(n, 6)))
    return hand_made(
        np.ones((n, 2)), dense=dense, labels={"tags": tags}, log_ratios={"tags": ratios}
    ), tags, random  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 5))
def test_mates_share_a_label_and_none_is_missing_known_or_twice(seed, n, n_known):
    (model, collection), tags, random = random_site(seed, n)
    groups = np.where(random.random(n) < 0.2, random.integers(0, n, n), np.arange(n)).astype(np.int32)
    groups = groups[groups]  # a group is named by one of its members, or by a row of another group
    known = np.sort(random.integers(-1, n, (n, n_known))).astype(np.int32)
    queries = Queries.of_articles(collection, np.arange(n, dtype=np.int32))
    found = label_mates(Scorer(model, collection), queries, known, groups)
    for row in range(n if found.shape[1] else 0):
        mine = found[row][found[row] >= 0]
        sharing = [other for other in range(n) if tags[row] & tags[other]]
        left_out = {groups[row], *groups[known[row][known[row] >= 0]]}
        assert set(groups[mine]) == set(groups[sharing]) - left_out
        assert len(set(groups[mine])) == len(mine)
        assert set(mine) <= set(sharing)


def test_the_nearest_by_vectors_are_kept_best_first(monkeypatch):
    monkeypatch.setattr(mates_module, "N_MATES", 5)
    n = 60
    (model, collection), tags, _ = random_site(3, n)
    queries = Queries.of_articles(collection, np.arange(n, dtype=np.int32))
    none = np.full((n, 1), -1, dtype=np.int32)
    found = label_mates(Scorer(model, collection), queries, none, np.arange(n, dtype=np.int32))
    assert found.shape == (n, 5)
    for row in range(n):
        mates = [other for other in range(n) if other != row and tags[row] & tags[other]]
        products = collection.dense[mates] @ collection.dense[row]
        nearest = [mates[place] for place in np.argsort(-products, kind="stable")[:5]]
        assert found[row][found[row] >= 0].tolist() == nearest


def test_a_label_of_many_articles_and_one_that_raises_no_score_bring_nobody(monkeypatch):
    rows = np.arange(40, dtype=np.int32)
    none = np.full((40, 1), -1, dtype=np.int32)
    (model, collection), _, _ = random_site(1, 40, LOWERS)
    queries = Queries.of_articles(collection, rows)
    assert label_mates(Scorer(model, collection), queries, none, rows).shape == (40, 0)
    (model, collection), _, _ = random_site(1, 40)
    monkeypatch.setattr(mates_module, "_FEW", 2)
    assert (
        label_mates(Scorer(model, collection), Queries.of_articles(collection, rows), none, rows) < 0
    ).all()


def test_threads_and_parts_change_no_mate(monkeypatch):
    n = 300
    (model, collection), _, _ = random_site(2, n)
    rows, none = np.arange(n, dtype=np.int32), np.full((n, 1), -1, dtype=np.int32)
    whole = label_mates(Scorer(model, collection), Queries.of_articles(collection, rows), none, rows, 1)
    monkeypatch.setattr(mates_module, "_BLOCK", 7)
    threads = label_mates(Scorer(model, collection), Queries.of_articles(collection, rows), none, rows, 2)
    some = np.array([3, 40, 41, 299], dtype=np.int32)
    part = label_mates(Scorer(model, collection), Queries.of_articles(collection, some), none[:4], rows)
    assert whole.tobytes() == threads.tobytes()
    assert whole[some].tobytes() == part.tobytes()


@pytest.fixture(scope="module")
def articles():
    return list(read_articles("data/sample/articles.jsonl"))


@pytest.fixture
def few_candidates(monkeypatch):
    """Take the sample for a large site, of which twelve candidates of each article are compared."""
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)


def lists_of(site):
    return {article_id: site[article_id].article_ids for article_id in site}


def missing(lists, complete):
    return sum(len(set(complete[each]) - set(lists[each])) for each in complete)


def test_a_build_finds_what_few_candidates_miss(articles, few_candidates, monkeypatch):
    found = lists_of(Recommender.from_articles(articles, n_candidates=12))
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 2_048)
    complete = lists_of(Recommender.from_articles(articles))
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    monkeypatch.setattr(mates_module, "_WORTH", np.inf)
    alone = lists_of(Recommender.from_articles(articles, n_candidates=12))
    assert missing(found, complete) < 0.7 * missing(alone, complete)


def test_lists_made_now_are_those_of_a_build(articles, few_candidates):
    site = Recommender.from_articles(articles, n_candidates=12)
    for article_id in list(site)[::9]:
        assert site.related(article_id, exclude=["nobody"]).article_ids == site[article_id].article_ids


@pytest.mark.parametrize("large", [False, True])
def test_lists_after_updates_are_those_of_a_build(articles, few_candidates, large, monkeypatch):
    monkeypatch.setattr(site_sizes, "LARGE_SITE", 0 if large else 10**9)
    site = Recommender.from_articles(articles, n_candidates=12)
    site.update(delete=[each.article_id for each in articles[::15]])
    site.update(add=articles[::15])
    fresh = Recommender.from_articles(articles, model=site.model, n_candidates=12)
    assert sum(site[each] == fresh[each] for each in fresh) >= 0.98 * len(fresh)


def test_a_draft_in_a_small_section_finds_its_mates_and_an_unknown_section_brings_nobody(
    articles, few_candidates, monkeypatch
):
    monkeypatch.setattr(drafts, "_BY_TERMS", 4)
    monkeypatch.setattr(drafts, "_BY_VECTORS", 2)
    site = Recommender.from_articles(articles, n_candidates=12)
    sections = {each.article_id: each.section for each in articles}

    def in_section(article, section):
        found = site.related_to(title=article.title, section=section, k=3).article_ids
        return sum(sections[each] == article.section for each in found)

    some = [each for each in articles if each.section][::10]
    with_section = sum(in_section(each, each.section) for each in some)
    assert with_section > sum(in_section(each, "a section of nobody") for each in some)


def test_a_draft_is_compared_with_its_mates(articles, few_candidates, monkeypatch):
    site, found = Recommender.from_articles(articles, n_candidates=12), []

    def seen(scorer, query, *others):
        found.append(label_mates(scorer, query, *others))
        return found[-1]

    monkeypatch.setattr(ranker, "label_mates", seen)
    site.related_to(title="A harbour", body="The ferry left the harbour.", section="science")
    assert found
    assert all((each >= 0).any() for each in found)
