"""Tests of ClusteredIndex: its recall on sets with clusters, without clusters, and of copies of one point."""

import numpy as np
import pytest

from recommender.index import cluster_plan, clustered
from recommender.index.cluster_join import recall_by_probes
from recommender.index.clustered import ClusteredIndex
from recommender.index.exact import ExactIndex

K = 10


def topics(n, n_topics, spread, d=16, seed=0):
    """Unit rows around the directions of topics."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((n_topics, d))[random.integers(0, n_topics, n)]
    vectors += spread * random.standard_normal((n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall(vectors, rows):
    """Return the share of entries as near as the k-th true neighbour."""
    _, true = ExactIndex(n_jobs=2).fit(vectors).kneighbors(n_neighbors=rows.shape[1])
    found, best = (np.einsum("ij,ikj->ik", vectors, vectors[each], dtype=np.float64) for each in (rows, true))
    return (found >= best[:, -1:] - 1e-6).mean()


def check_lists(vectors, distances, rows, k=K):
    """Check that lists are full, sorted, free of duplicates and of the row itself, with correct distances."""
    assert rows.shape == (len(vectors), k)
    assert rows.min() >= 0
    assert (rows != np.arange(len(rows))[:, None]).all()
    assert (np.diff(np.sort(rows, axis=1), axis=1) > 0).all()
    np.testing.assert_allclose(distances, 1 - np.einsum("ij,ikj->ik", vectors, vectors[rows]), atol=1e-6)
    assert ((np.diff(distances) > 0) | (np.diff(distances) == 0) & (np.diff(rows) > 0)).all()


@pytest.fixture
def small_sets_too(monkeypatch):
    monkeypatch.setattr(clustered, "SMALL", 500)


@pytest.fixture(scope="module")
def real_size():
    """A set just large enough for the join by clusters."""
    return topics(21_000, n_topics=300, spread=0.4)


class TestRecall:
    @pytest.mark.parametrize("asked", [0.8, 0.95])
    def test_the_recall_is_reached_without_comparing_all_pairs(self, real_size, asked):
        index = ClusteredIndex(recall=asked, n_jobs=2).fit(real_size)
        distances, rows = index.kneighbors(n_neighbors=K)
        check_lists(real_size, distances, rows)
        found = recall(real_size, rows)
        assert asked <= found < 1
        assert index.n_probes_ > 0
        assert index.expected_recall_ == pytest.approx(found, abs=0.02)

    @pytest.mark.parametrize("spread", [0.1, 0.01, 0.001])
    def test_the_recall_is_reached_where_neighbours_differ_by_less_than_the_margin(
        self, small_sets_too, spread
    ):
        """Each topic has a hundred vectors that differ by less than the error of products of codes."""
        vectors = topics(4_000, n_topics=40, spread=spread)
        index = ClusteredIndex(recall=0.95, n_jobs=2).fit(vectors)
        distances, rows = index.kneighbors(n_neighbors=K)
        check_lists(vectors, distances, rows)
        assert recall(vectors, rows) >= 0.95

    def test_more_recall_takes_more_clusters(self, small_sets_too):
        vectors = topics(3_000, n_topics=3_000, spread=1.0)
        probes = []
        for asked in (0.5, 0.8, 0.95):
            index = ClusteredIndex(recall=asked).fit(vectors)
            assert recall(vectors, index.kneighbors(n_neighbors=K)[1]) >= asked
            probes.append(index.n_probes_)
        assert probes == sorted(set(probes))

    @pytest.mark.parametrize("k", [1, 40])
    def test_lists_of_any_length_are_full(self, small_sets_too, k):
        """Some topics have fewer members than a list has entries."""
        vectors = topics(3_000, n_topics=150, spread=0.2)
        index = ClusteredIndex(recall=0.5).fit(vectors)
        distances, rows = index.kneighbors(n_neighbors=k)
        check_lists(vectors, distances, rows, k)
        assert recall(vectors, rows) >= 0.5

    @pytest.mark.parametrize("asked", [1, 1.5])
    def test_from_one_on_the_answer_is_exact(self, small_sets_too, asked):
        vectors = topics(3_000, n_topics=50, spread=0.4)
        ours, theirs = (
            index.fit(vectors).kneighbors(n_neighbors=K)
            for index in (ClusteredIndex(recall=asked), ExactIndex())
        )
        assert [each.tobytes() for each in ours] == [each.tobytes() for each in theirs]

    @pytest.mark.parametrize("asked", [0, -0.5, float("nan")])
    def test_a_recall_of_zero_or_less_is_refused(self, asked):
        with pytest.raises(ValueError, match="recall must be above 0"):
            ClusteredIndex(recall=asked).fit(np.eye(3, dtype=np.float32)).kneighbors()


class TestWithoutClusters:
    def test_all_pairs_are_compared_if_no_number_of_probes_suffices(self, small_sets_too, monkeypatch):
        monkeypatch.setattr(cluster_plan, "_MOST_PROBES", 2)
        vectors = topics(2_000, n_topics=2_000, spread=1.0)
        index = ClusteredIndex(recall=0.95).fit(vectors)
        assert recall(vectors, index.kneighbors(n_neighbors=K)[1]) == 1
        assert (index.n_probes_, index.expected_recall_) == (0, 1.0)

    def test_all_pairs_of_few_vectors_are_compared(self):
        vectors = topics(2_000, n_topics=2_000, spread=1.0)
        index = ClusteredIndex(recall=0.1).fit(vectors)
        assert recall(vectors, index.kneighbors(n_neighbors=K)[1]) == 1
        assert (index.n_probes_, index.expected_recall_) == (0, 1.0)

    def test_copies_of_one_vector_all_find_copies(self, small_sets_too):
        vectors = np.repeat(topics(1, 1, 0), 2_000, axis=0)
        distances, rows = ClusteredIndex().fit(vectors).kneighbors(n_neighbors=K)
        check_lists(vectors, distances, rows)

    def test_zero_rows_have_full_lists_at_distance_one(self, small_sets_too):
        vectors = topics(3_000, n_topics=60, spread=0.3)
        empty = np.arange(0, 3_000, 3)
        vectors[empty] = 0
        distances, rows = ClusteredIndex(recall=0.9).fit(vectors).kneighbors(n_neighbors=K)
        check_lists(vectors, distances, rows)
        assert recall(vectors, rows) >= 0.9
        np.testing.assert_allclose(distances[empty], 1)

    def test_one_giant_cluster_beside_small_ones(self, small_sets_too):
        vectors = np.vstack([topics(2_500, 1, 0.3), topics(500, 100, 0.1, seed=1)])
        index = ClusteredIndex(recall=0.9, n_jobs=2).fit(vectors)
        distances, rows = index.kneighbors(n_neighbors=K)
        check_lists(vectors, distances, rows)
        assert recall(vectors, rows) >= 0.9


class TestRandomness:
    @pytest.fixture
    def vectors(self, small_sets_too):
        return topics(3_000, n_topics=60, spread=0.8)

    def lists(self, vectors, **settings):
        index = ClusteredIndex(recall=0.8, **settings).fit(vectors)
        found = b"".join(each.tobytes() for each in index.kneighbors(n_neighbors=K))
        assert index.n_probes_ > 0
        return found

    def test_threads_change_no_byte(self, vectors):
        assert self.lists(vectors, n_jobs=1) == self.lists(vectors, n_jobs=2)

    def test_the_seed_decides(self, vectors):
        first = self.lists(vectors, random_state=1)
        assert self.lists(vectors, random_state=1) == first
        assert self.lists(vectors, random_state=2) != first


def test_queries_are_answered_exactly_and_leave_the_attributes_of_the_join(small_sets_too):
    vectors = topics(3_000, n_topics=60, spread=0.8)
    index = ClusteredIndex(recall=0.8).fit(vectors)
    index.kneighbors(n_neighbors=K)
    before = index.n_probes_, index.expected_recall_
    queries = topics(50, 50, 1.0, seed=3)
    _, rows = index.kneighbors(queries, K)
    np.testing.assert_array_equal(rows, ExactIndex().fit(vectors).kneighbors(queries, K)[1])
    assert (index.n_probes_, index.expected_recall_) == before
    assert before[0] > 0


def test_progress_is_reported_to_near_the_end(small_sets_too):
    reports = []
    index = ClusteredIndex(recall=0.8, on_progress=lambda done, total: reports.append(done / total))
    index.fit(topics(3_000, n_topics=60, spread=0.8)).kneighbors()
    assert reports == sorted(reports)
    assert reports[-1] >= 0.8


def test_a_pair_is_compared_if_either_row_probes_the_cluster_of_the_other():
    probes = np.array([[0, 1, 2]], dtype=np.int32)
    others = np.array([[[0, 5, 6], [1, 5, 6], [5, 0, 6], [5, 6, 7]]], dtype=np.int32)
    # same cluster; row probes it second; it probes the row's second; never
    assert recall_by_probes(probes, others).tolist() == [[0.25, 0.75, 0.75]]
