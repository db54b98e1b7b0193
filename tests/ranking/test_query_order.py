"""The order in which articles are ranked: every article once, and neighbours one after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.ranking.query_order import along_candidates


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_the_order_holds_every_row_once(n, width, seed):
    candidates = np.random.default_rng(seed).integers(-1, max(n, 1), (n, width)).astype(np.int32)
    assert sorted(along_candidates(candidates).tolist()) == list(range(n))


def test_articles_of_one_topic_follow_each_other():
    # rows of three topics take turns, and each has the others of its topic as candidates
    topics = np.arange(30) % 3
    candidates = np.array(
        [np.flatnonzero((topics == topic) & (np.arange(30) != row)) for row, topic in enumerate(topics)]
    )
    order = along_candidates(candidates.astype(np.int32))
    assert np.count_nonzero(np.diff(topics[order])) == 2
