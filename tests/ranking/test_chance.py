"""Chance is what unrelated articles reach, also on a site about few subjects, where most neighbours are related."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import Article, Policy, Recommender

LETTERS = np.array(list("bdfgklmnprstvz")), np.array(list("aeiou"))


def words(n, seed):
    """Return n different words of four syllables."""
    random = np.random.default_rng(seed)
    drawn = random.integers(0, [14, 5] * 4, (2 * n, 8))
    found = ["".join(LETTERS[place % 2][letter] for place, letter in enumerate(each)) for each in drawn]
    return list(dict.fromkeys(found))[:n]


COMMON, RARE = words(400, 1), words(3_000, 2)


def story(subject, seed, n_words=80):
    """Return a text: a third of it in words of its subject, a third in common words, a third in words of its own."""
    random = np.random.default_rng([subject, seed])
    own, n = RARE[40 * subject : 40 * subject + 40], n_words // 3
    text = [*random.choice(own, n), *random.choice(COMMON, n), *random.choice(RARE, n)]
    return " ".join(random.permutation(text))


def site_of(n_subjects, each, **settings):
    articles = [
        Article(f"{subject:02}-{number:02}", "", story(subject, number))
        for subject in range(n_subjects)
        for number in range(each)
    ]
    return Recommender.from_articles(articles, **settings)


@pytest.mark.parametrize(("n_subjects", "each"), [(2, 20), (5, 10), (10, 20)])
def test_a_site_of_few_subjects_keeps_related_articles(n_subjects, each):
    site = site_of(n_subjects, each)
    bare = site.relisted(policy=Policy(floor=0))
    lost = [
        entry
        for related, all_of_them in zip(site.related_all(), bare.related_all(), strict=True)
        for entry in all_of_them
        if entry.article_id[:2] == related.article_id[:2] and entry.article_id not in related.article_ids
    ]
    assert len(lost) < 0.01 * len(site) * min(each - 1, 10)


def test_few_subjects_do_not_raise_chance():
    few, many = site_of(10, 20), site_of(60, 4)
    assert few.model.chance == pytest.approx(many.model.chance, rel=0.25)
    # random pairs, of which one in ten is of one subject, would give .04, and more on a site of short texts
    assert few.model.chance < 0.03 * 2**few.model.lexical.brevity


def test_one_in_fifty_pairs_of_different_subjects_reaches_a_half():
    site = site_of(10, 40, policy=Policy(floor=0))
    above = sum(
        entry.article_id[:2] != related.article_id[:2]
        for related in site.related_many(site.summaries.column("article_id"), k=len(site), floor=0.5)
        for entry in related
    )
    assert 0.002 < above / (400 * 360) < 0.05


@pytest.mark.parametrize("n_subjects", [3, 10])
def test_an_article_of_other_words_gets_no_list(n_subjects):
    alone = Article("alone", "", " ".join([COMMON[0], *words(80, 3)]))
    articles = [Article(f"{i:02}-{j}", "", story(i, j, 150)) for i in range(n_subjects) for j in range(3)]
    site = Recommender.from_articles([*articles, alone])
    assert len(site.related("alone")) == 0
    assert set(site.related("01-0", k=2).article_ids) == {"01-1", "01-2"}


def test_neither_the_order_of_the_articles_nor_rules_of_pairs_move_chance():
    articles = [
        Article(f"{i}-{j}", "", story(i, j), section=f"part {j % 3}") for i in range(10) for j in range(5)
    ]
    site = Recommender.from_articles(articles)
    for other in Recommender.from_articles(articles[::-1]), site.relisted(policy=Policy(same=("section",))):
        assert (other.model.chance, other.model.opening) == (site.model.chance, site.model.opening)
