"""Evaluation, bootstrap intervals and paired comparison."""

import numpy as np
import pytest
from scipy.stats import permutation_test

from recommender.errors import InputError
from recommender.evaluation import compare, evaluate
from recommender.evaluation.resampling import bootstrap_means, sign_flip_test


def test_queries_without_a_list_or_relevant_articles_score_0_and_are_counted():
    qrels = {
        "found": {"a": 1},
        "no list": {"a": 1},
        "empty list": {"a": 1},
        "nothing relevant": {"a": 0},
        "bare": {},
    }
    run = {"found": [("a", 1.0)], "empty list": [], "nothing relevant": [("a", 1.0)], "extra": [("a", 1.0)]}
    found = evaluate(run, qrels, ["nDCG@10", "RR"])
    assert found.means == {"nDCG@10": 0.2, "RR": 0.2}
    assert found["RR"].tolist() == [0, 0, 1, 0, 0]  # by query id
    assert (found.n_without_list, found.n_without_relevant, found.n_unjudged) == (3, 2, 1)


def test_the_query_article_is_dropped_from_its_list_and_judgements():
    run, qrels = {"a": [("a", 2.0), ("b", 1.0)]}, {"a": {"a": 2, "b": 1}}
    found = evaluate(run, qrels, ["nDCG@10", "RR", "R@5"])
    assert found.means == {"nDCG@10": 1, "RR": 1, "R@5": 1}
    assert found.n_own == 2
    as_search = evaluate(run, {"a": {"b": 1}}, ["RR"], leave_out_own=False)
    assert as_search.means == {"RR": 0.5}
    assert as_search.n_own == 0


def test_entries_without_a_judgement_count_as_wrong_or_are_left_out():
    run = {"a": [("new", 4.0), ("a", 3.0), ("bad", 2.0), ("good", 1.0)], "b": [("new", 1.0)], "c": []}
    qrels = {"a": {"good": 1, "bad": 0, "a": 1}, "b": {"good": 1}, "c": {"good": 1}}
    found, condensed = (evaluate(run, qrels, ["RR", "P@2"], judged_only=each) for each in (False, True))
    assert found["RR"].tolist() == [1 / 3, 0, 0]
    assert condensed["RR"].tolist() == [1 / 2, 0, 0]
    assert condensed["P@2"].tolist() == [1 / 2, 0, 0]
    for each in (found, condensed):
        assert (each.n_entries, each.n_judged_entries, each.n_without_list) == (4, 2, 1)


def test_lists_keep_their_order_and_scores_are_sorted_by_score_then_id():
    qrels = {"q": {"b": 1}}
    assert evaluate({"q": [("a", 0.1), ("b", 0.9)]}, qrels, "RR").means == {"RR": 0.5}
    assert evaluate({"q": {"a": 0.1, "b": 0.9}}, qrels, "RR").means == {"RR": 1}
    assert evaluate({"q": {"b": 0.5, "a": 0.5}}, qrels, "RR").means == {"RR": 0.5}


def test_duplicates_in_lists_are_an_error_that_lists_all():
    run = {"p": [("a", 2.0), ("a", 1.0)], "q": [("b", 3.0), ("c", 2.0), ("b", 1.0)], "r": [("d", 1.0)]}
    with pytest.raises(InputError) as caught:
        evaluate(run, {q: {"x": 1} for q in run})
    assert [problem.got for problem in caught.value.problems] == ["'a'", "'b'"]


def test_missing_judgements_and_grades_out_of_range_are_errors():
    with pytest.raises(InputError, match="no judgements"):
        evaluate({"q": [("a", 1.0)]}, {})
    with pytest.raises(InputError) as caught:
        evaluate({}, {"q": {"a": 1001, "b": 0.5, "c": 1}})
    assert len(caught.value.problems) == 2
    steepest = evaluate({"q": {"a": 1.0}}, {"q": {"a": 1000, "b": 1000}}, "nDCG(dcg=exp-log2)@10")
    assert 0 < steepest.mean("nDCG(dcg='exp-log2')@10") < 1


def test_a_measure_that_was_not_evaluated_is_a_key_error():
    found = evaluate({}, {"q": {"a": 1}}, ["MAP@5"])
    assert found.mean("AP@5") == 0
    with pytest.raises(KeyError):
        found.mean("P@5")


def test_a_95_percent_interval_covers_the_true_mean_in_19_of_20_samples():
    rng = np.random.default_rng(4)
    samples = rng.beta(
        0.5, 1.5, size=(80, 400)
    )  # true mean 1/4, skewed as nDCG is; 400 experiments of 80 queries
    intervals = bootstrap_means(samples, n_resamples=500)
    held = sum(low <= 0.25 <= high for low, high in intervals)
    assert 0.91 * 400 <= held <= 0.98 * 400


