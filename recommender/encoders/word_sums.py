"""Weighted means of the vectors of words, for many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.encoders.tokenizer import TermCounts, count_terms, join_fields
from recommender.encoders.unit_rows import unit_rows
from recommender.text.characters import fold

if TYPE_CHECKING:
    from recommender.encoders.word_table import WordTable

__all__ = ["WordSums"]

_TITLE_WEIGHT, _DECAY = 3.0, 600.0  # as `TfidfEncoder` counts words by default


class WordSums:
    """Sums of word vectors, with the weighted counts of `TfidfEncoder`: ``1 + ln(c)``, or c below 1.

    Parameters
    ----------
    table : WordTable
        The length of a vector says how much the word tells of a text, so nothing more weighs it.
    """

    def __init__(self, table: WordTable) -> None:
        self._table = table

    def of(self, texts: list[tuple[str, str]], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return the sums of titles and bodies as unit rows, shape (n, d), zero where no word is known."""
        text, offsets = join_fields([(fold(title), fold(body)) for title, body in texts])
        counts = count_terms(text, offsets, title_weight=_TITLE_WEIGHT, decay=_DECAY, pairs=False)
        weights = np.where(counts.weights >= 1, 1 + np.log(np.maximum(counts.weights, 1)), counts.weights)
        places, factors = self._found(text, counts, languages)
        known = np.flatnonzero(places >= 0)
        used, at = np.unique(places[known], return_inverse=True)
        indptr = np.searchsorted(known, counts.indptr)
        values = (weights * factors)[known].astype(np.float32)
        rows = csr_matrix((values, at.astype(np.int32), indptr), shape=(len(texts), len(used)))
        return unit_rows(np.asarray(rows @ self._table.vectors(used)))

    def _found(
        self, text: NDArray[np.uint8], counts: TermCounts, languages: Sequence[str]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the place of each word in the table, -1 where it is unknown, and the factor by which it counts."""
        own = [name if name in self._table.languages else "" for name in languages]
        names, which = np.unique(np.array(own, dtype=np.str_), return_inverse=True)
        of_entry = np.repeat(which, np.diff(counts.indptr))
        places = np.full(len(of_entry), -1, dtype=np.int32)
        factors = np.zeros(len(of_entry), dtype=np.float32)
        for number, name in enumerate(names.tolist()):
            mine = np.flatnonzero(of_entry == number)
            _, first, same = np.unique(counts.hashes[mine], return_index=True, return_inverse=True)
            words = spelled(text, counts.starts[mine][first], counts.lengths[mine][first])
            found, factor = self._table.find(*words, name or None)
            places[mine], factors[mine] = found[same], factor[same]
        return places, factors


def spelled(
    text: NDArray[np.uint8], starts: NDArray[np.int32], lengths: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of some words of a text one behind the other, and where each begins."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return text[np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)], offsets
