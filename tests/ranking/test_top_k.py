"""The best of each row: those that sorting gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.ranking.top_k import IdOrder, top_k

# few different values, so that scores tie
SCORES = st.sampled_from([-1.5, -0.0, 0.0, 0.25, 0.5, 1.0, float("nan")])


@settings(deadline=None, max_examples=200)
@given(st.data(), st.integers(1, 12), st.integers(0, 3), st.integers(0, 10), st.integers(1, 14))
def test_the_best_are_those_that_sorting_gives(data, n, m, c, k):
    c = min(c, n)
    id_order = np.array(data.draw(st.permutations(range(n))), dtype=np.int32)
    candidates = [data.draw(st.permutations(range(n)))[:c] for _ in range(m)]
    scores = [data.draw(st.lists(SCORES, min_size=c, max_size=c)) for _ in range(m)]
    rows, best = top_k(
        np.array(scores, np.float32).reshape(m, c), np.array(candidates, np.int32).reshape(m, c),
        IdOrder.of(id_order), k,
    )  # fmt: skip
    for query in range(m):
        known = [
            (-s, id_order[r], r) for s, r in zip(scores[query], candidates[query], strict=True) if s == s
        ]
        expected = sorted(known)[:k]
        padding = k - len(expected)
        assert rows[query].tolist() == [row for _, _, row in expected] + [-1] * padding
        assert best[query].tolist() == [-score for score, _, _ in expected] + [0] * padding


def test_places_without_a_candidate_are_passed_over():
    nan = np.float32("nan")
    scores = np.array([[nan, 0.5, nan, 0.75]], dtype=np.float32)
    ids = IdOrder.of(np.arange(3, dtype=np.int32))
    assert top_k(scores, np.array([[-1, 2, -1, 0]], np.int32), ids, 3)[0].tolist() == [[0, 2, -1]]
