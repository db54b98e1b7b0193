"""Which articles are in another set of translations after an update than before."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.updating.growth import Step

__all__ = ["changed_sets", "set_facts"]


def changed_sets(before: Collection, after: Collection, step: Step) -> NDArray[np.int32]:
    """Return the rows of the articles whose sets of translations have other members than before, ascending.

    An article is another one after an edit. New articles without translations are left out.
    """
    n, old, new = step.n, before.translations, after.translations
    if not len(old) and not len(new):
        return np.zeros(0, dtype=np.int32)
    sets = old if len(old) else np.arange(step.n_before)
    stayed = np.flatnonzero(step.former >= 0)
    was = np.full(n, -1, dtype=np.int64)  # the set before, by its first row there; -1 of what is new
    was[stayed] = sets[step.former[stayed]]
    now = new if len(new) else np.arange(n)
    sizes_before = np.bincount(sets, minlength=step.n_before)
    sizes_after = np.bincount(now, minlength=n)
    first_was = np.full(n, -1, dtype=np.int64)
    first_was[now[::-1]] = was[::-1]  # of the first member of each set
    differs = (was != first_was[now]) | (was < 0)
    stirred = np.zeros(n, dtype=np.bool_)
    stirred[now[differs]] = True
    found = stirred[now] & ((sizes_after[now] > 1) | (was >= 0))
    found[stayed] |= sizes_before[was[stayed]] != sizes_after[now[stayed]]
    return np.flatnonzero(found & step.there).astype(np.int32)


def set_facts(
    after: Collection, rows: NDArray[np.int32], numbers: NDArray[np.int32]
) -> list[tuple[int, int, str]]:
    """Return the numbers of some articles, those that stand for their sets, and their languages.

    `numbers` are those of the rows after the update.
    """
    sets: NDArray[Any] = after.translations if len(after.translations) else np.arange(len(after))
    tags = after.summaries.column("language").take(rows.tolist())
    both = zip(numbers[rows].tolist(), numbers[sets[rows]].tolist(), tags, strict=True)
    return [(number, standing, tag.decode()) for number, standing, tag in both]
