"""Fits weights and recency to the labelled articles of a site, and evaluates them on held-out articles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any, TypedDict, Unpack

from recommender.engine import Recommender
from recommender.evaluation.measures import Measure, parse_measures
from recommender.evaluation.resampling import Interval
from recommender.fitting.cross_validation import try_out
from recommender.fitting.fit import FITTED, MIN_QUERIES, Fit
from recommender.fitting.fit_recency import Recency, fit_recency
from recommender.fitting.folds import folds_of
from recommender.fitting.objective import Objective
from recommender.fitting.pool import Pool
from recommender.fitting.relevance_labels import Labels, label_rows
from recommender.fitting.search import descend
from recommender.progress import Progress, no_progress
from recommender.rules.age import MODES
from recommender.rules.policy import Policy
from recommender.scoring.weights import Weights

__all__ = ["FitOptions", "fit_weights"]


class FitOptions(TypedDict, total=False):
    """Keywords of `fit_weights`."""

    measure: str | Measure
    folds: int
    seed: int
    max_queries: int
    source: str
    modes: Collection[str]


@dataclass(frozen=True)
class _Options:
    measure: str | Measure = "nDCG@10"
    folds: int = 5
    seed: int = 0
    max_queries: int = 2_000
    source: str = ""
    modes: Collection[str] = MODES


def fit_weights(
    site: Recommender,
    labels: Labels,
    *,
    n_jobs: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[FitOptions],
) -> Fit:
    """Choose what dates do on a site, then the weights of its signals, by labelled articles.

    Parameters
    ----------
    site : Recommender
        With the weights of the build or of an earlier fit; the result is the same.
    labels : mapping
        Query article -> article -> relevance: whole grades as in qrels, or fractions from 0 on such as
        `ClickModel.relevances`. Articles without a label, and relevances up to 0, are not related. Clicks exist only
        for articles that were shown, so they keep a fit near the lists that were shown.
    n_jobs : int or None
        Threads; the fit does not depend on it.
    progress : callable or None
        As in `Recommender.from_articles`.
    measure : str or Measure, default "nDCG@10"
        What is maximised. The gain of nDCG is the relevance itself; for 2^grade - 1 use
        ``nDCG(dcg='exp-log2')@10``. Measures other than nDCG need whole grades.
    folds : int, default 5
        Parts of the articles, 2 or more. Weights chosen by the other parts are judged on each.
    seed : int, default 0
        Seed of the draw and the folds, which go by a hash of the ids.
    max_queries : int, default 2,000
        Labelled articles that are used, 1 or more. Of more, some are drawn.
    source : str
        Where the labels come from, for the report.
    modes : collection of str
        Modes of recency that may be chosen besides the default, see `Policy`. Links in texts point to older articles,
        so links need ``("none", "era")``. A recency that differs from the default of `Policy` is kept.

    Returns
    -------
    Fit
        Its weights and dates are those of the build unless there are at least 100 labelled articles and others gain
        more on held-out ones than `needed_errors` requires. Use them by
        ``site.relisted(weights=fit.weights, policy=fit.policy(site.policy), fit=fit.record())``.

    Raises
    ------
    InputError
        If a relevance is not a finite number.
    ValueError
        If an argument is out of range, a mode does not exist, or relevances are fractions and the measure needs grades.

    Notes
    -----
    The weight of words stays, because only the proportion matters. Lists are ranked as a build ranks them, from the same
    candidates and by the same rules, without floor, variety and pins. Takes one candidate search over all articles and
    some hundred rankings of the labelled ones. Dates come first, with the weights of the build; then the weights are
    fitted to them.
    """
    chosen = _Options(**options)
    folds, seed, modes = chosen.folds, chosen.seed, chosen.modes
    (parsed,) = parse_measures(chosen.measure)
    if folds < 2 or chosen.max_queries < 1:
        raise ValueError(
            f"wanted 2 or more folds and 1 or more queries, got {folds} and {chosen.max_queries}"
        )
    if not set(modes) <= set(MODES):
        raise ValueError(f"wanted modes of {', '.join(MODES)}, got {', '.join(sorted(modes))}")
    report = progress if progress is not None else no_progress
    default = _as_built(site)
    labelled = label_rows(labels, site, parsed, chosen.max_queries, seed)
    common: dict[str, Any] = {
        "default": default, "measure": str(parsed), "source": chosen.source,
        "n_queries": len(labelled.rows), "n_labels": sum(map(len, labelled.grades)),
    }  # fmt: skip
    if len(labelled.rows) < MIN_QUERIES:
        nan, nowhere = float("nan"), Interval(float("nan"), float("nan"))
        common |= {"default_value": nan, "fitted_value": nan, "interval": nowhere}
        return Fit(weights=default, found=default, accepted=False, reasons={}, **common)
    parts, pool = folds_of(labelled, folds, seed), Pool.of(site, labelled.rows, n_jobs, report)

    @cache
    def under(recency: Recency) -> Objective:
        held = pool.under(recency.of_policy(site.policy))
        return Objective(held, labelled, parsed, site.k)

    report("fitting", 0, folds + 1)
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
        lambda: report("fitting", next(steps), folds + 1),
    )
    report("fitting", folds + 1, folds + 1)
    return Fit(
        weights=trial.found if trial.accepted else default,
        reasons=_reasons(value, default, trial.found, value.signals),
        recency=recency,
        **trial._asdict(),
        **common,
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
    earlier = site.model.fit
    return Weights(**earlier["default"]) if earlier else site.model.weights


def _recency_as_built(site: Recommender) -> Recency:
    """Return what dates did before an earlier fit, unless it was changed since."""
    now, earlier = Recency.of(site.policy), (site.model.fit or {}).get("recency")
    return Recency(**earlier["default"]) if earlier and Recency(**earlier["chosen"]) == now else now
