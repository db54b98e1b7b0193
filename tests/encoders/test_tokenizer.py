"""The tokenizer compared with a simple reference implementation, on any text."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.encoders.document_frequencies import DocumentFrequencies
from recommender.encoders.tokenizer import are_words, count_terms, hash_pairs, join_fields
from recommender.text.characters import CONTINUOUS, SEPARATOR, character_classes, fold


def words_of(text):
    """Reference tokenizer: runs of word characters, and overlapping pairs in scripts without spaces."""
    classes = character_classes()
    kinds = [int(classes[ord(c)]) if ord(c) < len(classes) else SEPARATOR for c in text]
    words, at = [], 0
    while at < len(text):
        end = at
        while end < len(text) and kinds[end] == kinds[at]:
            end += 1
        run = text[at:end]
        if kinds[at] == CONTINUOUS:
            words += [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
        elif kinds[at] != SEPARATOR:
            words.append(run)
        at = end
    return words


def count(texts, **options):
    text, offsets = join_fields(texts)
    return count_terms(text, offsets, **({"title_weight": 1.0, "decay": np.inf, "pairs": True} | options))


def spelled(texts):
    """Count words by their spelling, read from the byte ranges of the tokenizer."""
    text, _ = join_fields(texts)
    counts = count(texts, pairs=False)
    return Counter(
        {
            bytes(text[start : start + length]).decode(): round(weight)
            for start, length, weight in zip(counts.starts, counts.lengths, counts.weights, strict=True)
        }
    )


mixed = st.text(st.sampled_from("ab c-1é中国印ไทยかカー.ß𠀀🚀\n"), max_size=60) | st.text(max_size=60)


@settings(deadline=None)  # the first example may compile
@given(mixed)
def test_words_equal_those_of_the_reference_tokenizer(text):
    folded = fold(text)
    assert spelled([("", folded)]) == Counter(words_of(folded))


@settings(deadline=None)
@given(mixed, mixed)
def test_pairs_are_neighbours_within_a_field(title, body):
    title, body = fold(title), fold(body)
    counts = count([(title, body)])
    hashes = dict(zip(words_of(title) + words_of(body), hashes_of(title) + hashes_of(body), strict=True))
    expected = Counter()
    for field in (title, body):
        words = [hashes[word] for word in words_of(field)]
        expected.update(words)
        firsts, seconds = np.array(words[:-1], np.uint64), np.array(words[1:], np.uint64)
        expected.update(hash_pairs(firsts, seconds).tolist())
    got = dict(zip(counts.hashes.tolist(), counts.weights.round().astype(int).tolist(), strict=True))
    assert got == dict(expected)


def hashes_of(text):
    """Return the hash of each word in order, by counting each word alone."""
    return [int(count([("", word)], pairs=False).hashes[0]) for word in words_of(text)]


def test_hashes_distinguish_pairs_from_words():
    counts = count([("", "rain in may")])
    assert are_words(counts.hashes).tolist() == [True, True, False, True, False]


def test_title_words_weigh_more_and_later_words_less():
    counts = count([("rain", "rain sun moon")], title_weight=3.0, decay=1.0, pairs=False)
    assert counts.weights.tolist() == pytest.approx([3 + 1, 1 / 2, 1 / 3])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("中国 x", ["中国", "x"]),
        ("中", ["中"]),
        ("北京大学", ["北京", "京大", "大学"]),
        ("コーヒー・紅茶", ["コー", "ーヒ", "ヒー", "紅茶"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("don't", ["don", "t"]),
        ("C2143 x_y", ["c2143", "x", "y"]),
        ("Ｆｕｌｌ STRASSE Straße", ["full", "strasse", "strasse"]),
        ("", []),
        ("... --- !!!", []),
    ],
)
def test_words_in_many_scripts(text, words):
    assert words_of(fold(text)) == words
    assert spelled([("", fold(text))]) == Counter(words)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6).map(" ".join), max_size=30), st.integers(1, 7)
)
def test_document_frequencies_do_not_depend_on_the_split_into_runs(texts, size):
    frequencies = DocumentFrequencies()
    for start in range(0, len(texts), size):
        run = [("", text) for text in texts[start : start + size]]
        frequencies.add(join_fields(run)[0], count(run, pairs=False))
    vocabulary = frequencies.vocabulary(max_terms=100)
    expected = Counter(word for text in texts for word in set(text.split()))
    got = {vocabulary.term(c): int(n) for c, n in enumerate(vocabulary.document_frequencies)}
    assert got == {word: n for word, n in expected.items() if n >= 2}
    assert vocabulary.columns(vocabulary.hashes).tolist() == list(range(len(vocabulary)))


def test_a_vocabulary_larger_than_its_first_table_keeps_every_term():
    words = [f"w{number}" for number in range(150_000)]
    run = [("", " ".join(words)), ("", " ".join(reversed(words)))]
    frequencies = DocumentFrequencies()
    frequencies.add(join_fields(run)[0], count(run, pairs=False))
    vocabulary = frequencies.vocabulary(max_terms=10**6)
    assert {vocabulary.term(column) for column in range(len(vocabulary))} == set(words)
    assert len(frequencies.vocabulary(max_terms=10)) == 10
