"""The words of one text with their places, and those of a title with their weights, as the encoder of words reads them.

Words that the model does not know count too: their hashes are compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.lexical_model import LexicalModel
from recommender.encoders.tokenizer import count_terms, hash_pairs, join_fields
from recommender.encoders.vocabulary import columns_of
from recommender.encoders.weighing import term_weights
from recommender.text.characters import CONTINUOUS, SEPARATOR, character_classes, fold

__all__ = ["TitleWords", "WordPlaces", "title_words", "word_places"]


class WordPlaces(NamedTuple):
    """Words in the order of a text. In scripts without spaces they are overlapping pairs of characters.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n,)
        Characters of the text.
    hashes : ndarray of uint64, shape (n,)
    pairs : ndarray of uint64, shape (n - 1,)
        Hash of the pair of each word and the next one.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    pairs: NDArray[np.uint64]


class TitleWords(NamedTuple):
    """Words and word pairs of a title.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n,)
    shares : ndarray of float64, shape (n,)
        Squares of the weights in the unit vector of the title. They add up to 1.
    n_articles : ndarray of int64, shape (n,)
        Articles that hold each term, 1 for terms that the model does not know.
    """

    hashes: NDArray[np.uint64]
    shares: NDArray[np.float64]
    n_articles: NDArray[np.int64]


def word_places(text: str) -> WordPlaces:
    """Return the words of a plain text."""
    starts, ends = _words(text)
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    spelled, which = np.unique([fold(text[start:end]) for start, end in places], return_inverse=True)
    hashes = _hashes(spelled.tolist())[which]
    return WordPlaces(starts, ends, hashes, hash_pairs(hashes[:-1], hashes[1:]))


def title_words(title: str, lexical: LexicalModel) -> TitleWords:
    """Return the words and word pairs of a title and what they weigh for a model."""
    settings, arrays = lexical.settings["tfidf"], lexical.arrays
    counting = {name: settings[name] for name in ("title_weight", "decay", "pairs")}
    counts = count_terms(*join_fields([(fold(title), "")]), **counting)
    columns = columns_of(counts.hashes, arrays["vocabulary_hashes"], arrays["vocabulary_table"])
    known = columns >= 0
    rare = term_weights(
        counts.hashes, 1.0, lexical.n_articles, power=settings["idf_power"], brevity=settings["brevity"]
    )
    weights = (1 + np.log(np.maximum(counts.weights, 1))) * np.where(
        known, arrays["idf"][columns * known], rare
    )
    squares = weights.astype(np.float64) ** 2
    n_articles = np.where(known, lexical.frequencies[columns * known], 1)
    return TitleWords(counts.hashes, squares / max(squares.sum(), 1e-9), n_articles.astype(np.int64))


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
