"""Vectors like those of articles, any number of them: what an index is measured on where no site is large enough."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHUNK", "PRESETS", "generate"]

CHUNK = 16_384  # rows drawn from one stream of chance
PRESETS = ("lsa", "sentence")


def generate(n: int, n_dimensions: int, preset: str, seed: int = 0) -> Iterator[NDArray[np.float32]]:
    """Yield `n` unit rows in chunks; the first rows of a longer run are those of a shorter one."""
    topics = np.random.default_rng([seed, 0]).standard_normal((1000, n_dimensions), dtype=np.float32)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    for number in range(-(-n // CHUNK)):
        chance = np.random.default_rng([seed, 1, number])
        rows = topics[chance.integers(len(topics), size=CHUNK)]
        rows += chance.standard_normal(rows.shape, dtype=np.float32) * np.float32(n_dimensions**-0.5)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        yield rows[: n - number * CHUNK]
