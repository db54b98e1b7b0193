"""Limits on what a Parquet file unpacks to: few bytes can stand for gigabytes, or for billions of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from recommender.readers.inputs.streams import most_unpacked

__all__ = ["batch_rows", "check_unpacked", "columns_with_lists", "unpacked_bytes"]

_ROWS = 1_000  # of a batch
_ROW_BYTES = 100  # that a row counts as
_LARGE = 256 * 2**20  # bytes of a batch


def check_unpacked(n_unpacked: int, n_bytes: int) -> None:
    """Raise OSError if a file of `n_bytes` unpacks to too much."""
    if n_unpacked > most_unpacked(n_bytes):
        raise OSError(f"unpacks to {n_unpacked:,} bytes or more, and has {n_bytes:,}")


def batch_rows(metadata: Any, file: BinaryIO, n_bytes: int) -> int:
    """Return how many rows to read at a time.

    A text that all rows have is stored once, in the dictionary of its column, but unpacked for each row.

    Raises
    ------
    OSError
        If the metadata of the file of `n_bytes` tell of more than it may unpack to. A value counts as one
        byte at least and a row as 100, since a column with one value for all rows takes no space.
    """
    n_unpacked = n_values = largest = 0
    for each in _chunks(metadata):
        n_unpacked += each.total_uncompressed_size
        n_values += each.num_values
        if each.has_dictionary_page and each.physical_type == "BYTE_ARRAY":
            largest = max(largest, _page_bytes(file, each.dictionary_page_offset))
    check_unpacked(max(n_unpacked, n_values, _ROW_BYTES * metadata.num_rows), n_bytes)
    return min(max(_LARGE // max(largest, 1), 1), _ROWS)


def columns_with_lists(metadata: Any) -> list[str]:
    """Return the columns of texts in lists. A single row of them may repeat a text without end."""
    columns = map(metadata.schema.column, range(metadata.num_columns))
    return [each.path for each in columns if each.max_repetition_level and each.physical_type == "BYTE_ARRAY"]


def unpacked_bytes(column: Any) -> int:
    """Return the bytes of a column of a batch once each of its values is stored by itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        return pc.sum(lengths).as_py() or 0
    if pa.types.is_struct(kind):
        return sum(map(unpacked_bytes, column.flatten()))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return unpacked_bytes(column.flatten())
    if pa.types.is_map(kind):
        return unpacked_bytes(column.keys) + unpacked_bytes(column.items)
    return int(column.nbytes)


def _chunks(metadata: Any) -> Iterator[Any]:
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        yield from map(group.column, range(group.num_columns))


def _page_bytes(file: BinaryIO, offset: int) -> int:
    """Return the unpacked size of a page, the second number of its header in Thrift's compact form."""
    file.seek(max(offset, 0))
    number, shift = 0, 0
    for byte in file.read(16)[3:]:  # after two bytes for the kind of page and one that begins the number
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number >> 1
