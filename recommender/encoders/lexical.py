"""The default encoder: a sparse and a dense vector of each article, computed from its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError

from recommender.encoders.lsa import LsaEncoder
from recommender.encoders.tfidf import Text, TfidfEncoder
from recommender.encoders.tokenizer import are_words
from recommender.encoders.vocabulary import Vocabulary

__all__ = ["LexicalEncoder", "Vectors"]


class Vectors(NamedTuple):
    """Vectors of articles.

    Attributes
    ----------
    sparse : csr_matrix of float32, shape (n_articles, n_terms)
        Rows of length 1 or less: terms that no other article holds count in the length, but are not in the row. So a row's
        length is the share of the article that the vocabulary knows. Empty for an article without usable text.
    dense : ndarray of float32, shape (n_articles, n_dimensions)
        Unit rows. Zero if the sparse row is empty.
    titles : csr_matrix of float32, shape (n_articles, n_terms)
        The same of the titles alone. Empty for a title without known terms.
    """

    sparse: csr_matrix
    dense: NDArray[np.float32]
    titles: csr_matrix

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the vectors as plain arrays by name."""
        rows = {"sparse": self.sparse, "titles": self.titles}
        parts = {"indptr": np.int64, "indices": np.int32, "data": np.float32}
        arrays = {
            f"{name}_{part}": getattr(matrix, part).astype(dtype, copy=False)
            for name, matrix in rows.items()
            for part, dtype in parts.items()
        }
        return arrays | {"dense": self.dense}


class LexicalEncoder(BaseEstimator):  # type: ignore[misc]
    """`TfidfEncoder` followed by `LsaEncoder`. Needs no download and no torch.

    Parameters
    ----------
    tfidf : TfidfEncoder or None, default None
        None uses the defaults.
    lsa : LsaEncoder or None, default None
        None uses the defaults.
    n_jobs : int or None, default None
        Threads of both parts. The result does not depend on it.

    Attributes
    ----------
    tfidf_, lsa_ : TfidfEncoder, LsaEncoder
        The fitted parts.

    Examples
    --------
    >>> encoder = LexicalEncoder().fit(["rain in May", "rain in June", "sun in June"])
    >>> encoder.transform(["more rain"]).sparse.nnz
    1
    """

    def __init__(
        self, tfidf: TfidfEncoder | None = None, lsa: LsaEncoder | None = None, n_jobs: int | None = None
    ) -> None:
        self.tfidf = tfidf
        self.lsa = lsa
        self.n_jobs = n_jobs

    def fit(self, X: Iterable[Text], y: None = None) -> Self:
        """Learn the vocabulary and the projection from `X`."""
        self.fit_transform(X)
        return self

    def transform(self, X: Iterable[Text]) -> Vectors:
        """Return the vectors of texts."""
        if not hasattr(self, "tfidf_"):
            raise NotFittedError("this LexicalEncoder is not fitted; call fit with the site's texts first")
        texts = list(X) if isinstance(X, Iterator) else X
        return self._vectors(self.tfidf_.transform(texts), texts)

    def fit_transform(self, X: Iterable[Text], y: None = None) -> Vectors:
        """Fit, and return the vectors of the texts. Reads `X` three times; an iterator becomes a list."""
        self._make_parts()
        texts = list(X) if isinstance(X, Iterator) else X
        sparse = self.tfidf_.fit_transform(texts)
        self.lsa_.fit(sparse, eligible=are_words(self.tfidf_.vocabulary_.hashes))
        return self._vectors(sparse, texts)

    def _vectors(self, sparse: csr_matrix, texts: Iterable[Text]) -> Vectors:
        titles = self.tfidf_.transform(("" if isinstance(text, str) else text[0], "") for text in texts)
        return Vectors(sparse, self.lsa_.transform(sparse), titles)

    def _make_parts(self) -> None:
        self.tfidf_ = clone(self.tfidf) if self.tfidf is not None else TfidfEncoder()
        self.lsa_ = clone(self.lsa) if self.lsa is not None else LsaEncoder()
        self.tfidf_.n_jobs = self.lsa_.n_jobs = self.n_jobs

    def settings(self) -> dict[str, dict[str, Any]]:
        """Return the settings of both parts that the vectors depend on, with the brevity that was measured."""
        parts = {"tfidf": self.tfidf_, "lsa": self.lsa_}
        settings = {
            name: {key: value for key, value in part.get_params().items() if key != "n_jobs"}
            for name, part in parts.items()
        }
        settings["tfidf"]["brevity"] = self.tfidf_.brevity_
        return settings

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the learned state as plain arrays by name, for `from_arrays`."""
        vocabulary = self.tfidf_.vocabulary_
        return {
            "vocabulary_hashes": vocabulary.hashes,
            "vocabulary_frequencies": vocabulary.document_frequencies,
            "vocabulary_spelling": vocabulary.spelling,
            "vocabulary_offsets": vocabulary.offsets,
            "vocabulary_articles": np.array([vocabulary.n_articles], dtype=np.int64),
            "vocabulary_table": vocabulary.table,
            "idf": self.tfidf_.idf_,
            "lsa_components": self.lsa_.components_,
            "lsa_terms": self.lsa_.terms_,
        }

    @classmethod
    def from_arrays(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        settings: Mapping[str, Mapping[str, Any]],
        n_jobs: int | None = None,
    ) -> Self:
        """Return the fitted encoder from the outputs of `to_arrays` and `settings`."""
        encoder = cls(TfidfEncoder(**settings["tfidf"]), LsaEncoder(**settings["lsa"]), n_jobs)
        encoder.tfidf_ = TfidfEncoder(**settings["tfidf"], n_jobs=n_jobs)  # a clone would take a millisecond
        encoder.lsa_ = LsaEncoder(**settings["lsa"], n_jobs=n_jobs)
        encoder.tfidf_.vocabulary_ = Vocabulary(
            arrays["vocabulary_hashes"],
            arrays["vocabulary_frequencies"],
            arrays["vocabulary_spelling"],
            arrays["vocabulary_offsets"],
            n_articles=int(arrays["vocabulary_articles"][0]),
            table=arrays["vocabulary_table"],
        )
        encoder.tfidf_.idf_, encoder.tfidf_.brevity_ = arrays["idf"], settings["tfidf"]["brevity"]
        encoder.lsa_.components_ = arrays["lsa_components"]
        encoder.lsa_.terms_ = arrays["lsa_terms"]
        return encoder

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that identify the state and settings that the vectors depend on."""
        digest = hashlib.blake2b(repr(self.settings()).encode(), digest_size=16)
        for name, array in sorted(self.to_arrays().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()
