"""Sites made by hand from vectors, for tests of scoring and ranking."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from recommender.articles import ArticleSummary
from recommender.collection.collection import Collection
from recommender.collection.labels import LabelVocabulary
from recommender.collection.site_languages import LanguageModel
from recommender.collection.summary_table import SummaryTable
from recommender.encoders.lexical_model import LexicalModel
from recommender.index.postings import fit_thresholds
from recommender.index.sparse_rows import SparseRows
from recommender.scoring.model import Model
from recommender.store.layout import site_parts
from recommender.text.near_copy_groups import NearCopies
from recommender.text.text_model import TextModel


def unit(rows: Any) -> np.ndarray:
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def sparse_rows(matrix: Any) -> SparseRows:
    matrix = csr_matrix(matrix, dtype=np.float32)
    matrix.sort_indices()
    return SparseRows.of(matrix)


def hand_made(
    words: Any,
    *,
    dense: Any = None,
    neural: Any = None,
    mentions: Any = None,
    published: Any = None,
    labels: dict[str, list[frozenset[str]]] | None = None,
    id_order: np.ndarray | None = None,
    languages: Any = None,
    **model: Any,
) -> tuple[Model, Collection]:
    """Return a model and a collection; articles have the id ``a`` and their place among the ids."""
    words = csr_matrix(words, dtype=np.float32)
    n, n_terms = words.shape
    order = np.arange(n, dtype=np.int32) if id_order is None else id_order
    summaries = SummaryTable.of([ArticleSummary(f"a{place:05}", "x") for place in order.tolist()])
    if published is not None:
        object.__setattr__(summaries, "published", np.asarray(published, dtype=np.int64))
    sets = labels or {}
    vocabularies = {field: LabelVocabulary.of(each) for field, each in sets.items()}
    alone = np.arange(n, dtype=np.int32)
    codes = np.zeros(n, np.int16) if languages is None else np.asarray(languages, np.int16)
    collection = Collection(
        summaries, order, codes, np.full(n, 100, np.int32),
        NearCopies(alone, alone, np.zeros((0, 2), np.int32), np.zeros(0)), sparse_rows(words),
        sparse_rows(csr_matrix((n, n_terms))), _or_zeros(dense, n, 1), _or_zeros(neural, n, 0),
        sparse_rows(csr_matrix((n, n)) if mentions is None else mentions), np.zeros(n, np.int32),
        np.zeros(n, np.float32), {field: vocabularies[field].rows(each) for field, each in sets.items()},
        digests=np.arange(n, dtype=np.uint64),
    )  # fmt: skip
    lexical = LexicalModel(
        {
            "vocabulary_hashes": np.arange(n_terms, dtype=np.uint64),
            "vocabulary_articles": np.array([n]),
            "vocabulary_spelling": np.frombuffer(
                b"".join(b"t%05d" % term for term in range(n_terms)), np.uint8
            ),
            "vocabulary_offsets": 6 * np.arange(n_terms + 1),
        },
        {},
        "by hand",
    )
    thresholds = fit_thresholds(collection.sparse, n_terms)
    return Model(
        lexical, TextModel(), None, LanguageModel(("en",)), vocabularies, thresholds, **model
    ), collection


def _or_zeros(vectors: Any, n: int, width: int) -> np.ndarray:
    return np.zeros((n, width), np.float32) if vectors is None else np.asarray(vectors, np.float32)


def random_site(
    seed: int, n: int = 40, terms: int = 14, *, crosses: bool = False
) -> tuple[Model, Collection]:
    """Return a site with all that a score is made of. Some articles have no words, no date, no section.

    Where it `crosses` languages, articles are in two of them, in one that the model does not know, or in an unknown one.
    """
    rng = np.random.default_rng(seed)
    words = rng.random((n, terms)) * (rng.random((n, terms)) < 0.3)
    words[rng.random(n) < 0.1] = 0
    names = np.triu(rng.random((n, n)) * (rng.random((n, n)) < 0.05), 1).astype(np.float32)
    names *= words.any(axis=1)[:, None] & words.any(axis=1)
    published = (rng.integers(0, 60, n) * 86_400_000_000).astype(np.int64)
    published[rng.random(n) < 0.2] = np.iinfo(np.int64).min
    sections = [frozenset(rng.choice(list("abc"), 1) if rng.random() < 0.8 else ()) for _ in range(n)]
    tags = [frozenset(rng.choice(list("abcdef"), rng.integers(0, 4))) for _ in range(n)]
    return hand_made(
        unit(words), dense=unit(rng.normal(size=(n, 3))), neural=unit(rng.normal(size=(n, 3)) + 0.4),
        mentions=names + names.T, published=published, labels={"section": sections, "tags": tags},
        id_order=rng.permutation(n).astype(np.int32), mean_cosine=0.2, **_two_languages(rng, n) if crosses else {},
    )  # fmt: skip


def _two_languages(rng: np.random.Generator, n: int) -> dict[str, Any]:
    logs = np.zeros((3, 3), dtype=np.float32)
    logs[np.triu_indices(3, 1)] = rng.normal(size=3)
    return {
        "languages": rng.choice([0, 1, -1, 1180], n),
        "centres": np.zeros((3, 3), dtype=np.float32),
        "language_logs": logs + logs.T,
    }


def assert_same_bytes(one: Any, other: Any) -> None:
    """Assert that two recommenders hold the same arrays and facts, byte for byte."""
    (arrays, facts), (others, other_facts) = site_parts(one.site), site_parts(other.site)
    assert facts == other_facts
    assert set(arrays) == set(others)
    for name, array in arrays.items():
        assert array.dtype == others[name].dtype, name
        assert np.ascontiguousarray(array).tobytes() == np.ascontiguousarray(others[name]).tobytes(), name
