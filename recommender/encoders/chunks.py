"""Cuts texts into chunks that fit a model's input, so that no text is truncated silently."""

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
_SEARCHED = 0.25  # last part of a full chunk, searched for the end of a sentence or word


class Tokens(NamedTuple):
    """Tokens of a text.

    Attributes
    ----------
    n_tokens : int
    starts : ndarray of int64, shape (n_tokens,), or None
        Character position of each token; None if the tokenizer does not report positions.
    """

    n_tokens: int
    starts: NDArray[np.int64] | None


class Chunk(NamedTuple):
    """A piece of a text.

    Attributes
    ----------
    row : int
        Row of the text.
    start : int
        Position of the chunk in the text, in characters.
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
    """Cut texts into chunks of at most `max_tokens` tokens, in the order of the texts.

    The concatenated chunks of a text equal the text. A chunk ends at the end of a sentence if it is at least
    three quarters full there, else at the end of a word, else anywhere. If the tokenizer does not report
    positions, or a chunk has more tokens on its own than within the text, it is halved at such places until
    it fits. A text without tokens has no chunks.
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
    """Yield the character positions at which to cut a text that is too long."""
    if tokens.starts is None or not 0 < tokens.starts[max_tokens] < len(text):  # no usable positions
        yield _best_cut(text, int(len(text) * (1 - _SEARCHED) / 2), len(text) // 2)
        return
    first = 0
    while tokens.n_tokens - first > max_tokens:
        low, high = tokens.starts[[first + int(max_tokens * (1 - _SEARCHED)), first + max_tokens]]
        cut = _best_cut(text, int(low), int(high))
        yield cut
        first = max(int(np.searchsorted(tokens.starts, cut)), first + 1)


def _best_cut(text: str, low: int, high: int) -> int:
    """Return the last end of a sentence, else of a word, above `low` and up to `high`, else `high`."""
    for boundary in (_SENTENCE_END, _GAP):
        ends = [found.end() for found in boundary.finditer(text, low, high)]
        if ends and ends[-1] > low:
            return ends[-1]
    return high
