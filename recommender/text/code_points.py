"""UTF-8 decoding for compiled loops."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["decode"]


@njit(nogil=True, cache=True, inline="always")
def decode(text, at):  # type: ignore[no-untyped-def]
    """Return the code point at a byte offset of valid UTF-8, and the offset of the next one."""
    lead = np.int64(text[at])
    if lead < 0x80:
        return lead, at + 1
    if lead < 0xE0:
        return ((lead & 0x1F) << 6) | (text[at + 1] & 0x3F), at + 2
    if lead < 0xF0:
        point = ((lead & 0x0F) << 12) | (np.int64(text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F)
        return point, at + 3
    point = ((lead & 0x07) << 18) | (np.int64(text[at + 1] & 0x3F) << 12)
    return point | (np.int64(text[at + 2] & 0x3F) << 6) | (text[at + 3] & 0x3F), at + 4
