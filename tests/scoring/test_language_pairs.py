"""A score says the same within a language and across languages."""

import numpy as np
import pytest

from recommender.scoring.calibration import calibrated
from recommender.scoring.language_pairs import LanguagePairs, language_logs

LEVELS = (0.02, 0.01)


def random_scores(rng, scales, n=20_000):
    """Exponential scores of pairs of languages, whose means differ."""
    pairs = list(scales)
    scores = np.concatenate([rng.exponential(scales[pair], n) for pair in pairs])
    one, other = (np.repeat([pair[side] for pair in pairs], n) for side in (0, 1))
    return scores, (one, other)


def test_one_in_fifty_unrelated_pairs_is_at_chance_in_every_pair_of_languages():
    rng = np.random.default_rng(3)
    scales = {(0, 1): 0.002, (2, 0): 0.006, (1, 2): 0.02}
    scores, pairs = random_scores(rng, scales)
    logs = language_logs(scores, pairs, 3, LEVELS, 100_000)
    codes = np.array([0, 1, 2], dtype=np.int16)
    for one, other in scales:
        fresh = rng.exponential(scales[one, other], 20_000)
        log = LanguagePairs(codes, logs).between(np.array([one]), np.array([other]))
        assert (calibrated(fresh * np.exp(log), 0.02) >= 0.5).mean() == pytest.approx(0.02, abs=0.008)


def test_few_pairs_are_drawn_to_all_pairs_and_a_small_site_to_a_typical_one():
    rng = np.random.default_rng(3)
    scores, pairs = random_scores(rng, {(0, 1): 0.004})
    few = (
        np.append(scores, [0.2] * 5),
        tuple(np.append(side, [code] * 5) for side, code in zip(pairs, (0, 2), strict=True)),
    )
    logs = language_logs(*few, 3, LEVELS, 100_000)
    assert logs[0, 2] == pytest.approx(logs[0, 1], abs=0.2)
    assert logs[1, 2] == pytest.approx(logs[0, 1], abs=0.1)  # measured on no pair
    small = language_logs(scores * 0, pairs, 3, LEVELS, 10)
    assert small[0, 1] == pytest.approx(np.log(2), abs=0.1)
    nothing = language_logs(scores[:0], (scores[:0].astype(int),) * 2, 2, LEVELS, 10)
    assert nothing[0, 1] == pytest.approx(np.log(2), abs=1e-3)


def test_logs_are_symmetric_bounded_and_nothing_within_a_language():
    rng = np.random.default_rng(4)
    logs = language_logs(*random_scores(rng, {(0, 1): 9.0, (1, 2): 0.0}), 3, LEVELS, 10**6)
    assert (logs == logs.T).all()
    assert np.abs(logs).max() <= round(np.log(50), 4) + 1e-6
    assert not np.diag(logs)[:3].any()


def test_unknown_languages_have_no_log_and_new_ones_that_of_all():
    logs = language_logs(*random_scores(np.random.default_rng(5), {(0, 1): 0.004}), 2, LEVELS, 100_000)
    pairs = LanguagePairs(np.array([0, 1, -1, 1180, 1180], dtype=np.int16), logs)
    own = np.array([0, 0, 0, 0, 1180, 1180, -1])
    found = pairs.between(own, np.array([0, 1, 2, 3, 4, 0, 1]))
    assert found.tolist() == [0, logs[0, 1], 0, logs[0, 2], 0, logs[2, 0], 0]
