"""Words with their places are the words that the encoder counts."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.encoders.tokenizer import count_terms, join_fields
from recommender.encoders.word_places import title_words, word_places
from recommender.text.characters import fold

WORDS = st.sampled_from(
    [
        "rain",
        "May",
        "öl",
        "ЖЕСТЬ",
        "雨",
        "東京タワー",
        "ร้าน",
        "don’t",
        "3.5",
        "micro-purchase",
        "हिन्दी",
        "é",
        "a",
    ]
)
SEPARATORS = st.sampled_from([" ", "\n", "", "-", ", ", "。"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(WORDS, SEPARATORS), max_size=12).map(lambda each: "".join(map("".join, each))))
def test_words_and_pairs_are_those_of_the_encoder(text):
    found = word_places(text)
    counts = count_terms(*join_fields([("", fold(text))]), title_weight=1.0, decay=1e9, pairs=True)
    assert {*found.hashes.tolist(), *found.pairs.tolist()} == set(counts.hashes.tolist())
    assert (found.starts < found.ends).all()
    assert (np.diff(found.starts) > 0).all()
    for start, end, word in zip(found.starts, found.ends, found.hashes, strict=True):
        alone = count_terms(
            *join_fields([("", fold(text[start:end]))]), title_weight=1, decay=1e9, pairs=False
        )
        assert alone.hashes.tolist() == [word]


def test_the_shares_of_a_title_are_those_of_its_vector():
    from recommender import Article, Recommender

    site = Recommender.from_articles(
        [Article(str(n), "Rain in May", "rain in May and June") for n in range(2)]
    )
    lexical, titles = site.model.lexical, site.collection.titles
    known = title_words("Rain in May", lexical)
    np.testing.assert_allclose(np.sort(known.shares), np.sort(titles.row(0).values ** 2), rtol=1e-5)
    more = title_words("Rain in May floods", lexical)
    np.testing.assert_allclose(more.shares.sum(), 1)
    assert sorted(more.n_articles.tolist()) == [1, 1, 2, 2, 2, 2, 2]
