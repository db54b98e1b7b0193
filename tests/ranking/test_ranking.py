"""The lists of a whole site against the same formulas on whole matrices."""

import numpy as np
import pytest
from hand_made_sites import hand_made, random_site, unit
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.progress import no_progress
from recommender.ranking import site_sizes
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.site_ranking import SiteRanking, site_candidates
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.calibration import calibrated
from recommender.scoring.mention_strength import mention_worth
from recommender.scoring.weights import Weights

WORDS_ONLY = {"dense": 0.0, "neural": 0.0, "hub": 0.0, "time": 0.0, "section": 0.0, "tags": 0.0}


class Ranked:
    """The ranking of a site as a build makes it."""

    def __init__(self, site, k, weights=None, n_jobs=1, floor=0.0):
        model, collection = site
        rules = SiteRules.of(Policy(floor=floor, copies="keep", cross_language=True), collection)
        index = CandidateIndex.fit(collection, model.lexical.n_terms, model.thresholds)
        found = site_candidates(collection, index, 200, n_jobs, no_progress)
        ranking = SiteRanking(model.changed(weights=weights or Weights()), collection, rules, k, n_jobs)
        nearest, by_default = ranking.nearest(found, fitting=True)
        ranking = ranking.fitted(by_default).calibrated()
        self.rows, self.scores = ranking.ranked(nearest)
        self.model, self.collection = ranking.model, ranking.collection


def contents_of(model, collection, weights):
    """Content scores of all pairs, NaN where two articles have nothing in common."""
    mean, n = model.mean_cosine, len(collection)
    neural = (collection.neural @ collection.neural.T - mean) / (1 - mean)
    near = np.maximum(neural, 0) * collection.has_neural
    sparse = collection.sparse.to_csr(model.lexical.n_terms)
    shared = (sparse @ sparse.T).toarray()
    short = 1 / (1 + collection.sparse.lengths[:, None] / 80)
    dense = weights.dense * (0.5 if collection.has_neural else 1)
    content = (
        weights.lexical * shared + dense * short * (collection.dense @ collection.dense.T)
        + weights.neural * short * near
    )  # fmt: skip
    mentions, rest = collection.mentions.to_csr(n).toarray(), np.maximum(content, 0)
    content += weights.mention * mentions**1.25 * rest / (rest + 0.1)
    content[(shared == 0) & (near == 0)] = np.nan
    np.fill_diagonal(content, np.nan)
    return content, short


def scores_of(model, collection, weights):
    """Raw scores of all pairs: content times the exponential of the logs of hub, time, section and tags."""
    content, short = contents_of(model, collection, weights)
    n = len(content)
    nearest = [np.sort(mine[~np.isnan(mine)])[::-1][:10] for mine in content]  # missing ones count as 0
    hubs = np.array([max(each.sum() / 10, 0) for each in nearest])
    logs = -weights.hub * np.log((hubs + 0.01) / (hubs.mean() + 0.01)) * np.ones((n, 1))
    for name, attribute in collection.attributes.items():
        bins = attribute.bins(attribute, *np.indices((n, n)).reshape(2, -1)).reshape(n, n)
        ratios = model.log_ratios[name]
        logs = logs + getattr(weights, name) * (0.5 + short) * np.where(bins < 0, 0, ratios[bins])
    return content * np.exp(logs)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([1, 7, 80]), st.sampled_from([0.0, 0.6]))
def test_lists_are_the_best_of_all_by_every_signal(seed, k, floor):
    found = Ranked(random_site(seed), k, floor=floor)
    raw = np.maximum(scores_of(found.model, found.collection, Weights()), 0)
    scores = raw / (raw + found.model.chance)
    assert set(found.model.log_ratios) == {"time", "section", "tags"}
    assume(all(each.any() for each in found.model.log_ratios.values()))  # by chance one is nothing
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
    id_order = rng.permutation(30).astype(np.int32)
    site = hand_made(sparse, mentions=names + names.T, id_order=id_order)
    found = Ranked(site, k, Weights(lexical=0.5, mention=0.25, **WORDS_ONLY), n_jobs=2, floor=floor)
    shared = (sparse @ sparse.T).toarray()
    words = (0.5 * shared).astype(np.float32)
    raw = words + np.float32(0.25) * mention_worth(names + names.T, words)
    scores = calibrated(raw, found.model.chance)
    for row in range(30):
        candidates = [
            (-scores[row, other], id_order[other], other)
            for other in range(30)
            if other != row and shared[row, other] > 0 and scores[row, other] >= np.float32(floor)
        ]
        expected = sorted(candidates)[:k]
        padding = k - len(expected)
        assert found.rows[row].tolist() == [other for _, _, other in expected] + [-1] * padding
        assert found.scores[row].tolist() == [-score for score, _, _ in expected] + [0] * padding


def test_a_score_at_the_floor_stays():
    site, weights = hand_made(np.ones((2, 1))), Weights(lexical=0.5, mention=0, **WORDS_ONLY)
    score = float(Ranked(site, 1, weights).scores[0, 0])
    for floor, rows in ((score, [1, 0]), (score + 1e-6, [-1, -1])):
        assert Ranked(site, 1, weights, floor=floor).rows.ravel().tolist() == rows


@pytest.mark.parametrize("n", [0, 1, 2])
def test_sites_of_no_article_of_one_and_of_two(n):
    found = Ranked(random_site(1, n), 3)
    assert found.rows.shape == found.scores.shape == (n, 3)
    assert found.collection.hubs.shape == (n,)
    assert not any(each.any() for each in found.model.log_ratios.values())


def test_an_article_without_words_is_listed_by_its_neural_vector_alone():
    neural = unit([[1, 0], [1, 0.1], [-1, 0.2]])
    found = Ranked(hand_made(csr_matrix((3, 4)), neural=neural), 2, Weights(neural=0.4, hub=0.0))
    assert found.rows.tolist() == [[1, -1], [0, -1], [-1, -1]]
    raw = 0.4 * float(neural[0] @ neural[1])  # the shortness of an article without words is 1
    assert found.scores[0, 0] == pytest.approx(raw / (raw + found.model.chance), rel=1e-5)


@pytest.mark.parametrize("small", [True, False])
def test_threads_and_blocks_change_no_byte(small, monkeypatch):
    if not small:
        monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    site = random_site(9, n=700)  # three blocks
    one, two = Ranked(site, 10, n_jobs=1), Ranked(site, 10, n_jobs=2)
    assert one.rows.tobytes() == two.rows.tobytes()
    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.collection.hubs.tobytes() == two.collection.hubs.tobytes()
