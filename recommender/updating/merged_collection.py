"""The collection after an update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.translation_sets import translation_sets
from recommender.collection.trees import NO_TREES, Trees
from recommender.encoding import mention_rules, translation_pairs
from recommender.index.sparse_rows import SparseRows
from recommender.scoring.mention_rows import MentionPairs
from recommender.scoring.model import Model
from recommender.text.copy_index import CopyIndex
from recommender.text.link_names import LinkNames
from recommender.updating.growth import Step
from recommender.updating.merge import Merge
from recommender.updating.merged_copies import CopyPatch, Former, merged_copies, patched_copies
from recommender.updating.merged_mentions import MentionPatch, Words, merged_mentions, patched_mentions

__all__ = ["ALONE", "Lookups", "Patches", "merged_alone", "merged_together", "patched"]

ALONE = (
    "languages", "text_lengths", "dense", "neural", "hubs", "variants", "digests", "title_hashes", "listed_until",
)  # fmt: skip
"""Arrays of a collection with a row for each article that depends on the article and the model."""


class Patches(NamedTuple):
    """What an update changes between articles."""

    copies: CopyPatch
    mentions: MentionPatch
    translations: TranslationPairs


class Lookups(NamedTuple):
    """How articles near others are found.

    Attributes
    ----------
    known : ndarray of int32, shape (n,)
        See `Words`, after the update.
    titles_held, texts_naming : callable
        See `Words`, after the update.
    copy_holders, copies_alike : callable
        See `Former`, before the update.
    """

    known: NDArray[np.int32]
    titles_held: Callable[[NDArray[np.int32]], NDArray[np.int32]]
    texts_naming: Callable[[SparseRows, NDArray[np.int32]], MentionPairs]
    copy_holders: Callable[[NDArray[np.uint64]], NDArray[np.int32]]
    copies_alike: Callable[[CopyIndex], NDArray[np.int32]]


def merged_together(
    old: Collection, alone: Collection, new: Collection, model: Model, how: tuple[Step, Lookups]
) -> tuple[Collection, Patches]:
    """Return the collection after an update, and what changed between its articles.

    Parameters
    ----------
    old : Collection
    alone : Collection
        The articles after the update one by one.
    new : Collection
        The new articles as `encoded_alone` returns them.
    model : Model
    how : tuple
        The rows before and after, and how articles near others are found.
    """
    step, lookups = how
    words = Words(alone.titles, alone.sparse, lookups.known, lookups.titles_held, lookups.texts_naming)
    mentions = merged_mentions(old, words, step, mention_rules(model.lexical))
    former = Former(
        old.copies,
        lookups.copy_holders,
        lookups.copies_alike,
        old.texts.title,
        partial(clean_text, old, model),
    )
    new_texts = [clean_text(new, model, row) for row in range(len(new))]
    pairs = translation_pairs(model, alone, step.added, step.there)
    copies = merged_copies(former, step, alone.id_order, (new.copy_index, new_texts))
    patches = Patches(copies, mentions, pairs)
    return patched(old, alone, step.moved, patches), patches


def merged_alone(old: Collection, new: Collection, merge: Merge) -> Collection:
    """Return the articles after an update one by one. Near copies and mentions are those of before."""
    arrays: dict[str, Any] = {name: merge.arrays(getattr(old, name), getattr(new, name)) for name in ALONE}
    return replace(
        old,
        summaries=merge.summaries(old.summaries, new.summaries),
        id_order=np.arange(len(merge.order), dtype=np.int32),
        sparse=merge.sparse(old.sparse, new.sparse),
        titles=merge.sparse(old.titles, new.titles),
        labels={field: merge.sparse(rows, new.labels[field]) for field, rows in old.labels.items()},
        link_names=_link_names(old.link_names, new.link_names, merge),
        trees=_trees(old.trees, new.trees, merge),
        texts=ArticleTexts(merge.columns(old.texts.column, new.texts.column)),
        copy_index=old.copy_index.merged(new.copy_index, merge.moved, merge.added),
        **arrays,
    )


def patched(old: Collection, alone: Collection, moved: NDArray[np.int32], patches: Patches) -> Collection:
    """Return the articles after an update together; see `patched_copies` for `moved`."""
    n, mentions = len(alone), patches.mentions
    n_naming = np.zeros(n + 1, dtype=np.int32)
    n_naming[moved[:-1]] = old.n_naming
    n_naming[mentions.rows] = mentions.n_naming
    pairs = old.translation_pairs.patched(moved, patches.translations)
    return replace(
        alone,
        copies=patched_copies(old.copies, moved, n, patches.copies),
        mentions=patched_mentions(old.mentions, moved, n, mentions),
        n_naming=n_naming[:n],
        translation_pairs=pairs,
        translations=translation_sets(alone, pairs),
    )


def clean_text(collection: Collection, model: Model, row: int) -> tuple[str, str]:
    """Return the title and the body of an article without what the site repeats."""
    title, body = collection.texts[row]
    return title, model.texts.clean(title, body)


def _link_names(old: LinkNames, new: LinkNames, merge: Merge) -> LinkNames:
    links, alternates = (
        merge.targets(getattr(old, kind), getattr(new, kind)) for kind in ("links", "alternates")
    )
    return LinkNames(merge.arrays(old.own, new.own), links, alternates, merge.arrays(old.keys, new.keys))


def _trees(old: Trees, new: Trees, merge: Merge) -> Trees:
    if not old.names:
        return NO_TREES
    return Trees(
        old.names,
        merge.arrays(old.members, new.members),
        merge.arrays(old.families, new.families),
        merge.arrays(old.pages, new.pages),
        merge.arrays(old.order, new.order),
    )
