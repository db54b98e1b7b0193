"""What every index promises: the exact answer here, in a fixed order, whatever the threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import NearestNeighbors

from recommender.index import exact
from recommender.index.exact import ExactIndex


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def neighbours_by_sorting(vectors, queries, k, leave_out_self):
    """Every similarity, sorted by (-similarity, row): the definition."""
    similarities = queries @ vectors.T
    lists = []
    for row, line in enumerate(similarities):
        order = np.lexsort((np.arange(len(line)), -line))
        lists.append([other for other in order if not (leave_out_self and other == row)][:k])
    return lists


@pytest.fixture(scope="module", params=[ExactIndex], ids=lambda index: index.__name__)
def index(request):
    return request.param()


# Coordinates 0 and 1 give many exact ties, copies and zero vectors; unscaled, so that products are exact.
tied = st.integers(1, 40).flatmap(lambda n: arrays(np.float32, (n, 3), elements=st.sampled_from([0.0, 1.0])))


class TestEveryIndex:
    @settings(deadline=None, max_examples=60)
    @given(vectors=tied, k=st.integers(1, 45), block=st.sampled_from([3, 8, 1024]))
    def test_the_self_join_is_the_definition_ties_included(self, vectors, k, block):
        whole_block, exact._BLOCK = exact._BLOCK, block
        try:
            distances, rows = ExactIndex(n_jobs=2).fit(vectors).kneighbors(n_neighbors=k)
        finally:
            exact._BLOCK = whole_block
        assert rows.tolist() == neighbours_by_sorting(vectors, vectors, k, leave_out_self=True)
        np.testing.assert_allclose(
            distances, 1 - np.take_along_axis(vectors @ vectors.T, rows.astype(int), axis=1)
        )

    @settings(deadline=None, max_examples=40)
    @given(vectors=tied, queries=tied, k=st.integers(1, 45))
    def test_a_search_is_the_definition_ties_included(self, index, vectors, queries, k):
        _, rows = index.fit(vectors).kneighbors(queries, k)
        assert rows.tolist() == neighbours_by_sorting(vectors, queries, k, leave_out_self=False)

    def test_many_blocks_agree_with_scikit_learn(self, index):
        vectors = unit(np.random.default_rng(0).standard_normal((2_500, 16)))
        distances, rows = index.fit(vectors).kneighbors(n_neighbors=7)
        theirs = NearestNeighbors(metric="cosine", algorithm="brute").fit(vectors)
        expected, _ = theirs.kneighbors(n_neighbors=7)
        np.testing.assert_allclose(distances, expected, atol=1e-5)
        assert (rows != np.arange(len(rows))[:, None]).all()
        graph = index.kneighbors_graph(n_neighbors=7)
        assert graph.shape == (2_500, 2_500)
        np.testing.assert_array_equal(graph.indices.reshape(-1, 7), rows)

    def test_threads_change_no_byte(self, index):
        vectors = unit(np.random.default_rng(1).standard_normal((3_000, 24)))
        one, two = (index.set_params(n_jobs=n).fit(vectors).kneighbors(n_neighbors=20) for n in (1, 2))
        assert [a.tobytes() for a in one] == [a.tobytes() for a in two]

    def test_a_copy_is_a_neighbour_and_the_vector_itself_is_not(self, index):
        vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
        _, rows = index.fit(vectors).kneighbors(n_neighbors=2)
        assert rows.tolist() == [[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4]]

    def test_asking_for_more_than_there_is_gives_what_there_is(self, index):
        index.fit(np.eye(3, dtype=np.float32))
        assert index.kneighbors(n_neighbors=10)[1].shape == (3, 2)
        assert index.kneighbors(np.eye(3, dtype=np.float32), 10)[1].shape == (3, 3)

    @pytest.mark.parametrize("n", [0, 1])
    def test_no_or_one_vector_has_no_neighbours(self, index, n):
        assert index.fit(np.ones((n, 2), dtype=np.float32)).kneighbors(n_neighbors=5)[1].shape == (n, 0)
        assert index.kneighbors_graph(n_neighbors=5).shape == (n, n)

    def test_bad_calls_say_what_was_wanted(self, index):
        with pytest.raises(NotFittedError, match="call fit"):
            clone(index).kneighbors()
        index.fit(np.eye(3, dtype=np.float32))
        with pytest.raises(ValueError, match="1 or more, got 0"):
            index.kneighbors(n_neighbors=0)
        with pytest.raises(ValueError, match=r"3 dimensions.* have 2"):
            index.kneighbors(np.ones((1, 2), dtype=np.float32))
        with pytest.raises(ValueError, match=r"\(n, d\), got shape \(3,\)"):
            index.fit(np.ones(3, dtype=np.float32))
        with pytest.raises(ValueError, match="NaN or infinity"):
            index.fit(np.array([[np.nan, 1]], dtype=np.float32))


def test_progress_ends_near_the_end_and_never_falls():
    told = []
    vectors = unit(np.random.default_rng(2).standard_normal((5_000, 4)))
    ExactIndex(n_jobs=2, on_progress=lambda done, total: told.append((done, total))).fit(vectors).kneighbors()
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert done[-1] >= 0.8 * told[-1][1]
