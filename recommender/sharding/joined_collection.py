"""The collections of shards as one, whose arrays lie in a temporary file and are memory-mapped.

Shards are runs of ascending ids, so rows follow each other. What an article says depends on the article and the model,
and is put together; near copies, mentions and sets of translations are found among all articles afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MappedArrays", "joined_arrays"]

_STARTS = ("_indptr", "_offsets")
_OF_ROWS = ("articles_copy_groups", "articles_copy_identical", "articles_id_order")


class MappedArrays:
    """Arrays in files of a temporary folder, which goes with this object."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="recommender-arrays-")
        self._n = 0

    def empty(self, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """Return a new array. Its pages need not stay in memory."""
        if 0 in shape:
            return np.empty(shape, dtype)
        self._n += 1
        mapped = np.memmap(Path(self._folder.name) / str(self._n), dtype, "w+", shape=shape)
        return np.asarray(mapped)


def joined_arrays(parts: Sequence[Mapping[str, NDArray[Any]]], room: MappedArrays) -> dict[str, NDArray[Any]]:
    """Return the arrays of `collection_arrays` of one collection from those of its shards, in their order.

    Near copies and mentions are empty, as they are in shards.
    """
    sizes = [len(part["articles_id_order"]) for part in parts]
    n, firsts = sum(sizes), np.cumsum([0, *sizes])
    found: dict[str, NDArray[Any]] = {}
    for name in parts[0]:
        arrays = [part[name] for part in parts]
        if name in _OF_ROWS:
            found[name] = np.arange(n, dtype=np.int32)
        elif name.endswith(_STARTS):
            found[name] = _starts(arrays)
        else:
            found[name] = _joined(arrays, room)
    hashes = np.concatenate([_by_row(part) for part in parts])
    order = np.argsort(hashes, kind="stable")
    found["articles_id_hashes"], found["articles_id_rows"] = hashes[order], order.astype(np.int32)
    found |= _copy_index(parts, firsts, room)
    return found


def _joined(arrays: Sequence[NDArray[Any]], room: MappedArrays) -> NDArray[Any]:
    whole = room.empty((sum(map(len, arrays)), *arrays[0].shape[1:]), arrays[0].dtype)
    start = 0
    for array in arrays:
        whole[start : start + len(array)] = array
        start += len(array)
    return whole


def _starts(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    ends = np.cumsum([0, *(int(each[-1]) for each in arrays)])
    moved = [each[1:] + end for each, end in zip(arrays, ends, strict=False)]
    return np.concatenate([arrays[0][:1], *moved]).astype(arrays[0].dtype)


def _by_row(part: Mapping[str, NDArray[Any]]) -> NDArray[np.uint64]:
    hashes = np.empty_like(part["articles_id_hashes"])
    hashes[part["articles_id_rows"]] = part["articles_id_hashes"]
    return hashes


def _copy_index(
    parts: Sequence[Mapping[str, NDArray[Any]]], firsts: NDArray[np.int64], room: MappedArrays
) -> dict[str, NDArray[Any]]:
    """Return the keys of all shards, ascending, and ascending rows among equal keys."""
    keys = np.concatenate([part["articles_copy_index_keys"] for part in parts])
    order = np.argsort(keys, kind="stable")  # rows ascend from shard to shard, and within equal keys of one
    whole = room.empty(keys.shape, keys.dtype)
    np.take(keys, order, out=whole)
    del keys
    rows = np.concatenate(
        [part["articles_copy_index_rows"] + first for part, first in zip(parts, firsts, strict=False)]
    )
    return {"articles_copy_index_keys": whole, "articles_copy_index_rows": rows[order].astype(np.int32)}
