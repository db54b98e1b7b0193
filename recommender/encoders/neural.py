"""Dense vectors of whole articles from a pretrained transformer, through sentence-transformers.

Each article is cut into chunks that fit the model's input, and the vectors of the chunks are pooled. Texts
are read as a stream, a window at a time. The chunks of a window are sorted by length to keep padding small.
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
from recommender.encoders.transformer import BACKENDS, DTYPES, Runtime, Transformer, torch_threads
from recommender.encoders.vector_cache import VectorCache
from recommender.encoders.windows import encode_in_windows, joined
from recommender.errors import RecommenderError
from recommender.progress import Progress

__all__ = ["NeuralEncoder"]


class NeuralEncoder(PretrainedEncoder):
    """Encodes articles with a sentence-transformers model into unit vectors. Needs the extra ``neural``.

    Parameters
    ----------
    model : str
        A folder, an installed package that contains weights, or a name on the hub; see `find_model`.
    backend : {"torch", "onnx", "openvino"}, default "torch"
        Inference library. "onnx" and "openvino" need the extra of the same name.
    device : str or None, default None
        ``"cpu"``, ``"cuda:1"``, ... None selects CUDA if available, else MPS, else the CPU.
    dtype : {"float32", "bfloat16", "float16"}, default "float32"
        Precision of the weights in torch. Vectors are always float32.
    n_dimensions : int or None, default None
        Keep the first dimensions only, for models trained for this (Kusupati et al. 2022). None keeps all.
    prompt : str or None, default None
        Text put before each chunk. None uses the document prompt of the model's configuration, "" uses none.
    max_tokens : int or None, default None
        Tokens per chunk, including prompt and special tokens. None uses the model's limit.
    decay : float or None, default 300
        Number of tokens after which a token counts half, above 0; see `pool`. None weighs all tokens equally.
    batch_tokens : int, default 4,096
        Tokens per batch, including padding. A batch holds at least one chunk. A GPU can use more.
    n_jobs : int or None, default None
        Threads of torch during encoding. None follows ``joblib.parallel_config`` and otherwise leaves torch
        unchanged. The number changes vectors by rounding only.
    cache : str, Path or None, default None
        Folder that keeps vectors for the next build; see `VectorCache`.
    revision : str or None, default None
        Revision of a model on the hub.
    download : bool, default True
        Whether to download a model of the hub that is not on this machine.

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
            self.folder_,
            Runtime(self.backend, self.device, self.dtype),
            n_dimensions=self.n_dimensions,
            prompt=self.prompt_,
            max_tokens=self.max_tokens,
        )

    def _open_cache(self) -> VectorCache | nullcontext[None]:
        if self.cache is None:
            return nullcontext()
        return VectorCache(self.cache, self.fingerprint(), self.n_dimensions_)

    def _encode(self, window: list[tuple[str, str]]) -> NDArray[np.float32]:
        """Cut, encode and pool a window of texts. The title is put before the body."""
        texts = [joined(title, body) for title, body in window]
        chunks = chunks_of(texts, self._model.tokenize, self._model.max_tokens)
        vectors = self._model.encode(chunks, self.batch_tokens)
        invalid = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(invalid):
            raise RecommenderError(
                f"{self.model}: the vector of {chunks[invalid[0]].text[:60]!r} in {self.dtype} is not finite; "
                "use dtype float32 or another model"
            )
        rows, n_tokens = [chunk.row for chunk in chunks], [chunk.n_tokens for chunk in chunks]
        return pool(vectors, rows, n_tokens, len(window), self.decay)
