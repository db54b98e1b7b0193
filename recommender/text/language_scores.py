"""How well each language explains a text: py3langid's model, asked for many texts at once.

py3langid walks a text byte by byte in Python, holding the interpreter; the same walk compiled takes about a sixth
of the time and runs on all threads. The model is read by py3langid itself, and is plain arrays, no pickle.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from numba import njit
from numpy.typing import NDArray

__all__ = ["LanguageScores", "language_scores"]

_HEAD = 400  # characters of title and of body that are read
_BLOCK = 2048  # texts a thread takes at a time
# Told apart by the model, but one language to sites and their readers; tags as those of BCP 47's macrolanguages.
_PART_OF = {"yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar", "sdh": "ku", "uzs": "uz"}


class LanguageScores(NamedTuple):
    """How likely each text is in each language.

    Attributes
    ----------
    names : tuple of str
        The languages that are known, a column each; ``"zxx"`` is none (code, numbers, markup).
    log_likelihoods : ndarray of float16, shape (n_texts, n_languages)
        Logarithms, in [-65504, 0], of each language's probability if all were equally common.
    """

    names: tuple[str, ...]
    log_likelihoods: NDArray[np.float16]


def language_scores(texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None) -> LanguageScores:
    """Score the first 400 characters of titles and of bodies.

    Parameters
    ----------
    texts : iterable of (str, str)
        Plain title and body of each article; read once.
    n_jobs : int or None
        Threads; the result does not depend on it.

    Notes
    -----
    Naive Bayes over byte n-grams [1]_, its scores divided by the square root of the length in bytes, as py3langid
    does: neighbouring n-grams overlap, so that their evidence is not independent.

    References
    ----------
    .. [1] Lui & Baldwin, "langid.py: An off-the-shelf language identification tool", ACL 2012.
    """
    names, model = _model()
    scored = Parallel(n_jobs=n_jobs, prefer="threads")(
        delayed(_score_block)(block, model, len(names)) for block in _blocks(texts)
    )
    return LanguageScores(names, np.concatenate([np.empty((0, len(names)), np.float16), *scored]))


@cache
def _model() -> tuple[tuple[str, ...], tuple[NDArray[Any], ...]]:
    """Return the names of languages and the arrays that `_score` reads."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    columns = [_PART_OF.get(name, name) for name in model.nb_classes]  # some names stand twice: two scripts
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
    """Return what is read of a text; capitals, which the model seldom saw, as small letters."""
    parts = (part.lower() if part.isupper() else part for part in (title[:_HEAD], body[:_HEAD]))
    return unicodedata.normalize("NFC", "\n".join(parts)).encode(errors="replace")


def _score_block(
    block: list[bytes], model: tuple[NDArray[Any], ...], n_languages: int
) -> NDArray[np.float16]:
    scores = np.empty((len(block), n_languages), np.float32)
    ends = np.cumsum([len(head) for head in block])
    _score(np.frombuffer(b"".join(block), np.uint8), ends, model, scores)
    return np.maximum(scores, np.finfo(np.float16).min).astype(np.float16)


@njit(nogil=True, cache=True)
def _score(data, ends, model, scores):  # type: ignore[no-untyped-def]
    """Walk each text through the automaton, count the n-grams it meets, and weigh them."""
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
        if n_met == 0:  # there is nothing to tell by, and all languages are alike
            chances[:] = 1.0
        scores[text] = np.log(chances / chances.sum())
        start = ends[text]
