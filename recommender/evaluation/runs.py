"""Runs: ranked lists to evaluate, from arrays, from the engine's lists and from TREC run files."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.errors import InputError, Problem
from recommender.evaluation.trec import check_ids, read_lines, split_fields, write_lines
from recommender.lists.related import RelatedList

__all__ = [
    "RankedList",
    "Run",
    "Scores",
    "Ties",
    "order_scores",
    "read_run",
    "run_from_arrays",
    "run_from_lists",
    "write_run",
]

RankedList: TypeAlias = Sequence[tuple[str, float]]
"""Article ids with their scores, best first. The order decides, not the scores."""
Run: TypeAlias = Mapping[str, RankedList]
"""Query article -> its list."""
Scores: TypeAlias = Mapping[str, Mapping[str, float]]
"""Query article -> article -> score, unordered."""
Ties: TypeAlias = Literal["article_id", "trec_eval"]

_COLUMNS = "qid Q0 docid rank score tag"
_LARGEST = 1e38  # trec_eval reads scores as float32


def order_scores(scores: Scores, ties: Ties = "article_id") -> dict[str, list[tuple[str, float]]]:
    """Sort scored articles into rank order.

    Parameters
    ----------
    scores : mapping
        Query id -> article id -> finite score.
    ties : {"article_id", "trec_eval"}
        ``"article_id"`` orders by (-score, article id), as this engine does. ``"trec_eval"`` follows
        trec_eval: scores are float32, and the larger id comes first among equal scores.

    Raises
    ------
    ValueError
        If `ties` has another value.

    Examples
    --------
    >>> order_scores({"q": {"a": 1.0, "b": 1.0, "c": 2.0}}, ties="trec_eval")["q"]
    [('c', 2.0), ('b', 1.0), ('a', 1.0)]
    """
    if ties == "article_id":
        return {
            query_id: sorted(by_id.items(), key=lambda pair: (-pair[1], pair[0]))
            for query_id, by_id in scores.items()
        }
    if ties == "trec_eval":
        return {query_id: _trec_eval_order(by_id) for query_id, by_id in scores.items()}
    raise ValueError(f"ties must be 'article_id' or 'trec_eval', got {ties!r}")


def _trec_eval_order(by_id: Mapping[str, float]) -> list[tuple[str, float]]:
    with np.errstate(over="ignore"):
        rounded = np.fromiter(by_id.values(), np.float64, len(by_id)).astype(np.float32).tolist()
    order = sorted(zip(rounded, by_id, strict=True), reverse=True)
    return [(article_id, by_id[article_id]) for _, article_id in order]


def read_run(path: str | os.PathLike[str], ties: Ties = "trec_eval") -> dict[str, list[tuple[str, float]]]:
    """Read a TREC run file, plain or gzipped, into lists in rank order.

    Entries are ordered by score, as in trec_eval, and the rank column is ignored. By default ties are broken
    like trec_eval, so both report the same figures. Files written by `write_run` contain no equal scores.

    Parameters
    ----------
    path : path
        Lines ``qid Q0 docid rank score tag`` separated by tabs or spaces.
    ties : {"trec_eval", "article_id"}
        See `order_scores`.

    Raises
    ------
    InputError
        If lines are invalid (each is listed as ``file:line``): too few or too many fields, a score that is
        not a finite number, an article twice in one list, not UTF-8. Also if the file cannot be read or is
        empty.
    """
    scores: dict[str, dict[str, float]] = {}
    problems: list[Problem] = []
    for number, line in read_lines(path):
        problem = _add(scores, line)
        if problem is not None:
            problems.append(problem.at(os.fspath(path), number))
    if not scores and not problems:
        problems.append(Problem("no lists", "an empty file", f"give lines '{_COLUMNS}'", os.fspath(path)))
    if problems:
        raise InputError(problems)
    return order_scores(scores, ties)


def _add(scores: dict[str, dict[str, float]], line: bytes) -> Problem | None:
    fields = split_fields(line, _COLUMNS)
    if isinstance(fields, Problem):
        return fields
    query_id, _, article_id, _, written, _ = fields
    try:
        score = float(written)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        return Problem("expected a finite number as the score", repr(written[:40]))
    by_id = scores.setdefault(query_id, {})
    if article_id in by_id:
        return Problem("article twice in one list", f"{query_id!r} and {article_id!r}", "keep one line")
    by_id[article_id] = score
    return None


def write_run(path: str | os.PathLike[str], run: Run, tag: str = "recommender") -> None:
    """Write lists as a tab-separated TREC run file, gzipped if the name ends in ``.gz``.

    Scores are written as float32 and lowered minimally so that they decrease strictly with rank. Any program
    that sorts the file by score therefore gets the original order, whatever its tie rule. Ids may contain
    spaces, which trec_eval itself cannot read.

    Raises
    ------
    InputError
        If an id cannot be written to a TREC file. All are listed.
    ValueError
        If a score is not finite, or the tag is not one word.
    """
    check_ids(i for query_id, ranked in run.items() for i in (query_id, *(pair[0] for pair in ranked)))
    if len(tag.split()) != 1 or tag.strip() != tag:
        raise ValueError(f"the tag must be one word, got {tag!r}")
    write_lines(
        path,
        (
            f"{query_id}\tQ0\t{article_id}\t{rank}\t{score}\t{tag}"
            for query_id, ranked in run.items()
            for rank, (article_id, score) in enumerate(_strictly_decreasing(ranked), start=1)
        ),
    )


def _strictly_decreasing(ranked: RankedList) -> Iterator[tuple[str, np.float32]]:
    previous = np.float32(np.inf)
    for article_id, score in ranked:
        if not abs(score) <= _LARGEST:
            raise ValueError(f"expected finite scores up to {_LARGEST}, got {score} for {article_id!r}")
        previous = min(np.float32(score), np.nextafter(previous, np.float32(-np.inf)))
        yield article_id, previous


def run_from_lists(lists: Iterable[RelatedList]) -> dict[str, list[tuple[str, float]]]:
    """Convert the engine's lists to a run. Lists of drafts have no article id and are skipped."""
    return {
        related.article_id: [(entry.article_id, entry.score) for entry in related]
        for related in lists
        if related.article_id is not None
    }


