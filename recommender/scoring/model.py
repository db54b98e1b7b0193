"""The model: everything that is learned from a site as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.labels import LabelVocabulary
from recommender.collection.site_languages import LanguageModel
from recommender.encoders.lexical_model import LexicalModel
from recommender.encoders.multilingual import MULTILINGUAL
from recommender.scoring.known_articles import NOTHING_KNOWN, KnownArticles
from recommender.scoring.weights import Weights
from recommender.text.boilerplate import Boilerplate
from recommender.text.text_model import TextModel

__all__ = ["Model"]


@dataclass(frozen=True, eq=False)
class Model:
    """What is learned from a site, frozen.

    Parameters
    ----------
    lexical : LexicalModel
        Vocabulary, weights of terms, and the projection to dense vectors.
    texts : TextModel
        What the texts of the site have in common.
    neural : mapping or None
        Name, settings and fingerprint of the encoder of the neural vectors.
    language : LanguageModel
    labels : mapping of str to LabelVocabulary
        By field.
    thresholds : ndarray of float32, shape (n_terms,)
        The value from which on a term proposes an article, see `fit_thresholds`.
    mean_cosine : float
        Mean cosine of the neural vectors of random pairs.
    mean_hub : float
        Mean of the hubs of all articles.
    log_ratios : mapping of str to float32 array
        What dates, sections and tags are worth, see `log_ratios`, and titles, see `title_ratios`.
    weights : Weights
    chance : float
        Raw score of one in fifty pairs of unrelated articles, see `chance_level`.
    opening : float
        Times chance that an article reaches which opens a list, see `opening_level`.
    fit : mapping or None
        Where the weights come from, if they were fitted.
    known : KnownArticles
        What was measured of each article beside all others: how close its neighbours are, and how often its title
        is mentioned.
    centres : ndarray of float32, shape (n_languages + 1, e)
        What neural vectors lose by the language of their text, see `language_centres`. Without rows where they are not
        comparable across languages.
    language_logs : ndarray of float32, shape (n_languages + 1, n_languages + 1)
        What is added to the log of a raw score for two languages, see `LanguagePairs`. Without rows as `centres`.
    """

    lexical: LexicalModel
    texts: TextModel
    neural: Mapping[str, Any] | None
    language: LanguageModel
    labels: Mapping[str, LabelVocabulary]
    thresholds: NDArray[np.float32]
    mean_cosine: float = 0.0
    mean_hub: float = 0.0
    log_ratios: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    weights: Weights = Weights()  # noqa: RUF009 - frozen
    chance: float = 0.0
    opening: float = 0.0
    fit: Mapping[str, Any] | None = None
    known: KnownArticles = NOTHING_KNOWN
    centres: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    language_logs: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    @property
    def crosses(self) -> bool:
        """Whether the neural vectors of articles in two languages are comparable."""
        return len(self.centres) > 0

    @property
    def sums_words(self) -> bool:
        """Whether the neural vectors are sums of the vectors of words, which say less than those of whole texts."""
        return self.neural is not None and self.neural["name"] == MULTILINGUAL

    @property
    def languages(self) -> tuple[str, ...]:
        """Primary subtags of the languages of the site, ascending."""
        return self.language.names

    @property
    def boilerplate(self) -> Boilerplate:
        """Text that recurs all over the site."""
        return self.texts.boilerplate

    @property
    def n_articles(self) -> int:
        """The number of articles that the model was fitted on."""
        return self.lexical.n_articles

    @cached_property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that differ where a vector or a score of some article would."""
        digest = hashlib.blake2b(self.lexical.fingerprint.encode(), digest_size=16)
        digest.update(json.dumps(self.settings(), sort_keys=True, default=str).encode())
        for name, vocabulary in sorted(self.labels.items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(vocabulary.hashes).data)
            digest.update(np.ascontiguousarray(vocabulary.counts).data)
        known = self.known
        scored = known.id_hashes, known.hubs, known.title_hashes, known.n_naming
        for array in (self.thresholds, *scored, self.centres, self.language_logs):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def settings(self) -> dict[str, Any]:
        """Return everything but the arrays, as JSON can hold it."""
        return {
            "texts": self.texts.to_dict(),
            "neural": None if self.neural is None else dict(self.neural),
            "language": self.language.to_dict(),
            "mean_cosine": self.mean_cosine,
            "mean_hub": self.mean_hub,
            "log_ratios": {
                name: [round(float(each), 4) for each in ratios] for name, ratios in self.log_ratios.items()
            },
            "weights": asdict(self.weights),
            "chance": self.chance,
            "opening": self.opening,
            "fit": self.fit,
        }

    def changed(self, **changes: Any) -> Self:
        """Return a model with some fields changed."""
        return replace(self, **changes)
