"""Fits vectors of words so that the weighted sum of a text's words is that of its English translation.

English words get random directions, so a text is known by which words it has. The vectors of another language solve, for its
matrix X of texts and words and the English sums T, ``min |X W - T|^2 + |W|^2`` by conjugate gradients (Hestenes and Stiefel
1952). A few steps are enough, and more fit noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.preprocessing import normalize

from recommender.encoders.tokenizer import count_terms, join_fields
from recommender.text.characters import fold

STEPS = 5
RIDGE = 0.3


class Texts(NamedTuple):
    """The texts of one language.

    Attributes
    ----------
    units : ndarray of int64, shape (n_texts,)
        The unit that each text is from.
    words : ndarray of uint64, shape (n_words,)
        Hashes, sorted.
    counts : csr_matrix of float32, shape (n_texts, n_words)
    """

    units: NDArray[np.int64]
    words: NDArray[np.uint64]
    counts: csr_matrix


def read_texts(units: NDArray[np.int64], texts: list[str]) -> Texts:
    """Count the words of texts."""
    fields = join_fields([("", fold(text)) for text in texts])
    found = count_terms(*fields, title_weight=1.0, decay=np.inf, pairs=False)
    words, columns = np.unique(found.hashes, return_inverse=True)
    shape = (len(texts), len(words))
    return Texts(
        units, words, csr_matrix((found.weights, columns.astype(np.int32), found.indptr), shape=shape)
    )


def weighed(texts: Texts) -> tuple[csr_matrix, NDArray[np.float32]]:
    """Return the rows ``(1 + ln c) idf`` of texts, and the idf of their words, ``ln((1 + n) / (1 + df))``."""
    frequencies = np.bincount(texts.counts.indices, minlength=len(texts.words))
    idf = np.log((1 + len(texts.units)) / (1 + frequencies)).astype(np.float32)
    rows = texts.counts.copy()
    rows.data = 1 + np.log(rows.data)
    return csr_matrix(rows @ diags(idf), dtype=np.float32), idf


def fitted(texts: Texts, goals: NDArray[np.float32], trust: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors of a language's words, shape (n_words, dimensions).

    Parameters
    ----------
    texts : Texts
    goals : ndarray of float32, shape (n_units, dimensions)
        Unit rows.
    trust : ndarray of float32, shape (n_units,)
        Weight of each unit.
    """
    rows = normalize(weighed(texts)[0])
    rows = csr_matrix(diags(trust[texts.units]) @ rows, dtype=np.float32)
    columns = csr_matrix(rows.T)
    step_size = 1 / (np.asarray(rows.multiply(rows).sum(axis=0)).ravel() + RIDGE)[:, None]
    residual = columns @ (goals[texts.units] * trust[texts.units][:, None])
    found = np.zeros_like(residual)
    scaled = residual * step_size
    direction = scaled.copy()
    energy = (residual * scaled).sum(axis=0)
    for _ in range(STEPS):
        image = columns @ (rows @ direction) + RIDGE * direction
        length = energy / np.maximum((direction * image).sum(axis=0), 1e-12)
        found += length * direction
        residual -= length * image
        scaled = residual * step_size
        before, energy = energy, (residual * scaled).sum(axis=0)
        direction = scaled + energy / np.maximum(before, 1e-12) * direction
    return found.astype(np.float32)
