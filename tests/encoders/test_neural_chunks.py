"""Cutting texts into chunks: complete, within the limit, and at natural boundaries."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.encoders.chunks import Tokens, chunks_of
from recommender.encoders.pooling import pool


def by_words(texts):
    """One token per word or mark, with positions, like a fast tokenizer."""
    starts = [
        np.array([found.start() for found in re.finditer(r"\w+|[^\w\s]", text)], np.int64) for text in texts
    ]
    return [Tokens(len(places), places) for places in starts]


def without_places(texts):
    """The same tokens without positions, like a slow tokenizer."""
    return [Tokens(tokens.n_tokens, None) for tokens in by_words(texts)]


def by_bytes(texts):
    """One token per byte, so that several tokens start at one character."""
    starts = [[at for at, character in enumerate(text) for _ in character.encode()] for text in texts]
    return [Tokens(len(places), np.array(places, np.int64)) for places in starts]


def one_more_alone(texts):
    """A tokenizer with positions that returns one more token for a chunk than within its text."""
    return [
        Tokens(tokens.n_tokens + 1, np.append(tokens.starts, tokens.starts[-1:]))
        for tokens in by_words(texts)
    ]


TOKENIZERS = pytest.mark.parametrize(
    "tokenize", [by_words, without_places, by_bytes, one_more_alone], ids=lambda tokenize: tokenize.__name__
)
mixed = st.text(st.sampled_from("ab .!\n中国。🚀é-"), max_size=120)


@TOKENIZERS
@given(texts=st.lists(mixed, max_size=4), max_tokens=st.integers(4, 12))
def test_chunks_concatenate_to_the_text_and_none_is_too_long(tokenize, texts, max_tokens):
    chunks = chunks_of(texts, tokenize, max_tokens)
    assert all(1 <= chunk.n_tokens <= max_tokens for chunk in chunks)
    assert [(chunk.row, chunk.start) for chunk in chunks] == sorted(
        (chunk.row, chunk.start) for chunk in chunks
    )
    for row, text in enumerate(texts):
        mine = [chunk for chunk in chunks if chunk.row == row]
        assert all(text[chunk.start :].startswith(chunk.text) for chunk in mine)
        covered = {at for chunk in mine for at in range(chunk.start, chunk.start + len(chunk.text))}
        lost = "".join(letter for at, letter in enumerate(text) if at not in covered)
        assert not lost.strip()
        assert sum(len(chunk.text) for chunk in mine) == len(covered)


def test_a_chunk_ends_at_a_sentence_that_ends_late_in_it():
    text = "one two three four five six seven eight. nine ten eleven twelve thirteen"
    assert [chunk.text for chunk in chunks_of([text], by_words, 10)] == [
        "one two three four five six seven eight. ",
        "nine ten eleven twelve thirteen",
    ]


@pytest.mark.parametrize("tokenize", [by_words, without_places])
def test_otherwise_a_chunk_ends_at_a_word_and_else_within_a_word(tokenize):
    words = " ".join(f"word{number}" for number in range(100))
    for chunk in chunks_of([words], tokenize, 10):
        assert re.fullmatch(r"(word\d+ )*word\d+ ?", chunk.text)
    unbroken = "中" * 95
    assert "".join(chunk.text for chunk in chunks_of([unbroken], by_bytes, 30)) == unbroken


def test_chunks_are_as_full_as_words_allow():
    chunks = chunks_of(["word " * 1000], by_words, 50)
    assert [chunk.n_tokens for chunk in chunks] == [50] * 20


def test_a_text_that_fits_is_one_chunk_and_a_text_without_tokens_has_none():
    chunks = chunks_of(["a b. c", " \n", "", "d"], by_words, 4)
    assert [(chunk.row, chunk.text) for chunk in chunks] == [(0, "a b. c"), (3, "d")]


def test_longer_chunks_weigh_more_and_with_decay_later_ones_less():
    chunks = np.eye(3, dtype=np.float32)
    equal = pool(chunks, [0, 0, 2], [300, 400, 5], n_rows=3)
    assert equal.tolist() == pytest.approx(np.array([[0.6, 0.8, 0], [0, 0, 0], [0, 0, 1]]))
    faded = pool(chunks, [0, 0, 2], [300, 400, 5], n_rows=3, decay=300)
    assert faded[0, 1] / faded[0, 0] == pytest.approx(400 / 2 / 300)
    assert faded[2].tolist() == [0, 0, 1]  # preceding tokens are counted within a text
    assert pool(chunks, [0, 0, 2], [300, 400, 5], n_rows=3, decay=1e-9)[0] == pytest.approx(
        [1, 0, 0], abs=1e-6
    )
