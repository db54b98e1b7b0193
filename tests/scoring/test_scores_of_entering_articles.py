"""The scores of one article in the lists of others."""

import numpy as np
import pytest

from recommender.scoring.scorer import Scorer
from tests.hand_made_sites import random_site


@pytest.mark.parametrize("seed", range(4))
def test_an_article_has_the_same_score_in_each_list_to_six_digits(seed):
    model, collection = random_site(seed)
    scorer = Scorer(
        model.changed(chance=0.05, log_ratios={"time": np.linspace(-1, 1, 12).astype(np.float32)}), collection
    )
    for row in range(0, len(collection), 3):
        hosts = np.setdiff1d(np.arange(len(collection)), [row]).astype(np.int32)
        wanted = scorer.articles(hosts, np.full(len(hosts), row))
        np.testing.assert_allclose(scorer.into(row, hosts), wanted, rtol=1e-5, atol=1e-6)
    assert wanted.max() > 0
