"""Updates of a site that is too large to score everything against everything."""

import numpy as np
import pytest

from recommender import Article, Recommender, read_articles
from recommender.ranking import candidates_of_rows, site_sizes


@pytest.fixture(params=[16, 0], ids=["one by one", "together"])
def large(monkeypatch, request):
    """Make the sample site a large one, whose candidates are searched for few articles or for many at once."""
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 30)
    monkeypatch.setattr(candidates_of_rows, "_FEW", request.param)


def test_lists_equal_those_of_a_build_by_the_same_model(large):
    articles = list(read_articles("data/sample/articles.jsonl"))
    site = Recommender.from_articles(articles[:180])
    now = {each.article_id: each for each in articles[:180]}
    for step, article in enumerate(articles[180:196]):
        gone = articles[7 * step].article_id
        other = articles[5 * step + 3]
        edited = Article(
            other.article_id, other.title, f"{other.body} {article.title}", other.published, other.section
        )
        changes = [article] if other.article_id in (gone, *changed(now, articles)) else [article, edited]
        site.update(changes, [gone] if gone in now else [])
        now.pop(gone, None)
        now |= {each.article_id: each for each in changes}
    built = Recommender.from_articles(now.values(), model=site.model)
    assert np.array_equal(site.lists.rows, built.lists.rows)
    assert np.array_equal(site.lists.scores, built.lists.scores)


def changed(now, articles):
    """Return the ids that are no longer there."""
    return [each.article_id for each in articles if each.article_id not in now]
