"""Weights, and what dates do, chosen by what is labelled on a site, and judged on articles that did not choose them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

from recommender.assembly.policy import Policy
from recommender.engine import Recommender
from recommender.evaluation.measures import Measure, parse_measures
from recommender.evaluation.resampling import Interval
from recommender.fitting.cross_validation import try_out
from recommender.fitting.fit import FITTED, MIN_QUERIES, Fit
from recommender.fitting.fit_recency import Recency, fit_recency
from recommender.fitting.folds import folds_of
from recommender.fitting.labels import Labels, label_rows
from recommender.fitting.objective import Objective
from recommender.fitting.pool import Pool
from recommender.fitting.search import descend
from recommender.progress import Progress, tell_nobody
from recommender.ranking.recency import MODES
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
    modes: Collection[str] = MODES,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Choose what dates do on a site, then the weights of its signals, by what is known to be related.

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
    modes : collection of str
        Of what dates may do, see `Policy`, besides what they do by default. Links in texts point to what was there before,
        so by these name ``("none", "era")`` only. Where the policy of the site says something else than the default, that
        was somebody's wish and stays.
    n_jobs : int or None
        Threads; the fit does not depend on it.
    progress : callable or None
        As in `Recommender.from_articles`.

    Returns
    -------
    Fit
        Its weights and what dates do are those of the build unless there are at least 100 labelled articles and others
        gain more on held-out ones than `needed_errors` says. Use them by
        ``site.relisted(weights=fit.weights, policy=fit.policy(site.policy), fit=fit.record())``.

    Raises
    ------
    InputError
        If a relevance is no finite number.
    ValueError
        If an argument is out of range, there is no such mode, or relevances are fractions and the measure needs grades.

    Notes
    -----
    The weight of words stays, as only the proportion matters. Lists are ranked as a build ranks them, from the same
    candidates and by the same rules, floor, variety and pins left aside. Costs a search for the candidates of all
    articles and some hundred rankings of the labelled ones. Dates come first, by the weights of the build, and the
    weights are those for what was chosen.
    """
    (parsed,) = parse_measures(measure)
    if folds < 2 or max_queries < 1:
        raise ValueError(f"wanted 2 or more folds and 1 or more queries, got {folds} and {max_queries}")
    if not set(modes) <= set(MODES):
        raise ValueError(f"wanted modes of {', '.join(MODES)}, got {', '.join(sorted(modes))}")
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
    parts, pool = folds_of(labelled, folds, seed), Pool.of(site, labelled.rows, n_jobs, tell)

    @cache
    def under(recency: Recency) -> Objective:
        held = pool.under(recency.of_policy(site.policy))
        return Objective(held, labelled, parsed, site.facts["k"])

    tell("fitting", 0, folds + 1)
    as_built = _recency_as_built(site)
    recency = None
    if pool.dated:
        free = modes if as_built == Recency.of(Policy()) else ()
        recency = fit_recency(lambda each: under(each)(default), as_built, parts, free)
    value = under(recency.chosen if recency else as_built)
    steps = count(1)
    trial = try_out(
        value,
        lambda mean: descend(mean, default, value.signals),
        default,
        parts,
        lambda: tell("fitting", next(steps), folds + 1),
    )
    tell("fitting", folds + 1, folds + 1)
    return Fit(
        weights=trial.found if trial.accepted else default,
        reasons=_reasons(value, default, trial.found, value.signals),
        recency=recency,
        **trial._asdict(),
        **told,
    )


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


def _recency_as_built(site: Recommender) -> Recency:
    """Return what dates did before an earlier fit, unless somebody changed it since."""
    now, earlier = Recency.of(site.policy), (site.facts.get("fit") or {}).get("recency")
    return Recency(**earlier["default"]) if earlier and Recency(**earlier["chosen"]) == now else now
