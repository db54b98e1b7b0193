"""One scorer: a pair has the same score, bit for bit, whoever asks; and the score is that of the formula."""

import numpy as np
import pytest
from hand_made_sites import hand_made, random_site, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.scoring.queries import Queries
from recommender.scoring.score_parts import score_parts
from recommender.scoring.scorer import Scorer
from recommender.scoring.weights import Weights


def scorer_of(seed, n=40):
    model, collection = random_site(seed, n, crosses=bool(seed % 2))
    rng = np.random.default_rng(seed)
    object.__setattr__(collection, "hubs", rng.random(n).astype(np.float32) / 3)
    ratios = {
        name: rng.uniform(-1, 1, len(each.edges) + 1).astype(np.float32)
        for name, each in collection.attributes.items()
    }
    return Scorer(model.changed(mean_hub=0.15, log_ratios=ratios, chance=0.03), collection)


def by_formula(scorer, row, other):
    """Return the raw score of a pair in float64, None if the two have nothing in common."""
    collection, weights = scorer.collection, scorer.weights
    sparse = collection.sparse.to_csr(scorer.model.lexical.n_terms).toarray().astype(np.float64)
    short = 1 / (1 + (sparse[row] > 0).sum() / 80)
    mean = scorer.model.mean_cosine
    near = max(0.0, (float(collection.neural[row] @ collection.neural[other]) - mean) / (1 - mean))
    shared = float(sparse[row] @ sparse[other])
    if shared == 0 and near == 0:
        return None
    mention = collection.mentions.to_csr(len(collection)).toarray()[row, other]
    codes = [int(collection.languages[each]) for each in (row, other)]
    crosses = scorer.model.crosses and min(codes) >= 0 and codes[0] != codes[1]
    content = weights.lexical * shared + (
        weights.across * near**3 if crosses else weights.neural * short * near
    )
    content += weights.dense / 2 * short * float(collection.dense[row] @ collection.dense[other])
    content += weights.mention * mention**1.25 * max(content, 0) / (max(content, 0) + 0.1)
    log = -weights.hub * np.log((collection.hubs[other] + 0.01) / (scorer.model.mean_hub + 0.01))
    for name, attribute in collection.attributes.items():
        bin_ = int(attribute.bins(attribute, np.array([row]), np.array([other]))[0])
        if bin_ >= 0:
            log += getattr(weights, name) * (0.5 + short) * scorer.model.log_ratios[name][bin_]
    if crosses:
        log += scorer.model.language_logs[min(codes[0], 2), min(codes[1], 2)]
    return content * np.exp(log)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_scores_are_those_of_the_formula(seed):
    scorer = scorer_of(seed)
    rows, others = np.random.default_rng(seed).integers(0, 40, (2, 60))
    scores = scorer.articles(rows, others)
    assert scores.dtype == np.float32
    for row, other, score in zip(rows.tolist(), others.tolist(), scores.tolist(), strict=True):
        raw = by_formula(scorer, row, other)
        expected = 0 if raw is None else max(raw, 0) / (max(raw, 0) + 0.03)
        assert score == pytest.approx(expected, rel=1e-4, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 700))
def test_a_pair_has_the_same_score_in_a_block_of_any_size(seed, n_pairs):
    scorer = scorer_of(seed)
    rows, others = np.random.default_rng(seed).integers(0, 40, (2, n_pairs))
    scores = scorer.articles(rows, others)
    one_by_one = [scorer.articles(rows[at : at + 1], others[at : at + 1]) for at in range(n_pairs)]
    assert scores.tobytes() == np.concatenate(one_by_one).tobytes()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_parts_add_up_to_the_score_of_the_pair(seed):
    scorer = scorer_of(seed)
    rows, others = np.random.default_rng(seed).integers(0, 40, (2, 20))
    for row, other, score in zip(rows, others, scorer.articles(rows, others).tolist(), strict=True):
        query = Queries.of_articles(scorer.collection, np.array([row]))
        parts, terms = score_parts(scorer, query, int(other), score)
        assert sum(parts.values()) == pytest.approx(score, abs=1e-9)
        assert bool(parts) == (score > 0)
        assert len({term.term for term in terms}) == len(terms)
        # the parts are in the proportions of the formula, computed apart from the scorer
        raw = by_formula(scorer, int(row), int(other))
        if score > 0 and "lexical" in parts:
            sparse = scorer.collection.sparse.to_csr(scorer.model.lexical.n_terms).toarray()
            assert parts["lexical"] / score == pytest.approx(
                float(sparse[row] @ sparse[other]) / raw, rel=1e-3
            )


def test_dates_play_no_part_where_rules_say_so():
    model, collection = hand_made(unit(np.ones((2, 3))), published=[0, 0], chance=0.03)
    ratios = {"time": np.full(12, 2, np.float32)}
    dated = Scorer(model.changed(log_ratios=ratios), collection)
    undated = Scorer(model.changed(log_ratios=ratios, weights=Weights(time=0)), collection)
    pair = np.array([0]), np.array([1])
    assert dated.articles(*pair)[0] > undated.articles(*pair)[0]


def test_no_pair_has_no_score():
    scorer = scorer_of(0)
    assert scorer.articles(np.empty(0, int), np.empty(0, int)).shape == (0,)
