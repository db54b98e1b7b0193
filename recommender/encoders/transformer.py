"""A sentence-transformers model, opened without running its code and run in batches of similar length."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray

from recommender.encoders.chunks import Chunk, Tokens
from recommender.errors import InputError, MissingExtraError, Problem

__all__ = ["BACKENDS", "DTYPES", "Runtime", "Transformer", "torch_threads"]

DTYPES = ("float32", "bfloat16", "float16")
BACKENDS = {"torch": "sentence_transformers", "onnx": "optimum.onnxruntime", "openvino": "optimum.intel"}
_DEFAULT_MAX_TOKENS = 512  # for a model that does not state its limit
_MIN_TOKENS = 16  # of the text in a chunk, without prompt and special tokens


class Runtime(NamedTuple):
    """How a model is run; see the parameters of the same names in `NeuralEncoder`."""

    backend: str = "torch"
    device: str | None = None
    dtype: str = "float32"


class Transformer:
    """An open model.

    Parameters
    ----------
    folder : Path
        Folder of the model, with weights in safetensors files. Code in it is never run.
    runtime : Runtime
    n_dimensions, max_tokens
        As in `NeuralEncoder`.
    prompt : str, default ""

    Attributes
    ----------
    n_dimensions : int
    max_tokens : int
        Tokens of text that fit in a chunk: the model's limit less its prompt and special tokens.

    Raises
    ------
    InputError
        If the model cannot be opened without running its code, or the device does not exist.
    MissingExtraError
        If a package that the backend needs is not installed.
    ValueError
        If `n_dimensions` or `max_tokens` exceeds the model's, or leaves too little room for the text.
    """

    def __init__(
        self,
        folder: Path,
        runtime: Runtime,
        *,
        n_dimensions: int | None = None,
        prompt: str = "",
        max_tokens: int | None = None,
    ) -> None:
        self._prompt = prompt
        self._model = _open(folder, runtime)
        self.n_dimensions = _at_most("n_dimensions", n_dimensions, self._model.get_embedding_dimension())
        self.max_tokens = self._room(max_tokens)

    def tokenize(self, texts: list[str]) -> list[Tokens]:
        """Return the tokens of texts, without the model's special tokens."""
        tokenizer = self._model.tokenizer
        encoding = tokenizer(
            texts, add_special_tokens=False, truncation=False, return_attention_mask=False,
            return_token_type_ids=False, return_offsets_mapping=tokenizer.is_fast, verbose=False,
        )  # fmt: skip
        counts = [len(ids) for ids in encoding["input_ids"]]
        if not tokenizer.is_fast:
            return [Tokens(count, None) for count in counts]
        starts = [
            np.array(offsets, dtype=np.int64).reshape(-1, 2)[:, 0] for offsets in encoding["offset_mapping"]
        ]
        return [Tokens(*pair) for pair in zip(counts, map(np.maximum.accumulate, starts), strict=True)]

    def encode(self, chunks: Sequence[Chunk], batch_tokens: int) -> NDArray[np.float32]:
        """Return float32 unit rows, shape (n_chunks, n_dimensions). `batch_tokens` includes padding."""
        vectors = np.empty((len(chunks), self.n_dimensions), dtype=np.float32)
        for batch in _batches([chunk.n_tokens for chunk in chunks], batch_tokens):
            vectors[batch] = self._model.encode(
                [chunks[at].text for at in batch], batch_size=len(batch), prompt=self._prompt, task="document",
                truncate_dim=self.n_dimensions, normalize_embeddings=True, show_progress_bar=False,
            )  # fmt: skip
        return vectors

    def _room(self, max_tokens: int | None) -> int:
        limits = (self._model.max_seq_length, getattr(self._model[0], "document_length", None))
        limit = min((limit for limit in limits if limit), default=_DEFAULT_MAX_TOKENS)
        limit = _at_most("max_tokens", max_tokens, limit)
        features = self._model.preprocess(["a"], prompt=self._prompt, task="document")
        n_other = int(features["input_ids"].shape[1]) - self.tokenize(["a"])[0].n_tokens
        if limit - n_other < _MIN_TOKENS:
            raise ValueError(
                f"max_tokens={limit} leaves {limit - n_other} tokens for the text after prompt and special tokens, "
                f"expected {_MIN_TOKENS} or more; shorten the prompt or raise max_tokens"
            )
        return limit - n_other


@contextmanager
def torch_threads(n_jobs: int | None) -> Iterator[None]:
    """Set torch to `n_jobs` threads. None uses the configuration of joblib, or else changes nothing."""
    import torch

    before = torch.get_num_threads()
    n_threads = effective_n_jobs(n_jobs)
    torch.set_num_threads(before if n_jobs is None and n_threads == 1 else n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _open(folder: Path, runtime: Runtime) -> Any:
    backend, device, dtype = runtime
    _require(backend)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    kwargs: dict[str, Any] = {}
    if backend == "torch":
        kwargs = {"use_safetensors": True, "dtype": getattr(torch, dtype)}
    shows_bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # loading takes a tenth of a second
    try:
        return SentenceTransformer(
            str(folder), device=device, backend=backend, model_kwargs=kwargs,
            local_files_only=True, trust_remote_code=False,
        )  # fmt: skip
    except (OSError, ValueError, RuntimeError, AssertionError, ImportError) as error:
        raise InputError(
            Problem(
                "cannot be opened as a sentence-transformers model without running code from the model",
                str(error).strip().splitlines()[0][:200],
                f"use another model, or another device than {device or 'the default'}",
                str(folder),
            )
        ) from error
    finally:
        if shows_bars:
            logging.enable_progress_bar()


def _require(backend: str) -> None:
    for extra, package in (("neural", "sentence_transformers"), (backend, BACKENDS[backend])):
        try:
            found = importlib.util.find_spec(package)
        except ModuleNotFoundError:  # its parent package is missing
            found = None
        if found is None:
            raise MissingExtraError(f"the backend {backend}", package, extra)


def _batches(lengths: Sequence[int], batch_tokens: int) -> Iterator[NDArray[np.int64]]:
    """Yield batches of chunk positions, longest first, of at most `batch_tokens` including padding."""
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    start = 0
    while start < len(order):
        stop = start + max(1, batch_tokens // lengths[order[start]])
        yield order[start:stop]
        start = stop


def _at_most(name: str, value: int | None, maximum: int) -> int:
    if value is not None and not 1 <= value <= maximum:
        raise ValueError(f"{name} must be from 1 to the model's {maximum:,}, got {value:,}")
    return maximum if value is None else value
