"""The baselines by name: a new one is a file of its own and a line here."""

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
    """A scorer that a site could run today.

    Attributes
    ----------
    lists : callable
        ``lists(articles, query_ids, k)``: the lists of some articles, best first, without themselves.
    settings : mapping
        What it runs with, as JSON can hold it.
    lexical : bool
        Whether it needs no torch.
    missing : str or None
        What has to be installed before it can run; None where nothing has.
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
        Of the projection of LSA.
    vectors : Path
        Folder in which encoded articles are kept, see `minilm.lists`.
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
