"""Which lists differ after an update, in what a page shows of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import SummaryTable
from recommender.lists.list_formatter import ListFormatter
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists
from recommender.updating.merge import Merge

__all__ = ["changed_lists"]

_SHOWN = ("title", "url", "description", "image")


def changed_lists(before: Site, after: Site, merge: Merge, remade: NDArray[np.int32]) -> tuple[str, ...]:
    """Return the ids of the articles whose lists are new or differ: in an entry, its score, or what is shown of it.

    Parameters
    ----------
    before, after : Site
    merge : Merge
    remade : ndarray of int32
        Rows whose lists were made anew, ascending.
    """
    old, new = before.collection.summaries, after.collection.summaries
    edited = _same_ids(old, new, merge)
    moved = merge.moved.copy()
    moved[list(edited)] = list(edited.values())
    restyled = np.zeros(len(merge.order), dtype=np.bool_)
    restyled[[row for was, row in edited.items() if _card(old, was) != _card(new, row)]] = True
    was = np.full(len(merge.order), -1, dtype=np.int64)
    was[merge.stayed] = merge.kept
    was[list(edited.values())] = list(edited)
    pages = ListFormatter(SiteLists(before)), ListFormatter(SiteLists(after))
    changed = []
    for row in remade.tolist():
        former, now = int(was[row]), after.lists.rows[row]
        fresh = former < 0 or not _equal(before, after, (former, row), moved)
        fresh = fresh or pages[0].translations(former) != pages[1].translations(row)
        if fresh or restyled[now[now >= 0]].any():
            changed.append(row)
    return tuple(sorted(text.decode() for text in new.column("article_id").take(changed)))


def _equal(before: Site, after: Site, rows: tuple[int, int], moved: NDArray[np.int32]) -> bool:
    old, new = before.lists.one(rows[0]), after.lists.one(rows[1])
    there, here = old.rows[0] >= 0, new.rows[0] >= 0
    return (
        int(there.sum()) == int(here.sum())
        and bool((moved[old.rows[0][there]] == new.rows[0][here]).all())
        and bool((old.scores[0][there] == new.scores[0][here]).all())
        and bool((old.sources[0][there] == new.sources[0][here]).all())
    )


def _same_ids(old: SummaryTable, new: SummaryTable, merge: Merge) -> dict[int, int]:
    """Return the row after of each row before that holds an edited article."""
    found = {}
    for row in merge.added.tolist():
        was = old.row_of(new.column("article_id")[row])
        if was is not None:
            found[was] = row
    return found


def _card(table: SummaryTable, row: int) -> tuple[str, ...]:
    return tuple(table.column(name)[row] for name in _SHOWN)
