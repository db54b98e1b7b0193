"""Dense vectors of whole articles from a table of token vectors (model2vec format), without torch.

The vector of a text is the mean of its token vectors, so long texts need not be cut.
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
    """Encodes articles with a static model into unit vectors. Needs the extra ``static``.

    Parameters
    ----------
    model : str
        A folder with ``tokenizer.json``, ``config.json`` and ``model.safetensors``, an installed package that
        contains one, or a name on the hub; see `find_model`.
    n_dimensions : int or None, default None
        Number of dimensions kept, from 1 to the model's. None keeps all.
    revision : str or None, default None
        Revision of a model on the hub.
    download : bool, default True
        Whether to download a model of the hub that is not on this machine.

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
        maximum = int(self._model.dim)
        if self.n_dimensions is not None and not 1 <= self.n_dimensions <= maximum:
            raise ValueError(f"n_dimensions must be from 1 to the model's {maximum}, got {self.n_dimensions}")
        return self.n_dimensions or maximum

    @cached_property
    def _model(self) -> Any:
        try:
            from model2vec import StaticModel
        except ImportError as error:
            raise MissingExtraError("a static model", "model2vec", "static") from error
        try:
            return StaticModel.from_pretrained(self.folder_)
        except Exception as error:  # model2vec raises various types for other files
            raise InputError(
                Problem(
                    "expected a folder in model2vec format",
                    str(error).strip().splitlines()[0][:200],
                    "use another model, or NeuralEncoder for a transformer",
                    str(self.folder_),
                )
            ) from error

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        texts = [joined(title, body) for title, body in window]
        means = self._model.encode(texts, max_length=None, normalize=False, use_multiprocessing=False)
        vectors = means[:, : self.n_dimensions_].astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))
