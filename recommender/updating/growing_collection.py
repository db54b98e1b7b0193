"""The articles of a large site one by one, in arrays that grow by rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection
from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import NO_DATE, SummaryTable
from recommender.collection.trees import NO_TREES, Trees
from recommender.listing import NEVER
from recommender.text.link_names import LinkNames, joined_targets
from recommender.updating.growing import Growing, GrowingRows, GrowingTexts
from recommender.updating.growth import Growth
from recommender.updating.merged_collection import ALONE

__all__ = ["GrowingCollection"]


class GrowingCollection:
    """The arrays of a collection that grow."""

    def __init__(self, collection: Collection) -> None:
        self._arrays: dict[str, Growing[Any]] = {
            name: Growing(getattr(collection, name)) for name in ALONE if name != "listed_until"
        }
        rows = {"sparse": collection.sparse, "titles": collection.titles, **collection.labels}
        self._rows = {name: GrowingRows(each) for name, each in rows.items()}
        self._texts = GrowingTexts(collection.texts.column)
        columns = collection.summaries.columns
        self._columns = {name: GrowingTexts(column) for name, column in columns.items()}

    def grown(self, old: Collection, new: Collection, growth: Growth) -> Collection:
        """Return the articles after an update one by one. Near copies and mentions are those of before.

        An article that is gone has no date, belongs to no tree, and may be in no list; no id is found in its row.
        """
        n = growth.n_before
        arrays: dict[str, Any] = {
            name: each.grown(n, getattr(new, name)) for name, each in self._arrays.items()
        }
        rows = {"sparse": (old.sparse, new.sparse), "titles": (old.titles, new.titles)}
        rows |= {field: (each, new.labels[field]) for field, each in old.labels.items()}
        sparse = {name: self._rows[name].grown(*pair) for name, pair in rows.items()}
        return replace(
            old,
            summaries=self._summaries(old.summaries, new.summaries, growth),
            id_order=_id_order(old, new, growth),
            sparse=sparse.pop("sparse"),
            titles=sparse.pop("titles"),
            labels=sparse,
            link_names=_link_names(old.link_names, new.link_names, growth),
            trees=_trees(old.trees, new.trees, growth),
            listed_until=_joined(old.listed_until, new.listed_until, growth, NEVER),
            texts=ArticleTexts(self._texts.grown(old.texts.column, new.texts.column)),
            **arrays,
        )

    def _summaries(self, old: SummaryTable, new: SummaryTable, growth: Growth) -> SummaryTable:
        columns = {
            name: self._columns[name].grown(column, new.columns[name]) for name, column in old.columns.items()
        }
        published = _joined(old.published, new.published, growth, NO_DATE)
        hashes, rows = old.id_hashes, old.id_rows
        if len(growth.removed):
            gone = [old.hash_place(row) for row in growth.removed.tolist()]
            hashes, rows = np.delete(hashes, gone), np.delete(rows, gone)
        if len(new):
            at = np.searchsorted(hashes, new.id_hashes)
            hashes, rows = (
                np.insert(hashes, at, new.id_hashes),
                np.insert(rows, at, growth.added[new.id_rows]),
            )
        return SummaryTable(columns, published, hashes, rows)


def _id_order(old: Collection, new: Collection, growth: Growth) -> NDArray[np.int32]:
    """Return the place of each row's id among the sorted ids. An id of an article that is gone keeps its place."""
    if not len(new):
        return old.id_order
    ids, by_id = old.summaries.columns["article_id"], old.by_id
    at = np.array([_place(ids, by_id, each) for each in new.summaries.columns["article_id"]], dtype=np.int64)
    before = np.bincount(at, minlength=len(old) + 1).cumsum().astype(np.int32)  # new ids before each place
    places = old.id_order + before[old.id_order]
    return np.concatenate([places, (at + np.arange(len(at))).astype(np.int32)])


def _place(ids: StringColumn, by_id: NDArray[np.int32], article_id: str) -> int:
    """Return the place of an id among sorted ids."""
    low, high = 0, len(by_id)
    wanted = article_id.encode()  # the order of UTF-8 is that of the characters
    while low < high:
        middle = (low + high) // 2
        if ids.bytes_at(int(by_id[middle])) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def _link_names(old: LinkNames, new: LinkNames, growth: Growth) -> LinkNames:
    """Return the names of all articles. One that is gone is called nothing and links to nothing."""
    links, alternates = (
        joined_targets([getattr(old, kind), getattr(new, kind)]) for kind in ("links", "alternates")
    )
    for each in (links, alternates):
        for row in growth.removed.tolist():
            each.names[each.indptr[row] : each.indptr[row + 1]] = 0
    own, keys = _joined(old.own, new.own, growth, 0), _joined(old.keys, new.keys, growth, 0)
    return LinkNames(own, links, alternates, keys)


def _trees(old: Trees, new: Trees, growth: Growth) -> Trees:
    if not old.names:
        return NO_TREES
    return Trees(
        old.names,
        _joined(old.members, new.members, growth, -1),
        _joined(old.families, new.families, growth, -1),
        _joined(old.pages, new.pages, growth, -1),
        _joined(old.order, new.order, growth, 0),
    )


def _joined(old: NDArray[Any], new: NDArray[Any], growth: Growth, gone: int) -> NDArray[Any]:
    """Return a copy with more rows behind it, and a value in the rows of articles that are gone."""
    found = np.concatenate([old, new])
    found[growth.removed] = gone
    return found
