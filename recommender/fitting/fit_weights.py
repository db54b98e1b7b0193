"""Weights chosen by what is labelled on a site, and judged on articles that did not choose them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.engine import Recommender
from recommender.evaluation.measures import Measure, parse_measures
from recommender.evaluation.resampling import Interval
from recommender.fitting.fit import FITTED, MIN_QUERIES, Fit, needed_errors
from recommender.fitting.folds import Folds, folds_of, standard_error
from recommender.fitting.labels import Labels, label_rows
from recommender.fitting.objective import Objective
from recommender.fitting.pool import Pool
from recommender.fitting.search import descend
from recommender.progress import Progress, tell_nobody
from recommender.ranking.weights import Weights

__all__ = ["fit_weights"]


def fit_weights(
    site: Recommender,
    labels: Labels,
    *,
    measure: str | Measure = "nDCG@10",
    folds: int = 5,
    seed: int = 0,
    max_queries: int = 2_000,
    source: str = "",
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Choose the weights of a site's signals by what is known to be related.

    Parameters
    ----------
    site : Recommender
        With the weights that it was built with or of an earlier fit; the answer is the same.
    labels : mapping
        Query article -> article -> relevance: whole grades as in qrels, or fractions from 0 on such as
        `ClickModel.relevances`. 0 and below are not related, and neither is what has no label: so clicks, which
        only what is shown can get, hold a fit near the lists that were shown.
    measure : str or Measure
        What is made large. The gain of nDCG is the relevance as it is; for 2^grade - 1 name
        ``nDCG(dcg='exp-log2')@10``. Measures other than nDCG want whole grades.
    folds : int
        Parts of the articles, 2 or more: the weights that all others choose are judged on each.
    seed : int
        Of the draw and the folds, which go by a hash of the ids.
    max_queries : int
        Labelled articles that are looked at, 1 or more; of more some are drawn.
    source : str
        Where the labels are from, to be told.
    n_jobs : int or None
        Threads; the fit does not depend on it.
    progress : callable or None
        As in `Recommender.from_articles`.

    Returns
    -------
    Fit
        Its `weights` are those of the build unless there are at least 100 labelled articles and others gain more on
        held-out ones than `needed_errors` says. Use them by ``site.relisted(weights=fit.weights, fit=fit.record())``.

    Raises
    ------
    InputError
        If a relevance is no finite number.
    ValueError
        If an argument is out of range, or relevances are fractions and the measure needs grades.

    Notes
    -----
    The weight of words stays, as only the proportion matters. Lists are ranked as a build ranks them, from the same
    candidates and by the same rules, floor, variety and pins left aside. Costs a search for the candidates of all
    articles and some hundred rankings of the labelled ones.
    """
    (parsed,) = parse_measures(measure)
    if folds < 2 or max_queries < 1:
        raise ValueError(f"wanted 2 or more folds and 1 or more queries, got {folds} and {max_queries}")
    tell = progress if progress is not None else tell_nobody
    default = _as_built(site)
    labelled = label_rows(labels, site, parsed, max_queries, seed)
    told: dict[str, Any] = {
        "default": default, "measure": str(parsed), "source": source,
        "n_queries": len(labelled.rows), "n_labels": sum(map(len, labelled.grades)),
    }  # fmt: skip
    if len(labelled.rows) < MIN_QUERIES:
        nan, nowhere = float("nan"), Interval(float("nan"), float("nan"))
        told |= {"default_value": nan, "fitted_value": nan, "interval": nowhere}
        return Fit(weights=default, found=default, accepted=False, reasons={}, **told)
    pool = Pool.of(site, labelled.rows, n_jobs, tell)
    value = Objective(pool, labelled, parsed, site.facts["k"])
    tell("fitting", 0, folds + 1)
    found = descend(lambda weights: float(value(weights).mean()), default, pool.signals)
    parts = folds_of(labelled, folds, seed)
    before, fitted = value(default), _held_out(value, default, pool.signals, parts, folds, tell)
    gain, error = float((fitted - before).mean()), standard_error(fitted - before, parts.group)
    accepted = found != default and gain > needed_errors(len(before)) * error
    return Fit(
        weights=found if accepted else default,
        found=found,
        accepted=accepted,
        default_value=float(before.mean()),
        fitted_value=float(fitted.mean()),
        interval=Interval(gain - 1.96 * error, gain + 1.96 * error),
        reasons=_reasons(value, default, found, pool.signals),
        **told,
    )


def _held_out(
    value: Objective, default: Weights, names: tuple[str, ...], parts: Folds, n_folds: int, tell: Progress
) -> NDArray[np.float64]:
    """Return the value of each article under the weights that the articles of the other folds choose."""
    fitted = value(default).copy()
    for fold in range(n_folds):
        tell("fitting", fold + 1, n_folds + 1)
        inside = parts.fold == fold
        if inside.any() and not inside.all():
            chosen = descend(lambda weights: float(value(weights)[~inside].mean()), default, names)  # noqa: B023
            fitted[inside] = value(chosen)[inside]
    tell("fitting", n_folds + 1, n_folds + 1)
    return fitted


def _reasons(value: Objective, default: Weights, found: Weights, names: tuple[str, ...]) -> dict[str, str]:
    reasons, best = {}, value(found).mean()
    for name in FITTED:
        was, now = getattr(default, name), getattr(found, name)
        if name not in names:
            reasons[name] = "stays: makes no difference on this site"
        elif was == now:
            reasons[name] = "stays: nothing else gains 0.1 %"
        else:
            without = value(replace(found, **{name: was})).mean()
            reasons[name] = f"{best / without - 1:+.1%} on these articles" if without else "finds the first"
    return reasons


def _as_built(site: Recommender) -> Weights:
    earlier = site.facts.get("fit")
    return Weights(**(earlier["default"] if earlier else site.facts["weights"]))
