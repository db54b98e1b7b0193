"""MiniLM: what is encoded when, and the real model where it is installed."""

import numpy as np
import pytest

from benchmarks.baselines import minilm
from recommender import Article

ARTICLES = [Article("a", "Rain in May"), Article("b", "Rain in June"), Article("c", "Choir", "sang")]
IDS = {"a", "b", "c"}


@pytest.fixture
def encoded(tmp_path, monkeypatch):
    """The texts that the stand-in for the model was given, in order."""
    texts = []

    class Encode:
        def __init__(self, folder):
            pass

        def __call__(self, batch):
            texts.extend(batch)
            return np.eye(384, dtype=np.float32)[[len(text) for text in batch]]

    monkeypatch.setattr(minilm, "find_model", lambda name, download: tmp_path)
    monkeypatch.setattr(minilm, "_Encode", Encode)
    return texts


def test_a_second_run_encodes_only_what_is_new(encoded, tmp_path):
    first = minilm.lists(ARTICLES, IDS, vectors=tmp_path / "vectors")
    assert sorted(encoded) == ["Choir\nsang", "Rain in June\n", "Rain in May\n"]
    assert minilm.lists(ARTICLES, IDS, vectors=tmp_path / "vectors") == first
    assert len(encoded) == 3
    minilm.lists([*ARTICLES[1:], Article("a", "Rain in July")], IDS, vectors=tmp_path / "vectors")
    assert encoded[3:] == ["Rain in July\n"]


def test_an_interrupted_run_keeps_the_batches_that_were_done(encoded, tmp_path, monkeypatch):
    monkeypatch.setattr(minilm, "_BATCH", 1)
    whole, given = minilm._Encode, []

    class Interrupted(whole):
        def __call__(self, batch):
            given.append(batch)
            if len(given) == 3:
                raise KeyboardInterrupt
            return super().__call__(batch)

    monkeypatch.setattr(minilm, "_Encode", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        minilm.lists(ARTICLES, IDS, vectors=tmp_path / "vectors")
    monkeypatch.setattr(minilm, "_Encode", whole)
    minilm.lists(ARTICLES, IDS, vectors=tmp_path / "vectors")
    assert len(encoded) == len(set(encoded)) == 3


def test_what_is_not_installed_is_said_with_the_command(monkeypatch):
    monkeypatch.setattr(minilm, "find_spec", lambda module: None)
    assert minilm.missing() == (
        "torch and sentence-transformers not installed; run: pip install 'recommender[neural]'"
    )


@pytest.mark.skipif(minilm.missing() is not None, reason=str(minilm.missing()))
def test_the_real_model_reads_256_tokens_and_knows_what_words_mean(tmp_path):
    same = "rain " * 300
    articles = [
        Article("a", "Weather", same + "and then the choir sang"),
        Article("b", "Weather", same + "before trams went on strike"),
        Article("c", "MPs vote on the budget"),
        Article("d", "Parliament approves spending plan"),
    ]
    found = minilm.lists(articles, {"a", "c"}, vectors=tmp_path)
    assert found["a"][0] == ("b", pytest.approx(1, abs=1e-5))
    assert found["c"][0][0] == "d"
