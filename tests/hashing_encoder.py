"""An encoder for tests: the contract of the pretrained ones, without a model. Texts that share words are near."""

import hashlib

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError


class HashingEncoder(BaseEstimator):
    """Each word adds 1 or -1 in a dimension that its hash names; `encoded` keeps every text that was asked for."""

    def __init__(self, n_dimensions=64, n_jobs=None):
        self.n_dimensions = n_dimensions
        self.n_jobs = n_jobs

    def fit(self, X=(), y=None):
        if isinstance(X, str):
            raise ValueError("wanted a list of texts, got one string")
        self.n_dimensions_ = self.n_dimensions
        self.encoded = []
        return self

    def transform(self, X, progress=None):
        if not hasattr(self, "n_dimensions_"):
            raise NotFittedError("this HashingEncoder is not fitted; call fit first")
        pairs = [("", text) if isinstance(text, str) else tuple(text) for text in X]
        self.encoded += pairs
        vectors = np.zeros((len(pairs), self.n_dimensions_), dtype=np.float32)
        for vector, pair in zip(vectors, pairs, strict=True):
            for word in " ".join(pair).casefold().split():
                number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
                vector[number % self.n_dimensions_] += 1 - 2 * (number >> 63)
        if progress is not None:
            progress("encoding", len(pairs), len(pairs))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)

    def fit_transform(self, X, y=None, progress=None):
        return self.fit(X).transform(X, progress)

    def settings(self):
        return {"n_dimensions": self.n_dimensions}

    @classmethod
    def from_settings(cls, settings, **runtime):
        return cls(**settings, **runtime).fit()

    def fingerprint(self):
        return hashlib.blake2b(f"hashing {self.n_dimensions}".encode(), digest_size=16).hexdigest()
