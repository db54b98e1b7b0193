"""A list opens with the first article on its subject, and closes with the last."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from recommender import Article, Policy, Recommender
from recommender.ranking import site_sizes
from recommender.scoring.scorer import Scorer
from tests.articles_on_subjects import ALONE, N_SUBJECTS, PARTNER, article_on, articles_on_subjects


@pytest.fixture(autouse=True, params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the site count as a small one, which is made anew, and as a large one, which is changed in place."""
    if request.param == "large":
        monkeypatch.setattr(site_sizes, "SMALL_SITE", -1)


def _assert_same_lists(site: Recommender, articles: list[Article]) -> None:
    """Assert that lists, and what follows them, are those of a build by the same model."""
    scratch = Recommender.from_articles(articles, policy=site.policy, k=site.k, model=site.model)
    assert {i: site[i] for i in site} == {i: scratch[i] for i in scratch}


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(diversity=0.3),
        Policy(fallback=("newest",)),
        Policy(where_not={"desk": ["d1"]}),
        Policy(floor=0.62),
    ],
    ids=["default", "diversity", "fallback", "filter", "floor"],
)
def test_a_list_opens_with_a_first_partner_and_closes_without_the_last(policy: Policy) -> None:
    articles = articles_on_subjects()
    site = Recommender.from_articles(articles, policy=policy, k=5)
    partner = articles[-1]
    for add in ([], [partner], []):
        site.update(add, delete=[] if add else [PARTNER])
        articles = [*articles[: 3 * N_SUBJECTS + 4], *add]
        _assert_same_lists(site, articles)
        shown = {entry.article_id for entry in site[ALONE] if entry.source == "related"}
        assert (PARTNER in shown) == bool(add and not policy.where_not)
        if not add:
            assert not shown
        elif policy.floor == 0.5:
            assert shown - {PARTNER}, "the list is filled down to the floor"


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(caps={"desk": 2}),
        Policy(floor=0.4),
        Policy(floor=0.65),
        Policy(where={"desk": ["d0", "d2", "d11"]}),
    ],
    ids=["default", "caps", "low", "high", "filter"],
)
@pytest.mark.parametrize("k", [1, 5])
def test_updates_that_nearly_open_or_close_lists_give_those_of_a_build(policy: Policy, k: int) -> None:
    articles = articles_on_subjects()
    site = Recommender.from_articles(articles, policy=policy, k=k)
    source = random.Random(7)
    for step in range(8):
        subject = source.randrange(N_SUBJECTS + 4)
        add = [article_on(subject, 10 + step, weak=bool(step % 2))]
        gone = source.choice(articles).article_id
        site.update(add, delete=[gone])
        articles = [each for each in articles if each.article_id != gone] + add
        _assert_same_lists(site, articles)


@pytest.mark.parametrize("policy", [Policy(), Policy(where_not={"desk": ["d1"]})], ids=["default", "filter"])
def test_a_list_closes_when_what_opened_it_may_be_in_no_list_any_more(policy: Policy) -> None:
    *others, partner = articles_on_subjects()
    site = Recommender.from_articles([*others, partner], policy=policy, k=5)
    for metadata in ({"listed": False}, {}, {"expires": "2020-01-01"}, {}):
        now = replace(partner, metadata={**partner.metadata, **metadata})
        site.update([now])
        _assert_same_lists(site, [*others, now])
        assert bool(site[ALONE].article_ids) == (not metadata)


def test_a_list_whose_opener_its_text_links_to_closes_when_that_goes() -> None:
    articles = {each.article_id: each for each in articles_on_subjects()}
    partner = articles[PARTNER]
    link = f' <a href="/{PARTNER}">it</a>'
    articles[ALONE] = replace(articles[ALONE], body=articles[ALONE].body + link)
    site = Recommender.from_articles(articles.values(), policy=Policy(linked="out"), k=5)
    for add in (None, partner, None):
        articles.pop(PARTNER, None)
        if add is not None:
            articles[PARTNER] = add
        site.update([] if add is None else [add], [PARTNER] if add is None else [])
        _assert_same_lists(site, list(articles.values()))
        assert PARTNER not in site[ALONE].article_ids
        assert bool(site[ALONE].article_ids) == (add is not None)


def test_an_article_that_reaches_the_opening_by_uncorroborated_words_opens_no_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    *articles, partner = articles_on_subjects()
    pairs = Scorer.pairs
    monkeypatch.setattr(
        Scorer, "pairs", lambda *given, corroborated=False: pairs(*given) * np.float32(not corroborated)
    )
    site = Recommender.from_articles(
        articles, k=1, model=Recommender.from_articles([*articles, partner]).model
    )
    site.update([partner])
    assert site.related(ALONE, 1, floor=0)[0].score > 0.6
    assert site[ALONE].article_ids == ()
    _assert_same_lists(site, [*articles, partner])
