"""Suggestions for unknown article ids, fast enough for a million articles."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from recommender.collection.string_column import StringColumn

__all__ = ["closest_ids"]

_COMPARED = 2_000  # ids compared by difflib, which takes about 0.1 s


def closest_ids(ids: StringColumn, article_id: str, n: int = 3) -> list[str]:
    """Return up to `n` ids with a spelling similar to `article_id`, most similar first.

    On sites of more than 2,000 articles only ids with a common prefix are compared. The prefix is as short as
    possible for at most 2,000 ids to remain.
    """
    rows = _candidates(ids, article_id.encode("utf-8", "replace"))
    return difflib.get_close_matches(article_id, [ids[row] for row in rows.tolist()], n)


def _candidates(ids: StringColumn, article_id: bytes) -> NDArray[np.int64]:
    rows = np.arange(len(ids))
    for place, byte in enumerate(article_id):
        if len(rows) <= _COMPARED:
            break
        matching = rows[ids.offsets[rows] + place < ids.offsets[rows + 1]]
        matching = matching[ids.spelling[ids.offsets[matching] + place] == byte]
        if place and not len(matching):
            break  # no id has a longer common prefix
        rows = matching
    return rows[:_COMPARED]
