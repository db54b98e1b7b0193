"""A single text has the vectors that it has in a batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.lsa import LsaEncoder
from recommender.encoders.one_text import OneTextEncoder
from recommender.encoders.tfidf import TfidfEncoder

WORDS = [
    "rain",
    "road",
    "Valley",
    "ferry",
    "STORM",
    "the",
    "of",
    "über",
    "café",
    "台灣",
    "海峽",
    "渡輪",
    "x2",
    "unheard-of-",
]


def some_texts(n=80, seed=0):
    rng = np.random.default_rng(seed)
    return [(" ".join(rng.choice(WORDS, 3)), " ".join(rng.choice(WORDS, 30))) for _ in range(n)]


@pytest.fixture(
    scope="module",
    params=[
        LexicalEncoder(),
        LexicalEncoder(TfidfEncoder(title_weight=0.0, decay=5.0, idf_power=1.0, pairs=False), LsaEncoder(8)),
        LexicalEncoder(lsa=LsaEncoder(max_terms=5)),
        LexicalEncoder(lsa=LsaEncoder(min_fit_rows=1_000)),
    ],
    ids=["defaults", "other settings", "a projection of five words", "no projection"],
)
def encoder(request):
    return request.param.fit(some_texts())


def assert_the_same(encoder, title, body):
    many = encoder.transform([(title, body)])
    one = OneTextEncoder(encoder.to_arrays(), encoder.settings()).encode(title, body)
    assert one.columns.tolist() == many.sparse.indices.tolist()
    assert one.values.tolist() == many.sparse.data.tolist()
    assert one.title_columns.tolist() == many.titles.indices.tolist()
    assert one.title_values.tolist() == many.titles.data.tolist()
    assert one.dense == pytest.approx(many.dense[0], abs=1e-5)
    assert one.dense.dtype == np.float32


TEXTS = st.lists(st.sampled_from([*WORDS, "nobody", ".", "\n"]), max_size=40).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(title=TEXTS, body=TEXTS)
def test_the_vectors_equal_those_of_a_batch(encoder, title, body):
    assert_the_same(encoder, title, body)


@pytest.mark.parametrize("text", [("", ""), ("rain", ""), ("", "rain"), ("zzz qqq", "zzz"), ("...", "?!")])
def test_short_and_empty_texts(encoder, text):
    assert_the_same(encoder, *text)


def test_a_site_without_words():
    assert_the_same(LexicalEncoder().fit([("", "")]), "rain", "more rain")
