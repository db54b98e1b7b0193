"""What dates do is found by labels where they say it, and stays where they do not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from planted_sites import dated_site, random_labels, tagged_site

from recommender import Policy, Recommender, Weights
from recommender.evaluation import evaluate, parse_measure, run_from_lists
from recommender.fitting import Recency, fit_weights
from recommender.fitting.fit_recency import fit_recency, recencies
from recommender.fitting.folds import Folds
from recommender.fitting.objective import Objective
from recommender.fitting.pool import Pool
from recommender.fitting.relevance_labels import label_rows
from recommender.progress import no_progress

ERA = Recency("era")


@pytest.fixture(scope="module")
def older():
    """Of a topic, whatever is older is related."""
    return dated_site(lambda mine, theirs, rank: theirs < mine)


@pytest.fixture(scope="module")
def newest():
    """Of a topic, the five newest are related."""
    return dated_site(lambda mine, theirs, rank: rank < 5)


@pytest.fixture(scope="module")
def noise():
    """Of a topic all are related, whenever."""
    return dated_site(lambda mine, theirs, rank: True)


def value(site, labels):
    lists = run_from_lists(site.related(query_id) for query_id in labels)
    return evaluate(lists, labels, "nDCG@10").mean("nDCG@10")


def halves(labels):
    ids = sorted(labels)
    return [{query_id: labels[query_id] for query_id in ids[start::2]} for start in (0, 1)]


@pytest.mark.parametrize(("planted", "mode"), [("older", "background"), ("newest", "latest")])
def test_what_dates_do_in_truth_is_found_and_articles_that_did_not_choose_it_gain(planted, mode, request):
    site, labels = request.getfixturevalue(planted)
    known, others = halves(labels)
    fit = fit_weights(site, known)
    assert fit.recency.accepted
    assert fit.recency.chosen.mode == mode
    assert fit.recency.default == ERA
    assert fit.recency.interval.low > 0
    policy = fit.policy(site.policy)
    assert (policy.recency, replace(policy, recency="era", half_life=30.0)) == (mode, site.policy)
    taken = site.relisted(weights=fit.weights, policy=policy, fit=fit.record())
    assert value(taken, others) > 1.05 * value(site, others)


def test_dates_that_mean_nothing_keep_nobody_out_and_put_nobody_first(noise):
    site, labels = noise
    for judged in (labels, random_labels(labels, seed=0)):
        fit = fit_weights(site, judged)
        assert fit.recency.chosen.mode in ("era", "none")
        assert ("era is kept" in str(fit)) == (fit.recency.chosen == ERA)


def test_dates_that_mislead_are_left_out():
    """A topic's articles come three on a day; what is related are those of other days."""
    site, labels = dated_site(
        lambda mine, theirs, rank: abs(mine - theirs) > 300, days_of=lambda i: i // 24 * 300 + i % 24 * 0.001
    )
    # as if the nearest by words had it otherwise
    ratios = {**site.model.log_ratios, "time": np.array([3.0] * 8 + [-1.0] * 4, np.float32)}
    site = site.replaced(site.site.changed(model=site.model.changed(log_ratios=ratios)))
    fit = fit_weights(site.relisted(), labels, modes=("none",))
    assert fit.recency.chosen == Recency("none")
    assert fit.recency.accepted
    assert "makes no difference" in fit.reasons["time"]


def test_the_values_of_each_mode_are_those_of_lists_as_they_are_built(noise):
    site, labels = noise
    measure = parse_measure("nDCG@10")
    labelled = label_rows(labels, site, measure, 10_000, seed=0)
    pool = Pool.of(site, labelled.rows, 1, no_progress)
    in_order = np.argsort(np.argsort(labelled.query_ids))
    for recency in (*recencies(ERA), Recency("latest", 30.0)):
        policy = recency.of_policy(Policy(floor=0))
        for weights in (Weights(), Weights(time=0.7, hub=0)):
            built = site.relisted(weights=weights, policy=policy)
            found = evaluate(run_from_lists(built.related(q) for q in labelled.query_ids), labels, "nDCG@10")
            made = Objective(pool.under(policy), labelled, measure, site.k)(weights)
            assert made == pytest.approx(found["nDCG@10"][in_order], abs=1e-9), recency


