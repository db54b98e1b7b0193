"""A table of words gives articles in several languages vectors that can be compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.encoders.language_centres import centred, language_centres
from tests.concept_table import ConceptTable, concept_encoder

TEXTS = [
    ("Rain closed the road", "The choir sang of rain."), ("Regen", "Der Chor singt vom Regen, die Straße ist zu."),
    ("大雨", "大雨で道路"), ("", "Bridges, bridges and a ferry"), ("Nothing known", "here at all"), ("", ""),
]  # fmt: skip
LANGUAGES = ["en", "de", "ja", "en", "en", ""]


def test_the_same_words_in_two_languages_have_the_same_vector():
    found = concept_encoder().transform([("", "rain, choir"), ("", "Regen Chor")], ["en", "de"])
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert np.linalg.norm(found[0]) == pytest.approx(1, abs=1e-6)


def test_unknown_words_are_passed_over():
    given = [("", "rain zzz, qqq"), ("", "rain"), ("", "zzz"), ("", "rain")]
    found = concept_encoder().transform(given, ["en", "en", "en", "fi"])
    assert found[0] == pytest.approx(found[1])
    assert not found[2].any()
    assert not found[3].any()  # the table has no Finnish


def test_words_of_a_single_article_count():
    (found,) = concept_encoder().transform([("", "silver harbour")], ["en"])
    assert (found > 0.3).sum() == 2  # no other article of the site has either word


@given(st.permutations(range(len(TEXTS))), st.integers(1, len(TEXTS)))
def test_a_vector_does_not_depend_on_the_texts_beside_it(order, n):
    encoder = concept_encoder()
    whole = encoder.transform(TEXTS, LANGUAGES)
    some = list(order)[:n]
    found = encoder.transform([TEXTS[at] for at in some], [LANGUAGES[at] for at in some])
    assert found.tobytes() == whole[some].tobytes()


def test_other_tables_have_other_fingerprints():
    other = concept_encoder(ConceptTable(("rain regen",)))
    assert other.fingerprint() != concept_encoder().fingerprint()


def test_the_centre_of_a_language_is_taken_from_its_vectors():
    rng = np.random.default_rng(0)
    meaning = rng.normal(size=(400, 8))
    languages = np.repeat([0, 1], 200).astype(np.int16)
    meaning[200:] = meaning[:200]
    vectors = meaning + np.array([[3.0] + [0] * 7, [0] * 7 + [3.0]])[languages]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    found = centred(vectors, languages, language_centres(vectors, languages, 2))
    one, other = found[:200], found[200:]
    assert (np.argmax(one @ other.T, axis=1) == np.arange(200)).mean() > 0.8
    assert (np.argmax(vectors[:200] @ vectors[200:].T, axis=1) == np.arange(200)).mean() < 0.5


def test_few_articles_hardly_move_the_centre_of_their_language():
    vectors = np.eye(4, dtype=np.float32)[[0] * 50 + [1] * 50 + [2]]
    languages = np.array([0] * 50 + [1] * 50 + [2], dtype=np.int16)
    centres = language_centres(vectors, languages, 3)
    general = np.eye(4)[:3].mean(axis=0)
    assert np.linalg.norm(centres[2] - general) < 0.3
    assert np.linalg.norm(centres[0] - np.eye(4)[0]) < 0.2
    assert centres[3] == pytest.approx(general, abs=1e-6)
    found = centred(vectors[-1:], np.array([2]), centres)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-6)  # it is not its own centre


def test_unknown_languages_have_the_mean_of_all_and_texts_without_words_stay_empty():
    vectors = np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32)
    centres = language_centres(vectors, np.array([0, 1, 0]), 2)
    found = centred(vectors, np.array([-1, 1_180, 0]), centres)
    assert found[0] == pytest.approx([2**-0.5, -(2**-0.5)], abs=1e-6)
    assert found[1] == pytest.approx([-(2**-0.5), 2**-0.5], abs=1e-6)
    assert not found[2].any()


def test_no_articles_have_centres_too():
    empty = np.zeros((0, 3), dtype=np.float32)
    assert language_centres(empty, np.zeros(0, np.int16), 0).shape == (1, 3)
    assert not language_centres(empty, np.zeros(0, np.int16), 2).any()
