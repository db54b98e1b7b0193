"""Reads and writes TREC run files."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import numpy as np

from recommender.errors import InputError, Problem
from recommender.evaluation.runs import RankedList, Run, Ties, order_scores
from recommender.evaluation.trec import check_ids, read_lines, split_fields, write_lines

__all__ = ["read_run", "write_run"]

_COLUMNS = "qid Q0 docid rank score tag"
_LARGEST = 1e38  # trec_eval reads scores as float32


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
