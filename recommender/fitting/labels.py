"""Labels of related articles: judgements, relevances from clicks, and links in the texts."""

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

__all__ = ["Labelled", "Labels", "label_rows", "link_labels", "random_key"]

Labels: TypeAlias = Mapping[str, Mapping[str, float]]
"""Query article -> article -> relevance, as whole grades or as fractions. 0 and below mean not related."""

_GRAIN = 1_000_000  # number of whole grades that fractions are mapped to


class Labelled(NamedTuple):
    """Labelled articles of a fit.

    Attributes
    ----------
    query_ids : tuple of str
        Ids of the queries, ordered by `random_key`.
    rows : ndarray of int32, shape (q,)
        Rows of the queries.
    grades : list of dict
        Row -> grade for each query, without its own row and articles that are not on the site.
    ideal : Grades
        Positive grades of each query, best first, including articles that are not on the site.
    """

    query_ids: tuple[str, ...]
    rows: NDArray[np.int32]
    grades: list[dict[int, int]]
    ideal: Grades

    def grades_of(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the grades of `rows`, int64, shape (q, c). Unlabelled rows have grade 0."""
        result = np.zeros(rows.shape, dtype=np.int64)
        for target, grades, row in zip(result, self.grades, rows, strict=True):
            target[:] = [grades.get(other, 0) for other in row.tolist()]
        return result


def label_rows(labels: Labels, site: Recommender, measure: Measure, most: int, seed: int) -> Labelled:
    """Return the labels of the queries on the site that have a related article on the site.

    At most `most` queries are sampled, depending on the seed.

    Raises
    ------
    InputError
        If a relevance is not a finite number. All are listed.
    ValueError
        If there are fractions and the measure is not nDCG with linear gain.
    """
    row_of = {article_id: row for row, article_id in enumerate(site.summaries.column("article_id"))}
    whole = _whole_grades(labels, measure)
    on_site = {
        query_id: {other: grade for other, grade in judged.items() if other != query_id}
        for query_id, judged in whole.items()
        if query_id in row_of
    }
    useful = [q for q, judged in on_site.items() if any(judged[d] > 0 for d in judged if d in row_of)]
    chosen = tuple(sorted(useful, key=lambda query_id: (random_key(query_id, seed), query_id))[:most])
    positive = [sorted((grade for grade in on_site[q].values() if grade > 0), reverse=True) for q in chosen]
    return Labelled(
        query_ids=chosen,
        rows=np.array([row_of[query_id] for query_id in chosen], dtype=np.int32),
        grades=[{row_of[d]: grade for d, grade in on_site[q].items() if d in row_of} for q in chosen],
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


def random_key(query_id: str, seed: int) -> int:
    """Return a pseudo-random number that depends on the id and the seed only, for sampling and folds."""
    digest = hashlib.blake2b(f"{seed}\0{query_id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _whole_grades(labels: Labels, measure: Measure) -> Mapping[str, Mapping[str, int]]:
    """Return labels as whole grades. Fractions are scaled, which does not change nDCG."""
    bad = [
        Problem(f"expected a finite relevance of {query_id!r} and {article_id!r}", repr(value)[:40])
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
        raise ValueError(f"{measure} needs whole grades, got fractions; use nDCG@10, which accepts fractions")
    step = max(values) / _GRAIN
    return {q: {d: math.ceil(value / step) for d, value in judged.items()} for q, judged in labels.items()}
