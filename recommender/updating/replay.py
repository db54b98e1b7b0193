"""Applies the records of updates to a base, all at once: what a later record says of an article or a pair counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection
from recommender.collection.record_checksums import unstored
from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import SummaryTable
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.trees import NO_TREES, Trees
from recommender.editors import EditorRules
from recommender.index.sparse_rows import SparseRows
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.rules.expiry import Expiry
from recommender.text.copy_index import CopyIndex
from recommender.text.link_names import LinkNames, joined_targets
from recommender.updating.merge import Merge
from recommender.updating.merged_collection import ALONE, Patches, merged_alone, patched
from recommender.updating.merged_copies import CopyPatch
from recommender.updating.merged_index import merged_index
from recommender.updating.merged_mentions import MentionPatch
from recommender.updating.moved_lists import moved_lists
from recommender.updating.numbers import Numbers, Whole
from recommender.updating.record import UpdateRecord

__all__ = ["replayed"]


def replayed(base: Site, base_numbers: Numbers, records: Sequence[UpdateRecord]) -> Whole:
    """Return a site after updates. Takes one pass over its arrays, whatever the number of updates."""
    if not records:
        return Whole(base, base_numbers)
    first = base_numbers.next
    alive = np.ones(first + sum(len(record.new) for record in records), dtype=np.bool_)
    for record in records:
        alive[record.removed] = False
    new, their_numbers = _joined([record.new for record in records], alive[first:])
    their_numbers = their_numbers + first
    ids = base.collection.summaries.column("article_id")
    new_ids = list(new.summaries.column("article_id"))
    merge = Merge.of(ids, np.flatnonzero(~alive[base_numbers.rows]).astype(np.int32), new_ids)
    rows = np.full(len(alive) + 1, -1, dtype=np.int32)  # of each number, and -1 for -1
    rows[base_numbers.rows] = merge.moved[:-1]
    rows[their_numbers] = merge.added
    alone = merged_alone(base.collection, new, merge)
    collection = patched(base.collection, alone, merge.moved, _patches(records, rows))
    lists, reserve = _lists(base, records, merge, rows)
    rules = [record.facts["metadata_rules"] for record in records if "metadata_rules" in record.facts]
    editors = [record.facts["editors"] for record in records if "editors" in record.facts]
    settings = base.settings
    if editors:
        settings = replace(settings, editors=EditorRules.from_dict(editors[-1]))
    site = base.changed(
        settings=settings,
        collection=collection,
        index=merged_index(base, new, merge),
        lists=lists,
        reserve=reserve,
        metadata_rules=EditorRules.from_dict(rules[-1]) if rules else base.metadata_rules,
        spread=records[-1].facts.get("spread"),
        expiry=Expiry(**records[-1].facts["expiry"]),
        verify=unstored,
    )
    numbers = np.empty(len(collection), dtype=np.int32)
    there = np.flatnonzero(rows[:-1] >= 0)
    numbers[rows[there]] = there
    return Whole(site, Numbers(numbers, len(alive)))


def _joined(parts: Sequence[Collection], alive: NDArray[np.bool_]) -> tuple[Collection, NDArray[np.int64]]:
    """Return the new articles that are still there, in the order of their ids, and their places among all."""
    ids = [article_id for part in parts for article_id in part.summaries.column("article_id")]
    order = np.array(sorted(np.flatnonzero(alive).tolist(), key=ids.__getitem__), dtype=np.int64)

    def arrays(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    def sparse(rows: Sequence[SparseRows]) -> SparseRows:
        return _stacked_rows(rows).take(order).compact()

    def column(columns: Sequence[StringColumn]) -> StringColumn:
        return _stacked_texts(columns).at(order)

    tables = [part.summaries for part in parts]
    hashes = np.concatenate([table.hashes for table in tables])[order]
    by_hash = np.argsort(hashes, kind="stable")
    summaries = SummaryTable(
        {name: column([table.columns[name] for table in tables]) for name in tables[0].columns},
        np.concatenate([table.published for table in tables])[order],
        hashes[by_hash],
        by_hash.astype(np.int32),
    )
    place = np.full(len(alive) + 1, -1, dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    starts = np.cumsum([0, *(len(part) for part in parts)])
    alone: dict[str, Any] = {name: arrays(name) for name in ALONE}
    joined = replace(
        parts[0],
        summaries=summaries,
        sparse=sparse([part.sparse for part in parts]),
        titles=sparse([part.titles for part in parts]),
        labels={field: sparse([part.labels[field] for part in parts]) for field in parts[0].labels},
        texts=ArticleTexts(column([part.texts.column for part in parts])),
        trees=_stacked_trees([part.trees for part in parts], order),
        copy_index=_stacked_keys([part.copy_index for part in parts], starts, place),
        link_names=_stacked_names([part.link_names for part in parts]).take(order),
        id_order=np.arange(len(order), dtype=np.int32),
        **alone,
    )
    return joined, order


def _stacked_rows(parts: Sequence[SparseRows]) -> SparseRows:
    lengths = np.concatenate([part.lengths for part in parts])
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return SparseRows(
        indptr,
        np.concatenate([part.indices for part in parts]),
        np.concatenate([part.data for part in parts]),
    )


def _stacked_texts(parts: Sequence[StringColumn]) -> StringColumn:
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return StringColumn(np.concatenate([part.spelling for part in parts]), offsets)


def _stacked_names(parts: Sequence[LinkNames]) -> LinkNames:
    return LinkNames(
        np.concatenate([part.own for part in parts]),
        joined_targets([part.links for part in parts]),
        joined_targets([part.alternates for part in parts]),
        np.concatenate([part.keys for part in parts]),
    )


def _stacked_trees(parts: Sequence[Trees], order: NDArray[np.int64]) -> Trees:
    if not parts[0].names:
        return NO_TREES
    return Trees(
        parts[0].names,
        *(np.concatenate(each)[order] for each in zip(*(part[1:] for part in parts), strict=True)),
    )


def _stacked_keys(
    parts: Sequence[CopyIndex], starts: NDArray[np.int64], place: NDArray[np.int32]
) -> CopyIndex:
    keys = np.concatenate([part.keys for part in parts])
    rows = np.concatenate(
        [place[part.rows + start] for part, start in zip(parts, starts[:-1].tolist(), strict=True)]
    )
    order = np.lexsort((rows, keys))
    order = order[rows[order] >= 0]
    return CopyIndex(keys[order], rows[order])


def _patches(records: Sequence[UpdateRecord], rows: NDArray[np.int32]) -> Patches:
    """Return the patches of all updates as one, by rows."""
    latest = _latest([record.patches.mentions.rows for record in records], len(rows))
    mentions = [
        _mentions(record.patches.mentions, latest, at, rows) for at, record in enumerate(records)
    ]  # fmt: skip
    latest = _latest([record.patches.copies.rows for record in records], len(rows))
    copies = [_copies(record.patches.copies, latest, at, rows) for at, record in enumerate(records)]
    return Patches(
        CopyPatch(*(np.concatenate(each) for each in zip(*copies, strict=True))),
        MentionPatch(*(np.concatenate(each) for each in zip(*mentions, strict=True))),
        _translations([record.patches.translations for record in records], rows),
    )


def _latest(touched: Sequence[NDArray[Any]], n: int) -> NDArray[np.int64]:
    """Return the place of the last record that touched each number, -1 for none."""
    latest = np.full(n, -1, dtype=np.int64)
    for at, numbers in enumerate(touched):
        latest[numbers] = at
    return latest


def _mentions(
    patch: MentionPatch, latest: NDArray[np.int64], at: int, rows: NDArray[np.int32]
) -> MentionPatch:
    """Return what of a patch no later one replaces."""
    kept = (latest[patch.rows] == at) & (rows[patch.rows] >= 0)
    pairs = (np.maximum(latest[patch.one], latest[patch.other]) == at) & (rows[patch.one] >= 0)
    pairs &= rows[patch.other] >= 0
    return MentionPatch(
        rows[patch.rows[kept]], patch.n_naming[kept], rows[patch.one[pairs]], rows[patch.other[pairs]],
        patch.strengths[pairs],
    )  # fmt: skip


def _copies(patch: CopyPatch, latest: NDArray[np.int64], at: int, rows: NDArray[np.int32]) -> CopyPatch:
    """Return what of a patch no later one replaces."""
    kept = (latest[patch.rows] == at) & (rows[patch.rows] >= 0)
    pairs = (latest[patch.pairs].max(axis=1, initial=-1) == at) & (rows[patch.pairs] >= 0).all(axis=1)
    return CopyPatch(
        rows[patch.rows[kept]], rows[patch.groups[kept]], rows[patch.identical[kept]], rows[patch.pairs[pairs]],
        patch.jaccard[pairs],
    )  # fmt: skip


def _translations(parts: Sequence[TranslationPairs], rows: NDArray[np.int32]) -> TranslationPairs:
    """Return the pairs of all updates by rows, without those of articles that are gone."""
    one, other, strengths = (np.concatenate(each) for each in zip(*parts, strict=True))
    return TranslationPairs.of(rows[one], rows[other], strengths)


def _lists(
    base: Site, records: Sequence[UpdateRecord], merge: Merge, rows: NDArray[np.int32]
) -> tuple[Lists, Reserve]:
    """Return the lists and what follows them, each from the last record that has it, or else from the base."""
    lists, reserve = moved_lists(base, merge)
    for record in records:
        here = rows[record.changed]
        there = np.flatnonzero(here >= 0)
        _write(lists, reserve, here[there], (record, there), rows)
    return lists, reserve


def _write(
    lists: Lists,
    reserve: Reserve,
    to: NDArray[Any],
    source: tuple[UpdateRecord, NDArray[Any]],
    rows: NDArray[np.int32],
) -> None:
    """Write lists of numbers to some rows. Where a later record replaces them, they may name what is gone."""
    record, places = source
    for ours, theirs in ((lists, record.lists), (reserve, record.reserve)):
        width = min(ours.rows.shape[1], theirs.rows.shape[1])
        ours.rows[to], ours.scores[to] = -1, 0
        ours.rows[to, :width] = rows[theirs.rows[places, :width]]
        ours.scores[to, :width] = theirs.scores[places, :width]
    width = min(lists.rows.shape[1], record.lists.rows.shape[1])
    lists.sources[to] = 0
    lists.sources[to, :width] = record.lists.sources[places, :width]
    reserve.bars[to] = record.reserve.bars[places]
