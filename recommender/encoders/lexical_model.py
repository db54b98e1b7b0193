"""What a `LexicalEncoder` learned from a site, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.spelling import term_at

if TYPE_CHECKING:
    from recommender.encoders.one_text import OneTextEncoder

__all__ = ["ARRAYS", "LexicalModel"]

ARRAYS = (
    "vocabulary_hashes", "vocabulary_frequencies", "vocabulary_spelling", "vocabulary_offsets",
    "vocabulary_articles", "vocabulary_table", "idf", "lsa_components", "lsa_terms",
)  # fmt: skip
"""Names of the arrays of `LexicalEncoder.to_arrays`."""


@dataclass(frozen=True, eq=False)
class LexicalModel:
    """Vocabulary, weights of terms and LSA projection of a site.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        As `LexicalEncoder.to_arrays` gives them, see `ARRAYS`. May be memory-mapped.
    settings : mapping
        As `LexicalEncoder.settings` gives them.
    fingerprint : str
        Differs where the vectors of some text would.
    """

    arrays: Mapping[str, NDArray[Any]]
    settings: Mapping[str, Mapping[str, Any]]
    fingerprint: str

    @property
    def n_terms(self) -> int:
        """The number of terms."""
        return len(self.arrays["vocabulary_hashes"])

    @property
    def brevity(self) -> float:
        """How short the texts are that the model was fitted on, 0 to 1, see `site_brevity`."""
        return float(self.settings.get("tfidf", {}).get("brevity", 0.0))

    @property
    def n_articles(self) -> int:
        """The number of articles that the model was fitted on."""
        return int(self.arrays["vocabulary_articles"][0])

    @property
    def frequencies(self) -> NDArray[np.int32]:
        """The number of articles that hold each term, shape (n_terms,)."""
        return self.arrays["vocabulary_frequencies"]

    def term(self, column: int) -> str:
        """Return the spelling of a term. A word pair has a blank between its words."""
        return term_at(self.arrays["vocabulary_spelling"], self.arrays["vocabulary_offsets"], column)

    @cached_property
    def one_text_encoder(self) -> OneTextEncoder:
        """Encodes one text at a time."""
        from recommender.encoders.one_text import OneTextEncoder  # compiled: look-ups do without

        return OneTextEncoder(self.arrays, self.settings)
