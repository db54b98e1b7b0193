"""Graded relevance judgements, read from and written to TREC qrels files."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from recommender.errors import InputError, Problem
from recommender.evaluation.trec import check_ids, read_lines, split_fields, write_lines

__all__ = ["MAX_GRADE", "Qrels", "check_grades", "read_qrels", "write_qrels"]

Qrels: TypeAlias = Mapping[str, Mapping[str, int]]
"""Query article -> judged article -> grade. Grades of 0 and below mean not related."""

MAX_GRADE = 1_000  # 2^1000, and the sum of ten million of them, fit in a float64

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_TREC = "qid 0 docid rel"
_BEIR = "query-id corpus-id score"


def read_qrels(path: str | os.PathLike[str]) -> dict[str, dict[str, int]]:
    """Read judgements from a TREC or BEIR file, plain or gzipped.

    Parameters
    ----------
    path : path
        TREC: lines ``qid 0 docid rel`` separated by tabs or spaces; the second column is ignored. BEIR:
        tab-separated lines under the header ``query-id corpus-id score``. Grades are whole numbers from
        -1,000 to 1,000.

    Returns
    -------
    dict
        Query id -> article id -> grade, in the order of the file.

    Raises
    ------
    InputError
        If lines are invalid (each is listed as ``file:line``): too few or too many fields, a grade that is
        not a whole number, a pair judged twice, not UTF-8. Also if the file cannot be read or is empty.
    """
    qrels: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    columns = ""
    for number, line in read_lines(path):
        if not columns:
            columns = _BEIR if line.lower().split() == _BEIR.encode().split() else _TREC
            if columns is _BEIR:
                continue
        problem = _add(qrels, line, columns)
        if problem is not None:
            problems.append(problem.at(os.fspath(path), number))
    if not qrels and not problems:
        next_move = f"give lines '{_TREC}', or '{_BEIR}' under that header"
        problems.append(Problem("no judgements", "an empty file", next_move, os.fspath(path)))
    if problems:
        raise InputError(problems)
    return qrels


def _add(qrels: dict[str, dict[str, int]], line: bytes, columns: str) -> Problem | None:
    fields = split_fields(line, columns)
    if isinstance(fields, Problem):
        return fields
    query_id, article_id = fields[0], fields[-2]
    grade = _grade(fields[-1])
    if grade is None:
        return Problem(
            f"expected a whole number from -{MAX_GRADE:,} to {MAX_GRADE:,} as the grade",
            repr(fields[-1][:40]),
        )
    judged = qrels.setdefault(query_id, {})
    if article_id in judged:
        return Problem("pair judged twice", f"{query_id!r} and {article_id!r}", "keep one of the lines")
    judged[article_id] = grade
    return None


def _grade(text: str) -> int | None:
    if not _WHOLE_NUMBER.fullmatch(text):
        return None
    grade = int(text)
    return grade if abs(grade) <= MAX_GRADE else None


def write_qrels(path: str | os.PathLike[str], qrels: Qrels) -> None:
    """Write judgements as a tab-separated TREC file, gzipped if the name ends in ``.gz``.

    Raises
    ------
    InputError
        If an id cannot be written to a TREC file or a grade is out of range. All are listed.
    """
    check_ids(article_id for query_id, judged in qrels.items() for article_id in (query_id, *judged))
    check_grades(qrels)
    write_lines(path, (f"{q}\t0\t{d}\t{grade}" for q, judged in qrels.items() for d, grade in judged.items()))


def check_grades(qrels: Qrels) -> None:
    """Raise InputError listing every grade that is not a whole number from -1,000 to 1,000."""
    expected = f"expected a whole number from -{MAX_GRADE:,} to {MAX_GRADE:,} as the grade"
    bad = [
        Problem(f"{expected} of {query_id!r} and {article_id!r}", repr(grade)[:40])
        for query_id, judged in qrels.items()
        for article_id, grade in judged.items()
        if not (isinstance(grade, int | np.integer) and -MAX_GRADE <= grade <= MAX_GRADE)
    ]
    if bad:
        raise InputError(bad)
