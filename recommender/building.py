"""The whole walk, once for all articles: texts, vectors, candidates, lists, and what an artifact keeps of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.artifact.summaries import columns_of
from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.named import DenseEncoder, describe, open_encoder
from recommender.index.planner import choose_index
from recommender.progress import Progress, Told
from recommender.ranking.all_lists import rank_all
from recommender.ranking.attributes import attributes_of
from recommender.ranking.drafts import search_arrays
from recommender.ranking.mentions import find_mentions
from recommender.ranking.nearest import plans_of
from recommender.ranking.signals import Signals, mean_cosine
from recommender.ranking.site import LEARNED, Site, arrays_of, facts_of
from recommender.ranking.weights import Weights
from recommender.text import SiteLinks, clean_articles

__all__ = ["build", "reweigh"]


def build(
    articles: Iterable[Article],
    *,
    k: int,
    encoder: LexicalEncoder | DenseEncoder | str | None,
    weights: Weights,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any], DenseEncoder | None]:
    """Return the arrays and the facts of a site, and its model if it has one; see `Recommender.from_articles`."""
    if k < 1 or n_candidates < k:
        raise ValueError(f"wanted 1 <= k <= n_candidates, got k={k} and n_candidates={n_candidates}")
    lexical, model = _encoders(encoder, n_jobs)
    links = SiteLinks()
    summaries, texts, boilerplate = clean_articles(articles, tell, links)
    arrays = columns_of(summaries) | links.to_arrays()
    by_id = np.argsort(arrays["id_order"]).astype(np.int32)

    vectors = lexical.fit_transform(Told(texts, "encoding", tell, passes=3))
    neural = np.zeros((len(summaries), 0), dtype=np.float32)
    if model is not None:
        neural = model.fit_transform(Told(texts, "encoding with the model", tell))
    mentions = find_mentions(vectors.titles, vectors.sparse, n_jobs=n_jobs)
    stranger = mean_cosine(neural, by_id)
    signals = Signals(vectors.sparse, vectors.dense, neural, mentions.strengths, stranger)
    attributes = attributes_of(summaries)
    plans = {"dense": choose_index(*vectors.dense.shape), "neural": choose_index(*neural.shape)}
    ranked = rank_all(
        signals, attributes, arrays["id_order"], k, weights, n_candidates, n_jobs, tell, plans=plans
    )

    arrays |= arrays_of(vectors, neural, mentions, attributes, ranked)
    arrays |= search_arrays(vectors, neural, plans, n_jobs)
    arrays |= {f"{LEARNED}{name}": array for name, array in lexical.to_arrays().items()}
    fingerprint = lexical.fingerprint()
    n_empty = int((vectors.sparse.getnnz(axis=1) == 0).sum())
    facts = {
        "n_articles": len(summaries),
        "n_without_usable_text": n_empty,
        "k": k,
        "n_candidates": n_candidates,
        "weights": asdict(weights),
        "fit": None,
        "encoder": {"name": "lexical", "settings": lexical.settings(), "fingerprint": fingerprint},
        "neural": None if model is None else describe(model),
        "vectors_fingerprint": fingerprint,
        "index": {kind: asdict(plan) for kind, plan in plans.items()} | {"tuned": None},
        "boilerplate": boilerplate.to_dict(),
    }
    if n_empty:
        warnings.warn(
            f"{n_empty:,} of {len(summaries):,} articles share no word with another article; "
            + ("their lists are empty" if model is None else "their lists are by the model alone"),
            stacklevel=3,
        )
    return arrays, facts | facts_of(ranked, stranger), model


def reweigh(
    arrays: Mapping[str, NDArray[Any]],
    facts: Mapping[str, Any],
    weights: Weights,
    fit: Mapping[str, Any] | None,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays and the facts of a built site with other weights; see `Recommender.reweighted`."""
    signals = Signals.open(arrays, facts)
    context = Site.open(arrays, facts).context
    ranked = rank_all(
        signals, context.attributes, np.array(arrays["id_order"]), facts["k"], weights, facts["n_candidates"],
        n_jobs, tell, context, plans_of(facts),
    )  # fmt: skip
    lists = {"list_rows": ranked.rows, "list_scores": ranked.scores}
    return {**arrays, **lists}, {**facts, "weights": asdict(weights), "fit": fit}


def _encoders(
    encoder: LexicalEncoder | DenseEncoder | str | None, n_jobs: int | None
) -> tuple[LexicalEncoder, DenseEncoder | None]:
    """Return the encoder of words, and the one whose vectors are added, if any."""
    if encoder is None or encoder == "lexical":
        return LexicalEncoder(n_jobs=n_jobs), None
    if isinstance(encoder, LexicalEncoder):
        return encoder, None
    model = open_encoder(encoder, n_jobs=n_jobs) if isinstance(encoder, str) else encoder
    return LexicalEncoder(n_jobs=n_jobs), model
