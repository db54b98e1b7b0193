"""A site that began without articles finds them by their vectors like any other."""

from __future__ import annotations

import pytest

from recommender import Article, Recommender
from tests.hand_made_sites import assert_same_bytes
from tests.hashing_encoder import HashingEncoder


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_site_without_articles_grows_into_one_whose_vectors_are_searched() -> None:
    encoder = HashingEncoder().fit()
    site = Recommender.from_articles([], encoder=encoder)
    articles = [Article(f"a{i}", "Rain in May", f"Rain fell on {town}.") for i, town in enumerate("xyz")]
    site.update(add=articles)
    search = site.index.searches["neural"]
    vector = site.collection.neural[0]
    assert search.sketches.nearest(vector, site.collection.neural, 3).size == 3
    assert_same_bytes(site, Recommender.from_articles(articles, model=site.model, encoder=encoder))
