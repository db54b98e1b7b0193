"""The words of one text with their places, as the encoder of words reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.tokenizer import count_terms, hash_pairs, join_fields
from recommender.encoders.vocabulary import columns_of
from recommender.text.characters import CONTINUOUS, SEPARATOR, character_classes, fold

__all__ = ["WordPlaces", "word_places"]


class WordPlaces(NamedTuple):
    """Words in the order of a text. In scripts without spaces they are overlapping pairs of characters.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n,)
        Characters of the text.
    columns : ndarray of int32, shape (n,)
        Column of each word, -1 for a word that the model does not know.
    pairs : ndarray of int32, shape (n - 1,)
        Column of the pair of each word and the next one, -1 for an unknown pair.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    columns: NDArray[np.int32]
    pairs: NDArray[np.int32]


def word_places(text: str, arrays: Mapping[str, NDArray[Any]]) -> WordPlaces:
    """Return the words of a plain text.

    Parameters
    ----------
    text : str
    arrays : mapping
        Vocabulary of a `LexicalModel`.
    """
    starts, ends = _words(text)
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    spelled, which = np.unique([fold(text[start:end]) for start, end in places], return_inverse=True)
    hashes = _hashes(spelled.tolist())[which]
    known, table = arrays["vocabulary_hashes"], arrays["vocabulary_table"]
    pairs = hash_pairs(hashes[:-1], hashes[1:])
    return WordPlaces(starts, ends, columns_of(hashes, known, table), columns_of(pairs, known, table))


def _words(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = character_classes()
    kinds = np.where(points < len(classes), classes[np.minimum(points, len(classes) - 1)], SEPARATOR)
    edges = np.flatnonzero(np.diff(kinds, prepend=SEPARATOR, append=SEPARATOR))
    starts, ends = edges[:-1], edges[1:]
    kind = kinds[starts]
    is_run = (kind == CONTINUOUS) & (ends - starts > 1)
    lengths = np.where(is_run, ends - starts - 1, (kind != SEPARATOR).astype(np.int64))
    first = (
        np.repeat(starts, lengths) + np.arange(lengths.sum()) - np.repeat(lengths.cumsum() - lengths, lengths)
    )
    return first, np.where(np.repeat(is_run, lengths), first + 2, np.repeat(ends, lengths))


def _hashes(words: list[str]) -> NDArray[np.uint64]:
    """Return the hash of each folded word, 0 for one that folding divides."""
    text, offsets = join_fields([("", word) for word in words])
    counts = count_terms(text, offsets, title_weight=1.0, decay=1.0, pairs=False)
    found = np.zeros(len(words), dtype=np.uint64)
    single = np.diff(counts.indptr) == 1
    found[single] = counts.hashes[counts.indptr[:-1][single]]
    return found
