"""The contract of lexical encoders, and properties of each of them."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.lsa import LsaEncoder
from recommender.encoders.tfidf import TfidfEncoder

TOPICS = {
    "sea": "ship harbour tide anchor captain cargo strait lighthouse",
    "lab": "enzyme protein trial dose patient cell virus vaccine",
    "pitch": "goal striker referee penalty keeper league match stadium",
}


def topic_texts(n=60, seed=0):
    """Return texts that share words only within their topic, and the topic of each."""
    rng = np.random.default_rng(seed)
    names = list(TOPICS)
    texts = [
        (
            " ".join(rng.choice(TOPICS[names[i % 3]].split(), 2)),
            " ".join(rng.choice(TOPICS[names[i % 3]].split(), 12)),
        )
        for i in range(n)
    ]
    return texts, np.arange(n) % 3


def as_arrays(vectors):
    """Return the vectors of any encoder as numbers, for comparison."""
    if isinstance(vectors, tuple):
        return [part for vector in vectors for part in as_arrays(vector)]
    return [vectors.indptr, vectors.indices, vectors.data] if isinstance(vectors, csr_matrix) else [vectors]


@pytest.fixture(params=[TfidfEncoder, LexicalEncoder], ids=lambda encoder: encoder.__name__)
def encoder(request):
    return request.param()


class TestEveryEncoder:
    def test_fit_transform_is_fit_then_transform(self, encoder):
        texts, _ = topic_texts()
        for one, other in zip(
            as_arrays(encoder.fit_transform(texts)),
            as_arrays(clone(encoder).fit(texts).transform(texts)),
            strict=True,
        ):
            np.testing.assert_array_equal(one, other)

    def test_results_do_not_depend_on_threads(self, encoder, monkeypatch):
        monkeypatch.setattr("recommender.encoders.tfidf._RUN", 300)  # many runs, so that several threads work
        texts, _ = topic_texts(200)
        one, two = (as_arrays(clone(encoder).set_params(n_jobs=n).fit_transform(texts)) for n in (1, 2))
        for a, b in zip(one, two, strict=True):
            np.testing.assert_array_equal(a, b)

    def test_clone_keeps_the_settings(self, encoder):
        assert clone(encoder.set_params(n_jobs=2)).n_jobs == 2

    def test_an_unfitted_encoder_raises_not_fitted_error(self, encoder):
        with pytest.raises(NotFittedError, match="call fit"):
            encoder.transform(["rain"])

    @pytest.mark.parametrize("texts", [[], [""], ["rain"], ["", "..."], ["rain", "rain"], [("t", "b")] * 3])
    def test_few_or_empty_texts_raise_no_error(self, encoder, texts):
        vectors = encoder.fit_transform(texts)
        assert {part.shape[0] for part in (vectors if isinstance(vectors, tuple) else [vectors])} == {
            len(texts)
        }

    def test_a_single_string_instead_of_a_list_is_rejected(self, encoder):
        with pytest.raises(ValueError, match="list of texts"):
            encoder.fit("rain in May")


def test_topics_are_found_by_sparse_and_dense_vectors():
    texts, topic = topic_texts()
    for vectors in LexicalEncoder().fit_transform(texts):
        similarity = np.asarray(
            (vectors @ vectors.T).todense() if isinstance(vectors, csr_matrix) else vectors @ vectors.T
        )
        np.fill_diagonal(similarity, -1)
        assert (topic[similarity.argmax(axis=1)] == topic).all()


def test_cosines_equal_those_of_scikit_learn_if_the_formulas_agree():
    texts = [body for _, body in topic_texts()[0]] + ["a word of its own: zyzzyva", "Ünïcode wörds and goal"]
    ours = TfidfEncoder(decay=np.inf, idf_power=0.0, brevity=0.0).fit_transform(texts)
    theirs = TfidfVectorizer(
        ngram_range=(1, 2), use_idf=False, sublinear_tf=True, token_pattern=r"\w+"
    ).fit_transform(texts)
    off_diagonal = ~np.eye(len(texts), dtype=bool)  # terms of one article affect lengths but not products
    np.testing.assert_allclose(
        (ours @ ours.T).toarray()[off_diagonal], (theirs @ theirs.T).toarray()[off_diagonal], atol=1e-6
    )


def test_rows_have_unit_length_including_words_of_one_article():
    vectors = TfidfEncoder().fit_transform(["rain in may", "rain in may", "rain unheard-of"])
    lengths = np.linalg.norm(vectors.toarray(), axis=1)
    assert lengths[:2] == pytest.approx(1, abs=1e-6)
    assert 0 < lengths[2] < 0.7


def test_function_words_weigh_less_than_topics_on_a_site_of_three_articles():
    encoder = TfidfEncoder().fit(["the ferry of the north", "the ferry is late", "the choir of the south"])
    weights = {encoder.vocabulary_.term(c): w for c, w in enumerate(encoder.idf_)}
    assert weights["the"] < weights["ferry"] / 3
    assert weights["of the"] < weights["ferry"]


def test_the_end_of_a_long_article_still_counts():
    long = "filler " * 20_000
    vectors = TfidfEncoder().fit_transform([("", long + "zeppelin"), ("", "zeppelin"), ("", "filler")])
    assert (vectors[0] @ vectors[1].T).toarray()[0, 0] > 0


@pytest.mark.parametrize(
    "settings", [{"title_weight": -1}, {"decay": 0}, {"idf_power": -0.1}, {"max_terms": 0}]
)
def test_invalid_settings_are_rejected_with_their_value(settings):
    with pytest.raises(ValueError, match=str(next(iter(settings.values())))):
        TfidfEncoder(**settings).fit(["rain"])


def test_an_empty_row_stays_zero_in_the_dense_vectors():
    sparse = csr_matrix(np.array([[1, 0, 0], [0, 0, 0], [0, 1, 1], [1, 1, 0]], dtype=np.float32))
    dense = LsaEncoder(2, min_fit_rows=2).fit_transform(sparse)
    assert not dense[1].any()
    assert np.linalg.norm(dense[[0, 2, 3]], axis=1) == pytest.approx(1)


def test_a_few_articles_have_zero_dense_vectors():
    texts, _ = topic_texts(49)
    assert not LexicalEncoder().fit_transform(texts).dense.any()
    texts, _ = topic_texts(50)
    assert LexicalEncoder().fit_transform(texts).dense.any()


def test_a_projection_from_a_sample_finds_the_same_topics():
    texts, topic = topic_texts(300)
    sparse = TfidfEncoder().fit_transform(texts)
    dense = LsaEncoder(n_components=3, max_fit_rows=60).fit_transform(sparse)
    similarity = dense @ dense.T
    np.fill_diagonal(similarity, -1)
    assert (topic[similarity.argmax(axis=1)] == topic).all()


def test_arrays_restore_an_encoder_with_the_same_fingerprint():
    texts, _ = topic_texts()
    encoder = LexicalEncoder(tfidf=TfidfEncoder(decay=50)).fit(texts)
    again = LexicalEncoder.from_arrays(encoder.to_arrays(), encoder.settings())
    assert again.fingerprint() == encoder.fingerprint()
    for one, other in zip(
        as_arrays(encoder.transform(texts)), as_arrays(again.transform(texts)), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_fingerprints_differ_if_settings_or_texts_differ():
    texts, _ = topic_texts()
    encoders = [
        LexicalEncoder().fit(texts),
        LexicalEncoder(tfidf=TfidfEncoder(decay=50)).fit(texts),
        LexicalEncoder().fit(texts[:-1]),
    ]
    assert len({encoder.fingerprint() for encoder in encoders}) == 3


def test_short_texts_weigh_rare_words_and_pairs_less():
    texts = [f"rain and wind {topic} over the quay {topic} pump" for topic in range(300)] * 2
    short, whole = TfidfEncoder().fit(texts), TfidfEncoder(brevity=0.0).fit(texts)
    assert (short.brevity_, whole.brevity_) == (1.0, 0.0)
    weights = {
        encoder: dict(
            zip(map(encoder.vocabulary_.term, range(len(encoder.idf_))), encoder.idf_.tolist(), strict=True)
        )
        for encoder in (short, whole)
    }
    assert weights[short]["7"] / weights[short]["wind"] > 1
    assert weights[short]["wind 7"] < weights[short]["7"], "a pair says less than its rarer word"
    assert weights[whole]["wind 7"] >= weights[whole]["7"]
    assert TfidfEncoder().fit(texts[:50]).brevity_ <= 0.2, "a small site is weighed as ever"
    with pytest.raises(ValueError, match="brevity must be None, or from 0 to 1, got 2"):
        TfidfEncoder(brevity=2).fit(texts)


def test_an_encoder_of_a_site_keeps_its_brevity():
    texts = [("", f"rain {topic} quay {topic % 7}") for topic in range(300)] * 2
    encoder = LexicalEncoder().fit(texts)
    again = LexicalEncoder.from_arrays(encoder.to_arrays(), encoder.settings())
    assert encoder.settings()["tfidf"]["brevity"] == again.tfidf_.brevity_ == 1.0
    assert abs(encoder.transform(texts[:9]).sparse - again.transform(texts[:9]).sparse).max() == 0
