"""Language likelihoods of many texts, computed with py3langid's model.

py3langid reads a text byte by byte in Python and holds the GIL. The compiled loop here takes about a sixth of
the time and runs on all threads. py3langid itself loads the model, which consists of plain arrays without
pickle.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.threads import mapped

__all__ = ["MACROLANGUAGES", "LanguageScores", "language_scores"]

_HEAD = 400  # characters read of each title and body
_BLOCK = 2048  # texts per task
MACROLANGUAGES = {"yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar", "sdh": "ku", "uzs": "uz"}
"""Languages that the model distinguishes but sites do not, by BCP 47 tag, and the tag that replaces each."""


class LanguageScores(NamedTuple):
    """Likelihood of each language for each text.

    Attributes
    ----------
    names : tuple of str
        Language of each column. ``"zxx"`` means no language (code, numbers, markup).
    log_likelihoods : ndarray of float16, shape (n_texts, n_languages)
        Log probability of each language under a uniform prior, in [-65504, 0].
    lengths : ndarray of int32, shape (n_texts,)
        Number of characters that were read.
    """

    names: tuple[str, ...]
    log_likelihoods: NDArray[np.float16]
    lengths: NDArray[np.int32]


def language_scores(texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None) -> LanguageScores:
    """Score the first 400 characters of each title and each body.

    Parameters
    ----------
    texts : iterable of (str, str)
        Plain title and body of each article. Read once.
    n_jobs : int or None
        Threads. The result does not depend on it.

    Notes
    -----
    Naive Bayes over byte n-grams [1]_. As in py3langid, scores are divided by the square root of the length
    in bytes, because neighbouring n-grams overlap and their evidence is not independent.

    References
    ----------
    .. [1] Lui & Baldwin, "langid.py: An off-the-shelf language identification tool", ACL 2012.
    """
    names, model = _model()
    scored = list(mapped(lambda block: _score_block(block, model, len(names)), _blocks(texts), n_jobs))
    scores = [np.empty((0, len(names)), np.float16), *(each for each, _ in scored)]
    lengths = [np.empty(0, np.int32), *(each for _, each in scored)]
    return LanguageScores(names, np.concatenate(scores), np.concatenate(lengths))


@cache
def _model() -> tuple[tuple[str, ...], tuple[NDArray[Any], ...]]:
    """Return the names of the languages, and the arrays for `_score`."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    columns = [
        MACROLANGUAGES.get(name, name) for name in model.nb_classes
    ]  # repeated for languages of two scripts
    names = tuple(dict.fromkeys(columns))
    return names, (
        np.array([names.index(name) for name in columns]),
        np.asarray(model.nb_ptc, dtype=np.float32),
        np.asarray(model.nb_pc, dtype=np.float32),
        np.array(model.tk_nextmove),
        np.array(model.tk_row),
        np.array(model.tk_output, dtype=np.int32),
    )


def _blocks(texts: Iterable[tuple[str, str]]) -> Iterator[list[bytes]]:
    heads = (_head(title, body) for title, body in texts)
    while block := list(islice(heads, _BLOCK)):
        yield block


def _head(title: str, body: str) -> bytes:
    """Return the bytes to score. Upper-case lines are lowered, because the model has seen few of them."""
    lines = f"{title[:_HEAD]}\n{body[:_HEAD]}".split("\n")
    shown = "\n".join([line.lower() if line.isupper() else line for line in lines])
    return unicodedata.normalize("NFC", shown).encode(errors="replace")


def _score_block(
    block: list[bytes], model: tuple[NDArray[Any], ...], n_languages: int
) -> tuple[NDArray[np.float16], NDArray[np.int32]]:
    """Return the scores of some texts, and their lengths in characters."""
    scores = np.empty((len(block), n_languages), np.float32)
    ends = np.cumsum([len(head) for head in block])
    _score(np.frombuffer(b"".join(block), np.uint8), ends, model, scores)
    lengths = np.array([len(head.decode()) for head in block], dtype=np.int32)
    return np.maximum(scores, np.finfo(np.float16).min).astype(np.float16), lengths


@njit(nogil=True, cache=True)
def _score(data, ends, model, scores):  # type: ignore[no-untyped-def]
    """Run each text through the automaton, count its n-grams, and weigh them."""
    language_of, weights, biases, moves, row_of, feature_of = model
    counts = np.zeros(len(weights), dtype=np.int32)
    met = np.empty(len(data), dtype=np.int32)
    sums = np.empty(len(biases), dtype=np.float32)
    chances = np.empty(scores.shape[1], dtype=np.float64)
    start = 0
    for text in range(len(ends)):
        state, n_met = 0, 0
        for place in range(start, ends[text]):
            state = moves[np.int64(row_of[state]) * 256 + data[place]]
            feature = feature_of[state]
            if feature >= 0:
                if counts[feature] == 0:
                    met[n_met] = feature
                    n_met += 1
                counts[feature] += 1
        sums[:] = biases
        for feature in met[:n_met]:
            weight = np.float32(np.log1p(counts[feature]))
            for column in range(len(sums)):
                sums[column] += weight * weights[feature, column]
            counts[feature] = 0
        scale, top = np.sqrt(max(1, ends[text] - start)), sums.max()
        chances[:] = 0.0
        for column in range(len(sums)):
            chances[language_of[column]] += np.exp((sums[column] - top) / scale)
        if n_met == 0:  # no evidence, so all languages are equally likely
            chances[:] = 1.0
        scores[text] = np.log(chances / chances.sum())
        start = ends[text]
