"""Encoders by name: which class opens a model, and the one an artifact's vectors were made with."""

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
    """What makes one vector of a text: ours, or a site's own."""

    def fit_transform(self, X: Iterable[Text]) -> NDArray[np.float32]:
        """Return unit rows of the site's texts, pairs of title and body; read once, as a stream."""
        ...

    def transform(self, X: Iterable[Text]) -> NDArray[np.float32]:
        """Return unit rows of other texts."""
        ...

    def settings(self) -> Mapping[str, Any]:
        """Return what the vectors depend on, as JSON can hold it."""
        ...

    def fingerprint(self) -> str:
        """Return what differs where the vectors of some text would."""
        ...


def open_encoder(
    model: str, *, cache: str | Path | None = None, n_jobs: int | None = None
) -> NeuralEncoder | StaticEncoder:
    """Return the encoder for a model that is named.

    Parameters
    ----------
    model : str
        See `find_model`; a folder in the format of model2vec opens as a `StaticEncoder`, others as a `NeuralEncoder`.
    cache : str, Path or None
        Folder that keeps vectors for the next build; a static model, quicker than a disk, does without.
    n_jobs : int or None
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
    """Return what an artifact says of the encoder of its neural vectors."""
    name = next(
        (name for name, each in _CLASSES.items() if type(encoder) is each), type(encoder).__qualname__
    )
    return {"name": name, "settings": dict(encoder.settings()), "fingerprint": encoder.fingerprint()}


def reopen_encoder(facts: Mapping[str, Any], given: DenseEncoder | None = None) -> DenseEncoder:
    """Return the encoder that `describe` told of, fitted and known to make the same vectors.

    Raises
    ------
    ArtifactError
        If it is of another fingerprint, or of a class of the site's own and not given.
    InputError
        If its model is not on this machine.
    """
    if given is None and facts["name"] not in _CLASSES:
        raise ArtifactError(
            f"the vectors are of an encoder of your own, {facts['name']}; give it: Recommender.load(path, encoder=...)"
        )
    encoder = given if given is not None else _CLASSES[facts["name"]].from_settings(facts["settings"])
    found = encoder.fingerprint()
    if found != facts["fingerprint"]:
        raise ArtifactError(
            f"the vectors are of the encoder {facts['fingerprint']}, this one is {found}; "
            "give the one they were made with, or build again"
        )
    return encoder
