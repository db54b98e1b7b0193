"""Read-only views of arrays."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

__all__ = ["read_only"]


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view.

    Memory-mapped arrays are read-only. Kernels get read-only views of all others too, so numba compiles each
    kernel once.
    """
    view = array.view()
    view.flags.writeable = False
    return view
