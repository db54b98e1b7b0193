"""Weighted means of the vectors of words, for many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.encoders.tokenizer import TermCounts, count_terms, join_fields
from recommender.encoders.unit_rows import unit_rows
from recommender.encoders.vocabulary import columns_of
from recommender.encoders.weighing import idf_weights
from recommender.text.characters import fold

if TYPE_CHECKING:
    from recommender.encoders.lexical_model import LexicalModel
    from recommender.encoders.word_table import WordTable

__all__ = ["WordSums"]


class WordSums:
    """Means of word vectors, weighted as the words of a site are.

    Parameters
    ----------
    table : WordTable
    lexical : LexicalModel
    """

    def __init__(self, table: WordTable, lexical: LexicalModel) -> None:
        self._table, self._lexical = table, lexical
        tfidf = lexical.settings["tfidf"]
        self._counting = {name: tfidf[name] for name in ("title_weight", "decay")}
        self._rare = idf_weights(1.0, lexical.n_articles, tfidf["idf_power"])

    def of(self, texts: list[tuple[str, str]], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return the means of titles and bodies as unit rows, shape (n, d), zero where no word is known."""
        arrays = self._lexical.arrays
        text, offsets = join_fields([(fold(title), fold(body)) for title, body in texts])
        counts = count_terms(text, offsets, pairs=False, **self._counting)
        columns = columns_of(counts.hashes, arrays["vocabulary_hashes"], arrays["vocabulary_table"])
        idf = np.full(len(columns), self._rare)
        idf[columns >= 0] = arrays["idf"][columns[columns >= 0]]
        weights = np.where(counts.weights >= 1, 1 + np.log(np.maximum(counts.weights, 1)), counts.weights)
        places, factors = self._found(text, counts, languages)
        known = np.flatnonzero(places >= 0)
        used, at = np.unique(places[known], return_inverse=True)
        indptr = np.searchsorted(known, counts.indptr)
        values = (weights * idf * factors)[known].astype(np.float32)
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
