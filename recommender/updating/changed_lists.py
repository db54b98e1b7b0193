"""Which lists differ after an update, in what a page shows of them."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import SummaryTable
from recommender.lists.list_formatter import ListFormatter
from recommender.lists.lists import Lists
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists
from recommender.updating.growth import Step

__all__ = ["Kept", "changed_lists"]

_SHOWN = ("title", "url", "description", "image")


class Kept(NamedTuple):
    """Lists as they were before an update.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
        The articles after the update, ascending.
    former : ndarray of int32, shape (m,)
        Their rows before, -1 for new articles.
    lists : Lists
        A list for each; that of another article where it is new.
    edited : mapping of int to int
        The row of each edited article, by its row before.
    """

    rows: NDArray[np.int32]
    former: NDArray[np.int32]
    lists: Lists
    edited: dict[int, int]

    @classmethod
    def of(cls, before: Site, after: Site, step: Step, rows: NDArray[np.int32]) -> Self:
        """Return the lists of some articles, before any is repaired."""
        edited = _same_ids(before.collection.summaries, after.collection.summaries, step)
        former = step.former.copy()
        former[list(edited.values())] = list(edited)
        former, lists = former[rows], before.lists
        if not len(lists.rows):
            empty = np.zeros((len(rows), 0))
            return cls(
                rows, former, Lists.of(empty.astype(np.int32), empty.astype(np.float32), 0, 0.0), edited
            )
        was = Lists(lists.rows[former], lists.scores[former], lists.sources[former])
        return cls(rows, former, was, edited)


def changed_lists(
    before: Site, after: Site, step: Step, kept: Kept, translated: NDArray[np.int32]
) -> tuple[str, ...]:
    """Return the ids of the articles whose lists are new or differ: in an entry, its score, or what is shown of it.

    No list changed but for those that are `kept`, and no translations but those beside the lists of `translated`.
    """
    old, new = before.collection.summaries, after.collection.summaries
    moved = step.moved.copy()
    moved[list(kept.edited)] = list(kept.edited.values())
    restyled = np.zeros(step.n, dtype=np.bool_)
    restyled[[row for was, row in kept.edited.items() if _card(old, was) != _card(new, row)]] = True
    now = after.lists
    rows, scores, sources = now.rows[kept.rows], now.scores[kept.rows], now.sources[kept.rows]
    # articles that are gone differ from no article
    were = np.where(
        kept.lists.rows >= 0, np.where(moved[kept.lists.rows] < 0, -2, moved[kept.lists.rows]), -1
    )
    width = min(rows.shape[1], were.shape[1])
    same = (were[:, :width] == rows[:, :width]) & (kept.lists.scores[:, :width] == scores[:, :width])
    same &= kept.lists.sources[:, :width] == sources[:, :width]
    differs = ~same.all(axis=1) | (rows[:, width:] >= 0).any(axis=1) | (were[:, width:] != -1).any(axis=1)
    differs |= (kept.former < 0) | ((rows >= 0) & restyled[rows]).any(axis=1)
    pages = ListFormatter(SiteLists(before)), ListFormatter(SiteLists(after))
    for place in np.flatnonzero(np.isin(kept.rows, translated) & ~differs).tolist():
        was, row = int(kept.former[place]), int(kept.rows[place])
        differs[place] = pages[0].translations(was) != pages[1].translations(row)
    changed = kept.rows[differs].tolist()
    return tuple(sorted(text.decode() for text in new.column("article_id").take(changed)))


def _same_ids(old: SummaryTable, new: SummaryTable, step: Step) -> dict[int, int]:
    """Return the row after of each row before that holds an edited article."""
    found = {}
    for row in step.added.tolist():
        was = old.row_of(new.column("article_id")[row])
        if was is not None:
            found[was] = row
    return found


def _card(table: SummaryTable, row: int) -> tuple[str, ...]:
    return tuple(table.column(name)[row] for name in _SHOWN)
