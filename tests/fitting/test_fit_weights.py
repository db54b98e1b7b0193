"""A fit finds the signal that makes articles related where one does, and keeps the defaults where none does."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest
from planted_sites import naming_site, random_labels, tagged_site

from recommender import InputError, Policy, Recommender, Weights
from recommender.evaluation import ClickLog, evaluate, fit_clicks, parse_measure, run_from_lists
from recommender.fitting import MIN_QUERIES, fit_weights
from recommender.fitting.objective import Objective
from recommender.fitting.pool import Pool
from recommender.fitting.relevance_labels import label_rows
from recommender.progress import no_progress

MAKERS = {"tags": tagged_site, "mention": naming_site}


@pytest.fixture(scope="module", params=MAKERS)
def planted(request):
    """The signal that is the truth, a site, and labels."""
    return request.param, *MAKERS[request.param]()


@pytest.fixture(scope="module")
def tagged():
    return tagged_site()


def halves(labels):
    ids = sorted(labels)
    return [{query_id: labels[query_id] for query_id in ids[start::2]} for start in (0, 1)]


def value(site, labels, measure="nDCG@10"):
    return evaluate(run_from_lists(site.related(query_id) for query_id in labels), labels, measure).mean(
        measure
    )


def test_the_signal_that_is_the_truth_is_raised_and_others_than_chose_it_gain(planted):
    signal, site, labels = planted
    known, others = halves(labels)
    fit = fit_weights(site, known)
    assert fit.accepted
    assert fit.weights == fit.found
    assert getattr(fit.weights, signal) > getattr(fit.default, signal)
    assert fit.fitted_value > fit.default_value
    assert fit.interval.low > 0
    assert "%" in fit.reasons[signal]
    assert value(site.relisted(weights=fit.weights), others) > 1.02 * value(site, others)


def test_labels_that_mean_nothing_leave_the_defaults(planted):
    _, site, labels = planted
    fit = fit_weights(site, random_labels(labels, seed=0))
    assert not fit.accepted
    assert fit.weights == fit.default == Weights()
    assert "kept" in fit.verdict


def test_the_values_of_a_fit_are_those_of_lists_as_they_are_built(planted):
    _, site, labels = planted
    for measure in ("nDCG@10", "nDCG(dcg='exp-log2')@5", "AP@10", "RR", "P@3", "R@10"):
        parsed = parse_measure(measure)
        labelled = label_rows(labels, site, parsed, 10_000, seed=0)
        objective = Objective(Pool.of(site, labelled.rows, 1, no_progress), labelled, parsed, site.k)
        for weights in (Weights(), Weights(dense=0.7, mention=0.2, hub=0, tags=0.5)):
            built = site.relisted(weights=weights, policy=Policy(floor=0))
            found = evaluate(run_from_lists(built.related(q) for q in labelled.query_ids), labels, measure)
            # evaluate takes the judged of `labels`, sorted by id
            in_order = np.argsort(np.argsort(labelled.query_ids))
            assert objective(weights) == pytest.approx(found[measure][in_order], abs=1e-9), measure


def test_a_fit_does_not_depend_on_threads_or_on_the_order_of_labels(tagged):
    site, labels = tagged
    fit = fit_weights(site, labels, n_jobs=1)
    assert fit_weights(site, labels, n_jobs=2) == fit
    turned = {q: dict(reversed(judged.items())) for q, judged in reversed(labels.items())}
    assert fit_weights(site, turned) == fit


def test_a_site_fitted_before_is_fitted_as_it_was_built(tagged, tmp_path):
    site, labels = tagged
    fit = fit_weights(site, labels)
    site.relisted(weights=fit.weights, fit=fit.record()).save(tmp_path / "fitted.rec")
    fitted = Recommender.load(tmp_path / "fitted.rec", check=True)
    assert fitted.model.weights == fit.weights != Weights()
    assert fitted.model.fit == json.loads(json.dumps(fit.record()))
    assert fit_weights(fitted, labels) == fit


def test_few_labelled_articles_fit_nothing(tagged):
    site, labels = tagged
    few = {query_id: labels[query_id] for query_id in sorted(labels)[: MIN_QUERIES - 1]}
    useless = {"elsewhere": {"a000": 1}, "a200": {"elsewhere": 1}, "a201": {"a201": 1}, "a202": {"a000": 0}}
    fit = fit_weights(site, few | useless)
    assert not fit.enough
    assert not fit.accepted
    assert fit.n_queries == MIN_QUERIES - 1
    assert f"expected at least {MIN_QUERIES}" in str(fit)
    assert f"got {MIN_QUERIES - 1}" in str(fit)
    assert json.loads(json.dumps(fit.record(), allow_nan=False))["interval"] is None
    one_more = sorted(labels)[MIN_QUERIES - 1]
    assert fit_weights(site, few | {one_more: labels[one_more]}).enough


def test_no_more_than_max_queries_are_looked_at_and_the_seed_draws_them(tagged):
    site, labels = tagged
    fits = [fit_weights(site, labels, max_queries=120, seed=seed) for seed in (0, 0, 1)]
    assert [fit.n_queries for fit in fits] == [120, 120, 120]
    assert fits[0] == fits[1]
    assert fits[0].default_value != fits[2].default_value


def test_related_articles_of_elsewhere_count_as_missed(tagged):
    site, labels = tagged
    more = {query_id: judged | {"elsewhere": 1} for query_id, judged in labels.items()}
    assert fit_weights(site, more).default_value < fit_weights(site, labels).default_value


def test_only_weights_of_signals_that_the_site_has_are_tried(tagged):
    site, labels = tagged
    fit = fit_weights(site, labels)
    assert {name for name, why in fit.reasons.items() if "no difference" in why} >= {
        "neural",
        "time",
        "section",
    }
    assert fit.found == replace(
        fit.found, neural=Weights().neural, time=Weights().time, section=Weights().section, lexical=1
    )


def test_fractions_are_gains_and_grades_below_zero_are_none(tagged):
    site, labels = tagged
    fit = fit_weights(site, labels)
    halved = {q: {d: grade / 2 for d, grade in judged.items()} for q, judged in labels.items()}
    assert fit_weights(site, halved).found == fit.found
    assert fit_weights(site, halved).default_value == pytest.approx(fit.default_value)
    below = {q: judged | {"a000": -1} if "a000" not in judged else judged for q, judged in labels.items()}
    assert fit_weights(site, below).default_value == fit.default_value
    with pytest.raises(ValueError, match=r"P@5 needs whole grades.*nDCG@10"):
        fit_weights(site, halved, measure="P@5")


def test_relevances_that_are_no_numbers_are_all_told(tagged):
    site, _ = tagged
    with pytest.raises(InputError) as told:
        fit_weights(site, {"a000": {"a001": math.nan}, "a002": {"a003": math.inf}})
    assert len(told.value.problems) == 2
    assert "'a002' and 'a003'" in str(told.value)


@pytest.mark.parametrize("wrong", [{"folds": 1}, {"max_queries": 0}])
def test_arguments_out_of_range_are_refused(tagged, wrong):
    with pytest.raises(ValueError, match="wanted 2 or more folds and 1 or more queries"):
        fit_weights(*tagged, **wrong)


def test_clicks_that_an_article_got_for_its_place_do_not_count(tagged):
    """On each page a stranger stands first and is clicked more than the related ones below, who are better."""
    site, labels = tagged
    chance = random.Random(0).random
    log, stranger = [], {}
    for query, related in labels.items():
        stranger[query] = next(i for i in site.related(query, k=40, floor=0).article_ids if i not in related)
        shown = [stranger[query], *list(related)[:3]]
        for view in range(400):  # now and then in another order, or nothing tells places from articles
            for position, other in enumerate(shown if view % 16 else [*shown[1:], shown[0]], start=1):
                log.append(
                    (query, other, position, chance() < (0.5 if other in related else 0.35) / position)
                )
    model = fit_clicks(ClickLog.from_rows(log))
    clicks = dict(zip(pairs_of(model), model.clicks.tolist(), strict=True))
    most_clicked = [
        clicks[q, i] > max(clicks[q, d] for d in labels[q] if (q, d) in clicks) for q, i in stranger.items()
    ]
    relevances = model.relevances()
    best = [relevances[q][i] > max(relevances[q].get(d, 0) for d in labels[q]) for q, i in stranger.items()]
    assert np.mean(most_clicked) > 0.8
    assert np.mean(best) < 0.05
    fit = fit_weights(site, relevances)
    assert fit.accepted
    assert fit.weights.tags > Weights().tags
    assert value(site.relisted(weights=fit.weights), labels) > value(site, labels)


def pairs_of(model):
    first = np.flatnonzero(np.diff(model.log.pairs, prepend=-1))
    ids = model.log.article_ids
    return [(ids[q], ids[d]) for q, d in zip(model.log.query[first], model.log.shown[first], strict=True)]


def test_the_table_says_what_was_chosen_and_why(tagged):
    site, labels = tagged
    fit = fit_weights(site, labels, source="judgements of mine")
    lines = str(fit).splitlines()
    assert lines[0].split() == ["weight", "default", "found", "why"]
    tags = next(line for line in lines if line.startswith("tags"))
    assert f"{fit.default.tags:.3g}" in tags
    assert f"{fit.found.tags:.3g}" in tags
    assert "240 labelled articles" in str(fit)
    assert "judgements of mine" in str(fit)
    assert f"{fit.default_value:.4f} by default, {fit.fitted_value:.4f} fitted" in str(fit)
    assert lines[-1] == "the fitted weights are used"
