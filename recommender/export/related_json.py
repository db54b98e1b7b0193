"""Lists as one JSON object, the form that site generators read as a data file: ``related.json``."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from recommender.export.keyed_lists import KeyedLists
from recommender.export.list_source import entry_record
from recommender.export.safe_json import safe_json
from recommender.lists.related import RelatedArticle, RelatedList
from recommender.rendering.addresses import safe_address

__all__ = ["is_related_json", "write_related_json"]

_START = re.compile(rb'\{\n(\}|"(?:[^"\\\n]|\\.)*":\[(?:\],?\n|\{"id":"))')
_ENTRY = {"id", "title", "url", "source"}
_LONGEST_LINE = 2**24
_STARTS_WITHIN = 20_000  # bytes; an id has at most 1,000 characters, and each at most 12 bytes


def write_related_json(
    stream: BinaryIO, source: KeyedLists, lists: Iterable[RelatedList], *, why: bool = False
) -> int:
    """Write an object from each key to the list of its article.

    There is a line for each list, in row order: ``"posts/rain.md":[{...},...]``. An entry has the fields ``id``,
    ``title``, ``url``, ``description``, ``image`` and ``source``, and the metadata fields that are keys. All but
    `id`, `title` and `source` may be null. Entries have no score, since data files may reach the readers of a
    site; with `why` they have ``score``, ``parts`` and ``terms``. `url` and `image` are null where a browser
    would do anything but open a page. The JSON may stand in a script element as it is.

    A warning counts the articles that have no value of any key, names each key that no article has, and counts the
    values of several articles. The first of these has its list under the value. Memory is O(1) if the only key is
    ``id``, else that of all keys.

    Returns
    -------
    int
        Number of lists written, including empty ones.
    """
    count = n_articles = repeated = 0
    absent: Counter[str] = Counter()
    seen: set[str] = set()
    by_id_only = source.keys == ("id",)
    stream.write(b"{")
    separator = b"\n"
    for related in lists:
        values = source.values(str(related.article_id))
        keys = list(dict.fromkeys(value for value in values if value is not None))
        n_articles += 1
        absent.update(name for name, value in zip(source.keys, values, strict=True) if value is None)
        entries = safe_json([_entry(source, entry, why=why) for entry in related]) if keys else b""
        for key in keys:
            if key in seen:
                repeated += 1
                continue
            if not by_id_only:
                seen.add(key)
            stream.write(separator + safe_json(key) + b":" + entries)
            separator = b",\n"
        count += bool(keys)
    stream.write(b"\n}\n")
    unused = [name for name in source.keys if n_articles and absent[name] == n_articles]
    _warn(source.keys, unused, n_articles - count, repeated)
    return count


def is_related_json(path: Path) -> bool:
    """Return whether the file begins like an earlier export."""
    with path.open("rb") as file:
        if _START.match(file.read(_STARTS_WITHIN)) is None:
            return False
        file.seek(2)
        first = file.readline(_LONGEST_LINE).strip().removesuffix(b",")
    try:
        lists = orjson.loads(b"{%s}" % first.removeprefix(b"}"))
    except orjson.JSONDecodeError:
        return False
    entries = [entry for each in lists.values() for entry in each]
    return all(isinstance(entry, dict) and entry.keys() >= _ENTRY for entry in entries)


def _entry(source: KeyedLists, entry: RelatedArticle, *, why: bool) -> dict[str, Any]:
    record = {
        "id": entry.article_id,
        "title": entry.title,
        "url": safe_address(entry.url),
        "description": entry.description,
        "image": safe_address(entry.image),
        "source": entry.source,
    }
    if source.fields:
        values = dict(zip(source.keys, source.values(entry.article_id), strict=True))
        record |= {field: values[field] for field in source.fields}
    if why:
        record |= {name: entry_record(entry, why=True)[name] for name in ("score", "parts", "terms")}
    return record


def _warn(keys: Sequence[str], unused: Sequence[str], without: int, repeated: int) -> None:
    named = " or ".join(map(repr, keys))
    if without:
        warnings.warn(
            f"{without:,} articles have no {named} and are not found by it; choose another key, such as id",
            stacklevel=4,
        )
    elif unused:  # the articles are found, but by other keys
        warnings.warn(
            f"no article has {' or '.join(map(repr, unused))}, so no list stands under it; leave that key out",
            stacklevel=4,
        )
    if repeated:
        warnings.warn(
            f"{repeated:,} values of {named} belong to several articles; the list of the first is under the key",
            stacklevel=4,
        )
