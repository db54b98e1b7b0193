"""Dense vectors of whole articles from a table of token vectors (the format of model2vec): light, and without torch.

A text's vector is the mean of those of its tokens, so a long one needs no cutting.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.pretrained import PretrainedEncoder
from recommender.encoders.windows import joined
from recommender.errors import InputError, MissingExtraError, Problem

__all__ = ["StaticEncoder"]


class StaticEncoder(PretrainedEncoder):
    """Unit vectors from a static model; needs the extra ``static``.

    Parameters
    ----------
    model : str
        A folder with ``tokenizer.json``, ``config.json`` and ``model.safetensors``, an installed package that
        carries one, or a name on the hub: see `find_model`.
    n_dimensions : int or None, default None
        The first so many, from 1 to the model's; None for all.
    revision : str or None, default None
        Of a model on the hub.
    download : bool, default True
        Whether a model on the hub that is not on this machine is fetched.

    Attributes
    ----------
    n_dimensions_ : int
        Length of a vector.
    """

    _version = 1
    _settings = ("n_dimensions",)

    def __init__(
        self,
        model: str,
        *,
        n_dimensions: int | None = None,
        revision: str | None = None,
        download: bool = True,
    ) -> None:
        self.model = model
        self.n_dimensions = n_dimensions
        self.revision = revision
        self.download = download

    @property
    def n_dimensions_(self) -> int:
        """Length of a vector."""
        self._check_is_fitted()
        has = int(self._model.dim)
        if self.n_dimensions is not None and not 1 <= self.n_dimensions <= has:
            raise ValueError(f"n_dimensions must be from 1 to the model's {has}, got {self.n_dimensions}")
        return self.n_dimensions or has

    @cached_property
    def _model(self) -> Any:
        try:
            from model2vec import StaticModel
        except ImportError as error:
            raise MissingExtraError("a static model", "model2vec", "static") from error
        try:
            return StaticModel.from_pretrained(self.folder_)
        except Exception as error:  # whatever a file of another kind makes of its readers
            raise InputError(
                Problem(
                    "a folder in the format of model2vec was wanted",
                    str(error).strip().splitlines()[0][:200],
                    "name another, or use NeuralEncoder for a transformer",
                    str(self.folder_),
                )
            ) from error

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        texts = [joined(title, body) for title, body in window]
        means = self._model.encode(texts, max_length=None, normalize=False, use_multiprocessing=False)
        vectors = means[:, : self.n_dimensions_].astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))
