"""The names on disk: a site, or its model alone, as plain arrays and facts, and back.

The name of an array begins with the group that it belongs to, see `GROUPS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.collection.article_texts import ArticleTexts
from recommender.collection.collection import Collection
from recommender.collection.labels import LabelVocabulary
from recommender.collection.record_checksums import RecordChecksums, Verify, unstored
from recommender.collection.site_languages import LanguageModel
from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import TEXT_COLUMNS, SummaryChecksums, SummaryTable
from recommender.collection.translation_pairs import TranslationPairs
from recommender.collection.trees import Trees
from recommender.editors import EditorRules
from recommender.encoders.lexical_model import ARRAYS, LexicalModel
from recommender.index.planner import SearchPlan
from recommender.index.postings import Postings
from recommender.index.sketches import Sketches
from recommender.index.sparse_rows import SparseRows
from recommender.index.vector_search import VectorSearch
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import ListSettings, Site
from recommender.ranking.candidate_index import KINDS, CandidateIndex
from recommender.rules.expiry import Expiry
from recommender.rules.policy import Policy
from recommender.scoring.known_articles import KnownArticles
from recommender.scoring.model import Model
from recommender.scoring.title_terms import TitleTerms
from recommender.scoring.weights import Weights
from recommender.text.copy_index import CopyIndex
from recommender.text.link_names import LinkNames, LinkTargets
from recommender.text.near_copy_groups import NearCopies
from recommender.text.text_model import TextModel

__all__ = [
    "GROUPS", "Arrays", "collection_arrays", "collection_of", "group_sizes", "model_of", "model_parts", "site_of",
    "site_parts",
]  # fmt: skip

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

GROUPS = ("model", "articles", "vectors", "index", "lists")
"""Groups of arrays."""

_BEFORE_BREVITY = {"brevity": 0.0}  # what a model weighs terms by that was made before brevity was measured
_ROWS = ("sparse", "titles", "mentions")


class Parts(NamedTuple):
    """Plain arrays by name, and facts as JSON can hold them."""

    arrays: dict[str, NDArray[Any]]
    facts: dict[str, Any]


def site_parts(site: Site) -> Parts:
    """Return a site as arrays and facts."""
    arrays, model_facts = model_parts(site.model)
    settings = site.settings
    arrays |= collection_arrays(site.collection)
    arrays |= _prefixed("index", _index_arrays(site.index))
    arrays |= _prefixed("lists", _list_arrays(site.lists) | _prefixed("reserve", site.reserve._asdict()))
    facts = {
        "n_articles": len(site.collection),
        "n_without_usable_text": site.n_without_usable_text,
        "left_out": dict(site.left_out),
        "trees": list(site.collection.trees.names),
        "k": settings.k,
        "n_candidates": settings.n_candidates,
        "policy": settings.policy.to_dict(),
        "editors": {"file": settings.editors.to_dict(), "metadata": site.metadata_rules.to_dict()},
        "entries": site.lists.counts(),
        "spread": site.spread,
        "expiry": site.expiry._asdict(),
        "index": {kind: asdict(plan) for kind, plan in site.index.plans.items()}
        | {"tuned": site.index.tuned},
        "vectors_fingerprint": site.model.lexical.fingerprint,
    }
    return Parts(arrays, model_facts | facts)


def model_parts(model: Model) -> Parts:
    """Return a model as arrays and facts."""
    arrays = dict(model.lexical.arrays) | {"thresholds": model.thresholds}
    arrays |= {"centres": model.centres, "language_logs": model.language_logs}
    arrays |= {f"known_{name}": array for name, array in model.known._asdict().items()}
    for field, vocabulary in model.labels.items():
        arrays |= {f"labels_{field}_hashes": vocabulary.hashes, f"labels_{field}_counts": vocabulary.counts}
    lexical = {
        "name": "lexical", "settings": model.lexical.settings, "fingerprint": model.lexical.fingerprint,
    }  # fmt: skip
    facts = model.settings() | {
        "encoder": lexical,
        "labels": list(model.labels),
        "fingerprint": model.fingerprint,
    }
    return Parts(_prefixed("model", arrays), {"model": facts})


def site_of(arrays: Arrays, facts: Mapping[str, Any], verify: Verify = unstored) -> Site:
    """Return the site that `site_parts` gave; `verify` verifies the files of the arrays."""
    editors = {name: EditorRules.from_dict(facts["editors"][name]) for name in ("file", "metadata")}
    policy = Policy.from_dict(facts["policy"])
    return Site(
        model_of(arrays, facts),
        collection_of(arrays, facts["model"]["labels"], facts["trees"], verify),
        _index_of(arrays, facts),
        Lists(
            arrays["lists_rows"],
            arrays["lists_scores"],
            arrays["lists_sources"],
            RecordChecksums(arrays["lists_checksums"], verify, "lists_"),
        ),
        ListSettings(facts["k"], policy, editors["file"], facts["n_candidates"]),
        editors["metadata"],
        facts["spread"],
        facts["left_out"],
        Reserve(*(arrays[f"lists_reserve_{name}"] for name in Reserve._fields)),
        verify,
        Expiry(**facts["expiry"]),
    )


def model_of(arrays: Arrays, facts: Mapping[str, Any]) -> Model:
    """Return the model that `model_parts` or `site_parts` gave."""
    stored, encoder = facts["model"], facts["model"]["encoder"]
    settings = dict(encoder["settings"])
    settings["tfidf"] = _BEFORE_BREVITY | settings["tfidf"]
    lexical = LexicalModel(
        {name: arrays[f"model_{name}"] for name in ARRAYS}, settings, encoder["fingerprint"]
    )
    labels = {
        field: LabelVocabulary(
            arrays[f"model_labels_{field}_hashes"], arrays[f"model_labels_{field}_counts"], lexical.n_articles
        )
        for field in stored["labels"]
    }
    return Model(
        lexical, TextModel.from_dict(stored["texts"]), stored["neural"], LanguageModel.from_dict(stored["language"]), labels,
        arrays["model_thresholds"], stored["mean_cosine"], stored["mean_hub"],
        {name: np.array(each, dtype=np.float32) for name, each in stored["log_ratios"].items()},
        Weights(**stored["weights"]), stored["chance"], stored["opening"], stored["fit"],
        KnownArticles(*(arrays[f"model_known_{name}"] for name in KnownArticles._fields)),
        arrays["model_centres"], arrays["model_language_logs"],
    )  # fmt: skip


def group_sizes(arrays: Arrays) -> dict[str, int]:
    """Return the bytes of the arrays of each group."""
    sizes = dict.fromkeys(GROUPS, 0)
    for name, array in arrays.items():
        sizes[name.partition("_")[0]] += int(array.nbytes)
    return sizes


def _prefixed(group: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    return {f"{group}_{name}": array for name, array in arrays.items()}


def _list_arrays(lists: Lists) -> dict[str, NDArray[Any]]:
    return {
        "rows": lists.rows, "scores": lists.scores, "sources": lists.sources, "checksums": lists.list_checksums(),
    }  # fmt: skip


def _article_arrays(collection: Collection) -> dict[str, NDArray[Any]]:
    summaries = collection.summaries
    arrays: dict[str, NDArray[Any]] = {
        "published": summaries.published, "id_hashes": summaries.id_hashes, "id_rows": summaries.id_rows,
        "id_order": collection.id_order, "languages": collection.languages,
        "variants": collection.variants, "text_lengths": collection.text_lengths, "tree_members": collection.trees.members,
        "tree_families": collection.trees.families, "tree_pages": collection.trees.pages,
        "tree_order": collection.trees.order, "digests": collection.digests,
        "title_hashes": collection.title_hashes, "listed_until": collection.listed_until,
        "translations": collection.translations,
        "copy_index_keys": collection.copy_index.keys,
        "copy_index_rows": collection.copy_index.rows,
        "texts_spelling": collection.texts.column.spelling, "texts_offsets": collection.texts.column.offsets,
    }  # fmt: skip
    arrays |= {f"checksums_{name}": each for name, each in summaries.computed_checksums().items()}
    for name, column in summaries.columns.items():
        arrays |= {f"{name}_spelling": column.spelling, f"{name}_offsets": column.offsets}
    arrays |= {f"copy_{name}": each for name, each in collection.copies._asdict().items()}
    arrays |= _link_arrays(collection.link_names)
    arrays |= {f"pair_{name}": each for name, each in collection.translation_pairs._asdict().items()}
    for field, rows in collection.labels.items():
        arrays |= {f"labels_{field}_{name}": each for name, each in rows._asdict().items()}
    return arrays


def _link_arrays(names: LinkNames) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"link_own": names.own, "link_keys": names.keys}
    for kind in ("links", "alternates"):
        arrays |= {f"{kind}_{name}": each for name, each in getattr(names, kind)._asdict().items()}
    return arrays


def _link_names_of(arrays: Arrays) -> LinkNames:
    links, alternates = (
        LinkTargets(*(arrays[f"articles_{kind}_{name}"] for name in LinkTargets._fields))
        for kind in ("links", "alternates")
    )
    return LinkNames(arrays["articles_link_own"], links, alternates, arrays["articles_link_keys"])


def _vector_arrays(collection: Collection) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        name: getattr(collection, name) for name in ("dense", "neural", "n_naming", "hubs")
    }
    for kind in _ROWS:
        rows: SparseRows = getattr(collection, kind)
        arrays |= {f"{kind}_{name}": each for name, each in rows._asdict().items()}
    return arrays


def _index_arrays(index: CandidateIndex) -> dict[str, NDArray[Any]]:
    parts: dict[str, Mapping[str, NDArray[Any]]] = {
        "postings": index.postings._asdict(), "title_terms": index.title_terms._asdict(),
    }  # fmt: skip
    for kind, search in index.searches.items():
        parts |= {
            f"{kind}_sketches": search.sketches._asdict(), f"{kind}_codes": search.codes,
            f"{kind}_graph": search.graph,
        }  # fmt: skip
    return {f"{part}_{name}": array for part, arrays in parts.items() for name, array in arrays.items()}


def collection_arrays(collection: Collection) -> dict[str, NDArray[Any]]:
    """Return a collection as arrays."""
    articles = _prefixed("articles", _article_arrays(collection))
    return articles | _prefixed("vectors", _vector_arrays(collection))


def collection_of(
    arrays: Arrays, labels: Iterable[str], trees: Iterable[str], verify: Verify = unstored
) -> Collection:
    """Return the collection that `collection_arrays` gave, from its fields of labels and the names of its trees."""
    columns = {
        name: StringColumn(arrays[f"articles_{name}_spelling"], arrays[f"articles_{name}_offsets"])
        for name in TEXT_COLUMNS
    }
    summaries = SummaryTable(
        columns, arrays["articles_published"], arrays["articles_id_hashes"], arrays["articles_id_rows"],
        SummaryChecksums(
            *(RecordChecksums(arrays[f"articles_checksums_{name}"], verify, "articles_")
              for name in SummaryChecksums._fields)
        ), verify,
    )  # fmt: skip
    copies = NearCopies(*(arrays[f"articles_copy_{name}"] for name in NearCopies._fields))
    rows_of_labels = {field: _rows_of(arrays, f"articles_labels_{field}") for field in labels}
    return Collection(
        summaries, arrays["articles_id_order"], arrays["articles_languages"], arrays["articles_text_lengths"], copies,
        _rows_of(arrays, "vectors_sparse"), _rows_of(arrays, "vectors_titles"),
        arrays["vectors_dense"], arrays["vectors_neural"], _rows_of(arrays, "vectors_mentions"),
        arrays["vectors_n_naming"], arrays["vectors_hubs"], rows_of_labels,
        arrays["articles_variants"],
        Trees(
            tuple(trees), arrays["articles_tree_members"], arrays["articles_tree_families"],
            arrays["articles_tree_pages"], arrays["articles_tree_order"],
        ),
        ArticleTexts(StringColumn(arrays["articles_texts_spelling"], arrays["articles_texts_offsets"])),
        arrays["articles_digests"], arrays["articles_title_hashes"],
        CopyIndex(arrays["articles_copy_index_keys"], arrays["articles_copy_index_rows"]), arrays["articles_listed_until"],
        _link_names_of(arrays),
        TranslationPairs(*(arrays[f"articles_pair_{name}"] for name in TranslationPairs._fields)),
        arrays["articles_translations"],
    )  # fmt: skip


def _rows_of(arrays: Arrays, name: str) -> SparseRows:
    return SparseRows(*(arrays[f"{name}_{part}"] for part in SparseRows._fields))


def _index_of(arrays: Arrays, facts: Mapping[str, Any]) -> CandidateIndex:
    searches = {}
    for kind in KINDS:
        sketches = Sketches(*(arrays[f"index_{kind}_sketches_{name}"] for name in Sketches._fields))
        extra = {
            name: {
                each.removeprefix(begin): arrays[each]
                for each in arrays
                if each.startswith(begin := f"index_{kind}_{name}_")
            }
            for name in ("codes", "graph")
        }
        searches[kind] = VectorSearch(SearchPlan(**facts["index"][kind]), sketches, **extra)
    postings = Postings(*(arrays[f"index_postings_{name}"] for name in Postings._fields))
    title_terms = TitleTerms(*(arrays[f"index_title_terms_{name}"] for name in TitleTerms._fields))
    return CandidateIndex(postings, title_terms, searches, facts["index"]["tuned"])
