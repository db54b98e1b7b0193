"""Lists as a Parquet table, for data frames and warehouses."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from recommender.errors import MissingExtraError
from recommender.export.list_source import CARD, list_record
from recommender.ranking.related import RelatedList

__all__ = ["is_parquet", "write_parquet"]

GROUP = 10_000  # lists a row group: a few MB, which is also what stays in memory


def write_parquet(path: Path, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write one row a list: ``article_id`` and ``related``, a list of structs.

    Their fields are ``article_id, rank, score, rung, title, url, description, image``, of which the last three may be null;
    `rank` is int32 and `score` float64, the others are text. With `why` the struct also has ``parts``, a map, and
    ``terms``, a list of structs ``term, share``.

    Returns
    -------
    int
        Number of lists written, empty ones included. Memory is that of 10,000 lists.
    """
    pyarrow, parquet = _pyarrow()
    schema = _schema(pyarrow, why=why)
    count = 0
    with parquet.ParquetWriter(path, schema) as writer:
        remaining = iter(lists)
        while group := [_record(related, why=why) for related in islice(remaining, GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def is_parquet(path: Path) -> bool:
    """Tell whether the file is an earlier export: its two columns say so."""
    pyarrow, parquet = _pyarrow()
    try:
        names: list[str] = parquet.read_schema(path).names
    except pyarrow.ArrowInvalid:
        return False
    return names == ["article_id", "related"]


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("Writing Parquet", "pyarrow", "parquet") from error
    return pyarrow, pyarrow.parquet


def _record(related: RelatedList, *, why: bool) -> dict[str, Any]:
    record = list_record(related, why=why)
    if why:
        for entry in record["related"]:
            entry["parts"] = list(entry["parts"].items())  # a map is a list of pairs to pyarrow
    return record


def _schema(pyarrow: Any, *, why: bool) -> Any:
    fields = [
        pyarrow.field("article_id", pyarrow.string(), nullable=False),
        pyarrow.field("rank", pyarrow.int32(), nullable=False),
        pyarrow.field("score", pyarrow.float64(), nullable=False),
        pyarrow.field("rung", pyarrow.string(), nullable=False),
        *(pyarrow.field(name, pyarrow.string(), nullable=name != "title") for name in CARD),
    ]
    if why:
        term = pyarrow.struct([("term", pyarrow.string()), ("share", pyarrow.float64())])
        fields.append(pyarrow.field("parts", pyarrow.map_(pyarrow.string(), pyarrow.float64())))
        fields.append(pyarrow.field("terms", pyarrow.list_(term)))
    return pyarrow.schema([fields[0], pyarrow.field("related", pyarrow.list_(pyarrow.struct(fields)))])
