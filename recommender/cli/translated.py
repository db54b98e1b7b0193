"""How many articles of a site have translations."""

from __future__ import annotations

import numpy as np

from recommender.cli.terminal import plural
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.translation_sets import translation_sets
from recommender.engine import Recommender

__all__ = ["translated", "translated_text"]


def translated(site: Recommender) -> dict[str, int]:
    """Return how many articles have translations, in how many sets, and how many of these what texts say changed."""
    collection = site.collection
    n = len(collection)
    sets = np.asarray(collection.translations)
    if not len(sets):
        return {"articles": 0, "sets": 0, "sets_found": 0}
    declared = translation_sets(collection, TranslationPairs.none())
    if not len(declared):
        declared = np.arange(n, dtype=np.int32)
    sizes, before = (np.bincount(each, minlength=n) for each in (sets, declared))
    there = sizes > 1
    return {
        "articles": int(sizes[there].sum()),
        "sets": int(there.sum()),
        "sets_found": int((sizes != before)[there].sum()),
    }


def translated_text(found: dict[str, int]) -> str:
    """Say the numbers of `translated`."""
    sets = plural(found["sets"], "set")
    return f"{plural(found['articles'], 'article')} in {sets}, {found['sets_found']:,} of them found by what the texts say"
