"""Position-bias correction: parameters of simulated click logs are recovered."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.evaluation import ClickLog, evaluate, fit_clicks
from recommender.evaluation.clicks import MAX_POSITION


def planted(seed, examined, mean_rate, *, n_queries=200, n_views=300, noise=1.0):
    """Return rows simulated with the position-based model, and the attractiveness of each pair.

    Eight articles compete for the positions of each list. The less noise, the more often better ones rank higher.
    """
    rng = np.random.default_rng(seed)
    rows, attraction = [], {}
    for query in range(n_queries):
        pull = np.minimum(rng.gamma(1.0, mean_rate, 8), 1.0)
        attraction |= {(f"q{query}", f"d{d}"): rate for d, rate in enumerate(pull)}
        for _ in range(n_views):
            place = np.log(pull + 1e-6) + noise * rng.standard_normal(8)
            order = np.argsort(-place)[: len(examined)]
            clicked = rng.random(len(examined)) < np.array(examined) * pull[order]
            rows += [
                (f"q{query}", f"d{d}", k, bool(c))
                for k, (d, c) in enumerate(zip(order, clicked, strict=True), 1)
            ]
    return rows, attraction


STEEP, FLAT, GRID = [1.0, 0.5, 0.33, 0.25], [1.0, 1.0, 1.0, 1.0], [0.6, 1.0, 0.5, 0.8]


@pytest.mark.parametrize("examined", [STEEP, FLAT, GRID], ids=["steep", "flat", "grid"])
@pytest.mark.parametrize("noise", [3.0, 0.5], ids=["shuffled", "best first"])
def test_propensities_and_attractions_are_recovered(examined, noise):
    rows, attraction = planted(5, examined, 0.1, noise=noise)
    model = fit_clicks(ClickLog.from_rows(rows))
    assert model.positions.tolist() == [1, 2, 3, 4]
    np.testing.assert_allclose(model.propensities, examined, rtol=0.08)
    shown = defaultdict(int)
    for query, article, _, _ in rows:
        shown[query, article] += 1
    often = [pair for pair, times in shown.items() if times >= 200]
    assert len(often) > 200
    found = model.relevances()
    errors = [found[q][d] - attraction[q, d] for q, d in often]
    assert abs(np.mean(errors)) < 0.015
    assert np.mean(np.abs(errors)) < 0.04


def test_correction_ranks_down_articles_clicked_only_because_of_their_position():
    rows, _ = planted(1, STEEP, 0.1)
    # 1,000 views: the bad one always first, the good one always fourth; the bad one has more clicks
    rows += [("page", "bad", 1, i < 60) for i in range(1_000)] + [
        ("page", "good", 4, i < 50) for i in range(1_000)
    ]
    model = fit_clicks(ClickLog.from_rows(rows))
    relevance = model.relevances()["page"]
    assert relevance["good"] == pytest.approx(0.2, rel=0.1)
    assert relevance["bad"] == pytest.approx(0.06, rel=0.1)
    grades = {"page": {"bad": 0} | model.qrels()["page"]}
    assert grades["page"]["good"] > grades["page"]["bad"]
    better, worse = ([("good", 2.0), ("bad", 1.0)], [("bad", 2.0), ("good", 1.0)])
    ndcg = [evaluate({"page": found}, grades, "nDCG@2").mean("nDCG@2") for found in (better, worse)]
    assert ndcg[0] == 1 > ndcg[1]


def test_ranking_the_best_first_does_not_raise_the_propensity_of_the_first_position():
    """Pairs shown at one position only carry no information on propensities."""
    rows, _ = planted(2, FLAT, 0.1)
    rows += [(f"p{q}", "best", 1, i < 80) for q in range(200) for i in range(100)]
    rows += [(f"p{q}", "other", 4, i < 2) for q in range(200) for i in range(100)]
    model = fit_clicks(ClickLog.from_rows(rows))
    np.testing.assert_allclose(model.propensities, FLAT, rtol=0.1)
    assert model.informative_clicks < model.log.clicks.sum() - 16_000


def test_lists_that_never_changed_keep_the_prior():
    rows = [("q", f"d{k}", k, i < 300 // k) for k in (1, 2, 4, 9) for i in range(1_000)]
    model = fit_clicks(ClickLog.from_rows(rows))
    assert model.informative_clicks == 0
    np.testing.assert_allclose(model.propensities, [1, 2**-0.5, 1 / 2, 1 / 3], rtol=1e-6)
    assert fit_clicks(ClickLog.from_rows(rows), decay=0).propensities.tolist() == [1, 1, 1, 1]


def test_the_prior_gives_way_as_rows_grow():
    def found(times, **options):
        rows = [("q", "d", k, i < clicks) for k, clicks in ((1, 1), (9, 3)) for i in range(9)] * times
        first, ninth = fit_clicks(ClickLog.from_rows(rows), **options).propensities
        return ninth / first

    assert 1 / 3 < found(1) < 0.5
    assert found(2_000) == pytest.approx(3, rel=0.02)
    assert found(1) < found(10) < found(100) < found(2_000)
    assert found(10, prior_clicks=1e9) == pytest.approx(1 / 3, rel=1e-3)


def test_one_click_is_enough_and_a_log_without_clicks_is_an_error():
    model = fit_clicks(ClickLog.from_rows([("q", "d", 3, True)]))
    assert model.relevances() == {"q": {"d": 1.0}}
    assert model.qrels() == {"q": {"d": 1}}
    with pytest.raises(InputError, match="no clicks in the log, got 2 impressions"):
        fit_clicks(ClickLog.from_rows([("q", "d", 1, False), ("q", "e", 2, False)]))
    with pytest.raises(InputError, match="no clicks"):
        fit_clicks(ClickLog.from_rows([]))


def test_rarely_shown_pairs_stay_near_the_mean():
    often = [("q", "often", 1, i < 500) for i in range(1_000)]
    others = [("q", "dull", 1, i < 10) for i in range(1_000)]
    model = fit_clicks(
        ClickLog.from_rows([*often, *others, ("q", "once", 1, True), ("q", "unlucky", 1, False)])
    )
    found, mean = model.relevances()["q"], model.mean_rate
    assert found["dull"] < found["unlucky"] < mean < found["once"] < found["often"]
    assert found["once"] < 2 * mean
    assert found["unlucky"] > mean / 2
    assert found["often"] == pytest.approx(0.5, rel=0.01)


def test_each_doubling_of_the_click_rate_adds_a_grade_and_undecided_pairs_have_none():
    rows = [
        ("q", f"d{clicks}", 1, i < clicks) for clicks in (0, 50, 60, 100, 200, 400, 800) for i in range(1_000)
    ]
    rows += [("q", "filler", 1, i < 390) for i in range(13_000)]  # brings the mean to 0.1
    model = fit_clicks(ClickLog.from_rows([*rows, ("hardly", "shown", 1, False)]))
    assert model.mean_rate == pytest.approx(0.1, rel=1e-3)
    lifts = {d: rate / model.mean_rate for d, rate in model.relevances()["q"].items()}
    grades = model.qrels()["q"]
    for article, lift in lifts.items():
        if 0.5 < lift < 1:
            assert article not in grades
        else:
            assert grades[article] == (0 if lift <= 0.5 else min(4, int(np.log2(lift)) + 1))
    assert {"d0", "d400", "d800"} < grades.keys()
    assert "d60" not in grades
    assert model.qrels().keys() == {"q"}
    assert max(model.qrels(max_grade=2)["q"].values()) == 2
    with pytest.raises(ValueError, match="max_grade"):
        model.qrels(max_grade=0)


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 4), st.booleans()), max_size=40
)


@given(ROWS, st.randoms(use_true_random=False))
def test_counts_match_the_rows_in_any_order(rows, random):
    log = ClickLog.from_rows(rows)
    counted = defaultdict(lambda: [0, 0])
    for *entry, clicked in rows:
        counted[tuple(entry)][0] += 1
        counted[tuple(entry)][1] += clicked
    ids = log.article_ids
    entries = zip(log.query, log.shown, log.position, log.impressions, log.clicks, strict=True)
    found = [((ids[q], ids[d], int(k)), [int(n), int(c)]) for q, d, k, n, c in entries]
    assert found == sorted(counted.items())
    shuffled = random.sample(rows, len(rows))
    if any(row[3] for row in rows):
        one, other = fit_clicks(log), fit_clicks(ClickLog.from_rows(shuffled))
        assert one.relevances() == other.relevances()
        assert one.qrels() == other.qrels()
        assert one.propensities.tolist() == other.propensities.tolist()


@given(ROWS.filter(lambda rows: any(row[3] for row in rows)), st.floats(0, 3), st.floats(0.01, 100))
@settings(max_examples=50)
def test_propensities_and_relevances_are_probabilities_for_any_log(rows, decay, prior_clicks):
    model = fit_clicks(ClickLog.from_rows(rows), decay=decay, prior_clicks=prior_clicks)
    assert model.propensities.max() == 1
    assert model.propensities.min() > 0
    rates = [rate for found in model.relevances().values() for rate in found.values()]
    assert len(rates) == len({row[:2] for row in rows})
    assert 0 < min(rates) <= max(rates) <= 1
    assert model.qrels()  # some pair is at or above the mean


def test_counting_in_chunks_gives_the_same_log(monkeypatch):
    rows = [(f"q{i % 7}", f"d{i % 11}", i % 5 + 1, i % 3 == 0) for i in range(1_000)]
    whole = ClickLog.from_rows(rows)
    monkeypatch.setattr("recommender.evaluation.clicks._CHUNK", 64)
    parts = ClickLog.from_rows(iter(rows))
    for name in ("query", "shown", "position", "impressions", "clicks"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))
    assert whole.impressions.sum() == 1_000


@pytest.mark.parametrize("position", [0, -1, MAX_POSITION + 1])
def test_positions_out_of_range_are_value_errors(position):
    with pytest.raises(ValueError, match="positions from 1 to 1,000"):
        ClickLog.from_rows([("q", "d", position, True)])


@pytest.mark.parametrize(
    "bad", [{"prior_clicks": 0}, {"prior_clicks": np.inf}, {"decay": -0.1}, {"decay": 4}]
)
def test_bad_arguments_are_value_errors(bad):
    with pytest.raises(ValueError, match="prior_clicks must be above 0 and decay from 0 to 3"):
        fit_clicks(ClickLog.from_rows([("q", "d", 1, True)]), **bad)
