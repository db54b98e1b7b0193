"""The best of each row: those that sorting gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from recommender.ranking.top import keep_top

# few different values, so that scores tie
SCORES = st.sampled_from([-1.5, -0.0, 0.0, 0.25, 0.5, 1.0, float("nan")])


@settings(deadline=None, max_examples=200)
@given(st.data(), st.integers(1, 12), st.integers(0, 3), st.integers(0, 10), st.integers(1, 14))
def test_the_best_are_those_that_sorting_gives(data, n, m, c, k):
    c = min(c, n)
    id_order = np.array(data.draw(st.permutations(range(n))), dtype=np.int32)
    candidates = [data.draw(st.permutations(range(n)))[:c] for _ in range(m)]
    scores = [data.draw(st.lists(SCORES, min_size=c, max_size=c)) for _ in range(m)]
    top_scores, top_rows = np.full((m, k), 9, np.float32), np.full((m, k), -7, np.int32)
    keep_top(
        np.array(scores, np.float32).reshape(m, c),
        np.array(candidates, np.int32).reshape(m, c),
        id_order, np.argsort(id_order).astype(np.int32), top_scores, top_rows,
    )  # fmt: skip
    for query in range(m):
        known = [
            (-s, id_order[r], r) for s, r in zip(scores[query], candidates[query], strict=True) if s == s
        ]
        best = sorted(known)[:k]
        n_best = len(best)
        assert top_rows[query].tolist() == [row for _, _, row in best] + [-7] * (k - n_best)
        assert top_scores[query].tolist() == [-score for score, _, _ in best] + [9] * (k - n_best)


def test_places_without_a_candidate_are_passed_over():
    nan, rows = np.float32("nan"), np.full((1, 3), -1, np.int32)
    scores = np.array([[nan, 0.5, nan, 0.75]], dtype=np.float32)
    order = np.arange(3, dtype=np.int32)
    keep_top(scores, np.array([[-1, 2, -1, 0]], np.int32), order, order, np.zeros((1, 3), np.float32), rows)
    assert rows.tolist() == [[0, 2, -1]]
