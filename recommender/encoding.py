"""Articles as a model sees them: a model is fitted on clean articles, and encodes them or others.

What a model makes of an article depends on the article and the model. Near copies, parallel trees and mentions between
articles depend on the articles of the collection as well, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection
from recommender.collection.labels import LABEL_FIELDS, Labels, LabelVocabulary, labels_of, title_labels
from recommender.collection.site_languages import SiteLanguages, fit_site_languages, site_languages
from recommender.collection.summary_table import SummaryTable
from recommender.collection.translated_texts import pairs_of
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.translation_sets import translation_sets
from recommender.encoders.language_centres import centred, language_centres
from recommender.encoders.lexical import LexicalEncoder, Vectors
from recommender.encoders.lexical_model import LexicalModel
from recommender.encoders.multilingual import MultilingualEncoder
from recommender.encoders.named import AnyEncoder, crosses_languages, describe
from recommender.index.postings import fit_thresholds
from recommender.index.sparse_rows import SparseRows
from recommender.listing import listed_until
from recommender.progress import Progress, ProgressIterable
from recommender.scoring.known_articles import NOTHING_KNOWN, title_hashes
from recommender.scoring.mentions import MentionRules, Mentions, find_mentions
from recommender.scoring.model import Model
from recommender.scoring.random_pairs import mean_cosine
from recommender.scoring.title_names import name_share, title_ratios
from recommender.text.cleaning import CleanArticles
from recommender.text.copy_index import CopyIndex
from recommender.text.language_tags import variants_of
from recommender.text.languages import primary_language
from recommender.text.near_copy_groups import NearCopies
from recommender.text.site_copies import find_site_copies
from recommender.text.spool import TextSpool

__all__ = [
    "Encoders", "encoded", "encoded_alone", "encoded_text", "encoded_together", "fitted", "mention_rules",
    "put_together", "translation_pairs",
]  # fmt: skip


class Encoders(NamedTuple):
    """The encoders of a site.

    Attributes
    ----------
    lexical : LexicalEncoder
    neural : encoder or None
        Its vectors are added.
    across : MultilingualEncoder or None
        Added instead where there is no other and the site has several languages.
    """

    lexical: LexicalEncoder
    neural: AnyEncoder | None = None
    across: MultilingualEncoder | None = None

    def of_languages(self, names: Sequence[str]) -> AnyEncoder | None:
        """Return the encoder of the added vectors, if any, for a site of these languages."""
        return self.across if self.neural is None and len(names) > 1 else self.neural


class _Encoded(NamedTuple):
    """What a model makes of single articles."""

    languages: SiteLanguages
    vectors: Vectors
    neural: NDArray[np.float32]


def fitted(
    cleaned: CleanArticles, encoders: Encoders, n_jobs: int | None, progress: Progress
) -> tuple[Model, Collection]:
    """Return what is learned from the texts alone, and the collection of the articles. Hubs are measured later."""
    language, languages = fit_site_languages(cleaned.summaries, cleaned.clean, n_jobs)
    lexical = encoders.lexical
    vectors = lexical.fit_transform(ProgressIterable(cleaned.clean, "encoding", progress, passes=3))
    learned = LexicalModel(lexical.to_arrays(), lexical.settings(), lexical.fingerprint())
    encoder = encoders.of_languages(language.names)
    neural = _neural(encoder, cleaned, languages, progress, fit=True)
    centres = np.zeros((0, 0), dtype=np.float32)
    if encoder is not None and crosses_languages(encoder):
        centres = language_centres(neural, languages.codes, len(language.names))
        neural = centred(neural, languages.codes, centres)
    sparse, titles = SparseRows.of(vectors.sparse), SparseRows.of(vectors.titles)
    mentions = find_mentions(titles, sparse, mention_rules(learned), n_jobs=n_jobs)
    names = [title for title, _ in cleaned.clean]
    share = name_share(names, mentions.in_full)
    sets = _label_sets(languages.summaries, names if share else None)
    model = Model(
        learned, cleaned.model, None if encoder is None else describe(encoder),
        language, {field: LabelVocabulary.of(each) for field, each in sets.items()},
        fit_thresholds(sparse, learned.n_terms),
        mean_cosine=mean_cosine(neural, np.arange(len(neural), dtype=np.int32)),
        log_ratios={"title": title_ratios(share, Labels.edges)} if share else {},
        known=NOTHING_KNOWN.with_titles(title_hashes(names), mentions.n_naming), centres=centres,
    )  # fmt: skip
    alone = _alone(model, cleaned, _Encoded(languages, vectors, neural), n_jobs)
    pairs = translation_pairs(model, alone, n_jobs=n_jobs)
    return model, _together(alone, cleaned.clean, mentions, pairs, (n_jobs, progress))


def encoded(
    model: Model, cleaned: CleanArticles, encoder: AnyEncoder | None, n_jobs: int | None, progress: Progress
) -> Collection:
    """Return articles as a model sees them. `encoder` is that of its neural vectors, if it has some."""
    alone = encoded_alone(model, cleaned, encoder, n_jobs, progress)
    return encoded_together(model, alone, cleaned.clean, n_jobs, progress)


def encoded_alone(
    model: Model, cleaned: CleanArticles, encoder: AnyEncoder | None, n_jobs: int | None, progress: Progress
) -> Collection:
    """Return articles as a model sees them one by one: without mentions and near copies."""
    languages = site_languages(model.language, cleaned.summaries, cleaned.clean, n_jobs)
    lexical = LexicalEncoder.from_arrays(model.lexical.arrays, model.lexical.settings, n_jobs=n_jobs)
    vectors = lexical.transform(ProgressIterable(cleaned.clean, "encoding", progress, passes=2))
    neural = _neural(encoder, cleaned, languages, progress)
    if model.crosses:
        neural = centred(neural, languages.codes, model.centres)
    return _alone(model, cleaned, _Encoded(languages, vectors, neural), n_jobs)


def encoded_together(
    model: Model, alone: Collection, texts: TextSpool, n_jobs: int | None, progress: Progress
) -> Collection:
    """Return articles that were encoded one by one with their mentions and near copies; `texts` are clean."""
    known = model.known.naming_of(alone.title_hashes)
    rules = mention_rules(model.lexical)
    mentions = find_mentions(alone.titles, alone.sparse, rules, known, n_jobs=n_jobs)
    pairs = translation_pairs(model, alone, n_jobs=n_jobs)
    return _together(alone, texts, mentions, pairs, (n_jobs, progress))


def encoded_text(
    model: Model, encoder: AnyEncoder, text: tuple[str, str], language: tuple[int, str]
) -> NDArray[np.float32]:
    """Return the neural vector of one text, its title and body, from the code and the name of its language."""
    if isinstance(encoder, MultilingualEncoder):
        found = encoder.transform([text], [language[1]])
    else:
        found = encoder.transform([text])
    if model.crosses:
        found = centred(found, np.array([language[0]]), model.centres)
    return np.asarray(found[0])


def _neural(
    encoder: AnyEncoder | None,
    cleaned: CleanArticles,
    languages: SiteLanguages,
    progress: Progress,
    *,
    fit: bool = False,
) -> NDArray[np.float32]:
    """Return the neural vectors of articles as their encoder makes them, without columns where there is none."""
    if encoder is None:
        return np.zeros((len(cleaned.summaries), 0), dtype=np.float32)
    texts = ProgressIterable(cleaned.clean, "encoding with the model", progress)
    if isinstance(encoder, MultilingualEncoder):
        names = [primary_language(each.language) for each in languages.summaries]
        return encoder.transform(texts, names)
    return encoder.fit_transform(texts) if fit else encoder.transform(texts)


def mention_rules(lexical: LexicalModel) -> MentionRules:
    """Return what mentions are measured by under a model."""
    return MentionRules(lexical.frequencies, lexical.n_articles)


def _alone(model: Model, cleaned: CleanArticles, parts: _Encoded, n_jobs: int | None) -> Collection:
    languages, vectors, neural = parts
    n, names = len(cleaned.summaries), [title for title, _ in cleaned.clean]
    rows = np.arange(n, dtype=np.int32)
    summaries = SummaryTable.of(languages.summaries)
    sets = _label_sets(languages.summaries, names if "title" in model.labels else None)
    return Collection(
        summaries, rows, languages.codes,
        np.array([len(title) + len(body) for title, body in cleaned.clean], dtype=np.int32),
        NearCopies.alone(n),
        SparseRows.of(vectors.sparse), SparseRows.of(vectors.titles), vectors.dense, neural,
        SparseRows(np.zeros(n + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)),
        np.zeros(n, np.int32), model.known.hubs_of(summaries.hashes, model.mean_hub),
        {field: model.labels[field].rows(each) for field, each in sets.items()},
        variants=variants_of(summary.language for summary in languages.summaries), trees=languages.trees,
        texts=ArticleTexts.of(cleaned.texts, cleaned.apart, n_jobs), digests=np.array(cleaned.digests, dtype=np.uint64),
        title_hashes=title_hashes(names), copy_index=CopyIndex.of(cleaned.clean, n_jobs),
        listed_until=np.array([listed_until(each.metadata) for each in languages.summaries], dtype=np.int64),
        link_names=cleaned.links,
    )  # fmt: skip


def translation_pairs(
    model: Model,
    alone: Collection,
    rows: NDArray[np.int32] | None = None,
    there: NDArray[np.bool_] | None = None,
    n_jobs: int | None = None,
) -> TranslationPairs:
    """Return the pairs of some articles that may say the same in two languages, see `pairs_of`; None means all."""
    if not model.crosses:
        return TranslationPairs.none()
    every = np.ones(len(alone), dtype=np.bool_)
    rows = np.arange(len(alone), dtype=np.int32) if rows is None else rows
    return pairs_of(alone, rows, every if there is None else there, n_jobs)


def _together(
    alone: Collection,
    texts: TextSpool,
    mentions: Mentions,
    pairs: TranslationPairs,
    how: tuple[int | None, Progress],
) -> Collection:
    n_jobs, progress = how
    copies = find_site_copies(texts, alone.copy_index, n_jobs=n_jobs, progress=progress)
    return put_together(alone, copies, (mentions.strengths, mentions.n_naming), pairs)


def put_together(
    alone: Collection,
    copies: NearCopies,
    mentions: tuple[SparseRows, NDArray[np.int32]],
    pairs: TranslationPairs,
) -> Collection:
    """Return articles that were encoded one by one with what was found among all; see `Mentions` for the third."""
    strengths, n_naming = mentions
    return replace(
        alone,
        copies=copies,
        mentions=strengths,
        n_naming=n_naming,
        translation_pairs=pairs,
        translations=translation_sets(alone, pairs),
    )


def _label_sets(
    summaries: Sequence[ArticleSummary], titles: Sequence[str] | None
) -> Mapping[str, list[frozenset[str]]]:
    """Return the labels of articles by field; those of titles where they are names."""
    sets = {field: [labels_of(summary, field) for summary in summaries] for field in LABEL_FIELDS}
    return sets if titles is None else sets | {"title": [title_labels(title) for title in titles]}
