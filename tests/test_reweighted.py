"""The same site by other weights, without its texts."""

import numpy as np
import pytest
from hand_made_sites import assert_same_bytes
from hashing_encoder import HashingEncoder

from recommender import Recommender, Weights, read_articles

OTHER = Weights(lexical=0.9, dense=0.6, neural=0.6, mention=0.2, hub=0.1, time=0.4, section=0)


@pytest.fixture(scope="module", params=["words", "and a model"])
def built(request):
    encoder = HashingEncoder().fit() if request.param == "and a model" else None

    def build(weights):
        return Recommender.from_articles(
            read_articles("data/sample/articles.jsonl"),
            encoder=encoder,
            weights=weights,
            k=5,
            n_candidates=60,
        )

    return {weights: build(weights) for weights in (Weights(), OTHER)}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_it_is_the_site_that_a_build_with_these_weights_gives(built, tmp_path, n_jobs):
    site, other = built[Weights()], built[OTHER]
    assert (site.lists.rows != other.lists.rows).any()
    site.save(tmp_path / "site.rec")
    for each in (site, other, Recommender.load(tmp_path / "site.rec")):
        assert_same_bytes(each.relisted(weights=Weights(), n_jobs=n_jobs), site)
        assert_same_bytes(each.relisted(weights=OTHER, n_jobs=n_jobs), other)


def test_the_site_itself_stays_and_the_new_one_is_saved_and_asked(built, tmp_path):
    site = built[Weights()]
    before = site.lists.rows.copy()
    site.save(tmp_path / "site.rec")
    loaded = Recommender.load(tmp_path / "site.rec")
    loaded.relisted(weights=OTHER, fit={"source": "mine"}).save(
        tmp_path / "site.rec"
    )  # in place of what it is read from
    again = Recommender.load(tmp_path / "site.rec", check=True)
    assert again.model.fit == {"source": "mine"}
    assert np.array_equal(again.lists.rows, built[OTHER].lists.rows)
    assert np.array_equal(site.lists.rows, before)
    assert site.model.fit is None
    article_id = again.summaries.column("article_id")[0]
    assert again.related(article_id, k=20).article_ids[:5] == again.related(article_id).article_ids


def test_an_empty_site_has_other_weights_too():
    site = Recommender.from_articles([]).relisted(weights=OTHER)
    assert len(site) == 0
    assert site.model.weights.dense == OTHER.dense
