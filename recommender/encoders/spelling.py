"""How a term is written: read from its bytes without anything that is slow to import."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

__all__ = ["term_at"]

_BETWEEN_WORDS = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]+")


def term_at(spelling: NDArray[np.uint8], offsets: NDArray[np.int64], column: int) -> str:
    """Return a column's term; whatever stood between the words of a pair is one blank."""
    spelled = bytes(spelling[offsets[column] : offsets[column + 1]])
    return _BETWEEN_WORDS.sub(" ", spelled.decode(errors="ignore"))
