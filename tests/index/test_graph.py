"""Tests of GraphIndex: recall, filters, additions, deletions and files."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numba import njit

from recommender.index import clustered
from recommender.index.exact import ExactIndex
from recommender.index.graph import GraphIndex
from recommender.index.kernels.array_layout import half_bits
from recommender.index.kernels.half_floats import inner_product_of

N, D = 4_000, 48


def topics(n, seed, n_topics=60, spread=0.5):
    """Unit rows around the directions of topics that are the same for every seed."""
    centres = np.random.default_rng(0).standard_normal((n_topics, D))
    random = np.random.default_rng(seed)
    vectors = centres[random.integers(0, n_topics, n)] + spread * random.standard_normal((n, D))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall(index, vectors, queries, allowed=None, k=10):
    """Return the share of entries as near as the k-th true neighbour; check that all rows are allowed and distinct."""
    shown = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    _, rows = index.kneighbors(queries, k, allowed=allowed)
    assert rows.shape == (len(queries), min(k, len(shown)))
    assert np.isin(rows, shown).all()
    assert all(len(set(line)) == len(line) for line in rows.tolist())
    similarities = queries @ vectors.T
    last = np.sort(similarities[:, shown], axis=1)[:, -rows.shape[1], None]
    return (np.take_along_axis(similarities, rows.astype(int), axis=1) >= last - 1e-6).mean()


@njit
def product_with(a, bits):
    return inner_product_of(a, bits)


class Made(NamedTuple):
    """An index of vectors, and queries that are not among them."""

    index: GraphIndex
    vectors: np.ndarray
    queries: np.ndarray


@pytest.fixture(scope="module")
def made():
    vectors = topics(N, seed=1)
    return Made(GraphIndex(n_jobs=2).fit(vectors), vectors, topics(300, seed=2))


@pytest.fixture(scope="module")
def halves(made):
    """An index of the same vectors, stored as float16."""
    return GraphIndex(n_jobs=2, dtype="float16").fit(made.vectors)


@pytest.fixture
def fresh(made):
    """A copy of the index that tests may change."""
    return GraphIndex.open(made.index.to_arrays(), made.index.scale_, made.vectors)


class TestRecall:
    def test_nearly_all_neighbours_of_new_queries_are_found(self, made):
        assert recall(*made) >= 0.97

    def test_a_wider_beam_finds_more(self, made):
        arrays, scale = made.index.to_arrays(), made.index.scale_
        narrow, wide = (
            recall(GraphIndex.open(arrays, scale, made.vectors, beam=beam), made.vectors, made.queries)
            for beam in (10, 150)
        )
        assert narrow < wide
        assert wide >= 0.995

    def test_more_neighbours_than_the_beam_holds_are_found_too(self, made):
        assert recall(*made, k=100) >= 0.95

    def test_every_row_finds_its_neighbours_and_not_itself(self, made):
        _, rows = made.index.kneighbors(n_neighbors=10)
        _, true = ExactIndex().fit(made.vectors).kneighbors(n_neighbors=10)
        assert (rows != np.arange(N)[:, None]).all()
        assert np.mean([len(set(a) & set(b)) / 10 for a, b in zip(rows, true, strict=True)]) >= 0.97

    def test_distances_are_those_of_the_vectors(self, made):
        distances, rows = made.index.kneighbors(made.queries)
        true = 1 - np.einsum("ij,ikj->ik", made.queries, made.vectors[rows])
        np.testing.assert_allclose(distances, true, atol=1e-6)
        assert (np.diff(distances, axis=1) >= 0).all()

    def test_rows_sorted_by_cluster_keep_their_numbers(self, monkeypatch, made):
        """As in a large set, whose rows are stored in the order of clusters."""
        monkeypatch.setattr(clustered, "SMALL", 1_000)
        index = GraphIndex(n_jobs=2).fit(made.vectors)
        assert (index.to_arrays()["order"] != np.arange(N)).any()
        assert recall(index, made.vectors, made.queries) >= 0.97
        assert recall(index, made.vectors, made.queries, np.arange(N) % 7 == 0) >= 0.97
        index.delete([5])
        row = index.add(made.queries[:1])
        _, rows = index.kneighbors(np.vstack([made.queries[0], made.vectors[5]]), 1)
        assert rows[0] == row
        assert rows[1] != 5


class TestThreads:
    def test_the_graph_and_its_answers_are_the_same_for_any_number(self, made):
        one = GraphIndex(n_jobs=1).fit(made.vectors)
        for name, array in made.index.to_arrays().items():
            assert array.tobytes() == one.to_arrays()[name].tobytes(), name
        answers = [index.kneighbors(made.queries) for index in (one, made.index)]
        assert [each.tobytes() for each in answers[0]] == [each.tobytes() for each in answers[1]]


class TestFilters:
    @pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
    def test_recall_does_not_depend_on_the_share_that_a_filter_leaves(self, made, share):
        allowed = np.random.default_rng(3).random(N) < share
        assert recall(*made, allowed) >= recall(*made) - 0.01

    def test_recall_of_half_of_a_set_that_is_hard_to_search(self):
        """Walks miss some neighbours here, so walks with a filter must be longer in proportion to the hidden rows."""
        vectors, queries = (topics(n, seed, spread=2.0) for n, seed in ((N, 1), (300, 2)))
        index, half = GraphIndex(n_jobs=2).fit(vectors), np.random.default_rng(3).random(N) < 0.5
        whole = recall(index, vectors, queries)
        assert 0.85 <= whole < 0.97
        assert recall(index, vectors, queries, half) >= whole

    def test_allowed_rows_far_from_the_query_are_found(self, made):
        """The allowed rows are those least similar to the query; an unfiltered walk would not pass them."""
        least = np.argsort(made.queries[0] @ made.vectors.T)[:300]
        allowed = np.zeros(N, dtype=bool)
        allowed[least] = True
        _, rows = made.index.kneighbors(made.queries[:1], 10, allowed)
        similarities = made.queries[0] @ made.vectors[least].T
        assert set(rows[0]) == set(least[np.argsort(-similarities)[:10]])

    def test_a_filter_may_leave_one_row_or_none(self, made):
        allowed = np.zeros(N, dtype=bool)
        assert made.index.kneighbors(made.queries, 10, allowed)[1].shape == (300, 0)
        assert made.index.kneighbors(None, 10, allowed)[1].shape == (N, 0)
        allowed[77] = True
        assert made.index.kneighbors(made.queries, 10, allowed)[1].tolist() == [[77]] * 300

    def test_a_filter_that_allows_all_rows_changes_nothing(self, made):
        _, filtered = made.index.kneighbors(made.queries, 10, np.ones(N, dtype=bool))
        np.testing.assert_array_equal(filtered, made.index.kneighbors(made.queries, 10)[1])

    def test_the_filter_is_not_modified(self, fresh, made):
        allowed = np.arange(N) % 3 == 0
        before = allowed.copy()
        fresh.delete([0, 3, 6])
        _, rows = fresh.kneighbors(made.vectors[:9], 5, allowed)
        np.testing.assert_array_equal(allowed, before)
        assert not np.isin(rows, [0, 3, 6]).any()
        assert (rows % 3 == 0).all()

    def test_a_filtered_self_join_leaves_out_the_row_itself(self, made):
        allowed = np.arange(N) % 2 == 0
        _, rows = made.index.kneighbors(None, 5, allowed)
        assert rows.shape == (N, 5)
        assert (rows % 2 == 0).all()
        assert (rows != np.arange(N)[:, None]).all()

    @pytest.mark.parametrize("allowed", [np.ones(N - 1, dtype=bool), np.ones(N), np.ones((N, 1), dtype=bool)])
    def test_a_filter_of_wrong_shape_or_type_is_refused(self, made, allowed):
        with pytest.raises(ValueError, match=rf"allowed must be bool of shape \({N},\), got "):
            made.index.kneighbors(made.queries, allowed=allowed)


class TestAdding:
    def test_added_vectors_are_found_and_find_others_at_once(self, fresh, made):
        near = made.queries[:40]
        for number, vector in enumerate(near):
            assert fresh.add(vector[None]).tolist() == [N + number]
            distances, rows = fresh.kneighbors(vector[None], 5)
            assert rows[0, 0] == N + number
            assert distances[0, 0] == pytest.approx(0, abs=1e-6)
            assert (rows[0, 1:] < N + number).all()
        vectors = np.vstack([made.vectors, near])
        assert recall(fresh, vectors, made.queries[40:]) >= 0.97
        assert recall(fresh, vectors, near) >= 0.97

    @pytest.mark.parametrize("first", [0, 1, 100, 2_000])
    def test_an_index_that_was_mostly_added_to_is_searched_nearly_as_well(self, made, first):
        index = GraphIndex().fit(made.vectors[:first])
        for start in range(first, N, 1_000):
            index.add(made.vectors[start : start + 1_000])
        assert recall(index, made.vectors, made.queries) >= 0.95
        assert recall(index, made.vectors, made.queries, np.arange(N) % 10 == 0) >= 0.95
        assert (index.to_arrays()["links"] >= 0).any(axis=1).all()  # so walks can find them

    def test_copies_can_be_added(self, fresh, made):
        rows = fresh.add(np.repeat(made.queries[:1], 100, axis=0))
        assert set(fresh.kneighbors(made.queries[:1], 10)[1][0]) <= set(rows)

    def test_adding_no_vectors_changes_nothing(self, fresh, made):
        assert fresh.add(np.empty((0, D), dtype=np.float32)).tolist() == []
        np.testing.assert_array_equal(
            fresh.kneighbors(made.queries)[1], made.index.kneighbors(made.queries)[1]
        )

    def test_the_fitted_vectors_are_not_modified(self):
        vectors = topics(50, seed=4)
        before = vectors.copy()
        GraphIndex().fit(vectors).add(topics(50, seed=5))
        np.testing.assert_array_equal(vectors, before)

    def test_vectors_of_other_dimensions_are_refused(self, fresh):
        with pytest.raises(ValueError, match=rf"{D} dimensions.* have 3"):
            fresh.add(np.ones((1, 3), dtype=np.float32))


class TestDeleting:
    def test_deleted_rows_are_never_found_again(self, fresh, made):
        """Deletions and additions alternate; earlier deletions must stay in force."""
        deleted, vectors = set(), made.vectors
        for step in range(6):
            nearest = fresh.kneighbors(made.queries[step : step + 1], 3)[1][0]
            fresh.delete(nearest)
            deleted |= set(nearest.tolist())
            if step % 2:
                fresh.add(made.queries[200 + step : 201 + step])
                vectors = np.vstack([vectors, made.queries[200 + step]])
            _, rows = fresh.kneighbors(np.vstack([made.queries[:6], vectors[sorted(deleted)]]), 10)
            assert not deleted & set(rows.ravel().tolist())
        left = ~np.isin(np.arange(len(vectors)), sorted(deleted))
        assert recall(fresh, vectors, made.queries, left) >= 0.97

    def test_added_rows_can_be_deleted(self, fresh, made):
        row = fresh.add(made.queries[:1])
        fresh.delete(row)
        fresh.add(made.queries[1:2])
        assert row not in fresh.kneighbors(made.queries[:1], 10)[1]

    def test_most_rows_can_be_deleted(self, fresh, made):
        fresh.delete(np.flatnonzero(np.arange(N) % 20))
        assert recall(fresh, made.vectors, made.queries, np.arange(N) % 20 == 0) >= 0.97
        _, rows = fresh.kneighbors(made.queries, 10)
        assert (rows % 20 == 0).all()

    def test_all_rows_can_be_deleted(self, fresh, made):
        fresh.delete(np.arange(N))
        assert fresh.kneighbors(made.queries)[1].shape == (300, 0)
        row = fresh.add(made.queries[:1])
        assert fresh.kneighbors(made.queries)[1].tolist() == [row.tolist()] * 300

    def test_rows_can_be_deleted_twice_and_no_rows_can_be_deleted(self, fresh, made):
        fresh.delete([])
        fresh.delete([3, 3])
        fresh.delete([3])
        assert recall(fresh, made.vectors, made.queries, np.arange(N) != 3) >= 0.97

    @pytest.mark.parametrize("rows", [[-1], [N], [0, N + 5]])
    def test_rows_out_of_range_are_refused(self, fresh, rows):
        with pytest.raises(ValueError, match=f"wanted rows from 0 to {N - 1}"):
            fresh.delete(rows)

    def test_a_mask_instead_of_rows_is_refused(self, fresh):
        with pytest.raises(ValueError, match="whole numbers, got bool"):
            fresh.delete(np.ones(N, dtype=bool))


class TestFiles:
    @pytest.fixture
    def folder(self, made, tmp_path):
        for name, array in {**made.index.to_arrays(), "vectors": made.vectors}.items():
            np.save(tmp_path / f"{name}.npy", array, allow_pickle=False)
        return tmp_path

    def opened(self, folder, made):
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
        return GraphIndex.open(arrays, float(made.index.scale_), arrays.pop("vectors"), n_neighbors=7)

    def test_an_index_opened_from_files_answers_the_same(self, folder, made):
        index = self.opened(folder, made)
        allowed = np.arange(N) % 5 == 0
        for how in ({}, {"allowed": allowed}):
            ours, theirs = (each.kneighbors(made.queries, 7, **how) for each in (index, made.index))
            assert [each.tobytes() for each in ours] == [each.tobytes() for each in theirs]
        assert index.kneighbors(made.queries)[1].shape == (300, 7)
        assert index.kneighbors()[1].shape == (N, 7)

    def test_changes_are_made_in_memory(self, folder, made):
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        index = self.opened(folder, made)
        index.delete([1, 2])
        rows = index.add(made.queries[:3])
        assert index.kneighbors(made.queries[:3], 1)[1].ravel().tolist() == rows.tolist()
        assert not np.isin(index.kneighbors(made.vectors[:3], 10)[1], [1, 2]).any()
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        again = self.opened(folder, made)
        assert again.kneighbors(made.vectors[1:2], 1)[1].tolist() == [[1]]

    def test_a_changed_index_can_be_saved_and_opened(self, fresh, made, tmp_path):
        fresh.delete([1, 2])
        fresh.add(made.queries[:3])
        for name, array in {**fresh.to_arrays(), "vectors": fresh.vectors_}.items():
            np.save(tmp_path / f"{name}.npy", array, allow_pickle=False)
        _, rows = self.opened(tmp_path, made).kneighbors(made.queries, 5)
        np.testing.assert_array_equal(rows, fresh.kneighbors(made.queries, 5)[1])
        assert not np.isin(rows, [1, 2]).any()
        assert set(rows[:3, 0]) == {N, N + 1, N + 2}


class TestHalves:
    """Vectors stored as float16."""

    def test_they_take_half_the_memory_at_nearly_the_same_recall(self, halves, made):
        assert 2 * halves.vectors_.nbytes == made.vectors.nbytes
        rounded = halves.vectors_.astype(np.float32)
        assert recall(halves, rounded, made.queries) >= 0.97
        _, ours = halves.kneighbors(made.queries)
        _, theirs = made.index.kneighbors(made.queries)
        assert np.mean([len(set(a) & set(b)) / 10 for a, b in zip(ours, theirs, strict=True)]) >= 0.98

    def test_distances_are_those_of_the_rounded_vectors(self, halves, made):
        allowed = np.arange(N) % 100 == 0  # few rows, so they are scanned
        for how in ({}, {"allowed": allowed}):
            distances, rows = halves.kneighbors(made.queries, 5, **how)
            true = 1 - np.einsum("ij,ikj->ik", made.queries, halves.vectors_.astype(np.float32)[rows])
            np.testing.assert_allclose(distances, true, atol=1e-6)

    def test_they_can_be_opened_added_to_and_deleted_from(self, halves, made, tmp_path):
        np.save(tmp_path / "vectors.npy", halves.vectors_, allow_pickle=False)
        vectors = np.load(tmp_path / "vectors.npy", mmap_mode="r")
        index = GraphIndex.open(halves.to_arrays(), halves.scale_, vectors)
        np.testing.assert_array_equal(index.kneighbors(made.queries)[1], halves.kneighbors(made.queries)[1])
        added = index.add(made.queries[:3])
        assert index.vectors_.dtype == np.float16
        assert index.kneighbors(made.queries[:3], 1)[1].ravel().tolist() == added.tolist()
        index.delete(added)
        assert not np.isin(index.kneighbors(made.queries[:3])[1], added).any()

    @settings(deadline=None)
    @given(
        a=arrays(np.float32, 40, elements=st.floats(-2, 2, width=32)),
        b=arrays(np.float16, 40, elements=st.floats(-60_000, 60_000, width=16)),
    )
    def test_inner_products_are_correct_for_all_half_floats(self, a, b):
        """Includes the largest, subnormal numbers and both zeros."""
        found = product_with(a, half_bits(b))
        terms = a.astype(np.float64) * b.astype(np.float64)
        assert found == pytest.approx(terms.sum(), abs=1e-5 * np.abs(terms).sum() + 1e-40)

    def test_another_dtype_is_refused(self):
        with pytest.raises(ValueError, match="dtype must be one of float32, float16, got 'int8'"):
            GraphIndex(dtype="int8").fit(np.eye(3, dtype=np.float32))


class TestOddSets:
    @pytest.mark.parametrize("n", [0, 1, 2])
    def test_few_vectors_can_be_searched_opened_and_added_to(self, n):
        vectors = np.eye(3, dtype=np.float32)
        index = GraphIndex().fit(vectors[:n])
        again = GraphIndex.open(index.to_arrays(), index.scale_, vectors[:n])
        assert again.kneighbors(vectors[:2], 5)[1].shape == (2, n)
        assert again.add(vectors[n:]).tolist() == list(range(n, 3))
        assert again.kneighbors(vectors, 1)[1].ravel().tolist() == [0, 1, 2]

    def test_many_copies_of_one_vector_do_not_reduce_recall_of_others(self):
        vectors, random = topics(N, seed=6), np.random.default_rng(6)
        copies = random.choice(N, 1_000, replace=False)
        vectors[copies] = vectors[copies[0]]
        index, queries = GraphIndex().fit(vectors), topics(300, seed=7)
        assert recall(index, vectors, queries) >= 0.97
        others = np.setdiff1d(np.arange(N), copies)
        assert recall(index, vectors, vectors[others[:300]]) >= 0.97
        assert set(index.kneighbors(vectors[copies[:5]], 10)[1].ravel()) <= set(copies)

    def test_lists_of_copies_are_full(self):
        vectors = np.repeat(topics(1, seed=8), 1_000, axis=0)
        distances, rows = GraphIndex().fit(vectors).kneighbors(n_neighbors=10)
        assert rows.shape == (1_000, 10)
        assert (rows >= 0).all()
        assert (rows != np.arange(1_000)[:, None]).all()
        np.testing.assert_allclose(distances, 0, atol=1e-6)

    def test_zero_rows_are_at_distance_one_and_do_not_reduce_recall(self):
        vectors = topics(N, seed=9)
        vectors[::4] = 0
        index, queries = GraphIndex().fit(vectors), topics(300, seed=10)
        assert recall(index, vectors, queries) >= 0.97
        distances, rows = index.kneighbors(np.zeros((1, D), dtype=np.float32), 10)
        assert rows.shape == (1, 10)
        np.testing.assert_allclose(distances, 1)

    def test_fewer_than_two_links_are_refused(self):
        with pytest.raises(ValueError, match="n_links must be 2 or more, got 1"):
            GraphIndex(n_links=1).fit(np.eye(3, dtype=np.float32))
