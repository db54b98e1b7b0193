"""Lists as a Parquet table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from recommender.errors import MissingExtraError
from recommender.export.list_source import CARD, list_record
from recommender.lists.related import RelatedList

__all__ = ["is_parquet", "write_parquet"]

GROUP = 10_000  # lists per row group: a few MB, which bounds memory


def write_parquet(
    path: Path, lists: Iterable[RelatedList], deleted: Sequence[str] = (), *, why: bool = False
) -> int:
    """Write one row per list with the columns ``article_id``, ``related`` and ``translations``, lists of structs.

    Deleted articles follow, with null for both lists.

    The fields of the structs are ``article_id, rank, score, source, title, url, description, image``. `rank` is
    int32, `score` is float64, and the others are strings. The last three may be null. With `why` there are
    also ``parts``, a map, and ``terms``, a list of structs ``term, share``. Those of translations are
    ``article_id, language, title, url``. Memory holds 10,000 lists at a time.

    Returns
    -------
    int
        Number of lists written, including empty ones.
    """
    pyarrow, parquet = _pyarrow()
    schema = _schema(pyarrow, why=why)
    count = 0
    with parquet.ParquetWriter(path, schema) as writer:
        remaining = iter(lists)
        while group := [_record(related, why=why) for related in islice(remaining, GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            count += len(group)
        if deleted:
            gone = [{"article_id": each, "related": None, "translations": None} for each in deleted]
            writer.write_table(pyarrow.Table.from_pylist(gone, schema=schema))
    return count


def is_parquet(path: Path) -> bool:
    """Return whether the file has the columns of an export."""
    pyarrow, parquet = _pyarrow()
    try:
        names: list[str] = parquet.read_schema(path).names
    except pyarrow.ArrowInvalid:
        return False
    return names[:2] == ["article_id", "related"] and names[2:] in (
        [],
        ["translations"],
    )  # once there were two


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("Writing Parquet", "pyarrow", "parquet") from error
    return pyarrow, pyarrow.parquet


def _record(related: RelatedList, *, why: bool) -> dict[str, Any]:
    record: dict[str, Any] = {"translations": [], **list_record(related, why=why)}
    if why:
        for entry in record["related"]:
            entry["parts"] = list(entry["parts"].items())  # pyarrow expects a map as a list of pairs
    return record


def _schema(pyarrow: Any, *, why: bool) -> Any:
    fields = [
        pyarrow.field("article_id", pyarrow.string(), nullable=False),
        pyarrow.field("rank", pyarrow.int32(), nullable=False),
        pyarrow.field("score", pyarrow.float64(), nullable=False),
        pyarrow.field("source", pyarrow.string(), nullable=False),
        *(pyarrow.field(name, pyarrow.string(), nullable=name != "title") for name in CARD),
    ]
    if why:
        term = pyarrow.struct([("term", pyarrow.string()), ("share", pyarrow.float64())])
        fields.append(pyarrow.field("parts", pyarrow.map_(pyarrow.string(), pyarrow.float64())))
        fields.append(pyarrow.field("terms", pyarrow.list_(term)))
    names = ("article_id", "language", "title", "url")
    translation = pyarrow.struct(
        [pyarrow.field(name, pyarrow.string(), nullable=name == "url") for name in names]
    )
    lists = {"related": pyarrow.struct(fields), "translations": translation}
    return pyarrow.schema([fields[0], *((name, pyarrow.list_(each)) for name, each in lists.items())])
