"""Measures: names, values calculated by hand, parity with ir_measures, and properties of any list."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.evaluation import (
    Measure,
    evaluate,
    order_scores,
    parse_measure,
    parse_measures,
    read_run,
    write_run,
)

ARTICLES = [f"d{i}" for i in range(12)] + ["x/y:z", "文章", "éa"]
QUERIES = [f"q{i}" for i in range(5)]
# ir_measures computes RR@k with a program that breaks ties differently, so RR@k is tested separately
TREC_EVAL = ["nDCG", "nDCG@1", "nDCG@3", "nDCG@10", "R@3", "R@100", "P@1", "P@5", "P@100", "P(rel=2)@3"]
TREC_EVAL += ["AP", "AP@3", "AP(rel=2)@7", "RR", "RR(rel=3)", "Success@1", "Success@5", "R(rel=2)@4"]
TREC_EVAL += ["AP(rel=2)", "RR(rel=2)", "Success(rel=2)@3", "Success(rel=4)@10"]
RECIPROCAL = ["RR@1", "RR@3", "RR(rel=2)@10"]

# no grades below 0: pytrec_eval may not terminate on them
qrels_strategy = st.dictionaries(
    st.sampled_from(QUERIES),
    st.dictionaries(st.sampled_from(ARTICLES), st.integers(0, 4), min_size=1, max_size=10),
    min_size=1,
)
# few distinct values, so that ties are frequent: some equal in float32 only, others distinct in float32 too
score = st.sampled_from([1.0, 1.0 + 1e-12, 1.0 - 1e-12, 0.5, -2.0, 0.0, 3e-8]) | st.floats(-1e6, 1e6)
scores_strategy = st.dictionaries(
    st.sampled_from([*QUERIES, "unjudged"]), st.dictionaries(st.sampled_from(ARTICLES), score)
)


def theirs(names, qrels, scores):
    """Return the value of each (measure, query) computed by ir_measures, with its measure names."""
    measures = [ir_measures.parse_measure(name) for name in names]
    return {
        (str(value.measure), value.query_id): value.value
        for value in ir_measures.iter_calc(measures, qrels, scores)
    }


def assert_equal(ours, names, expected):
    assert len(expected) == len(names) * len(ours.query_ids)
    for (name, query_id), value in expected.items():
        assert ours[name][ours.query_ids.index(query_id)] == pytest.approx(value, abs=1e-9, rel=0), (
            name,
            query_id,
        )


@given(qrels_strategy, scores_strategy)
def test_values_equal_ir_measures_with_ties_as_in_trec_eval(qrels, scores):
    ours = evaluate(order_scores(scores, "trec_eval"), qrels, TREC_EVAL)
    assert_equal(ours, TREC_EVAL, theirs(TREC_EVAL, qrels, scores))


@given(qrels_strategy, scores_strategy)
def test_values_equal_ir_measures_on_our_own_order(qrels, scores):
    """Decreasing scores pass our order of ties to ir_measures."""
    run = order_scores(scores)
    by_rank = {q: {d: float(-rank) for rank, (d, _) in enumerate(ranked)} for q, ranked in run.items()}
    names = TREC_EVAL + RECIPROCAL
    assert_equal(evaluate(run, qrels, names), names, theirs(names, qrels, by_rank))


@given(qrels_strategy, scores_strategy)
def test_reciprocal_rank_at_k_equals_ir_measures_with_ties_by_id(qrels, scores):
    assert_equal(evaluate(scores, qrels, RECIPROCAL), RECIPROCAL, theirs(RECIPROCAL, qrels, scores))


@given(qrels_strategy, scores_strategy)
def test_exponential_gain_equals_ir_measures_with_explicit_gains(qrels, scores):
    ours = evaluate(
        order_scores(scores, "trec_eval"), qrels, ["nDCG(dcg='exp-log2')@5", "nDCG(dcg='exp-log2')"]
    )
    gains = {grade: 2**grade - 1 for grade in range(5)}
    for name, measure in (
        ("nDCG(dcg='exp-log2')@5", ir_measures.nDCG(gains=gains) @ 5),
        ("nDCG(dcg='exp-log2')", ir_measures.nDCG(gains=gains)),
    ):
        expected = {value.query_id: value.value for value in measure.iter_calc(qrels, scores)}
        assert expected.keys() == set(ours.query_ids)
        np.testing.assert_allclose(ours[name], [expected[q] for q in ours.query_ids], rtol=0, atol=1e-9)


@given(qrels_strategy, scores_strategy)
def test_judged_only_values_equal_ir_measures(qrels, scores):
    names = ["nDCG@3", "nDCG", "P@2", "AP", "AP@3", "R@4", "Success@1", "RR"]
    ours = evaluate(order_scores(scores, "trec_eval"), qrels, names, judged_only=True)
    for name in names:
        kind, _, cutoff = name.partition("@")
        measure = ir_measures.parse_measure(f"{kind}(judged_only=True)" + (cutoff and f"@{cutoff}"))
        expected = {value.query_id: value.value for value in measure.iter_calc(qrels, scores)}
        assert expected.keys() == set(ours.query_ids)
        np.testing.assert_allclose(ours[name], [expected[q] for q in ours.query_ids], rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_run_of_a_thousand_queries_has_the_means_of_ir_measures(seed):
    """Lists have realistic lengths and ties; some queries have no list or no relevant article."""
    rng = np.random.default_rng(seed)
    qrels, scores = {}, {}
    for query in map(str, range(1_000)):
        judged = rng.choice(500, size=rng.integers(1, 40), replace=False)
        grades = rng.choice([0, 0, 1, 1, 2, 3], size=len(judged)) * int(rng.random() > 0.05)
        qrels[query] = {f"d{d}": int(grade) for d, grade in zip(judged, grades, strict=True)}
        if rng.random() > 0.05:
            shown = np.concatenate([rng.permutation(500)[:60], judged[::2]])
            scores[query] = {f"d{d}": round(float(rng.random()), 2) for d in shown}
    ours = evaluate(order_scores(scores, "trec_eval"), qrels, TREC_EVAL)
    means = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in TREC_EVAL], qrels, scores)
    assert ours.means == pytest.approx({str(m): value for m, value in means.items()}, abs=1e-9, rel=0)
    assert ours.n_without_list == 1_000 - len(scores)


@given(qrels_strategy, scores_strategy)
@settings(max_examples=30)
def test_our_run_files_give_the_same_values_in_ir_measures(tmp_path_factory, qrels, scores):
    path = tmp_path_factory.mktemp("run") / "run.txt"
    run = {q: ranked for q, ranked in order_scores(scores).items() if ranked}
    ours = evaluate(run, qrels, TREC_EVAL)
    write_run(path, run)
    assert_equal(ours, TREC_EVAL, theirs(TREC_EVAL, qrels, list(ir_measures.read_trec_run(str(path)))))
    if run:
        for ties in ("trec_eval", "article_id"):
            again = {q: [d for d, _ in ranked] for q, ranked in read_run(path, ties).items()}
            assert again == {q: [d for d, _ in ranked] for q, ranked in run.items()}


def test_four_articles_calculated_by_hand():
    # ranks 1 to 4 have grades 0, 2, 0 and 1; another article of grade 1 is not retrieved
    qrels = {"q": {"b": 2, "d": 1, "e": 1, "a": 0}}
    run = {"q": [("a", 4.0), ("b", 3.0), ("c", 2.0), ("d", 1.0)]}
    dcg = 2 / math.log2(3) + 1 / math.log2(5)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    exp_dcg = 3 / math.log2(3) + 1 / math.log2(5)
    exp_ideal = 3 + 1 / math.log2(3) + 1 / math.log2(4)
    by_hand = {
        "nDCG@10": dcg / ideal,
        "nDCG@2": (2 / math.log2(3)) / (2 + 1 / math.log2(3)),
        "nDCG(dcg='exp-log2')@10": exp_dcg / exp_ideal,
        "R@4": 2 / 3,
        "P@5": 2 / 5,
        "P@2": 1 / 2,
        "P(rel=2)@4": 1 / 4,
        "AP": (1 / 2 + 2 / 4) / 3,
        "AP@3": (1 / 2) / 3,
        "RR": 1 / 2,
        "RR@1": 0.0,
        "Success@1": 0.0,
        "Success@2": 1.0,
    }
    assert evaluate(run, qrels, by_hand).means == pytest.approx(by_hand, abs=1e-12)


def test_grades_below_zero_are_not_relevant():
    run = {"q": [("bad", 2.0), ("good", 1.0)]}
    with_negative = evaluate(run, {"q": {"good": 1, "bad": -2}}, ["nDCG@5", "P@5", "AP", "R@5"])
    without = evaluate(run, {"q": {"good": 1}}, ["nDCG@5", "P@5", "AP", "R@5"])
    assert with_negative.means == without.means


@given(qrels_strategy)
def test_the_ideal_order_has_ndcg_one(qrels):
    ideal = {
        q: sorted(((d, float(g)) for d, g in judged.items()), key=lambda p: -p[1])
        for q, judged in qrels.items()
    }
    found = evaluate(ideal, qrels, ["nDCG@3", "nDCG", "nDCG(dcg='exp-log2')@10"])
    has_relevant = np.array([float(max(qrels[q].values()) > 0) for q in found.query_ids])
    for values in found.values.values():
        np.testing.assert_allclose(values, has_relevant, rtol=1e-12)


@given(qrels_strategy, scores_strategy)
def test_values_lie_between_0_and_1_and_do_not_depend_on_the_order_of_queries(qrels, scores):
    names = [*TREC_EVAL, "nDCG(dcg='exp-log2')@10"]
    found = evaluate(scores, qrels, names)
    turned = evaluate(dict(reversed(scores.items())), dict(reversed(qrels.items())), names)
    assert found.means == turned.means
    assert found.query_ids == turned.query_ids
    for values in found.values.values():
        assert values.min() >= 0
        assert values.max() <= 1


@given(qrels_strategy, scores_strategy)
def test_an_irrelevant_article_at_the_end_changes_no_value(qrels, scores):
    names = [*TREC_EVAL, "P@2", "nDCG(dcg='exp-log2')@10"]
    run = order_scores(scores)
    longer = {q: [*run.get(q, []), ("unjudged", -1e9)] for q in qrels}
    before, after = evaluate(run, qrels, names), evaluate(longer, qrels, names)
    assert before.means == after.means


@given(qrels_strategy, scores_strategy)
def test_an_irrelevant_article_at_the_top_raises_no_value(qrels, scores):
    run = order_scores(scores)
    worse = {q: [("unjudged", 1e9), *run.get(q, [])] for q in qrels}
    before, after = evaluate(run, qrels, TREC_EVAL), evaluate(worse, qrels, TREC_EVAL)
    for name in TREC_EVAL:
        assert np.all(after[name] <= before[name] + 1e-12)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("nDCG@10", Measure("nDCG", 10)),
        ("NDCG@10", Measure("nDCG", 10)),
        ("nDCG(dcg='exp-log2')@10", Measure("nDCG", 10, dcg="exp-log2")),
        ('nDCG(dcg="exp-log2")@10', Measure("nDCG", 10, dcg="exp-log2")),
        ("nDCG(dcg=exp-log2)", Measure("nDCG", dcg="exp-log2")),
        ("MAP", Measure("AP")),
        ("MRR@3", Measure("RR", 3)),
        ("Recall@100", Measure("R", 100)),
        ("Precision( rel = 2 )@5", Measure("P", 5, rel=2)),
        ("hit@5", Measure("Success", 5)),
        ("HitRate@5", Measure("Success", 5)),
        ("ndcg(dcg='exp-log2')@10", Measure("nDCG", 10, dcg="exp-log2")),
        ("map@10", Measure("AP", 10)),
        ("p@5", Measure("P", 5)),
        ("HR@5", Measure("Success", 5)),
    ],
)
def test_names_are_read_as_measures(text, measure):
    assert parse_measure(text) == measure
    assert parse_measure(str(measure)) == measure
    assert str(ir_measures.parse_measure(str(measure))) == str(measure)


def test_all_bad_names_are_reported_at_once():
    bad = [
        "ndgc@10",
        "P",
        "R@0",
        "nDCG(rel=2)@5",
        "AP(dcg='exp-log2')",
        "P@5@5",
        "",
        "nDCG(x=1)",
        "P(rel=0)@5",
    ]
    bad += ["nDCG(dcg='log')@5", "P(rel=1,rel=2)@5", "AP@-1", "P(rel=two)@5"]
    with pytest.raises(InputError) as caught:
        parse_measures([*bad, "nDCG@10"])
    assert len(caught.value.problems) == len(bad)
    for name, problem in zip(bad, caught.value.problems, strict=True):
        assert name in str(problem)


def test_a_measure_named_twice_counts_once_and_no_measure_is_an_error():
    assert parse_measures(["MAP", "AP", "P@5"]) == (Measure("AP"), Measure("P", 5))
    assert parse_measures("P@5") == (Measure("P", 5),)
    with pytest.raises(InputError, match="no measures given"):
        parse_measures([])
