"""Evaluates lists against judgements: one value per query and measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import InputError, Problem
from recommender.evaluation.hits import Grades, Hits, calculate
from recommender.evaluation.measures import DEFAULT_MEASURES, Measure, parse_measures
from recommender.evaluation.qrels import Qrels, check_grades
from recommender.evaluation.resampling import Interval, bootstrap_means
from recommender.evaluation.runs import RankedList, Run, Scores, order_scores

__all__ = ["Evaluation", "evaluate"]


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """Values of measures for each judged query.

    Parameters
    ----------
    query_ids : tuple of str
        All judged queries, sorted.
    values : mapping of Measure to float64 array, shape (n_queries,)
        Value of each query in the order of `query_ids`, in [0, 1].
    n_without_list : int
        Judged queries with a missing or empty list. They score 0.
    n_without_relevant : int
        Judged queries without a grade above 0. They score 0, as in ir_measures.
    n_unjudged : int
        Lists of articles that are not judged queries. They are ignored.
    n_own : int
        Entries and judgements that name the query article itself. They are left out.
    n_entries, n_judged_entries : int
        Entries in the lists of judged queries, and those of them with a judgement of any grade.
    """

    query_ids: tuple[str, ...]
    values: Mapping[Measure, NDArray[np.float64]]
    n_without_list: int = 0
    n_without_relevant: int = 0
    n_unjudged: int = 0
    n_own: int = 0
    n_entries: int = 0
    n_judged_entries: int = 0

    def __getitem__(self, measure: str | Measure) -> NDArray[np.float64]:
        """Return the values of one measure. Raises KeyError if it was not evaluated."""
        return self.values[parse_measures(measure)[0]]

    def __repr__(self) -> str:
        means = ", ".join(f"{name}={mean:.4f}" for name, mean in self.means.items())
        return f"<Evaluation of {len(self.query_ids):,} queries: {means}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the values and counts as JSON can hold them."""
        counts = (
            "n_without_list",
            "n_without_relevant",
            "n_unjudged",
            "n_own",
            "n_entries",
            "n_judged_entries",
        )
        values = {str(measure): each.tolist() for measure, each in self.values.items()}
        return {"query_ids": list(self.query_ids), "values": values} | {
            name: int(getattr(self, name)) for name in counts
        }

    @property
    def means(self) -> dict[str, float]:
        """Mean of each measure over all judged queries, by measure name."""
        return {str(measure): float(np.mean(values)) for measure, values in self.values.items()}

    def mean(self, measure: str | Measure) -> float:
        """Return the mean of one measure. Raises KeyError if it was not evaluated."""
        return float(np.mean(self[measure]))

    def intervals(self, level: float = 0.95, n_resamples: int = 1_000, seed: int = 0) -> dict[str, Interval]:
        """Return a bootstrap interval for each mean, by measure name. See `bootstrap_means`."""
        intervals = bootstrap_means(np.stack(list(self.values.values()), axis=1), level, n_resamples, seed)
        return {str(measure): interval for measure, interval in zip(self.values, intervals, strict=True)}


def evaluate(
    run: Run | Scores,
    qrels: Qrels,
    measures: str | Measure | Iterable[str | Measure] = DEFAULT_MEASURES,
    *,
    leave_out_own: bool = True,
    judged_only: bool = False,
) -> Evaluation:
    """Evaluate lists against judgements.

    Parameters
    ----------
    run : mapping
        Query id -> list of (article id, score), best first, used in the order given. Or query id -> article
        id -> score, ordered by (-score, article id).
    qrels : mapping
        Query id -> article id -> grade. Grades of 0 and below are not relevant. All queries count.
    measures : names or Measure
        Measures to compute, see `parse_measures`.
    leave_out_own : bool
        Whether to drop entries and judgements that name the query itself before ranks are counted. Use False
        where query ids and article ids are unrelated, as in search.
    judged_only : bool
        Whether to drop entries without a judgement before ranks are counted ("condensed lists", Sakai 2007)
        instead of counting them as not relevant. This is fairer to lists that were not shown to the judges,
        as with clicks.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If a measure name is invalid, a grade is out of range, there are no judgements, or the list of a
        judged query contains an article twice. All problems are listed.

    Notes
    -----
    Time is linear in the number of judgements and of entries in the lists of judged queries.

    Examples
    --------
    >>> evaluation = evaluate({"q": [("a", 3.0), ("b", 2.0)]}, {"q": {"b": 1}}, ["RR", "P@2"])
    >>> evaluation.means
    {'RR': 0.5, 'P@2': 0.5}
    >>> evaluation
    <Evaluation of 1 queries: RR=0.5000, P@2=0.5000>
    """
    parsed = parse_measures(measures)
    check_grades(qrels)
    if not qrels:
        raise InputError(Problem("no judgements", "no queries", "give at least one judged query"))
    query_ids = tuple(sorted(qrels))
    given = [_ids(run.get(query_id, ())) for query_id in query_ids]
    _check_duplicates(query_ids, given)
    own = [query_id if leave_out_own else None for query_id in query_ids]
    others = [
        [i for i in ids if i != query_id] if query_id in ids else ids
        for ids, query_id in zip(given, own, strict=True)
    ]
    judged = [[i for i in ids if i in qrels[q]] for q, ids in zip(query_ids, others, strict=True)]
    lists = judged if judged_only else others
    hits = Hits(
        n_queries=len(query_ids),
        met=Grades.from_lists([_met(ids, qrels[q]) for q, ids in zip(query_ids, lists, strict=True)]),
        ideal=Grades.from_lists([_ideal(qrels[q], me) for q, me in zip(query_ids, own, strict=True)]),
    )
    return Evaluation(
        query_ids,
        {measure: calculate(measure, hits) for measure in parsed},
        n_without_list=sum(not ids for ids in given),
        n_without_relevant=len(query_ids) - len(np.unique(hits.ideal.query)),
        n_unjudged=sum(query_id not in qrels for query_id in run),
        n_own=sum((me in ids) + (me in qrels[q]) for q, ids, me in zip(query_ids, given, own, strict=True)),
        n_entries=sum(map(len, others)),
        n_judged_entries=sum(map(len, judged)),
    )


def _ids(entries: RankedList | Mapping[str, float]) -> list[str]:
    ranked = order_scores({"": entries})[""] if isinstance(entries, Mapping) else entries
    return [article_id for article_id, _ in ranked]


def _met(ids: list[str], judged: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return (rank, grade) of the relevant entries."""
    grades = [judged.get(article_id, 0) for article_id in ids]
    return [(rank, grade) for rank, grade in enumerate(grades, start=1) if grade > 0]


def _ideal(judged: Mapping[str, int], own: str | None) -> list[tuple[int, int]]:
    grades = (grade for article_id, grade in judged.items() if grade > 0 and article_id != own)
    return list(enumerate(sorted(grades, reverse=True), start=1))


def _check_duplicates(query_ids: tuple[str, ...], lists: list[list[str]]) -> None:
    problems = [
        Problem("article twice in one list", repr(article_id), f"keep one in the list of {query_id!r}")
        for query_id, ids in zip(query_ids, lists, strict=True)
        if len(set(ids)) != len(ids)
        for article_id in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if problems:
        raise InputError(problems)
