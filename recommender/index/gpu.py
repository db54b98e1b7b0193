"""First pass of an exact search on a GPU: products of half floats, with a bound of their error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.neighbour_lists import empty_nearest, keys_of
from recommender.index.rescoring import FirstPass
from recommender.index.threads import slices

__all__ = ["Halves", "first_pass", "gpu_for"]

_SIGNS_OF_CUDA = ("/dev/nvidiactl", "/dev/dxg", "/proc/driver/nvidia/version")
_WORTH_IMPORTING = 10_000_000_000  # pairs: the CPU compares them in about the time that importing torch takes
_ROWS, _COLUMNS = 4_096, 32_768  # of a tile: 256 MiB of half floats
_STEP = 2.0**-12  # products count in its square, 2^-24, the smallest half float


class Halves(NamedTuple):
    """Unit of the products, as `scale` squared, and the largest error of each."""

    scale: float
    margin: float

    @classmethod
    def of(cls, d: int, longest: float) -> Halves:
        """Return the precision for vectors of `d` dimensions, none longer than `longest`.

        With u = 2^-11, rounding both vectors changes a product by up to ``2 u`` times their lengths, rounding the sum
        by ``u / 2``, and adding up in float32 by ``d 2^-24`` (Higham 2002, chapters 2 and 3). The margin is slightly
        larger than their sum.
        """
        return cls(_STEP * longest, longest**2 * (2.0**-10 + 2.0**-11 + d * 2.0**-22))


def gpu_for(n_pairs: int, device: str | None) -> str | None:
    """Return torch's name of the device to use for this many pairs; None for the CPU.

    A given `device` is used, with a ValueError if torch cannot. Otherwise CUDA is used if available. To find out,
    torch is imported only if the machine seems to have a GPU and there are enough pairs.
    """
    if device is not None:
        return None if device == "cpu" else _known(device)
    if "torch" not in sys.modules and (
        n_pairs < _WORTH_IMPORTING or not any(map(Path.exists, map(Path, _SIGNS_OF_CUDA)))
    ):
        return None
    if find_spec("torch") is None:
        return None
    import torch

    return "cuda" if torch.cuda.is_available() else None


def _known(device: str) -> str:
    try:
        import torch

        torch.empty(0, device=device)
    except (ImportError, RuntimeError, AssertionError) as error:  # torch without CUDA raises AssertionError
        reason = str(error).splitlines()[0]
        raise ValueError(f"wanted 'cpu' or a device that torch can use, got {device!r}: {reason}") from error
    return device


def first_pass(
    X: NDArray[np.float32],
    vectors: NDArray[np.float32],
    kept: int,
    device: str,
    *,
    leave_out: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> FirstPass:
    """Return the `kept` largest products of every row of `X` with the vectors.

    With `leave_out` the rows of `X` are those of `vectors`, and none is in its own list. Takes ``2 m n d`` operations,
    ``2 n d`` bytes and three tiles of device memory, and ``8 m kept`` bytes of main memory. Raises MemoryError if the
    device has too little memory.
    """
    import torch

    longest = max(_longest(vectors), _longest(X), 1e-30)
    nearest = empty_nearest(len(X), kept)
    n_kept = min(kept, len(vectors) - leave_out)
    parts = list(slices(len(X), _ROWS))
    with torch.inference_mode(), _full_precision_sums(torch), _memory_errors(torch):
        columns = _halves(torch, vectors, longest, device)
        for number, part in enumerate(parts):
            if on_progress is not None:
                on_progress(number, len(parts))
            rows = _halves(torch, X[part], longest, device)
            values, others = _best(torch, rows, columns, n_kept, part.start if leave_out else None)
            products = np.rint(values / _STEP**2).astype(np.int32)
            nearest.keys[part, :n_kept] = np.sort(keys_of(products, others))[:, ::-1]
    return FirstPass(Halves.of(vectors.shape[1], longest), nearest)


def _best(
    torch: Any, rows: Any, columns: Any, n_kept: int, first: int | None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the largest products of the given rows, and their columns. Row i skips column ``first + i``."""
    values = torch.full((len(rows), 0), 0.0, dtype=columns.dtype, device=columns.device)
    others = torch.full((len(rows), 0), 0, dtype=torch.int64, device=columns.device)
    for part in slices(len(columns), _COLUMNS):
        tile = rows @ columns[part].T
        if first is not None:
            own = torch.arange(first, first + len(rows), device=tile.device) - part.start
            inside = (own >= 0) & (own < tile.shape[1])
            tile[inside.nonzero()[:, 0], own[inside]] = -torch.inf
        best, places = torch.topk(tile, min(n_kept, tile.shape[1]), sorted=False)
        values, others = torch.cat([values, best], 1), torch.cat([others, places + part.start], 1)
        if values.shape[1] > n_kept:
            values, places = torch.topk(values, n_kept, sorted=False)
            others = others.gather(1, places)
    return values.float().cpu().numpy(), others.to(torch.int32).cpu().numpy()


def _halves(torch: Any, vectors: NDArray[np.float32], longest: float, device: str) -> Any:
    """Return vectors scaled to at most unit length, on the device; copied in parts to avoid a second float32 copy."""
    halves = torch.empty(vectors.shape, dtype=torch.float16, device=device)
    for part in slices(len(vectors), _COLUMNS):
        halves[part] = torch.from_numpy(vectors[part] / np.float32(longest)).to(device)
    return halves


def _longest(vectors: NDArray[np.float32]) -> float:
    longest = 0.0
    for part in slices(len(vectors), _COLUMNS):
        longest = max(longest, float(np.einsum("ij,ij->i", vectors[part], vectors[part]).max()))
    return float(longest**0.5)


@contextmanager
def _full_precision_sums(torch: Any) -> Iterator[None]:
    """Make torch add up products of half floats in float32; by default it may use half floats for part of the sum."""
    settings = torch.backends.cuda.matmul
    before = settings.allow_fp16_reduced_precision_reduction
    settings.allow_fp16_reduced_precision_reduction = False
    try:
        yield
    finally:
        settings.allow_fp16_reduced_precision_reduction = before


@contextmanager
def _memory_errors(torch: Any) -> Iterator[None]:
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise MemoryError(str(error).splitlines()[0]) from error
