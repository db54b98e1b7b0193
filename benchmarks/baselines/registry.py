"""The baselines by name. A new one is a module of its own and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.baselines import bm25, lsa, minilm, more_like_this, tfidf
from benchmarks.baselines.more_like_this import ELASTICSEARCH, MoreLikeThis
from benchmarks.baselines.ranked import Lists

__all__ = ["Baseline", "baselines"]


class Baseline(NamedTuple):
    """A scorer that a site could use.

    Attributes
    ----------
    lists : callable
        ``lists(articles, query_ids, k)``: lists of the given articles, best first, without the article itself.
    settings : mapping
        Its settings, as values of JSON.
    lexical : bool
        Whether it works without torch.
    missing : str or None
        Message about packages to install; None if nothing is missing.
    """

    lists: Callable[..., Lists]
    settings: Mapping[str, Any]
    lexical: bool = True
    missing: str | None = None


def baselines(seed: int, vectors: Path) -> dict[str, Baseline]:
    """Return the baselines by name, in the order of the tables.

    Parameters
    ----------
    seed : int
        Seed of the projection of LSA.
    vectors : Path
        Folder of encoded articles, see `minilm.lists`.
    """
    return {
        "BM25": Baseline(bm25.lists, {"query": "whole article", **bm25.SETTINGS}),
        "tf-idf": Baseline(tfidf.lists, tfidf.SETTINGS),
        "LSA-256": Baseline(
            partial(lsa.lists, seed=seed), {"dimensions": lsa.DIMENSIONS, "seed": seed, **tfidf.SETTINGS}
        ),
        "more_like_this": _more_like_this(MoreLikeThis()),
        "more_like_this (ES)": _more_like_this(ELASTICSEARCH),
        "MiniLM": Baseline(
            partial(minilm.lists, vectors=vectors),
            minilm.SETTINGS,
            lexical=False,
            missing=minilm.missing(),
        ),
    }


def _more_like_this(settings: MoreLikeThis) -> Baseline:
    return Baseline(partial(more_like_this.lists, settings=settings), asdict(settings) | bm25.SETTINGS)
