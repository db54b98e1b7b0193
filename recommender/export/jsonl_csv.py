"""JSON Lines and CSV, which can also be written to a pipe."""

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
from recommender.lists.related import RelatedList

__all__ = ["is_csv", "is_jsonl", "write_csv", "write_jsonl"]

_HEADER = ("article_id", "rank", "related_id", "score")
_COLUMNS = (*_HEADER, "source", *CARD, "language")
_REASONS = ("parts", "terms")
_ENTRY = ("article_id", "rank", "score", "source")
_LONGEST_LINE = 2**24
_RUNS_AS_FORMULA = re.compile(r"[=@＝＠]|[+\-＋－](?!\d+(\.\d+)?$)")


def write_jsonl(
    stream: BinaryIO, lists: Iterable[RelatedList], deleted: Iterable[str] = (), *, why: bool = False
) -> int:
    """Write one object ``{"article_id", "related": [{...}, ...]}`` per line in UTF-8.

    Deleted articles follow as ``{"article_id", "deleted": true}``. `entry_record` defines the entries. Memory is O(1).

    Returns
    -------
    int
        Number of lists written, including empty ones.
    """
    count = 0
    for related in lists:
        stream.write(orjson.dumps(list_record(related, why=why), option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    for article_id in deleted:
        record = {"article_id": article_id, "deleted": True}
        stream.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return count


def is_jsonl(path: Path) -> bool:
    """Return whether the file is an earlier export, and not, for example, a file of articles."""
    with path.open("rb") as file:
        start = file.readline(_LONGEST_LINE)
    try:
        first = orjson.loads(start)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(first, dict):
        return False
    names = list(first)
    if names not in (
        ["article_id", "deleted"],
        *(["article_id", "related", *more] for more in ([], ["translations"])),
    ):
        return False
    entries = first.get("related", [])
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and list(entry)[: len(_ENTRY)] == list(_ENTRY) for entry in entries
    )


def write_csv(stream: BinaryIO, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write one row per entry as in RFC 4180: CRLF, UTF-8, no byte order mark.

    The columns are ``article_id,rank,related_id,score,source,title,url,description,image,language``. Those from the
    title on describe the related article. With `why`, the columns `parts` and `terms` follow as JSON. None is
    written as an empty cell. Articles with an empty list have no row. The translations of an article follow its
    list: their source is ``translation``, they have a language, and neither rank nor score. Memory is O(1).

    Ids and texts are written unchanged, so that ids can be joined with other tables. Spreadsheets may
    evaluate values such as ``=1+1`` as formulas. A warning gives the number of such values.

    Returns
    -------
    int
        Number of lists written, including empty ones.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(_COLUMNS + (_REASONS if why else ()))
        count = ids = texts = 0
        for related in lists:
            for entry in related:
                record = entry_record(entry, why=why)
                row = [related.article_id, entry.rank, entry.article_id, record["score"], entry.source]
                row += [*(record[name] for name in CARD), None]
                if why:
                    row += [json.dumps(record[name], ensure_ascii=False) for name in ("parts", "terms")]
                writer.writerow(row)
                texts += any(_RUNS_AS_FORMULA.match(record[name] or "") for name in CARD)
            for each in related.translations:
                shown = (each.title, each.url, None, None, each.language) + ((None, None) if why else ())
                writer.writerow((related.article_id, None, each.article_id, None, "translation", *shown))
                texts += any(_RUNS_AS_FORMULA.match(text or "") for text in (each.title, each.url))
            count += 1
            ids += _RUNS_AS_FORMULA.match(str(related.article_id)) is not None
    finally:
        text.detach()  # the caller closes the stream
    if ids or texts:
        warnings.warn(
            f"{ids} article ids and the texts of {texts} entries begin like a formula (=, +, -, @) and were "
            "written unchanged; import the columns as text when opening the file in a spreadsheet",
            stacklevel=3,
        )
    return count


def is_csv(path: Path) -> bool:
    """Return whether the file begins with the header of an export, of this version or of one with fewer columns."""
    with path.open("rb") as file:
        names = file.readline(16_384).decode("utf-8", "replace").rstrip("\r\n").split(",")
    return tuple(names) in {(*_COLUMNS[:n], *reasons) for n in range(len(_HEADER), len(_COLUMNS) + 1)
                            for reasons in ((), _REASONS)}  # fmt: skip
