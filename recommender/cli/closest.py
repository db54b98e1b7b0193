"""Which ids are spelt like one that does not exist; quick on a site of a million articles too."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from recommender.artifact.summaries import StringColumn

__all__ = ["closest_ids"]

_COMPARED = 2_000  # ids that difflib looks at, some 0.1 s


def closest_ids(ids: StringColumn, wanted: str, n: int = 3) -> list[str]:
    """Return up to `n` ids that are spelt most like `wanted`.

    On sites of more than 2,000 articles only ids with the same beginning are compared, as long a one as leaves
    no more than that.
    """
    rows = _alike(ids, wanted.encode("utf-8", "replace"))
    return difflib.get_close_matches(wanted, [ids[row] for row in rows.tolist()], n)


def _alike(ids: StringColumn, wanted: bytes) -> NDArray[np.int64]:
    rows = np.arange(len(ids))
    for place, byte in enumerate(wanted):
        if len(rows) <= _COMPARED:
            break
        alike = rows[ids.offsets[rows] + place < ids.offsets[rows + 1]]
        alike = alike[ids.spelling[ids.offsets[alike] + place] == byte]
        if place and not len(alike):
            break  # too many are alike up to here, and none further
        rows = alike
    return rows[:_COMPARED]
