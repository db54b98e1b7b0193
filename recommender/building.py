"""The whole walk, once for all articles: texts, vectors, candidates, lists, and what an artifact keeps of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.artifact.summaries import SummaryTable, columns_of
from recommender.encoders.lexical import LexicalEncoder
from recommender.encoders.named import DenseEncoder, describe, open_encoder
from recommender.index.planner import choose_index
from recommender.listing import LIST_ARRAYS, Wishes, make_lists
from recommender.progress import Progress, ProgressIterable
from recommender.ranking.attributes import attributes_of
from recommender.ranking.drafts import search_arrays
from recommender.ranking.mentions import find_mentions
from recommender.ranking.nearest import plans_of
from recommender.ranking.signals import Signals, mean_cosine
from recommender.ranking.site import LEARNED, Site, arrays_of, facts_of
from recommender.text import SiteLinks, TextSpool, clean_articles
from recommender.text.declared_languages import believed_languages
from recommender.text.languages import detect_languages
from recommender.text.near_copies import find_near_copies

__all__ = ["Wishes", "build", "list_again"]


def build(
    articles: Iterable[Article],
    wishes: Wishes,
    encoder: LexicalEncoder | DenseEncoder | str | None,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any], DenseEncoder | None]:
    """Return the arrays and the facts of a site, and its model if it has one; see `Recommender.from_articles`."""
    if wishes.k < 1 or wishes.n_candidates < wishes.k:
        raise ValueError(
            f"wanted 1 <= k <= n_candidates, got k={wishes.k} and n_candidates={wishes.n_candidates}"
        )
    lexical, model = _encoders(encoder, n_jobs)
    links = SiteLinks()
    summaries, texts, boilerplate = clean_articles(articles, tell, links)
    languages, codes, summaries = _languages(summaries, texts, n_jobs)
    arrays = columns_of(summaries) | links.to_arrays() | {"languages": codes}
    arrays |= _copies(texts, n_jobs, tell)
    by_id = np.argsort(arrays["id_order"]).astype(np.int32)

    vectors = lexical.fit_transform(ProgressIterable(texts, "encoding", tell, passes=3))
    neural = np.zeros((len(summaries), 0), dtype=np.float32)
    if model is not None:
        neural = model.fit_transform(ProgressIterable(texts, "encoding with the model", tell))
    mentions = find_mentions(vectors.titles, vectors.sparse, n_jobs=n_jobs)
    stranger = mean_cosine(neural, by_id)
    signals = Signals(vectors.sparse, vectors.dense, neural, mentions.strengths, stranger)
    attributes = attributes_of(summaries)
    plans = {"dense": choose_index(*vectors.dense.shape), "neural": choose_index(*neural.shape)}
    lists, about_lists, ranked = make_lists(
        wishes, signals, attributes, arrays, summaries, n_jobs, tell, plans=plans
    )

    arrays |= arrays_of(vectors, neural, mentions, attributes, ranked) | lists
    arrays |= search_arrays(vectors, neural, plans, n_jobs)
    arrays |= {f"{LEARNED}{name}": array for name, array in lexical.to_arrays().items()}
    fingerprint = lexical.fingerprint()
    n_empty = int((vectors.sparse.getnnz(axis=1) == 0).sum())
    facts = {
        "n_articles": len(summaries),
        "n_without_usable_text": n_empty,
        "left_out": dict(getattr(articles, "left_out", {})),  # an ArticleReader counts what it does not yield
        "languages": languages,
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
    return arrays, facts | about_lists | facts_of(ranked, stranger), model


def list_again(
    arrays: Mapping[str, NDArray[Any]],
    facts: Mapping[str, Any],
    wishes: Wishes,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays and the facts of a built site with lists made by other weights, rules or editors."""
    signals = Signals.open(arrays, facts)
    context = Site.open(arrays, facts).context
    lists, about_lists, ranked = make_lists(
        wishes,
        signals,
        context.attributes,
        arrays,
        SummaryTable(arrays),
        n_jobs,
        tell,
        context,
        plans_of(facts),
    )
    kept = {name: array for name, array in arrays.items() if name not in LIST_ARRAYS}
    return kept | lists, {**facts, **about_lists, "chance": ranked.chance}


def _languages(
    summaries: Sequence[ArticleSummary], texts: TextSpool, n_jobs: int | None
) -> tuple[list[str], NDArray[np.int16], list[ArticleSummary]]:
    """Return the languages of a site, the place of each article's in them, -1 for unknown, and summaries that say it."""
    given = believed_languages(summaries, texts, n_jobs=n_jobs)
    found = detect_languages(given, texts, n_jobs=n_jobs)
    names = sorted(set(found) - {""})
    code = {name: place for place, name in enumerate(names)} | {"": -1}
    told = [
        each if tag else replace(each, language=name or None)
        for each, tag, name in zip(summaries, given, found, strict=True)
    ]
    return names, np.array([code[each] for each in found], dtype=np.int16), told


def _copies(texts: TextSpool, n_jobs: int | None, tell: Progress) -> dict[str, NDArray[Any]]:
    """Return who is a near copy of whom, and the length of each text, as arrays by name."""
    lengths: list[int] = []

    def bodies() -> Iterator[str]:
        for title, body in ProgressIterable(texts, "finding copies", tell):
            lengths.append(len(title) + len(body))
            yield body

    copies = find_near_copies(bodies(), n_jobs=n_jobs)
    arrays = {f"copy_{name}": array for name, array in copies._asdict().items()}
    return arrays | {"text_lengths": np.array(lengths, dtype=np.int32)}


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
