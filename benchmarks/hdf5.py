"""Files in the form of ann-benchmarks: ``train``, ``test``, and ``neighbors`` and ``distances`` of each query."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MissingExtraError

__all__ = ["read_hdf5", "write_hdf5"]

_ROWS = 65_536  # copied at a time


def read_hdf5(path: Path) -> tuple[Any, Any]:
    """Return ``train`` and ``test`` as arrays on disk; slices of them are read into memory.

    Raises
    ------
    ValueError
        If the file cannot be read or lacks one of them.
    MissingExtraError
        If h5py is not installed.
    """
    h5py = _h5py(path)
    try:
        file = h5py.File(path, "r")
        return file["train"], file["test"]
    except (OSError, KeyError) as error:
        raise ValueError(f"no HDF5 with train and test ({error})") from error


def write_hdf5(
    path: Path,
    train: NDArray[np.float32],
    test: NDArray[np.float32],
    neighbours: NDArray[np.int32],
    distances: NDArray[np.float32],
) -> None:
    """Write unit vectors, queries, and the exact neighbours of each query, nearest first; the file is replaced atomically.

    Raises
    ------
    MissingExtraError
        If h5py is not installed.
    """
    h5py = _h5py(path)
    aside = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(aside, "w") as file:
        file.attrs.update(type="dense", distance="angular", dimension=train.shape[1], point_type="float")
        stored = file.create_dataset("train", train.shape, "float32")
        for start in range(0, len(train), _ROWS):
            stored[start : start + _ROWS] = train[start : start + _ROWS]
        file["test"], file["neighbors"], file["distances"] = test, neighbours, distances
    aside.replace(path)


def _h5py(path: Path) -> Any:
    try:
        import h5py
    except ImportError as error:
        raise MissingExtraError(path.name, "h5py", "bench") from error
    return h5py
