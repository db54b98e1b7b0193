"""Base class of encoders with a pretrained model, whose files and settings determine the fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from recommender.encoders.models import find_model, model_digest
from recommender.encoders.tfidf import Text
from recommender.encoders.windows import encode_in_windows, refuse_string
from recommender.errors import ArtifactError, InputError
from recommender.progress import Progress

__all__ = ["PretrainedEncoder"]


class PretrainedEncoder(BaseEstimator):  # type: ignore[misc]
    """Base class of encoders with a pretrained model.

    A subclass has the parameters `model`, `revision` and `download`, lists in `_settings` the parameters that
    vectors depend on, opens its model in `_model`, which has an attribute `n_dimensions`, and encodes texts
    in `_encode`.
    """

    _version: ClassVar[int]  # increases if the same model and settings give different vectors
    _settings: ClassVar[tuple[str, ...]]

    model: str
    revision: str | None
    download: bool
    backend: str = "torch"

    def fit(self, X: Iterable[Text] = (), y: None = None) -> Self:
        """Open the model. `X` is not read, because there is nothing to learn.

        Raises
        ------
        InputError
            If the model is not found or cannot be opened.
        MissingExtraError
            If a required package is not installed.
        ValueError
            If a parameter is out of range.
        """
        refuse_string(X)
        self._find()
        _ = self.n_dimensions_
        return self

    def transform(self, X: Iterable[Text], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of texts. Reads them once, as a stream.

        Parameters
        ----------
        X : iterable of str or of pairs of str
            Bodies, or titles and bodies.
        progress : callable or None
            See `encode_in_windows`.

        Returns
        -------
        ndarray of float32, shape (n_texts, n_dimensions_)
            Unit rows. Zero for a text without tokens known to the model, such as an empty one.

        Raises
        ------
        RecommenderError
            If the model returns a value that is not finite, or the cache cannot be opened.
        """
        self._check_is_fitted()
        return encode_in_windows(X, self._encode, self.n_dimensions_, progress=progress)

    def fit_transform(
        self, X: Iterable[Text], y: None = None, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Fit, then transform. `X` may be an iterator, because texts are read once."""
        return self.fit(X).transform(X, progress)

    @property
    def n_dimensions_(self) -> int:
        """Length of a vector."""
        self._check_is_fitted()
        return int(self._model.n_dimensions)

    def settings(self) -> dict[str, Any]:
        """Return the settings that the vectors depend on, as JSON values."""
        self._check_is_fitted()
        return {name: getattr(self, name) for name in ("model", "revision", *self._settings)}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], **runtime: Any) -> Self:
        """Return a fitted encoder with these settings. Finds its model now, and opens it when needed.

        Parameters
        ----------
        settings : mapping
            Output of `settings`.
        **runtime
            Other parameters. `download` defaults to False, so that opening an artifact downloads nothing.

        Raises
        ------
        ArtifactError
            If a setting is none of those, such as `cache` or `download`.
        InputError
            If the model is not on this machine.
        """
        known = ("model", "revision", "prompt", *cls._settings)
        odd = [name for name in settings if name not in known]
        if odd or not isinstance(settings.get("model"), str):
            raise ArtifactError(
                f"the artifact names a model with the settings {dict(settings)!r:.200}; wanted {', '.join(known)}; "
                "build it again"
            )
        try:
            encoder = cls(**settings, **{"download": False, **runtime})
            encoder._find()
        except (TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise ArtifactError(
                f"the artifact names a model that cannot be: {error}; build it again"
            ) from error
        return encoder

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that change if the vectors of any text would change.

        They depend on the files of the model and on the settings, not on the model's name or folder.
        """
        settings = {key: value for key, value in self.settings().items() if key not in ("model", "revision")}
        content = json.dumps([type(self).__name__, self._version, self._digest, settings], sort_keys=True)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()

    def _find(self) -> None:
        for name in ("_model", "_digest"):  # cached by an earlier fit
            self.__dict__.pop(name, None)
        self.folder_: Path = find_model(
            self.model, revision=self.revision, backend=self.backend, download=self.download
        )

    def _check_is_fitted(self) -> None:
        if not hasattr(self, "folder_"):
            raise NotFittedError(
                f"this {type(self).__name__} is not fitted; call fit first, which opens its model"
            )

    @cached_property
    def _digest(self) -> str:
        return model_digest(self.folder_, self.backend)

    @cached_property
    def _model(self) -> Any:
        raise NotImplementedError

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        raise NotImplementedError
