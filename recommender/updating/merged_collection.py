"""The collection after an update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection, Links
from recommender.collection.parallel_trees import NO_TREES, Trees
from recommender.encoding import mention_rules
from recommender.index.sparse_rows import SparseRows
from recommender.scoring.model import Model
from recommender.text.copy_index import CopyIndex
from recommender.updating.merge import Merge
from recommender.updating.merged_copies import merged_copies
from recommender.updating.merged_mentions import Words, merged_mentions

__all__ = ["merged_collection"]


def merged_collection(
    old: Collection, new: Collection, model: Model, merge: Merge
) -> tuple[Collection, NDArray[np.int32]]:
    """Return the collection after an update, and the rows whose mentions changed.

    `new` holds the new articles as `encoded_alone` returns them.
    """
    sparse, titles = merge.sparse(old.sparse, new.sparse), merge.sparse(old.titles, new.titles)
    hashes = merge.arrays(old.title_hashes, new.title_hashes)
    words = Words(titles, sparse, model.known.naming_of(hashes))
    mentions = merged_mentions(old, words, merge, mention_rules(model.lexical))
    new_texts = [(title, model.texts.clean(title, body)) for title, body in new.texts]

    def old_text(row: int) -> tuple[str, str]:
        title, body = old.texts[row]
        return title, model.texts.clean(title, body)

    copies = merged_copies(old.copies, old.copy_index, merge, old_text, new_texts)
    merged = replace(
        old,
        summaries=merge.summaries(old.summaries, new.summaries),
        id_order=np.arange(len(merge.order), dtype=np.int32),
        copies=copies,
        sparse=sparse,
        titles=titles,
        mentions=mentions.strengths,
        n_naming=mentions.n_naming,
        labels=_labels(old.labels, new.labels, merge),
        links=_links(old.links, merge),
        trees=_trees(old.trees, new.trees, merge),
        texts=ArticleTexts(merge.columns(old.texts.column, new.texts.column)),
        title_hashes=hashes,
        copy_index=old.copy_index.merged(CopyIndex.of(new_texts), merge.moved, merge.added),
        **{
            name: merge.arrays(getattr(old, name), getattr(new, name))
            for name in ("languages", "text_lengths", "dense", "neural", "hubs", "variants", "digests")
        },
    )
    return merged, mentions.recounted


def _labels(
    old: Mapping[str, SparseRows], new: Mapping[str, SparseRows], merge: Merge
) -> dict[str, SparseRows]:
    return {field: merge.sparse(rows, new[field]) for field, rows in old.items()}


def _links(old: Links, merge: Merge) -> Links:
    """Return the links between articles that stay. Links of new articles are read by the next build."""
    sources = merge.moved[np.repeat(np.arange(merge.n_before), np.diff(old.indptr))]
    targets = merge.moved[old.indices]
    kept = (sources >= 0) & (targets >= 0)
    counts = np.bincount(sources[kept], minlength=len(merge.order))
    return Links(np.concatenate([[0], counts.cumsum()]).astype(np.int64), targets[kept].astype(np.int32))


def _trees(old: Trees, new: Trees, merge: Merge) -> Trees:
    if not len(old.members):
        return NO_TREES
    none = np.full((len(merge.added), 2), -1, dtype=np.int32)
    return Trees(old.names, merge.arrays(old.members, none), merge.arrays(old.families, none))
