"""A list opens with the first article on its subject, and closes with the last."""

from __future__ import annotations

import random

import pytest

from recommender import Article, Policy, Recommender

N_SUBJECTS = 12
ALONE, PARTNER = "s13-0", "s13-1"


def _on(subject: int, number: int, *, weak: bool = False) -> Article:
    """Return an article on a subject, in words of its own and in words that all articles share."""
    source = random.Random(1000 * subject + number)
    common = source.choices([f"common{i}" for i in range(60)], k=20)
    own = source.choices([f"s{subject}word{i}" for i in range(15)], k=3 if weak else 25)
    alone = [f"only{subject}x{number}x{i}" for i in range(12)]
    return Article(f"s{subject:02}-{number}", f"Note {subject} {number}", " ".join([*common, *own, *alone]))


def _articles() -> list[Article]:
    """Return three articles on each of twelve subjects, and four that are alone on theirs but for one partner."""
    articles = [_on(subject, number) for subject in range(N_SUBJECTS) for number in range(3)]
    return articles + [_on(N_SUBJECTS + alone, 0) for alone in range(4)] + [_on(13, 1)]


def _assert_same_lists(site: Recommender, articles: list[Article]) -> None:
    scratch = Recommender.from_articles(articles, policy=site.policy, k=site.k, model=site.model)
    assert {i: site[i] for i in site} == {i: scratch[i] for i in scratch}


@pytest.mark.parametrize(
    "policy",
    [Policy(), Policy(diversity=0.3), Policy(fallback=("newest",))],
    ids=lambda policy: "-".join(
        str(each) for each in (policy.diversity, policy.fallback, policy.caps, policy.floor)
    ),
)
def test_a_list_opens_with_a_first_partner_and_closes_without_the_last(policy: Policy) -> None:
    articles = _articles()
    site = Recommender.from_articles(articles, policy=policy, k=5)
    partner = articles[-1]
    filler = site.related(ALONE, k=9, floor=0).article_ids[1:]
    assert site.related(ALONE, k=9, floor=0)[1].score >= policy.floor, "the floor alone would keep filler"
    for add in ([], [partner], []):
        before, articles = articles, [*articles[: 3 * N_SUBJECTS + 4], *add]
        site.update(add, delete=[PARTNER] if partner in before and not add else [])
        _assert_same_lists(site, articles)
        shown = {entry.article_id for entry in site[ALONE] if entry.source == "related"}
        assert (PARTNER in shown) == bool(add)
        assert bool(shown & set(filler)) == bool(add)


@pytest.mark.parametrize(
    "policy",
    [Policy(), Policy(caps={"section": 2}), Policy(floor=0.4)],
    ids=lambda policy: "-".join(
        str(each) for each in (policy.diversity, policy.fallback, policy.caps, policy.floor)
    ),
)
@pytest.mark.parametrize("k", [1, 5])
def test_updates_that_nearly_open_or_close_lists_give_those_of_a_build(policy: Policy, k: int) -> None:
    articles = _articles()
    site = Recommender.from_articles(articles, policy=policy, k=k)
    source = random.Random(7)
    for step in range(10):
        subject = source.randrange(N_SUBJECTS + 4)
        add = [_on(subject, 10 + step, weak=bool(step % 2))]
        gone = source.choice(articles).article_id
        site.update(add, delete=[gone])
        articles = [each for each in articles if each.article_id != gone] + add
        _assert_same_lists(site, articles)
