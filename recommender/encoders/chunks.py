"""Texts of any length into pieces that a model reads whole, so that nothing is cut off in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chunk", "Tokens", "chunks_of"]

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][”’」』）]*\s*|\n\s*")
_GAP = re.compile(r"\s+")
_SEARCHED = 0.25  # of a full chunk, at its end: where a sentence or a word may end it early


class Tokens(NamedTuple):
    """What a tokenizer says of a text: how many tokens, and where each starts if it can tell.

    Attributes
    ----------
    n_tokens : int
    starts : ndarray of int64, shape (n_tokens,), or None
        Characters before each token.
    """

    n_tokens: int
    starts: NDArray[np.int64] | None


class Chunk(NamedTuple):
    """A piece of a text.

    Attributes
    ----------
    row : int
        Whose piece it is.
    start : int
        Characters of the text before it.
    text : str
    n_tokens : int
        1 or more.
    """

    row: int
    start: int
    text: str
    n_tokens: int


def chunks_of(
    texts: Sequence[str], tokenize: Callable[[list[str]], list[Tokens]], max_tokens: int
) -> list[Chunk]:
    """Cut texts into chunks of `max_tokens` or less, in the order of the texts.

    Put together again, the chunks of a text are the text. One ends where a sentence does if that leaves it three
    quarters full, else where a word does, else anywhere. Where a tokenizer does not tell where tokens start, or
    a piece has more tokens alone than in its text, it is halved until it fits, at the same kinds of places.
    A text without tokens has no chunks.
    """
    done: list[Chunk] = []
    todo = [(row, 0, text) for row, text in enumerate(texts)]
    while todo:
        longer = []
        for (row, start, text), tokens in zip(todo, tokenize([text for *_, text in todo]), strict=True):
            if tokens.n_tokens > max_tokens and len(text) > 1:
                cuts = (0, *_cuts(text, tokens, max_tokens), len(text))
                longer += [(row, start + a, text[a:b]) for a, b in pairwise(cuts)]
            elif tokens.n_tokens:
                done.append(Chunk(row, start, text, tokens.n_tokens))
        todo = longer
    return sorted(done)


def _cuts(text: str, tokens: Tokens, max_tokens: int) -> Iterator[int]:
    """Yield the places, in characters, at which to cut a text that is too long."""
    if tokens.starts is None or not 0 < tokens.starts[max_tokens] < len(text):  # nothing to go by
        yield _best_cut(text, int(len(text) * (1 - _SEARCHED) / 2), len(text) // 2)
        return
    first = 0
    while tokens.n_tokens - first > max_tokens:
        low, high = tokens.starts[[first + int(max_tokens * (1 - _SEARCHED)), first + max_tokens]]
        cut = _best_cut(text, int(low), int(high))
        yield cut
        first = max(int(np.searchsorted(tokens.starts, cut)), first + 1)


def _best_cut(text: str, low: int, high: int) -> int:
    """Return the last place above `low`, up to `high`, where a sentence ends, or a word, or `high`."""
    for boundary in (_SENTENCE_END, _GAP):
        ends = [found.end() for found in boundary.finditer(text, low, high)]
        if ends and ends[-1] > low:
            return ends[-1]
    return high
