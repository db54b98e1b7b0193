"""What each signal of content counts, by the length of an article and of the texts of its site."""

import numpy as np
import pytest

from recommender.scoring.weights import CONTENT, Weights, content_weights, shortness

LONG, SHORT = 720, 80  # terms of two articles


def counts(name, *, reads_texts=True, brevity=0.0):
    factors = content_weights(
        Weights(),
        shortness(np.array([LONG, SHORT])),
        reads_texts=reads_texts,
        sums_words=not reads_texts,
        brevity=brevity,
    )
    return factors[CONTENT.index(name)].tolist()


def test_vectors_count_for_short_articles():
    assert counts("neural") == pytest.approx([0.03, 0.15])
    assert counts("lexical") == [1, 1]


@pytest.mark.parametrize("brevity", [0.0, 0.4, 1.0])
def test_vectors_of_whole_texts_count_more_on_a_site_of_short_texts(brevity):
    assert counts("neural", brevity=brevity) == pytest.approx(
        [0.03 * (1 + 2 / 3 * brevity), 0.15 * (1 + 2 / 3 * brevity)]
    )


@pytest.mark.parametrize("brevity", [0.0, 1.0])
def test_sums_of_words_and_the_other_signals_count_alike_on_every_site(brevity):
    assert counts("neural", reads_texts=False, brevity=brevity) == pytest.approx([0.3 * 0.1**3, 0.3 * 0.5**3])
    assert counts("dense", brevity=brevity) == pytest.approx(
        [0.01, 0.05]
    )  # half, beside vectors of whole texts
    assert counts("dense", reads_texts=False, brevity=brevity) == pytest.approx([0.02, 0.1])
