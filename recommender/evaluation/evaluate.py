"""Lists and judgements in, quality out: a value for each query and measure, and what was odd on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    """Quality of lists on judgements, query by query.

    Parameters
    ----------
    query_ids : tuple of str
        Every judged query, sorted.
    values : mapping of Measure to float64 array, shape (n_queries,)
        Value of each query, in the order of `query_ids`, in [0, 1].
    n_without_list : int
        Judged queries with no list or an empty one; they count as 0.
    n_without_relevant : int
        Judged queries with no grade above 0; they count as 0 too, as in ir_measures.
    n_unjudged : int
        Lists whose article is no judged query; they do not count.
    n_own : int
        Entries, and judgements, that name the query article itself; left out.
    n_entries, n_judged_entries : int
        Entries in the lists of judged queries, and those of them that the query has a judgement of, be it 0.
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
        """Return the values of one measure; KeyError if it was not asked for."""
        return self.values[parse_measures(measure)[0]]

    def __repr__(self) -> str:
        means = ", ".join(f"{name}={mean:.4f}" for name, mean in self.means.items())
        return f"<Evaluation of {len(self.query_ids):,} queries: {means}>"

    @property
    def means(self) -> dict[str, float]:
        """Mean over all judged queries of each measure, by its name."""
        return {str(measure): float(np.mean(values)) for measure, values in self.values.items()}

    def mean(self, measure: str | Measure) -> float:
        """Return the mean of one measure; KeyError if it was not asked for."""
        return float(np.mean(self[measure]))

    def intervals(self, level: float = 0.95, n_resamples: int = 1_000, seed: int = 0) -> dict[str, Interval]:
        """Return a bootstrap interval for the mean of each measure, by its name; see `bootstrap_means`."""
        found = bootstrap_means(np.stack(list(self.values.values()), axis=1), level, n_resamples, seed)
        return {str(measure): interval for measure, interval in zip(self.values, found, strict=True)}


def evaluate(
    run: Run | Scores,
    qrels: Qrels,
    measures: str | Measure | Iterable[str | Measure] = DEFAULT_MEASURES,
    *,
    leave_out_own: bool = True,
    judged_only: bool = False,
) -> Evaluation:
    """Judge lists.

    Parameters
    ----------
    run : mapping
        Query id -> list of (article id, score) best first, taken in the order given; or query id -> article id ->
        score, ordered by (-score, article id).
    qrels : mapping
        Query id -> article id -> grade; grades of 0 and below are not relevant. All its queries count.
    measures : names or Measure
        See `parse_measures`.
    leave_out_own : bool
        Whether entries and judgements naming the query itself are left out, before ranks are counted. False where query
        ids and article ids are unrelated, as in search.
    judged_only : bool
        Whether entries that the query has no judgement of are left out, before ranks are counted ("condensed lists",
        Sakai 2007), instead of counting as not relevant: fairer to lists that the judges did not see, as with clicks.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If a name is no measure, a grade is out of range, there are no judgements, or a list of a judged query
        holds an article twice; naming all.

    Notes
    -----
    The cost is linear in the entries of the judged queries' lists plus the judgements.

    Examples
    --------
    >>> found = evaluate({"q": [("a", 3.0), ("b", 2.0)]}, {"q": {"b": 1}}, ["RR", "P@2"])
    >>> found.means
    {'RR': 0.5, 'P@2': 0.5}
    >>> found
    <Evaluation of 1 queries: RR=0.5000, P@2=0.5000>
    """
    wanted = parse_measures(measures)
    check_grades(qrels)
    if not qrels:
        raise InputError(Problem("no judgements", "no query at all", "give at least one judged query"))
    query_ids = tuple(sorted(qrels))
    given = [_ids(run.get(query_id, ())) for query_id in query_ids]
    _check_twice(query_ids, given)
    own = [query_id if leave_out_own else None for query_id in query_ids]
    others = [
        [i for i in found if i != me] if me in found else found for found, me in zip(given, own, strict=True)
    ]
    judged = [[i for i in found if i in qrels[q]] for q, found in zip(query_ids, others, strict=True)]
    lists = judged if judged_only else others
    hits = Hits(
        n_queries=len(query_ids),
        met=Grades.from_lists([_met(found, qrels[q]) for q, found in zip(query_ids, lists, strict=True)]),
        ideal=Grades.from_lists([_ideal(qrels[q], me) for q, me in zip(query_ids, own, strict=True)]),
    )
    return Evaluation(
        query_ids,
        {measure: calculate(measure, hits) for measure in wanted},
        n_without_list=sum(not found for found in given),
        n_without_relevant=len(query_ids) - len(np.unique(hits.ideal.query)),
        n_unjudged=sum(query_id not in qrels for query_id in run),
        n_own=sum(
            (me in found) + (me in qrels[q]) for q, found, me in zip(query_ids, given, own, strict=True)
        ),
        n_entries=sum(map(len, others)),
        n_judged_entries=sum(map(len, judged)),
    )


def _ids(found: RankedList | Mapping[str, float]) -> list[str]:
    ranked = order_scores({"": found})[""] if isinstance(found, Mapping) else found
    return [article_id for article_id, _ in ranked]


def _met(ids: list[str], judged: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return (rank, grade) of the relevant entries."""
    grades = [judged.get(article_id, 0) for article_id in ids]
    return [(rank, grade) for rank, grade in enumerate(grades, start=1) if grade > 0]


def _ideal(judged: Mapping[str, int], own: str | None) -> list[tuple[int, int]]:
    grades = (grade for article_id, grade in judged.items() if grade > 0 and article_id != own)
    return list(enumerate(sorted(grades, reverse=True), start=1))


def _check_twice(query_ids: tuple[str, ...], ids: list[list[str]]) -> None:
    twice = [
        Problem("an article twice in one list", repr(article_id), f"keep one in the list of {query_id!r}")
        for query_id, found in zip(query_ids, ids, strict=True)
        if len(set(found)) != len(found)
        for article_id in sorted({i for i in found if found.count(i) > 1})
    ]
    if twice:
        raise InputError(twice)