def test_a_site_without_dates_hears_nothing_of_them():
    site, labels = tagged_site()
    fit = fit_weights(site, labels)
    assert fit.recency is None
    assert fit.record()["recency"] is None
    assert fit.policy(site.policy) is site.policy
    assert "dates" not in str(fit)


def test_what_somebody_set_stays(newest):
    site, labels = newest
    for policy in (Policy(recency="background"), Policy(recency="latest", half_life=45)):
        other = site.relisted(policy=policy)
        fit = fit_weights(other, labels)
        assert fit.recency.chosen == fit.recency.default == Recency.of(policy)
        assert fit.policy(policy) == policy
        assert "because it was set explicitly" in str(fit)


def test_a_site_fitted_before_is_fitted_as_it_was_built(newest, tmp_path):
    site, labels = newest
    fit = fit_weights(site, labels)
    policy = fit.policy(site.policy)
    site.relisted(weights=fit.weights, policy=policy, fit=fit.record()).save(tmp_path / "fitted.rec")
    fitted = Recommender.load(tmp_path / "fitted.rec", check=True)
    assert fitted.model.fit == json.loads(json.dumps(fit.record(), allow_nan=False))
    assert fitted.policy == policy != site.policy
    assert fit_weights(fitted, labels) == fit
    # changed by hand since, it is somebody's wish
    changed = fitted.relisted(policy=policy.changed(recency="background"))
    assert fit_weights(changed, labels).recency.chosen == Recency("background")


def test_only_modes_that_are_named_are_tried(older):
    site, labels = older
    fit = fit_weights(site, labels, modes=("none", "era"))
    assert list(fit.recency.values) == ["era", "none"]
    with pytest.raises(ValueError, match="wanted modes of none, era, background, latest, got soon"):
        fit_weights(site, labels, modes=("soon",))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ERA),
        ({"none": 0.5004}, ERA),  # next to nothing
        ({"none": 0.501}, Recency("none")),
        ({"background": 0.502}, ERA),
        ({"none": 0.501, "latest, 30 days": 0.503}, Recency("none")),
        ({"none": 0.501, "latest, 30 days": 0.504}, Recency("latest", 30.0)),
        ({"latest, 1500 days": 0.504, "latest, 30 days": 0.504}, Recency("latest", 1500.0)),
    ],
)
def test_what_changes_more_must_gain_more(values, found):
    parts = Folds(np.arange(100), np.arange(100) % 5)
    fit = fit_recency(
        lambda each: np.full(100, values.get(str(each), 0.5)), ERA, parts, ("none", "background", "latest")
    )
    assert fit.found == found
    assert fit.chosen == found  # all articles agree, so nothing is chance


def test_gains_by_chance_are_found_and_told_and_seldom_taken():
    parts, fits = Folds(np.arange(100), np.arange(100) % 5), []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        drawn = {str(each): np.clip(0.5 + 0.3 * rng.normal(size=100), 0, 1) for each in recencies(ERA)}
        fits.append(
            fit_recency(lambda each: drawn[str(each)], ERA, parts, ("none", "background", "latest"))  # noqa: B023
        )
    found = [fit for fit in fits if fit.found != ERA]
    bold = [fit for fit in found if fit.found.mode != "none"]
    assert len(bold) > 20
    assert sum(fit.chosen == fit.found for fit in bold) <= len(fits) / 10
    for fit in bold:
        if fit.chosen != fit.found:
            assert "not significant" in fit.verdict
            values = {str(each): fit.values[str(each)] for each in (ERA, Recency("none"))}
            assert fit.values[str(fit.chosen)] >= max(values.values()) * 0.999
