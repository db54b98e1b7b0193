"""Vectors of articles in many languages, from a table of words: no download, no torch.

The vector of an article is the sum of the vectors of its words, of those that the table knows. Words that no other
article holds count here, unlike in the sparse vectors: the table knows what they mean. See `language_centres` for what
a site makes of these vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from recommender.encoders.word_table import WordTable

__all__ = ["MULTILINGUAL", "MultilingualEncoder"]

MULTILINGUAL = "multilingual"
"""Name of the encoder."""

_VERSION = 1  # increases if the same table gives different vectors
_RUN = 4_000_000  # characters that are counted at a time


class MultilingualEncoder:
    """Encodes articles by a table of words in many languages, see `WordTable`.

    Unlike other encoders it needs the languages of the texts.

    Parameters
    ----------
    table : WordTable or None, default None
        None opens the table of the package at first use.
    """

    def __init__(self, table: WordTable | None = None) -> None:
        self._given = table

    @cached_property
    def table(self) -> WordTable:
        """The table of words."""
        if self._given is not None:
            return self._given
        from recommender.encoders.word_table import WordTable  # compiled: look-ups of lists do without

        return WordTable.open()

    @property
    def n_dimensions_(self) -> int:
        """Length of a vector."""
        return self.table.dimensions

    def settings(self) -> dict[str, Any]:
        """Return the settings that the vectors depend on, as JSON values."""
        return {"model": MULTILINGUAL}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return the encoder from the output of `settings`."""
        return cls()

    def fingerprint(self) -> str:
        """Return digits that change if the vectors of any text would change."""
        return f"{_VERSION}-{self.table.fingerprint}"

    def transform(self, X: Iterable[tuple[str, str]], languages: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of titles and bodies. Reads them once, as a stream.

        Parameters
        ----------
        X : iterable of pairs of str
        languages : sequence of str
            Primary subtag of each, "" where unknown.

        Returns
        -------
        ndarray of float32, shape (n_texts, n_dimensions_)
            Unit rows. Zero for a text without a word that the table knows.
        """
        from recommender.encoders.word_sums import WordSums

        sums = WordSums(self.table)
        run: list[tuple[str, str]] = []
        parts, size, start = [np.zeros((0, self.n_dimensions_), dtype=np.float32)], 0, 0
        for title, body in X:
            run.append((title, body))
            size += len(title) + len(body)
            if size >= _RUN:
                parts.append(sums.of(run, languages[start : start + len(run)]))
                run, size, start = [], 0, start + len(run)
        if run:
            parts.append(sums.of(run, languages[start:]))
        return np.concatenate(parts)
