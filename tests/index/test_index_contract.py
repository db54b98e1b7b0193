"""Contract of all indexes: the nearest in a fixed order, exactly or approximately, independent of threads."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import NearestNeighbors

from recommender.index import exact, float_search, join
from recommender.index.clustered import ClusteredIndex
from recommender.index.exact import ExactIndex
from recommender.index.graph import GraphIndex
from recommender.index.quantised import quantise


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def neighbours_by_sorting(similarities, k, leave_out_self):
    """Return rows sorted by (-similarity, row), as neighbours are defined."""
    if leave_out_self:
        similarities = np.where(np.eye(len(similarities), dtype=bool), -np.inf, similarities)
        k = min(k, len(similarities) - 1)
    return np.argsort(-similarities, axis=1, kind="stable")[:, :k]


def exactly(vectors, similarities, rows, expected):
    np.testing.assert_array_equal(rows, expected)


def nearly(vectors, similarities, rows, expected):
    """Check that each entry is as near as the true one, within the error of products of codes."""
    found, best = (np.take_along_axis(similarities, each, axis=1) for each in (rows.astype(int), expected))
    assert (found >= best - 2 * quantise(vectors).margin - 1e-5).all()
    later = (found[:, 1:] < found[:, :-1]) | (found[:, 1:] == found[:, :-1]) & (rows[:, 1:] > rows[:, :-1])
    assert later.all()


class Kind(NamedTuple):
    """An index or one of its code paths, and how its results on few rows are checked."""

    index: Callable
    near: Callable
    many_pairs: int = exact._MANY_PAIRS
    off: float = 1e-5  # largest error of similarities


KINDS = {
    "ExactIndex": Kind(ExactIndex, exactly),
    "ExactIndex-by-codes": Kind(ExactIndex, exactly, many_pairs=0),
    "ExactIndex-by-torch": Kind(partial(ExactIndex, device="cpu:0"), exactly, many_pairs=0),
    "ClusteredIndex": Kind(ClusteredIndex, exactly),
    "ClusteredIndex-by-codes": Kind(ClusteredIndex, exactly, many_pairs=0),
    "GraphIndex": Kind(GraphIndex, nearly),
    "GraphIndex-of-halves": Kind(partial(GraphIndex, dtype="float16"), nearly, off=1e-3),
}


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS.keys())
def kind(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "_MANY_PAIRS", request.param.many_pairs)
        yield request.param


@pytest.fixture(scope="module")
def index(kind):
    return kind.index()


@st.composite
def whole_numbers(draw, most=60):
    """Rows whose products are exact in float32: of any length, with ties, copies and zero rows."""
    n, d = draw(st.integers(1, most)), draw(st.sampled_from([1, 2, 3, 63, 64, 65, 200]))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    vectors = random.integers(-draw(st.integers(0, 3)), draw(st.integers(1, 3)) + 1, (n, d))
    vectors *= random.random((n, d)) < draw(st.sampled_from([0.05, 0.5, 1.0]))
    return vectors[random.integers(0, draw(st.integers(1, n)), n)].astype(np.float32)


class TestEveryIndex:
    @settings(deadline=None, max_examples=40)
    @given(vectors=whole_numbers(), k=st.integers(1, 65))
    def test_the_self_join_is_the_definition_ties_included(self, kind, vectors, k):
        distances, rows = kind.index(n_jobs=2).fit(vectors).kneighbors(n_neighbors=k)
        similarities = vectors @ vectors.T
        kind.near(vectors, similarities, rows, neighbours_by_sorting(similarities, k, leave_out_self=True))
        assert (rows != np.arange(len(rows))[:, None]).all()
        np.testing.assert_array_equal(
            distances, 1 - np.take_along_axis(similarities, rows.astype(int), axis=1)
        )

    @settings(deadline=None, max_examples=40)
    @given(vectors=whole_numbers(), turns=st.integers(0, 5), k=st.integers(1, 65))
    def test_a_search_is_the_definition_ties_included(self, kind, vectors, turns, k):
        queries = np.roll(vectors, turns, axis=1)  # of the same length as the vectors, in other directions
        _, rows = kind.index().fit(vectors).kneighbors(queries, k)
        similarities = queries @ vectors.T
        kind.near(vectors, similarities, rows, neighbours_by_sorting(similarities, k, leave_out_self=False))

    def test_many_blocks_agree_with_scikit_learn(self, kind, index):
        vectors = unit(np.random.default_rng(0).standard_normal((2_500, 6)))
        distances, rows = index.fit(vectors).kneighbors(n_neighbors=7)
        theirs = NearestNeighbors(metric="cosine", algorithm="brute").fit(vectors)
        expected, _ = theirs.kneighbors(n_neighbors=7)
        np.testing.assert_allclose(distances, expected, atol=kind.off)
        assert (rows != np.arange(len(rows))[:, None]).all()
        graph = index.kneighbors_graph(n_neighbors=7)
        assert graph.shape == (2_500, 2_500)
        np.testing.assert_array_equal(graph.indices.reshape(-1, 7), rows)

    def test_threads_change_no_byte(self, index):
        vectors = unit(np.random.default_rng(1).standard_normal((3_000, 24)))
        one, two = (clone(index).set_params(n_jobs=n).fit(vectors).kneighbors(n_neighbors=20) for n in (1, 2))
        assert [a.tobytes() for a in one] == [a.tobytes() for a in two]

    def test_a_query_alone_has_the_result_it_has_among_others(self, index):
        vectors = unit(np.random.default_rng(2).standard_normal((2_000, 6)))
        index.fit(vectors)
        _, together = index.kneighbors(vectors[:70], 5)
        assert together.tolist() == [
            index.kneighbors(query[None], 5)[1][0].tolist() for query in vectors[:70]
        ]

    def test_read_only_vectors_give_the_same_result(self, index):
        vectors = unit(np.random.default_rng(3).standard_normal((900, 5)))
        whole = [each.tobytes() for each in index.fit(vectors).kneighbors(n_neighbors=4)]
        before = vectors.tobytes()
        vectors.flags.writeable = False
        assert [each.tobytes() for each in index.fit(vectors).kneighbors(n_neighbors=4)] == whole
        assert vectors.tobytes() == before

    def test_a_copy_is_a_neighbour_and_the_vector_itself_is_not(self, index):
        vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
        _, rows = index.fit(vectors).kneighbors(n_neighbors=2)
        assert rows.tolist() == [[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4]]

    def test_k_above_the_number_of_rows_gives_shorter_lists(self, index):
        index.fit(np.eye(3, dtype=np.float32))
        assert index.kneighbors(n_neighbors=10)[1].tolist() == [[1, 2], [0, 2], [0, 1]]
        assert index.kneighbors(np.eye(3, dtype=np.float32), 10)[1].tolist() == [
            [0, 1, 2],
            [1, 0, 2],
            [2, 0, 1],
        ]

    @pytest.mark.parametrize("n", [0, 1])
    def test_no_or_one_vector_has_no_neighbours(self, index, n):
        index.fit(np.ones((n, 2), dtype=np.float32))
        assert index.kneighbors(n_neighbors=5)[1].shape == (n, 0)
        assert index.kneighbors_graph(n_neighbors=5).shape == (n, n)
        assert index.kneighbors(np.ones((2, 2), dtype=np.float32), 5)[1].tolist() == [list(range(n))] * 2

    def test_no_queries_get_no_lists(self, index):
        index.fit(np.eye(3, dtype=np.float32))
        assert index.kneighbors(np.empty((0, 3), dtype=np.float32), 2)[1].shape == (0, 2)

    def test_invalid_calls_are_refused(self, index):
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


class TestBlocks:
    """Exact searches at the edges of blocks, of tiles of 12 by 32, and of runs of blocks."""

    @settings(deadline=None, max_examples=40)
    @given(vectors=whole_numbers(40), k=st.integers(1, 45), block=st.sampled_from([3, 8, 1024]))
    def test_blocks_of_floats_change_nothing(self, vectors, k, block):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(float_search, "_BLOCK", block)
            _, rows = ExactIndex(n_jobs=2).fit(vectors).kneighbors(n_neighbors=k)
        expected = neighbours_by_sorting(vectors @ vectors.T, k, leave_out_self=True)
        np.testing.assert_array_equal(rows, expected)

    @settings(deadline=None, max_examples=40)
    @given(vectors=whole_numbers(300), k=st.integers(1, 45), run=st.sampled_from([1, 2, 16]))
    def test_blocks_of_codes_change_nothing(self, vectors, k, run):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exact, "_MANY_PAIRS", 0)
            patch.setattr(join, "BLOCK", 96)
            patch.setattr(join, "_RUN", run)
            patch.setattr(join, "_FEW", 100)
            index = ExactIndex(n_jobs=2).fit(vectors)
            (_, rows), (_, found) = index.kneighbors(n_neighbors=k), index.kneighbors(vectors, k)
        similarities = vectors @ vectors.T
        np.testing.assert_array_equal(rows, neighbours_by_sorting(similarities, k, leave_out_self=True))
        np.testing.assert_array_equal(found, neighbours_by_sorting(similarities, k, leave_out_self=False))

    @pytest.mark.parametrize("n", [11, 12, 13, 31, 32, 33, 383, 385, 959, 960, 961, 1_919, 1_921])
    def test_no_row_is_lost_at_the_edge_of_a_block(self, n, monkeypatch):
        monkeypatch.setattr(exact, "_MANY_PAIRS", 0)
        vectors = np.random.default_rng(n).integers(-3, 4, (n, 5)).astype(np.float32)
        index = ExactIndex(n_jobs=2).fit(vectors)
        similarities = vectors @ vectors.T
        _, rows = index.kneighbors(n_neighbors=6)
        np.testing.assert_array_equal(rows, neighbours_by_sorting(similarities, 6, leave_out_self=True))
        for m in {1, 13, min(n, 961)}:
            _, rows = index.kneighbors(vectors[:m], 6)
            np.testing.assert_array_equal(
                rows, neighbours_by_sorting(similarities[:m], 6, leave_out_self=False)
            )


class TestProof:
    """Lists that the first pass cannot prove complete are searched again in float32."""

    @pytest.fixture(autouse=True)
    def first_pass_always(self, monkeypatch):
        monkeypatch.setattr(exact, "_MANY_PAIRS", 0)

    @pytest.fixture
    def searched_again(self, monkeypatch):
        rows = []

        def by_floats(index, X, k, own):
            rows.extend(range(len(X)) if own is None else own.tolist())
            return whole(index, X, k, own)

        whole = ExactIndex._by_floats
        monkeypatch.setattr(ExactIndex, "_by_floats", by_floats)
        return rows

    def test_lists_of_well_spread_vectors_are_proven(self, searched_again):
        vectors = unit(np.random.default_rng(4).standard_normal((1_000, 12)))
        index = ExactIndex().fit(vectors)
        _, rows = index.kneighbors(n_neighbors=5)
        _, found = index.kneighbors(vectors, 6)
        assert searched_again == []
        assert (found[:, 0] == np.arange(1_000)).all()
        np.testing.assert_array_equal(found[:, 1:], rows)

    def test_more_copies_than_candidates_are_ordered_by_row(self, searched_again):
        vectors = unit(np.random.default_rng(5).standard_normal((400, 20)))
        copies = np.arange(300, 400)
        vectors[copies] = vectors[300]
        _, rows = ExactIndex(n_jobs=2).fit(vectors).kneighbors(n_neighbors=5)
        assert set(copies) <= set(searched_again) < set(range(400))
        assert rows[350].tolist() == [300, 301, 302, 303, 304]
        assert rows[302].tolist() == [300, 301, 303, 304, 305]

    def test_vectors_that_differ_by_less_than_the_margin_are_in_true_order(self, searched_again):
        random = np.random.default_rng(6)
        vectors = unit(random.standard_normal((1, 30)) + 1e-3 * random.standard_normal((200, 30)))
        _, rows = ExactIndex().fit(vectors).kneighbors(n_neighbors=5)
        true = neighbours_by_sorting(vectors @ vectors.T.astype(np.float64), 5, leave_out_self=True)
        found, best = (
            np.take_along_axis(vectors @ vectors.T, each.astype(int), axis=1) for each in (rows, true)
        )
        np.testing.assert_allclose(found, best, atol=3e-7)
        assert searched_again == list(range(200))

    def test_queries_longer_than_all_vectors_are_answered_in_float32(self):
        random = np.random.default_rng(7)
        vectors, queries = (random.integers(-3, 4, (n, 100)).astype(np.float32) for n in (500, 20))
        index = ExactIndex().fit(unit(vectors))
        _, rows = index.kneighbors(1_000 * queries, 5)
        _, expected = index.kneighbors(unit(queries), 5)
        np.testing.assert_array_equal(rows, expected)

    def test_lists_too_long_for_a_first_pass_are_made_in_float32(self):
        vectors = np.random.default_rng(8).integers(-2, 3, (600, 4)).astype(np.float32)
        _, rows = ExactIndex().fit(vectors).kneighbors(n_neighbors=500)
        np.testing.assert_array_equal(
            rows, neighbours_by_sorting(vectors @ vectors.T, 500, leave_out_self=True)
        )


def test_progress_never_decreases_and_ends_near_the_total():
    reports = []
    vectors = unit(np.random.default_rng(2).standard_normal((5_000, 4)))
    ExactIndex(n_jobs=2, on_progress=lambda done, total: reports.append((done, total))).fit(
        vectors
    ).kneighbors()
    done = [each for each, _ in reports]
    assert done == sorted(done)
    assert done[-1] >= 0.8 * reports[-1][1]
