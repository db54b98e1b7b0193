"""The language of every article of a site: as it says itself, else as its text and the rest of the site suggest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from recommender.text.language_scores import LanguageScores

__all__ = ["detect_languages", "primary_language"]

# Not a language: undetermined, several, none, uncoded.
_UNTOLD = frozenset({"und", "mul", "zxx", "mis"})
# Two codes of one language: withdrawn ones, Norwegian in its usual form, and three letters where BCP 47 has two.
_ALIASES = {
    "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "nb": "no", "nob": "no", "nor": "no", "nno": "nn", "fil": "tl",
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cze": "cs", "chi": "zh", "cmn": "zh", "zho": "zh",
    "dan": "da", "deu": "de", "ger": "de", "ell": "el", "gre": "el", "eng": "en", "est": "et", "fas": "fa",
    "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu",
    "ind": "id", "isl": "is", "ice": "is", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt",
    "nld": "nl", "dut": "nl", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk",
    "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk",
    "vie": "vi",
}  # fmt: skip
_RARE = 0.1  # articles that a language is thought to have which no other article of the site is in
_SURE = 0.5  # probability beyond which a language is believed
_BLOCK = 8192  # texts weighed at a time
_ROUNDS = 5  # more moved one title in 38,000


def primary_language(tag: str | None) -> str:
    """Return the primary subtag of a BCP 47 tag in small letters, or "" where it names no language.

    Examples
    --------
    >>> [primary_language(tag) for tag in ("en-GB", "zh-Hant", "EN_us", "iw", "und", "English", None)]
    ['en', 'zh', 'en', 'he', '', '', '']
    """
    subtag = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    if len(subtag) not in (2, 3) or not (subtag.isascii() and subtag.isalpha()) or subtag in _UNTOLD:
        return ""
    return _ALIASES.get(subtag, subtag)


def detect_languages(
    given: Sequence[str | None], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
) -> list[str]:
    """Return the primary language of each article of a site.

    What an article says itself is taken. The others are read, and what the site's other articles are in is the
    prior: a few words of Latin on an English site are English, a whole page of it is Latin.

    Parameters
    ----------
    given : sequence of (str or None), length n_articles
        Language tags as the site has them.
    texts : iterable of (str, str), length n_articles
        Plain title and body of each. Not read where every article has its language.
    n_jobs : int or None
        Threads; the result does not depend on it.

    Returns
    -------
    list of str, length n_articles
        Primary subtags such as ``"en"`` and ``"zh"``. Where a text is too short to tell, the most common language
        of the site; ``""`` where no article's is known.

    Raises
    ------
    ValueError
        If there are fewer or more texts than languages.

    Notes
    -----
    Linear in the number of articles: the first 400 characters of title and of body are read, some 20 microseconds
    and 270 bytes an article. The model is loaded once, in about a second, and keeps 100 MB.

    Examples
    --------
    >>> detect_languages(["en-GB", None], [("Rain", ""), ("Regen", "Am Montag hat es im ganzen Land geregnet.")])
    ['en', 'de']
    """
    told = [primary_language(tag) for tag in given]
    if all(told):
        return told
    from recommender.text.language_scores import language_scores

    unknown = [row for row, language in enumerate(told) if not language]
    scores = language_scores(_untold(told, texts), n_jobs=n_jobs)
    known = Counter(language for language in told if language)
    for row, language in zip(unknown, _likeliest(scores, known), strict=True):
        told[row] = language
    counts = Counter(language for language in told if language)
    usual = min(counts, key=lambda language: (-counts[language], language), default="")
    return [language or usual for language in told]


def _untold(told: list[str], texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for language, text in zip(told, texts, strict=True):
        if not language:
            yield text


def _likeliest(scores: LanguageScores, known: Counter[str]) -> list[str]:
    """Return the language of each text where it is likelier than all others together, else "".

    How common each language is on the site is estimated along with the texts' languages, by expectation
    maximisation over a mixture [1]_; a text does not count in its own prior, or one text alone would always be sure.

    References
    ----------
    .. [1] Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39(1), 1977.
    """
    known_counts = np.array([known[name] for name in scores.names], dtype=np.float64)
    shares = np.ones(len(known_counts))
    for _ in range(_ROUNDS):
        shares = known_counts + sum(chances.sum(axis=0) for chances in _chances(scores, shares))
    found = []
    for chances in _chances(scores, shares, others=True):
        best = [scores.names[column] for column in chances.argmax(axis=1)]
        sure = chances.max(axis=1) > _SURE
        found += [name if certain and name != "zxx" else "" for name, certain in zip(best, sure, strict=True)]
    return found


def _chances(
    scores: LanguageScores, shares: NDArray[np.float64], *, others: bool = False
) -> Iterator[NDArray[np.float64]]:
    """Yield the probability of each language for blocks of texts; with `others`, a text's own share is left out."""
    for start in range(0, len(scores.log_likelihoods), _BLOCK):
        likelihoods = np.exp(scores.log_likelihoods[start : start + _BLOCK].astype(np.float32))
        chances = _normed(likelihoods * (shares + _RARE))
        yield _normed(likelihoods * (np.maximum(shares - chances, 0.0) + _RARE)) if others else chances


def _normed(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    weights /= weights.sum(axis=1, keepdims=True)
    return weights
