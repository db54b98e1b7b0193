"""The spelling of terms, without imports that are slow."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

__all__ = ["term_at"]

_BETWEEN_WORDS = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]+")


def term_at(spelling: NDArray[np.uint8], offsets: NDArray[np.int64], column: int) -> str:
    """Return the term of a column. The words of a pair are separated by one space."""
    spelled = bytes(spelling[offsets[column] : offsets[column + 1]])
    return _BETWEEN_WORDS.sub(" ", spelled.decode(errors="ignore"))