def test_intervals_depend_on_the_seed_widen_with_the_level_and_collapse_on_constants():
    values = np.random.default_rng(0).random((300, 2))
    assert bootstrap_means(values, seed=3) == bootstrap_means(values, seed=3)
    assert bootstrap_means(values, seed=3) != bootstrap_means(values, seed=4)
    (wide, _), (narrow, _) = bootstrap_means(values, 0.99), bootstrap_means(values, 0.5)
    assert wide.low < narrow.low < values[:, 0].mean() < narrow.high < wide.high
    (constant,) = bootstrap_means(np.full((50, 1), 0.25))
    assert constant == pytest.approx((0.25, 0.25))


def test_intervals_of_an_evaluation_are_keyed_by_measure_name():
    qrels = {f"q{i}": {"a": 1} for i in range(40)}
    run = {f"q{i}": [("a", 1.0)] if i % 2 else [("b", 1.0), ("a", 0.5)] for i in range(40)}
    found = evaluate(run, qrels, ["RR", "P@1"])
    intervals = found.intervals()
    assert intervals.keys() == found.means.keys()
    assert all(intervals[name].low < mean < intervals[name].high for name, mean in found.means.items())


@pytest.mark.parametrize("bad", [{"level": 0}, {"level": 1.0}, {"n_resamples": 0}])
def test_bad_arguments_of_intervals_are_value_errors(bad):
    with pytest.raises(ValueError, match="must be"):
        bootstrap_means(np.ones((3, 1)), **bad)


def planted(loss, n_queries=600):
    """Return two evaluations. The share `loss` of queries drops from rank 1 to 2, one in a hundred rises."""
    qrels = {f"q{i:03}": {"a": 1} for i in range(n_queries)}
    good, bad = [("a", 2.0), ("b", 1.0)], [("b", 2.0), ("a", 1.0)]
    before = {q: bad if i % 100 == 7 else good for i, q in enumerate(qrels)}
    after = {q: bad if i < 2 * loss * n_queries and i % 100 != 7 else good for i, q in enumerate(qrels)}
    return evaluate(before, qrels, ["RR", "R@10"]), evaluate(after, qrels, ["RR", "R@10"])


def test_a_planted_loss_of_5_percent_is_flagged():
    found = compare(*planted(0.05))
    loss = found["RR"]
    assert loss.relative == pytest.approx(-0.05, abs=0.01)
    assert loss.interval.high < 0
    assert loss.p_value < 0.001
    assert (loss.wins, loss.losses, loss.ties) == (6, 59, 535)
    unchanged = found["R@10"]  # the article is still in the list
    assert (unchanged.difference, unchanged.p_value, unchanged.ties) == (0, 1, 600)


def test_swapping_the_sides_swaps_the_verdict():
    before, after = planted(0.05)
    there, back = compare(before, after)["RR"], compare(after, before)["RR"]
    assert there.difference == -back.difference
    assert there.p_value == back.p_value
    assert (there.wins, there.losses) == (back.losses, back.wins)


def test_the_sign_flip_test_has_the_nominal_false_positive_rate():
    rng = np.random.default_rng(11)
    p_values = [sign_flip_test(rng.standard_normal(40), n_permutations=400, seed=i) for i in range(400)]
    assert 0.02 * 400 <= sum(p <= 0.05 for p in p_values) <= 0.085 * 400


@pytest.mark.parametrize("n", [2, 3, 7, 13])
def test_small_samples_have_the_exact_p_value_of_scipy(n):
    differences = np.random.default_rng(n).standard_normal(n) + 0.5
    exact = permutation_test(
        (differences, np.zeros(n)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    # scipy doubles the smaller tail, which gives the same count as flipping signs is symmetric
    assert sign_flip_test(differences) == pytest.approx(exact.pvalue)


def test_an_unknown_option_of_a_comparison_is_a_type_error():
    one = evaluate({}, {"p": {"a": 1}}, ["RR"])
    with pytest.raises(TypeError, match="n_samples"):
        compare(one, one, n_samples=10)


def test_comparing_different_queries_or_measures_is_an_error():
    one = evaluate({}, {"p": {"a": 1}}, ["RR", "P@5"])
    with pytest.raises(ValueError, match="1 only in the baseline and 2 only in the candidate"):
        compare(one, evaluate({}, {"q": {"a": 1}, "r": {"a": 1}}, ["RR"]))
    with pytest.raises(InputError) as caught:
        compare(one, evaluate({}, {"p": {"a": 1}}, ["RR"]), ["P@5", "AP", "RR"])
    assert len(caught.value.problems) == 2
