"""Dense vectors of whole articles from a pretrained transformer, through sentence-transformers.

An article is cut into chunks that the model reads whole, and their vectors are pooled. Texts come as a stream;
only a window of them is held, whose chunks are sorted by length, so that batches are padded little.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.chunks import chunks_of
from recommender.encoders.models import document_prompt
from recommender.encoders.pooling import pool
from recommender.encoders.pretrained import PretrainedEncoder
from recommender.encoders.tfidf import Text
from recommender.encoders.transformer import BACKENDS, DTYPES, Transformer, torch_threads
from recommender.encoders.vector_cache import VectorCache
from recommender.encoders.windows import encode_in_windows, joined
from recommender.errors import RecommenderError
from recommender.progress import Progress

__all__ = ["NeuralEncoder"]


class NeuralEncoder(PretrainedEncoder):
    """Unit vectors from a model of sentence-transformers; needs the extra ``neural``.

    Parameters
    ----------
    model : str
        A folder, an installed package that carries weights, or a name on the hub: see `find_model`.
    backend : {"torch", "onnx", "openvino"}, default "torch"
        What computes; the other two need the extra of their name.
    device : str or None, default None
        ``"cpu"``, ``"cuda:1"``, ...; None for CUDA where there is one, else MPS, else the CPU.
    dtype : {"float32", "bfloat16", "float16"}, default "float32"
        What torch computes in; vectors are float32 whatever it is.
    n_dimensions : int or None, default None
        The first so many dimensions, of a model trained for that (Kusupati et al. 2022); None for all.
    prompt : str or None, default None
        What the model reads before each chunk; None for what its configuration says of documents, "" for nothing.
    max_tokens : int or None, default None
        Tokens read at a time, with prompt and special tokens; None for as many as the model can.
    decay : float or None, default 300
        Tokens after which one counts half, above 0, see `pool`; None counts all alike.
    batch_tokens : int, default 4,096
        Tokens in a batch, padding included; one chunk is always taken. A GPU has use for more.
    n_jobs : int or None, default None
        Threads of torch while it encodes; None honours ``joblib.parallel_config``, and without one leaves torch
        as it is. Vectors depend on it by rounding only.
    cache : str, Path or None, default None
        Folder that keeps vectors for the next build, see `VectorCache`.
    revision : str or None, default None
        Of a model on the hub.
    download : bool, default True
        Whether a model on the hub that is not on this machine is fetched.

    Attributes
    ----------
    n_dimensions_ : int
        Length of a vector.
    prompt_ : str
        The prompt in use.

    Examples
    --------
    >>> encoder = NeuralEncoder("all-MiniLM-L6-v2", n_jobs=2).fit()
    >>> a, b, c = encoder.transform(["A vote on the budget", "MPs back spending plan", ("Moths", "They fly at night.")])
    >>> encoder.n_dimensions_, bool(a @ b > a @ c)
    (384, True)
    """

    _version = 1
    _settings = ("backend", "dtype", "n_dimensions", "max_tokens", "decay")

    def __init__(
        self,
        model: str,
        *,
        backend: str = "torch",
        device: str | None = None,
        dtype: str = "float32",
        n_dimensions: int | None = None,
        prompt: str | None = None,
        max_tokens: int | None = None,
        decay: float | None = 300.0,
        batch_tokens: int = 4096,
        n_jobs: int | None = None,
        cache: str | Path | None = None,
        revision: str | None = None,
        download: bool = True,
    ) -> None:
        self.model = model
        self.backend = backend
        self.device = device
        self.dtype = dtype
        self.n_dimensions = n_dimensions
        self.prompt = prompt
        self.max_tokens = max_tokens
        self.decay = decay
        self.batch_tokens = batch_tokens
        self.n_jobs = n_jobs
        self.cache = cache
        self.revision = revision
        self.download = download

    def transform(self, X: Iterable[Text], progress: Progress | None = None) -> NDArray[np.float32]:  # noqa: D102 - as in the base
        self._check_is_fitted()
        with torch_threads(self.n_jobs), self._open_cache() as cache:
            return encode_in_windows(X, self._encode, self.n_dimensions_, cache=cache, progress=progress)

    def settings(self) -> dict[str, Any]:  # noqa: D102 - as in the base
        return super().settings() | {"prompt": self.prompt_}

    @property
    def prompt_(self) -> str:
        """The prompt in use."""
        return document_prompt(self.folder_) if self.prompt is None else self.prompt

    def _find(self) -> None:
        for name, known in (("backend", BACKENDS), ("dtype", DTYPES)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")
        if self.decay is not None and not self.decay > 0:
            raise ValueError(f"decay must be above 0, or None, got {self.decay}")
        super()._find()

    @cached_property
    def _model(self) -> Transformer:
        return Transformer(
            self.folder_, backend=self.backend, device=self.device, dtype=self.dtype,
            n_dimensions=self.n_dimensions, prompt=self.prompt_, max_tokens=self.max_tokens,
        )  # fmt: skip

    def _open_cache(self) -> VectorCache | nullcontext[None]:
        if self.cache is None:
            return nullcontext()
        return VectorCache(self.cache, self.fingerprint(), self.n_dimensions_)

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        """Cut, encode and pool; the title stands before the first chunk of the body."""
        texts = [joined(title, body) for title, body in window]
        chunks = chunks_of(texts, self._model.tokenize, self._model.max_tokens)
        vectors = self._model.encode(chunks, self.batch_tokens)
        wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(wrong):
            raise RecommenderError(
                f"{self.model}: gives no numbers (NaN) for {chunks[wrong[0]].text[:60]!r} in {self.dtype}; "
                "use dtype float32 or another model"
            )
        rows, n_tokens = [chunk.row for chunk in chunks], [chunk.n_tokens for chunk in chunks]
        return pool(vectors, rows, n_tokens, len(window), self.decay)
