"""Formats of lines, which can also go down a pipe: JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import orjson

from recommender.export.list_source import CARD, entry_record, list_record
from recommender.ranking.related import RelatedList

__all__ = ["is_csv", "is_jsonl", "write_csv", "write_jsonl"]

_HEADER = ("article_id", "rank", "related_id", "score")
_RUNS_AS_FORMULA = re.compile(r"[=@＝＠]|[+\-＋－](?!\d+(\.\d+)?$)")


def write_jsonl(stream: BinaryIO, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write one ``{"article_id", "related": [{...}, ...]}`` a line, in UTF-8; an entry is as `entry_record` makes it.

    Returns
    -------
    int
        Number of lists written, empty ones included. O(1) memory.
    """
    count = 0
    for related in lists:
        stream.write(orjson.dumps(list_record(related, why=why), option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count


def is_jsonl(path: Path) -> bool:
    """Tell whether the file is an earlier export and not, say, the articles themselves."""
    start = _start(path)
    return start.startswith(b'{"article_id":') and b'"related":[' in start


def write_csv(stream: BinaryIO, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write a row an entry, as RFC 4180 says: CRLF, UTF-8, no mark.

    The columns are ``article_id,rank,related_id,score,rung,title,url,description,image``, the last four of the related
    article; with `why`, two more hold `parts` and `terms` as JSON. What is None is empty, and an article with an empty list
    has no row. Ids and texts are written exactly, since ids must still join with the site's own tables; a spreadsheet may
    run one such as ``=1+1`` as a formula, so those of that kind are counted and a warning says how many.

    Returns
    -------
    int
        Number of lists written, empty ones included. O(1) memory.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow((*_HEADER, "rung", *CARD) + (("parts", "terms") if why else ()))
        count = ids = texts = 0
        for related in lists:
            for entry in related:
                record = entry_record(entry, why=why)
                row = [related.article_id, entry.rank, entry.article_id, record["score"], entry.rung]
                row += [record[name] for name in CARD]
                if why:
                    row += [json.dumps(record[name], ensure_ascii=False) for name in ("parts", "terms")]
                writer.writerow(row)
                texts += any(_RUNS_AS_FORMULA.match(record[name] or "") for name in CARD)
            count += 1
            ids += _RUNS_AS_FORMULA.match(str(related.article_id)) is not None
    finally:
        text.detach()  # the stream is the caller's to close
    if ids or texts:
        warnings.warn(
            f"{ids} article ids and the texts of {texts} entries begin like a formula (=, +, -, @) and were written as they "
            "are; open the file in a spreadsheet only with its columns imported as text",
            stacklevel=3,
        )
    return count


def is_csv(path: Path) -> bool:
    """Tell whether the file begins with the header of an earlier export."""
    return _start(path).startswith(",".join(_HEADER).encode())


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(16_384)
