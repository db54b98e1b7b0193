"""Counts the articles that contain each term, and builds the vocabulary of a site from the counts.

The counts are made in one pass. A term enters the table at its second article, which a bit filter detects, so
memory is bounded by the number of terms that occur in two articles or more. Other terms take about one bit
each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.tokenizer import TermCounts
from recommender.encoders.vocabulary import Vocabulary

__all__ = ["DocumentFrequencies"]

_FILTER_BITS = 2**27  # 16 MB; false positives admit a few terms of one article, which is harmless
_START_SLOTS = 2**16
_MAX_SPELLING = 96  # bytes; two words and the characters between them


class _Slots(NamedTuple):
    """A hash table with open addressing; a slot is free while its count is 0."""

    hashes: NDArray[np.uint64]
    counts: NDArray[np.int32]
    ends: NDArray[np.int64]  # end of the term's spelling

    @classmethod
    def empty(cls, n_slots: int) -> _Slots:
        return cls(
            np.zeros(n_slots, dtype=np.uint64),
            np.zeros(n_slots, dtype=np.int32),
            np.zeros(n_slots, dtype=np.int64),
        )


class DocumentFrequencies:
    """Counts the articles that contain each term. Runs of articles are added in order."""

    def __init__(self) -> None:
        self.n_articles = 0
        self._filter = np.zeros(_FILTER_BITS // 8, dtype=np.uint8)
        self._slots = _Slots.empty(_START_SLOTS)
        self._spelling = np.zeros(16 * _START_SLOTS, dtype=np.uint8)
        self._used = self._spelled = 0

    def add(self, text: NDArray[np.uint8], counts: TermCounts) -> None:
        """Add a run of articles, with its bytes and the term counts made from them."""
        done = 0
        while True:
            state = done, self._used, self._spelled
            done, self._used, self._spelled = _add(
                text, counts, self._filter, self._slots, self._spelling, state
            )
            if done == counts.hashes.shape[0]:
                break
            self._grow()
        self.n_articles += counts.indptr.shape[0] - 1

    def _grow(self) -> None:
        if 2 * self._used > self._slots.hashes.shape[0]:
            old, self._slots = self._slots, _Slots.empty(4 * self._slots.hashes.shape[0])
            _move(old, self._slots)
        else:
            self._spelling = np.concatenate([self._spelling, np.zeros_like(self._spelling)])

    def vocabulary(self, max_terms: int) -> Vocabulary:
        """Return the terms of two articles or more, at most the `max_terms` most frequent ones."""
        slots = self._slots
        filled = np.flatnonzero(slots.counts)
        all_ends = slots.ends[filled]  # a spelling starts where the previous one ends
        by_end = np.argsort(all_ends)
        starts = np.empty_like(all_ends)
        starts[by_end] = np.concatenate([np.zeros(1, np.int64), all_ends[by_end]])[:-1]
        by_hash = np.argsort(slots.hashes[filled])
        order = by_hash[np.argsort(-slots.counts[filled[by_hash]], kind="stable")][:max_terms]
        kept, starts, ends = filled[order], starts[order], all_ends[order]
        offsets = np.zeros(kept.shape[0] + 1, dtype=np.int64)
        np.cumsum(ends - starts, out=offsets[1:])
        spelling = _gather(self._spelling, starts, ends, offsets)
        return Vocabulary(
            slots.hashes[kept], slots.counts[kept], spelling, offsets, n_articles=self.n_articles
        )


@njit(nogil=True, cache=True)
def _add(text, terms, bits, slots, spelling, state):  # type: ignore[no-untyped-def]
    """Add entries until a buffer is full; return the numbers of entries done, slots and spelling bytes."""
    done, used, spelled = state
    hashes, starts, lengths = terms.hashes, terms.starts, terms.lengths
    slot_hash, slot_count, slot_end = slots.hashes, slots.counts, slots.ends
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
        if bits[byte] & flag:  # the second article of this term
            length = min(lengths[entry], _MAX_SPELLING)
            spelling[spelled : spelled + length] = text[starts[entry] : starts[entry] + length]
            spelled += length
            slot_hash[slot], slot_count[slot], slot_end[slot] = term, 2, spelled
            used += 1
        else:
            bits[byte] |= flag
    return hashes.shape[0], used, spelled


@njit(nogil=True, cache=True)
def _move(old, new):  # type: ignore[no-untyped-def]
    """Insert the terms of one table into a larger, empty one."""
    mask = np.uint64(new.hashes.shape[0] - 1)
    for entry in range(old.hashes.shape[0]):
        if old.counts[entry] > 0:
            slot = old.hashes[entry] & mask
            while new.counts[slot] > 0:
                slot = (slot + np.uint64(1)) & mask
            new.hashes[slot] = old.hashes[entry]
            new.counts[slot] = old.counts[entry]
            new.ends[slot] = old.ends[entry]


@njit(nogil=True, cache=True)
def _gather(spelling, starts, ends, offsets):  # type: ignore[no-untyped-def]
    out = np.empty(offsets[-1], dtype=np.uint8)
    for term in range(starts.shape[0]):
        out[offsets[term] : offsets[term + 1]] = spelling[starts[term] : ends[term]]
    return out
