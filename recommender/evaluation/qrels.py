"""Judgements: which articles are related to which, and how much; from and to TREC qrels."""

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
"""Query article -> judged article -> grade; 0 and below mean not related."""

MAX_GRADE = 1_000  # 2^1000 is still a float64, and so is the sum of ten million of them

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_TREC = "qid 0 docid rel"
_BEIR = "query-id corpus-id score"


def read_qrels(path: str | os.PathLike[str]) -> dict[str, dict[str, int]]:
    """Read judgements in TREC form, or in BEIR's (three columns under a header); plain or gzipped.

    Parameters
    ----------
    path : path
        Lines ``qid 0 docid rel`` separated by tabs or blanks (the second column is ignored), or tab-separated
        ``query-id corpus-id score`` under that header. Grades are whole numbers from -1,000 to 1,000.

    Returns
    -------
    dict
        Query id -> article id -> grade, in the order of the file.

    Raises
    ------
    InputError
        Listing as ``file:line`` every line that cannot be used: too few or too many fields, no whole number, a pair
        judged twice, not UTF-8; or saying that the file cannot be read or holds no judgements.
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
        wanted = f"give lines '{_TREC}', or '{_BEIR}' under that header"
        problems.append(Problem("no judgements", "an empty file", wanted, os.fspath(path)))
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
            f"wanted a whole number from -{MAX_GRADE:,} to {MAX_GRADE:,} as the grade", repr(fields[-1][:40])
        )
    judged = qrels.setdefault(query_id, {})
    if article_id in judged:
        return Problem("a pair judged twice", f"{query_id!r} and {article_id!r}", "keep one of the lines")
    judged[article_id] = grade
    return None


def _grade(text: str) -> int | None:
    if not _WHOLE_NUMBER.fullmatch(text):
        return None
    grade = int(text)
    return grade if abs(grade) <= MAX_GRADE else None


def write_qrels(path: str | os.PathLike[str], qrels: Qrels) -> None:
    """Write judgements in TREC form with tabs, gzipped if the name ends in ``.gz``.

    Raises
    ------
    InputError
        Listing every id that a TREC file cannot hold and every grade out of range.
    """
    check_ids(article_id for query_id, judged in qrels.items() for article_id in (query_id, *judged))
    check_grades(qrels)
    write_lines(path, (f"{q}\t0\t{d}\t{grade}" for q, judged in qrels.items() for d, grade in judged.items()))


def check_grades(qrels: Qrels) -> None:
    """Raise InputError naming every grade outside -1,000 to 1,000 or that is no whole number."""
    bad = [
        Problem(
            f"wanted a whole number from -{MAX_GRADE:,} to {MAX_GRADE:,} as the grade of {query_id!r} and {article_id!r}",
            repr(grade)[:40],
        )
        for query_id, judged in qrels.items()
        for article_id, grade in judged.items()
        if not (isinstance(grade, int | np.integer) and -MAX_GRADE <= grade <= MAX_GRADE)
    ]
    if bad:
        raise InputError(bad)
