"""Vectors of English texts by a sentence encoder, all-MiniLM-L6-v2 as an installed package carries it.

They are kept in the folder of sources, because they take most of the time.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 256  # of 384: the others deviate least, and more words are worth more
_RUN = 2048  # texts of one file; a run that was cut off goes on behind the last


def sentence_vectors(texts: Sequence[str], folder: Path, jobs: int) -> NDArray[np.float32]:
    """Return a unit vector for each text, of principal components that deviate alike, shape (n, DIMENSIONS).

    Parameters
    ----------
    texts : sequence of str
        Different ones.
    folder : Path
        Keeps what the encoder gives, by the texts.
    jobs : int
        Processes. The result does not depend on them.
    """
    order = sorted(
        range(len(texts)), key=lambda row: (len(texts[row]), texts[row])
    )  # alike in length, so fast
    runs = [[texts[row] for row in order[start : start + _RUN]] for start in range(0, len(order), _RUN)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        parts = pool.starmap(_encoded, [(run, folder) for run in runs], chunksize=1)
    vectors = np.empty((len(texts), parts[0].shape[1]), dtype=np.float32)
    vectors[order] = np.concatenate(parts)
    return _whitened(vectors)


def _encoded(texts: list[str], folder: Path) -> NDArray[np.float16]:
    """Return the vectors of a run of texts by the encoder."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]
    file = folder / f"sentences-{digest}.npy"
    if not file.exists():
        import torch

        from recommender.encoders.neural import NeuralEncoder

        torch.set_num_threads(1)  # sums are in another order on more
        found = NeuralEncoder(MODEL, n_jobs=1).fit_transform(("", text) for text in texts)
        np.save(file, found.astype(np.float16))
    return np.asarray(np.load(file))


def _whitened(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the largest principal components of vectors, scaled to the same deviation, as unit rows."""
    vectors = vectors - vectors.mean(axis=0)
    variances, components = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors / len(vectors))
    variances, components = variances[::-1][:DIMENSIONS], components[:, ::-1][:, :DIMENSIONS]
    largest = components[np.abs(components).argmax(axis=0), np.arange(DIMENSIONS)]
    components = components * np.sign(largest)  # a decomposition leaves the signs open
    vectors = vectors @ (components / np.sqrt(np.maximum(variances, 1e-9))).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