def run_from_arrays(
    article_ids: Sequence[str],
    lists: NDArray[np.integer[Any]],
    scores: NDArray[np.floating[Any]] | None = None,
) -> dict[str, list[tuple[str, float]]]:
    """Convert arrays of lists to a run.

    Parameters
    ----------
    article_ids : sequence of str, length n
        Id of each article.
    lists : int array, shape (n, k)
        Row i is the list of article i as positions in `article_ids`, best first, padded with -1.
    scores : float array, shape (n, k), optional
        Scores of the entries. Defaults to the negative rank of each entry.

    Raises
    ------
    ValueError
        If the shapes do not match.

    Examples
    --------
    >>> run_from_arrays(["a", "b"], np.array([[1], [-1]]))
    {'a': [('b', -1.0)], 'b': []}
    """
    if lists.ndim != 2 or len(lists) != len(article_ids):
        raise ValueError(f"expected lists of shape ({len(article_ids)}, k), got {lists.shape}")
    if scores is None:
        scores = np.broadcast_to(-np.arange(1.0, lists.shape[1] + 1), lists.shape)
    if scores.shape != lists.shape:
        raise ValueError(f"expected scores of the shape of the lists, {lists.shape}, got {scores.shape}")
    return {
        query_id: [(article_ids[i], score) for i, score in zip(row, row_scores, strict=True) if i >= 0]
        for query_id, row, row_scores in zip(article_ids, lists.tolist(), scores.tolist(), strict=True)
    }
