"""A model of sentence-transformers as this package uses it: opened safely, asked for tokens, run in even batches."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray

from recommender.encoders.chunks import Chunk, Tokens
from recommender.errors import InputError, MissingExtraError, Problem

__all__ = ["BACKENDS", "DTYPES", "Transformer", "torch_threads"]

DTYPES = ("float32", "bfloat16", "float16")
BACKENDS = {"torch": "sentence_transformers", "onnx": "optimum.onnxruntime", "openvino": "optimum.intel"}
_WHERE_UNSAID = 512  # tokens read at a time by a model that does not say how many it can
_LEAST = 16  # tokens of a text in a chunk


class Transformer:
    """A model that is open.

    Parameters
    ----------
    folder : Path
        Of the model, with safetensors in it; nothing in it is run as code.
    backend, device, dtype, n_dimensions, prompt, max_tokens
        As in `NeuralEncoder`, the prompt as text.

    Attributes
    ----------
    n_dimensions : int
    max_tokens : int
        Tokens of a text that fit in a chunk: what the model reads, less its prompt and special tokens.

    Raises
    ------
    InputError
        If the model cannot be opened without running its code, or the device is not there.
    MissingExtraError
        If what `backend` needs is not installed.
    ValueError
        If `n_dimensions` or `max_tokens` is more than the model has, or leaves too little.
    """

    def __init__(
        self,
        folder: Path,
        *,
        backend: str = "torch",
        device: str | None = None,
        dtype: str = "float32",
        n_dimensions: int | None = None,
        prompt: str = "",
        max_tokens: int | None = None,
    ) -> None:
        self._prompt = prompt
        self._model = _open(folder, backend, device, dtype)
        self.n_dimensions = _at_most("n_dimensions", n_dimensions, self._model.get_embedding_dimension())
        self.max_tokens = self._room(max_tokens)

    def tokenize(self, texts: list[str]) -> list[Tokens]:
        """Return the tokens of texts, the model's special ones left out."""
        tokenizer = self._model.tokenizer
        told = tokenizer(
            texts, add_special_tokens=False, truncation=False, return_attention_mask=False,
            return_token_type_ids=False, return_offsets_mapping=tokenizer.is_fast, verbose=False,
        )  # fmt: skip
        counts = [len(ids) for ids in told["input_ids"]]
        if not tokenizer.is_fast:
            return [Tokens(count, None) for count in counts]
        places = [
            np.array(offsets, dtype=np.int64).reshape(-1, 2)[:, 0] for offsets in told["offset_mapping"]
        ]
        return [Tokens(*pair) for pair in zip(counts, map(np.maximum.accumulate, places), strict=True)]

    def encode(self, chunks: Sequence[Chunk], batch_tokens: int) -> NDArray[np.float32]:
        """Return float32 unit rows, shape (n_chunks, n_dimensions); `batch_tokens` counts padding."""
        vectors = np.empty((len(chunks), self.n_dimensions), dtype=np.float32)
        for batch in _batches([chunk.n_tokens for chunk in chunks], batch_tokens):
            vectors[batch] = self._model.encode(
                [chunks[at].text for at in batch], batch_size=len(batch), prompt=self._prompt, task="document",
                truncate_dim=self.n_dimensions, normalize_embeddings=True, show_progress_bar=False,
            )  # fmt: skip
        return vectors

    def _room(self, max_tokens: int | None) -> int:
        limits = (self._model.max_seq_length, getattr(self._model[0], "document_length", None))
        reads = min((limit for limit in limits if limit), default=_WHERE_UNSAID)
        reads = _at_most("max_tokens", max_tokens, reads)
        features = self._model.preprocess(["a"], prompt=self._prompt, task="document")
        around = int(features["input_ids"].shape[1]) - self.tokenize(["a"])[0].n_tokens
        if reads - around < _LEAST:
            raise ValueError(
                f"{reads} tokens at a time leave {reads - around} for the text, after prompt and special tokens; "
                f"wanted {_LEAST} or more: shorten the prompt or raise max_tokens"
            )
        return reads - around


@contextmanager
def torch_threads(n_jobs: int | None) -> Iterator[None]:
    """Let torch use `n_jobs` threads inside; None leaves it as it is, unless joblib is configured for more than one."""
    import torch

    before = torch.get_num_threads()
    wanted = effective_n_jobs(n_jobs)
    torch.set_num_threads(before if n_jobs is None and wanted == 1 else wanted)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _open(folder: Path, backend: str, device: str | None, dtype: str) -> Any:
    _require(backend)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    kwargs: dict[str, Any] = {}
    if backend == "torch":
        kwargs = {"use_safetensors": True, "dtype": getattr(torch, dtype)}
    shows_bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # a bar of a tenth of a second
    try:
        return SentenceTransformer(
            str(folder), device=device, backend=backend, model_kwargs=kwargs,
            local_files_only=True, trust_remote_code=False,
        )  # fmt: skip
    except (OSError, ValueError, RuntimeError, AssertionError, ImportError) as error:
        raise InputError(
            Problem(
                "cannot be opened as a model of sentence-transformers, whose own code is never run",
                str(error).strip().splitlines()[0][:200],
                f"name another model, or another device than {device or 'the default'}",
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
        except ModuleNotFoundError:  # of the package that it is in
            found = None
        if found is None:
            raise MissingExtraError(f"the backend {backend}", package, extra)


def _batches(lengths: Sequence[int], batch_tokens: int) -> Iterator[NDArray[np.int64]]:
    """Yield places of chunks, longest first, as many as `batch_tokens` takes once padded to the longest."""
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    start = 0
    while start < len(order):
        stop = start + max(1, batch_tokens // lengths[order[start]])
        yield order[start:stop]
        start = stop


def _at_most(name: str, wanted: int | None, most: int) -> int:
    if wanted is not None and not 1 <= wanted <= most:
        raise ValueError(f"{name} must be from 1 to the model's {most:,}, got {wanted:,}")
    return most if wanted is None else wanted
