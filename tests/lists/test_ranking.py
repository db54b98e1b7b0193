"""The lists of a whole site against the same formulas on whole matrices."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommender.ranking.all_lists import rank_all
from recommender.ranking.attributes import Attribute, Labels, Moments
from recommender.ranking.limits import Limits
from recommender.ranking.signals import Signals
from scipy.sparse import csr_matrix

from recommender.progress import no_progress
from recommender.scoring.calibration import calibrated
from recommender.scoring.weights import Weights

DAY = 86_400_000_000  # microseconds
WORDS_ONLY = {"dense": 0.0, "neural": 0.0, "hub": 0.0, "time": 0.0, "section": 0.0, "tags": 0.0}


class Site(NamedTuple):
    """What `rank_all` takes."""

    signals: Signals
    attributes: dict[str, Attribute]
    id_order: np.ndarray


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def random_site(seed, n=40, terms=14):
    """A site with all that a score is made of; some articles have no words, no date, no section."""
    rng = np.random.default_rng(seed)
    words = rng.random((n, terms)) * (rng.random((n, terms)) < 0.3)
    words[rng.random(n) < 0.1] = 0
    names = np.triu(rng.random((n, n)) * (rng.random((n, n)) < 0.05), 1).astype(np.float32)
    names *= words.any(axis=1)[:, None] & words.any(axis=1)
    published = (rng.integers(0, 60, n) * DAY).astype(np.int64)
    published[rng.random(n) < 0.2] = np.iinfo(np.int64).min
    sections = [frozenset(rng.choice(list("abc"), 1) if rng.random() < 0.8 else ()) for _ in range(n)]
    tags = [frozenset(rng.choice(list("abcdef"), rng.integers(0, 4))) for _ in range(n)]
    signals = Signals(
        csr_matrix(unit(words)), unit(rng.normal(size=(n, 3))), unit(rng.normal(size=(n, 3)) + 0.4),
        csr_matrix(names + names.T), 0.2,
    )  # fmt: skip
    attributes = {
        "time": Moments(published),
        "section": Labels.of("section", sections),
        "tags": Labels.of("tags", tags),
    }
    return Site(signals, attributes, rng.permutation(n).astype(np.int32))


def ranked(site, k, weights=None, n_candidates=200, n_jobs=1, floor=0.0):
    weights = weights if weights is not None else Weights()
    limits = Limits(floor=floor)
    return rank_all(*site, k, weights, max(n_candidates, k), n_jobs, no_progress, limits=limits)


def contents_of(signals, weights):
    """Content scores of all pairs, NaN where two articles have nothing in common."""
    neural = (signals.neural @ signals.neural.T - signals.stranger) / (1 - signals.stranger)
    near = np.maximum(neural, 0) * (signals.neural.shape[1] > 0)
    shared = (signals.sparse @ signals.sparse.T).toarray()
    lean = 1 / (1 + np.diff(signals.sparse.indptr)[:, None] / 80)
    dense = weights.dense * (0.5 if signals.neural.shape[1] else 1)
    content = (
        weights.lexical * shared + dense * lean * (signals.dense @ signals.dense.T)
        + weights.neural * lean * near + weights.mention * signals.mentions.toarray()
    )  # fmt: skip
    content[(shared == 0) & (near == 0)] = np.nan
    np.fill_diagonal(content, np.nan)
    return content, lean


def scores_of(site, weights, ratios):
    """Scores of all pairs: content times the exponential of the logs of hub, time, section and tags."""
    content, lean = contents_of(site.signals, weights)
    n = len(content)
    nearest = [np.sort(mine[~np.isnan(mine)])[::-1][:10] for mine in content]  # fewer than ten count as 0
    hubs = np.array([max(each.sum() / 10, 0) for each in nearest])
    logs = -weights.hub * np.log((hubs + 0.01) / (hubs.mean() + 0.01)) * np.ones((n, 1))
    for name, attribute in site.attributes.items():
        bins = attribute.bins(attribute, *np.indices((n, n)).reshape(2, -1)).reshape(n, n)
        logs = logs + getattr(weights, name) * (0.5 + lean) * np.where(bins < 0, 0, ratios[name][bins])
    return content * np.exp(logs)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([1, 7, 80]), st.sampled_from([0.0, 0.6]))
def test_lists_are_the_best_of_all_by_every_signal(seed, k, floor):
    site = random_site(seed)
    found = ranked(site, k, floor=floor)
    raw = np.maximum(scores_of(site, Weights(), found.context.ratios), 0)
    scores = raw / (raw + found.chance)
    assert all(each.any() for each in found.context.ratios.values())
    for row, mine in enumerate(scores):
        listed = found.rows[row][found.rows[row] >= 0]
        n = len(listed)
        assert found.scores[row, :n] == pytest.approx(mine[listed], rel=1e-4, abs=1e-6)
        expected = np.sort(mine[mine >= floor])[::-1][:k]
        assert found.scores[row, :n] == pytest.approx(expected, rel=1e-4, abs=1e-6)
        assert len(set(listed.tolist())) == n
        assert (found.rows[row, n:] == -1).all()
        assert (found.scores[row, n:] == 0).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 20), st.sampled_from([0.0, 0.9, 0.95]))
def test_equal_scores_go_by_id_and_short_lists_are_padded(seed, k, floor):
    # few different values whose products are exact, so that scores tie
    rng = np.random.default_rng(seed)
    sparse = csr_matrix(rng.integers(0, 3, (30, 12)) * (rng.random((30, 12)) < 0.3), dtype=np.float32)
    names = np.triu(rng.integers(0, 3, (30, 30)) * (rng.random((30, 30)) < 0.1), 1).astype(np.float32)
    nothing = np.zeros((30, 1), np.float32), np.zeros((30, 0), np.float32)
    site = Site(
        Signals(sparse, *nothing, csr_matrix(names + names.T)), {}, rng.permutation(30).astype(np.int32)
    )
    found = ranked(site, k, Weights(lexical=0.5, mention=0.25, **WORDS_ONLY), n_jobs=2, floor=floor)
    shared = (sparse @ sparse.T).toarray()
    raw = (0.5 * shared + 0.25 * (names + names.T)).astype(np.float32)
    scores = calibrated(raw, found.chance)
    for row in range(30):
        candidates = [
            (-scores[row, other], site.id_order[other], other)
            for other in range(30)
            if other != row and shared[row, other] > 0 and scores[row, other] >= np.float32(floor)
        ]
        expected = sorted(candidates)[:k]
        padding = k - len(expected)
        assert found.rows[row].tolist() == [other for _, _, other in expected] + [-1] * padding
        assert found.scores[row].tolist() == [-score for score, _, _ in expected] + [0] * padding


def test_a_score_at_the_limit_stays():
    sparse = csr_matrix(np.ones((2, 1), dtype=np.float32))
    nothing = np.zeros((2, 1), np.float32), np.zeros((2, 0), np.float32), csr_matrix((2, 2), dtype=np.float32)
    site = Site(Signals(sparse, *nothing), {}, np.arange(2, dtype=np.int32))
    weights = Weights(lexical=0.5, mention=0, **WORDS_ONLY)
    score = float(ranked(site, 1, weights).scores[0, 0])
    for floor, rows in ((score, [1, 0]), (score + 1e-6, [-1, -1])):
        assert ranked(site, 1, weights, floor=floor).rows.ravel().tolist() == rows


@pytest.mark.parametrize("n", [0, 1, 2])
def test_sites_of_no_article_of_one_and_of_two(n):
    site = random_site(1, n)
    found = ranked(site, 3)
    assert found.rows.shape == found.scores.shape == (n, 3)
    assert found.context.hubs.shape == (n,)
    assert not any(each.any() for each in found.context.ratios.values())


def test_an_article_without_words_is_listed_by_its_neural_vector_alone():
    none = csr_matrix((3, 3), dtype=np.float32)
    neural = unit([[1, 0], [1, 0.1], [-1, 0.2]])
    signals = Signals(csr_matrix((3, 4), dtype=np.float32), np.zeros((3, 1), np.float32), neural, none, 0.0)
    found = ranked(Site(signals, {}, np.arange(3, dtype=np.int32)), 2, Weights(neural=0.4, hub=0.0))
    assert found.rows.tolist() == [[1, -1], [0, -1], [-1, -1]]
    raw = 0.4 * float(neural[0] @ neural[1])  # leaning by all
    assert found.scores[0, 0] == pytest.approx(raw / (raw + found.chance), rel=1e-5)


def test_threads_and_blocks_change_no_byte():
    site = random_site(9, n=700)  # three blocks
    one, two = ranked(site, 10, n_jobs=1), ranked(site, 10, n_jobs=2)
    assert one.rows.tobytes() == two.rows.tobytes()
    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.context.hubs.tobytes() == two.context.hubs.tobytes()


def test_the_order_of_the_input_changes_no_list():
    site, order = random_site(3), np.random.default_rng(0).permutation(40)
    signals, names = site.signals, site.signals.mentions[order][:, order]
    shuffled = Site(
        Signals(signals.sparse[order], signals.dense[order], signals.neural[order], csr_matrix(names), 0.2),
        {"time": Moments(site.attributes["time"].published[order])},
        site.id_order[order],
    )
    found = ranked(site._replace(attributes={"time": site.attributes["time"]}), 8)
    again = ranked(shuffled, 8)
    back = np.argsort(order)
    there = again.rows[back]
    assert np.where(there < 0, -1, order[there]).tolist() == found.rows.tolist()
    assert again.scores[back] == pytest.approx(found.scores, rel=1e-5)
    assert again.context.ratios["time"].tolist() == found.context.ratios["time"].tolist()
