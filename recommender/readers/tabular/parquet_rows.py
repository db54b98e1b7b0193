"""Read Parquet in batches of up to a thousand rows."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, BinaryIO

from recommender.errors import InputError, MissingExtraError, Problem
from recommender.metadata import plain
from recommender.readers.inputs.sources import Source
from recommender.readers.records.columns import missing_columns
from recommender.readers.records.named_fields import NO_NAMES, NamedFields
from recommender.readers.records.rows import Row
from recommender.readers.tabular.parquet_limits import (
    batch_rows,
    check_unpacked,
    columns_with_lists,
    unpacked_bytes,
)

__all__ = ["read_parquet"]

_FIELDS = frozenset({"id", "article_id", "title", "text", "body", "published", "metadata"})


def read_parquet(source: Source, id: str | None = None, named: NamedFields = NO_NAMES) -> Iterator[Row]:
    """Yield a row for each record, with its number from 1 as the line. `id` and `named` are as in `read_csv`.

    Memory use is the pages of one row group.

    Raises
    ------
    InputError
        If the file is not Parquet, is damaged, or lacks a column.
    MissingExtraError
        If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("Reading Parquet", "pyarrow", "parquet") from error
    numbers = count(1)
    try:
        with _seekable(source) as (file, n_bytes):
            metadata = pq.read_metadata(file)
            n_rows, lists = batch_rows(metadata, file, n_bytes), columns_with_lists(metadata)
            with pq.ParquetFile(file, metadata=metadata, read_dictionary=lists) as table:
                problems = list(missing_columns(named.columns(table.schema_arrow.names), id))
                if problems:
                    raise InputError([problem.at(source.name) for problem in problems])
                n_unpacked = 0
                for batch in table.iter_batches(n_rows):
                    n_unpacked += sum(map(unpacked_bytes, batch.columns))
                    check_unpacked(n_unpacked, n_bytes)
                    for content, number in zip(_records(_in_microseconds(batch)), numbers, strict=False):
                        yield Row(source.name, number, content)
    except (pa.ArrowException, UnicodeDecodeError) as error:  # the latter comes from column names
        got = str(error).partition("\n")[0][:200]
        raise InputError(Problem("not Parquet, or damaged", got, "write it again", source.name)) from error


@contextmanager
def _seekable(source: Source) -> Iterator[tuple[BinaryIO, int]]:
    """Yield the file, or a temporary copy of a stream or compressed file, and its size. Parquet is read from its end."""
    is_file = source.path is not None and not source.packed
    with source.path.open("rb") if source.path is not None and is_file else tempfile.TemporaryFile() as file:
        if not is_file:
            shutil.copyfileobj(source.stream, file)
        n_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        yield file, n_bytes


def _in_microseconds(batch: Any) -> Any:
    """Truncate nanosecond times to microseconds, the resolution of Python's datetime."""
    import pyarrow as pa

    for place, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            times = batch.column(place).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(place, field.name, times)
    return batch


def _records(batch: Any) -> Iterator[dict[str, Any] | Problem]:
    """Yield each record of a batch.

    Values that Python cannot represent, such as the year 20,000, are problems.
    """
    try:
        yield from map(_fields, batch.to_pylist())
    except (ValueError, OverflowError):
        for place in range(batch.num_rows):
            try:
                content: dict[str, Any] | Problem = _fields(batch.slice(place, 1).to_pylist()[0])
            except (ValueError, OverflowError) as error:
                content = Problem("a value that cannot be read", str(error), "correct the row")
            yield content


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if name in _FIELDS else plain(value)
        for name, value in record.items()
        if value is not None
    }
