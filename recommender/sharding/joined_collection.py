"""The collections of shards as one.

Shards are runs of ascending ids, so rows follow each other. What an article says depends on the article and the model,
and is put together; near copies, mentions and sets of translations are found among all articles afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import large_array

__all__ = ["joined", "joined_arrays"]

_SORTED = 2**21  # keys of near copies that are sorted at a time, about
_STARTS = ("_indptr", "_offsets")
_OF_ROWS = ("articles_copy_groups", "articles_copy_identical", "articles_id_order")


def joined_arrays(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
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
            found[name] = joined(arrays)
    hashes = np.concatenate([_by_row(part) for part in parts])
    order = np.argsort(hashes, kind="stable")
    found["articles_id_hashes"], found["articles_id_rows"] = hashes[order], order.astype(np.int32)
    found |= _copy_index(parts, firsts)
    return found


def joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return arrays one after the other."""
    whole = large_array((sum(map(len, arrays)), *arrays[0].shape[1:]), arrays[0].dtype)
    start = 0
    for array in arrays:
        whole[start : start + len(array)] = array
        start += len(array)
    return whole


def _starts(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    whole = large_array((1 + sum(len(each) - 1 for each in arrays),), arrays[0].dtype)
    whole[0], place = arrays[0][0], 1
    for each in arrays:
        np.add(each[1:], whole[place - 1], out=whole[place : place + len(each) - 1])
        place += len(each) - 1
    return whole


def _by_row(part: Mapping[str, NDArray[Any]]) -> NDArray[np.uint64]:
    hashes = np.empty_like(part["articles_id_hashes"])
    hashes[part["articles_id_rows"]] = part["articles_id_hashes"]
    return hashes


def _copy_index(
    parts: Sequence[Mapping[str, NDArray[Any]]], firsts: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Return the keys of all shards, ascending, and ascending rows among equal keys. A range of keys is sorted at a time."""
    keys, rows = ([part[f"articles_copy_index_{name}"] for part in parts] for name in ("keys", "rows"))
    n = sum(map(len, keys))
    whole, owners = large_array((n,), np.uint64), large_array((n,), np.int32)
    n_ranges = max(1, n // _SORTED)
    bounds = [np.uint64(2**64 * place // n_ranges) for place in range(1, n_ranges)]  # keys are hashes
    cuts = [np.concatenate([[0], np.searchsorted(each, bounds), [len(each)]]) for each in keys]
    end = 0
    for place in range(n_ranges):
        slices = [slice(int(cut[place]), int(cut[place + 1])) for cut in cuts]
        some = np.concatenate([each[part] for each, part in zip(keys, slices, strict=True)])
        theirs = [
            each[part] + np.int32(first) for each, part, first in zip(rows, slices, firsts[:-1], strict=True)
        ]
        order = np.argsort(
            some, kind="stable"
        )  # rows ascend from shard to shard, and within equal keys of one
        here = slice(end, end + len(some))
        whole[here], owners[here] = some[order], np.concatenate(theirs)[order]
        end += len(some)
    return {"articles_copy_index_keys": whole, "articles_copy_index_rows": owners}
