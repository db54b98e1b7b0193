"""Opens encoders by name, and reopens the encoder recorded in an artifact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.models import find_model
from recommender.encoders.neural import NeuralEncoder
from recommender.encoders.static import StaticEncoder
from recommender.encoders.tfidf import Text
from recommender.errors import ArtifactError

__all__ = ["DenseEncoder", "describe", "open_encoder", "reopen_encoder"]

_CLASSES: dict[str, type[NeuralEncoder] | type[StaticEncoder]] = {
    "neural": NeuralEncoder,
    "static": StaticEncoder,
}


class DenseEncoder(Protocol):
    """Interface of encoders that return one dense vector per text. Sites can supply their own."""

    def fit_transform(self, X: Iterable[Text]) -> NDArray[np.float32]:
        """Return unit rows of the site's texts, pairs of title and body. Reads them once, as a stream."""
        ...

    def transform(self, X: Iterable[Text]) -> NDArray[np.float32]:
        """Return unit rows of other texts."""
        ...

    def settings(self) -> Mapping[str, Any]:
        """Return the settings that the vectors depend on, as JSON values."""
        ...

    def fingerprint(self) -> str:
        """Return a string that changes if the vectors of any text would change."""
        ...


def open_encoder(
    model: str, *, cache: str | Path | None = None, n_jobs: int | None = None
) -> NeuralEncoder | StaticEncoder:
    """Return the encoder of a named model.

    Parameters
    ----------
    model : str
        See `find_model`. Models in model2vec format open as a `StaticEncoder`, others as a `NeuralEncoder`.
    cache : str, Path or None, default None
        Folder that keeps vectors for the next build. Not used by static models, which are faster than a disk.
    n_jobs : int or None, default None
        Threads of a neural model.

    Raises
    ------
    InputError
        If the model is not found.
    """
    config = find_model(model) / "config.json"
    if config.exists() and json.loads(config.read_bytes()).get("model_type") == "model2vec":
        return StaticEncoder(model)
    return NeuralEncoder(model, cache=cache, n_jobs=n_jobs)


def describe(encoder: DenseEncoder) -> dict[str, Any]:
    """Return the name, settings and fingerprint of an encoder, to be stored in an artifact."""
    name = next(
        (name for name, each in _CLASSES.items() if type(encoder) is each), type(encoder).__qualname__
    )
    return {"name": name, "settings": dict(encoder.settings()), "fingerprint": encoder.fingerprint()}


def reopen_encoder(facts: Mapping[str, Any], given: DenseEncoder | None = None) -> DenseEncoder:
    """Return the fitted encoder described by `facts`, the output of `describe`, with a verified fingerprint.

    Parameters
    ----------
    facts : mapping
        Output of `describe`.
    given : DenseEncoder or None, default None
        The encoder to verify. None opens the encoder by its name.

    Raises
    ------
    ArtifactError
        If the fingerprint differs, or the encoder is a class of the site and `given` is None.
    InputError
        If the model is not on this machine.
    """
    if given is None and facts["name"] not in _CLASSES:
        raise ArtifactError(
            f"the vectors were made with the custom encoder {facts['name']}; "
            "pass it: Recommender.load(path, encoder=...)"
        )
    encoder = given if given is not None else _CLASSES[facts["name"]].from_settings(facts["settings"])
    found = encoder.fingerprint()
    if found != facts["fingerprint"]:
        raise ArtifactError(
            f"the vectors were made with the encoder {facts['fingerprint']}, got the encoder {found}; "
            "pass the original encoder or build again"
        )
    return encoder
