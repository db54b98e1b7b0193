"""What is known of relatedness, as labels of a site's rows: judgements, relevances from clicks, links in the texts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.engine import Recommender
from recommender.errors import InputError, Problem
from recommender.evaluation.hits import Grades
from recommender.evaluation.measures import Measure

__all__ = ["Labelled", "Labels", "label_rows", "link_labels", "place_of"]

Labels: TypeAlias = Mapping[str, Mapping[str, float]]
"""Query article -> article -> relevance, 0 and below for not related: whole grades, or fractions such as clicks give."""

_GRAIN = 1_000_000  # steps from 0 to the highest fraction


class Labelled(NamedTuple):
    """The labelled articles that a fit looks at.

    Attributes
    ----------
    query_ids : tuple of str
        Ordered by `place_of`.
    rows : ndarray of int32, shape (q,)
        Of the queries.
    grades : list of dict
        Row -> grade of each query, its own row and articles of elsewhere left out.
    ideal : Grades
        Positive grades of each query, best first, articles of elsewhere included.
    """

    query_ids: tuple[str, ...]
    rows: NDArray[np.int32]
    grades: list[dict[int, int]]
    ideal: Grades

    def laid_over(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the grade of each row, int64, shape (q, c); 0 without a label."""
        laid = np.zeros(rows.shape, dtype=np.int64)
        for found, grades, row in zip(laid, self.grades, rows, strict=True):
            found[:] = [grades.get(other, 0) for other in row.tolist()]
        return laid


def label_rows(labels: Labels, site: Recommender, measure: Measure, most: int, seed: int) -> Labelled:
    """Return the labels of those queries from which something can be learned: a related article is on the site.

    Of more than `most` some are drawn, the same for the same seed.

    Raises
    ------
    InputError
        Naming every relevance that is no finite number.
    ValueError
        If there are fractions and the measure is not nDCG with the gain as it is.
    """
    row_of = {article_id: row for row, article_id in enumerate(site.summaries.column("article_id"))}
    whole = _whole(labels, measure)
    told = {
        query_id: {other: grade for other, grade in judged.items() if other != query_id}
        for query_id, judged in whole.items()
        if query_id in row_of
    }
    useful = [q for q, judged in told.items() if any(judged[d] > 0 for d in judged if d in row_of)]
    chosen = tuple(sorted(useful, key=lambda query_id: (place_of(query_id, seed), query_id))[:most])
    positive = [sorted((grade for grade in told[q].values() if grade > 0), reverse=True) for q in chosen]
    return Labelled(
        query_ids=chosen,
        rows=np.array([row_of[query_id] for query_id in chosen], dtype=np.int32),
        grades=[{row_of[d]: grade for d, grade in told[q].items() if d in row_of} for q in chosen],
        ideal=Grades.from_lists([list(enumerate(grades, start=1)) for grades in positive]),
    )


def link_labels(site: Recommender) -> dict[str, dict[str, int]]:
    """Return the links in the texts of a site as labels: an article's links have grade 1."""
    ids = list(site.summaries.column("article_id"))
    indptr, indices = (each.tolist() for each in site.collection.links)
    return {
        article_id: {ids[other]: 1 for other in indices[start:stop]}
        for article_id, start, stop in zip(ids, indptr, indptr[1:], strict=False)
        if start < stop
    }


def place_of(query_id: str, seed: int) -> int:
    """Return a number that looks drawn at random, the same whatever else is labelled: draws and folds go by it."""
    digest = hashlib.blake2b(f"{seed}\0{query_id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _whole(labels: Labels, measure: Measure) -> Mapping[str, Mapping[str, int]]:
    """Return labels as whole grades; nDCG of fractions is that of their multiples."""
    bad = [
        Problem(f"wanted a finite relevance of {query_id!r} and {article_id!r}", repr(value)[:40])
        for query_id, judged in labels.items()
        for article_id, value in judged.items()
        if not math.isfinite(value)
    ]
    if bad:
        raise InputError(bad)
    values = [value for judged in labels.values() for value in judged.values()]
    if all(float(value).is_integer() for value in values):
        return {q: {d: int(value) for d, value in judged.items()} for q, judged in labels.items()}
    if measure.name != "nDCG" or measure.dcg != "log2":
        raise ValueError(
            f"{measure} wants whole grades, got fractions; use nDCG@10, whose gain is the relevance"
        )
    step = max(values) / _GRAIN
    return {q: {d: math.ceil(value / step) for d, value in judged.items()} for q, judged in labels.items()}
