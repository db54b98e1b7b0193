"""The terms of a site: how many articles hold each, its column, and its spelling.

Built in one pass with memory bounded by the number of terms that occur in two articles or more: a term
enters the table when a bit filter has seen it before, so words that occur once cost one bit or so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.spelling import term_at
from recommender.encoders.tokenizer import TermCounts

__all__ = ["DocumentFrequencies", "Vocabulary", "columns_of", "read_only"]

_FILTER_BITS = 2**27  # 16 MB; a few false positives let a single word into the table, which is harmless
_START_SLOTS = 2**16
_MAX_SPELLING = 96  # bytes; two words and what stands between them


class DocumentFrequencies:
    """Counts, term by term, the articles that hold it; runs of articles are added in their order."""

    def __init__(self) -> None:
        self.n_articles = 0
        self._filter = np.zeros(_FILTER_BITS // 8, dtype=np.uint8)
        self._hashes = np.zeros(_START_SLOTS, dtype=np.uint64)
        self._counts = np.zeros(_START_SLOTS, dtype=np.int32)
        self._ends = np.zeros(_START_SLOTS, dtype=np.int64)  # where a term's spelling ends
        self._spelling = np.zeros(16 * _START_SLOTS, dtype=np.uint8)
        self._used = self._spelled = 0

    def add(self, text: NDArray[np.uint8], counts: TermCounts) -> None:
        """Count the terms of a run of articles, counted from `text`."""
        done = 0
        while True:
            done, self._used, self._spelled = _add(
                text, counts.hashes, counts.starts, counts.lengths, done, self._filter, self._hashes,
                self._counts, self._ends, self._used, self._spelling, self._spelled,
            )  # fmt: skip
            if done == counts.hashes.shape[0]:
                break
            self._grow()
        self.n_articles += counts.indptr.shape[0] - 1

    def _grow(self) -> None:
        if 2 * self._used > self._hashes.shape[0]:
            n_slots = 4 * self._hashes.shape[0]
            old = self._hashes, self._counts, self._ends
            self._hashes = np.zeros(n_slots, dtype=np.uint64)
            self._counts = np.zeros(n_slots, dtype=np.int32)
            self._ends = np.zeros(n_slots, dtype=np.int64)
            _move(*old, self._hashes, self._counts, self._ends)
        else:
            self._spelling = np.concatenate([self._spelling, np.zeros_like(self._spelling)])

    def vocabulary(self, max_terms: int) -> Vocabulary:
        """Return the terms of two articles or more; of more than `max_terms`, the most frequent."""
        filled = np.flatnonzero(self._counts)
        all_ends = self._ends[filled]  # a spelling starts where the one before it ends
        by_end = np.argsort(all_ends)
        starts = np.empty_like(all_ends)
        starts[by_end] = np.concatenate([np.zeros(1, np.int64), all_ends[by_end]])[:-1]
        by_hash = np.argsort(self._hashes[filled])
        order = by_hash[np.argsort(-self._counts[filled[by_hash]], kind="stable")][:max_terms]
        kept, starts, ends = filled[order], starts[order], all_ends[order]
        offsets = np.zeros(kept.shape[0] + 1, dtype=np.int64)
        np.cumsum(ends - starts, out=offsets[1:])
        spelling = _gather(self._spelling, starts, ends, offsets)
        return Vocabulary(
            self._hashes[kept], self._counts[kept], spelling, offsets, n_articles=self.n_articles
        )


class Vocabulary:
    """Terms with a column each; the most frequent term is column 0.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_terms,)
    document_frequencies : ndarray of int32, shape (n_terms,)
        Articles that hold the term, 2 or more.
    spelling : ndarray of uint8
        Terms in UTF-8, one after the other.
    offsets : ndarray of int64, shape (n_terms + 1,)
        Where each term starts in `spelling`.
    n_articles : int
        Articles counted.
    table : ndarray of int32, shape (n_slots,), or None
        See `table`; None makes it when it is first needed.
    """

    def __init__(
        self,
        hashes: NDArray[np.uint64],
        document_frequencies: NDArray[np.int32],
        spelling: NDArray[np.uint8],
        offsets: NDArray[np.int64],
        *,
        n_articles: int,
        table: NDArray[np.int32] | None = None,
    ) -> None:
        self.hashes = hashes
        self.document_frequencies = document_frequencies
        self.spelling = spelling
        self.offsets = offsets
        self.n_articles = n_articles
        self._table = table

    def __len__(self) -> int:
        return int(self.hashes.shape[0])

    def term(self, column: int) -> str:
        """Return the spelling of a column's term; a word pair has a blank between its words."""
        return term_at(self.spelling, self.offsets, column)

    @property
    def table(self) -> NDArray[np.int32]:
        """Columns by hash: open addressing from the hash's last bits, -1 where a slot is free; a power of 2 of slots."""
        if self._table is None:
            n_slots = 64
            while 2 * n_slots < 3 * len(self):
                n_slots *= 2
            self._table = _table_of(read_only(self.hashes), n_slots)
        return self._table

    def columns(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the column of each hash, -1 for a term that the vocabulary does not hold."""
        return columns_of(hashes, self.hashes, self.table)


def columns_of(
    hashes: NDArray[np.uint64], known: NDArray[np.uint64], table: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the column of each hash, -1 for none; `known` and `table` are those of a `Vocabulary`."""
    return np.asarray(_look_up(hashes, read_only(known), read_only(table)))


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view that may not be written to, as arrays of an artifact are: numba compiles a loop once for both."""
    view = array.view()
    view.flags.writeable = False
    return view


@njit(nogil=True, cache=True)
def _add(  # type: ignore[no-untyped-def]
    text, hashes, starts, lengths, done, bits, slot_hash, slot_count, slot_end, used, spelling, spelled
):
    n_slots = slot_hash.shape[0]
    mask = np.uint64(n_slots - 1)
    bit_mask = np.uint64(bits.shape[0] * 8 - 1)
    for entry in range(done, hashes.shape[0]):
        if used * 2 > n_slots or spelled + _MAX_SPELLING > spelling.shape[0]:
            return entry, used, spelled
        term = hashes[entry]
        slot = term & mask
        while slot_count[slot] > 0 and slot_hash[slot] != term:
            slot = (slot + np.uint64(1)) & mask
        if slot_count[slot] > 0:
            slot_count[slot] += 1
            continue
        bit = (term >> np.uint64(20)) & bit_mask
        byte, flag = bit >> np.uint64(3), np.uint8(1 << (bit & np.uint64(7)))
        if bits[byte] & flag:  # seen before: this is the second article
            length = min(lengths[entry], _MAX_SPELLING)
            spelling[spelled : spelled + length] = text[starts[entry] : starts[entry] + length]
            spelled += length
            slot_hash[slot], slot_count[slot], slot_end[slot] = term, 2, spelled
            used += 1
        else:
            bits[byte] |= flag
    return hashes.shape[0], used, spelled


@njit(nogil=True, cache=True)
def _move(old_hash, old_count, old_end, slot_hash, slot_count, slot_end):  # type: ignore[no-untyped-def]
    mask = np.uint64(slot_hash.shape[0] - 1)
    for old in range(old_hash.shape[0]):
        if old_count[old] > 0:
            slot = old_hash[old] & mask
            while slot_count[slot] > 0:
                slot = (slot + np.uint64(1)) & mask
            slot_hash[slot], slot_count[slot], slot_end[slot] = old_hash[old], old_count[old], old_end[old]


@njit(nogil=True, cache=True)
def _gather(spelling, starts, ends, offsets):  # type: ignore[no-untyped-def]
    out = np.empty(offsets[-1], dtype=np.uint8)
    for term in range(starts.shape[0]):
        out[offsets[term] : offsets[term + 1]] = spelling[starts[term] : ends[term]]
    return out


@njit(nogil=True, cache=True)
def _table_of(hashes, n_slots):  # type: ignore[no-untyped-def]
    table = np.full(n_slots, -1, dtype=np.int32)
    mask = np.uint64(n_slots - 1)
    for column in range(hashes.shape[0]):
        slot = hashes[column] & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = column
    return table


@njit(nogil=True, cache=True)
def _look_up(wanted, hashes, table):  # type: ignore[no-untyped-def]
    mask = np.uint64(table.shape[0] - 1)
    columns = np.empty(wanted.shape[0], dtype=np.int32)
    for entry in range(wanted.shape[0]):
        slot = wanted[entry] & mask
        while table[slot] >= 0 and hashes[table[slot]] != wanted[entry]:
            slot = (slot + np.uint64(1)) & mask
        columns[entry] = table[slot]
    return columns
