"""The language of each article: declared, or else detected from its text and the rest of the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.text.close_languages import LONG_ENOUGH, SURE, are_close

if TYPE_CHECKING:
    from recommender.text.language_scores import LanguageScores

__all__ = ["LanguagePrior", "detect_languages", "fit_languages", "primary_language"]

# Tags for undetermined, multiple, no and uncoded languages.
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})
# Withdrawn codes, the usual form of Norwegian, and three-letter codes where BCP 47 uses two letters.
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
_RARE = 0.1  # pseudocount of articles in each language
_SURE = 0.5  # probability above which a language is accepted
_BLOCK = 8192  # texts processed at a time
_LEAD = log(SURE / (1 - SURE))  # of log likelihoods
_ROUNDS = 5  # more rounds changed one title in 38,000


def primary_language(tag: str | None) -> str:
    """Return the primary subtag of a BCP 47 tag in lower case, or "" if the tag names no language.

    Examples
    --------
    >>> [primary_language(tag) for tag in ("en-GB", "zh-Hant", "EN_us", "iw", "und", "English", None)]
    ['en', 'zh', 'en', 'he', '', '', '']
    """
    subtag = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    if len(subtag) not in (2, 3) or not (subtag.isascii() and subtag.isalpha()) or subtag in _NO_LANGUAGE:
        return ""
    return _ALIASES.get(subtag, subtag)


class LanguagePrior(NamedTuple):
    """What a site says of the languages of its articles before one of them is read.

    Attributes
    ----------
    shares : mapping of str to float
        Expected number of articles in each language.
    declared : tuple of str
        Languages that articles declare, ascending.
    usual : str
        The most common language, "" if none is known. Texts that are too short count as in it.
    mistaken : tuple of str or None
        Languages that the site does not tell from a close one, see `_mistaken`. None if no text was read.
    """

    shares: Mapping[str, float]
    declared: tuple[str, ...] = ()
    usual: str = ""
    mistaken: tuple[str, ...] | None = None

    def languages(
        self, given: Sequence[str | None], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
    ) -> list[str]:
        """Return the primary language of each article: the declared one, or that of its text under this prior."""
        languages = [primary_language(tag) for tag in given]
        if all(languages):
            return languages
        from recommender.text.language_scores import language_scores

        scores = language_scores(_without_language(languages, texts), n_jobs=n_jobs)
        shares = np.array([self.shares.get(name, 0.0) for name in scores.names])
        found = iter(_found(scores, shares, self._kept(scores.names, shares)))
        return [language or next(found) or self.usual for language in languages]

    def _kept(self, names: tuple[str, ...], shares: NDArray[np.float64]) -> NDArray[np.bool_]:
        mistaken = self.mistaken
        if mistaken is None:
            from recommender.text.language_scores import LanguageScores

            none = np.zeros((0, len(names)), dtype=np.float16), np.zeros(0, dtype=np.int32)
            known = Counter(dict.fromkeys(self.declared, 1))
            columns = _mistaken(LanguageScores(names, *none), shares, set(), known)
            mistaken = tuple(names[column] for column in columns)
        return ~np.isin(names, mistaken)


def detect_languages(
    given: Sequence[str | None], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
) -> list[str]:
    """Return the primary language of each article of a site; see `fit_languages`.

    Examples
    --------
    >>> detect_languages(["en-GB", None], [("Rain", ""), ("Regen", "Am Montag hat es im ganzen Land geregnet.")])
    ['en', 'de']
    """
    return fit_languages(given, texts, n_jobs=n_jobs)[1]


def fit_languages(
    given: Sequence[str | None], texts: Iterable[tuple[str, str]], *, n_jobs: int | None = None
) -> tuple[LanguagePrior, list[str]]:
    """Return the prior of a site, and the primary language of each of its articles.

    Declared languages are kept. The other articles are classified by their texts, with the languages of the
    site's other articles as the prior: a few words of Latin on an English site count as English, a whole page
    as Latin. The languages are those that `LanguagePrior.languages` returns.

    Parameters
    ----------
    given : sequence of (str or None), length n_articles
        Language tags as the site declares them.
    texts : iterable of (str, str), length n_articles
        Plain title and body of each article. Not read if every article has a language.
    n_jobs : int or None
        Threads. The result does not depend on it.

    Returns
    -------
    prior : LanguagePrior
    languages : list of str, length n_articles
        Primary subtags such as ``"en"`` and ``"zh"``. For a text that is too short, the most common language
        of the site, or ``""`` if no language is known.

    Raises
    ------
    ValueError
        If the numbers of texts and languages differ.

    Notes
    -----
    Linear in the number of articles. Reads the first 400 characters of each title and body, in about 20
    microseconds and 270 bytes per article. The model is loaded once, in about a second, and takes 100 MB.
    """
    languages = [primary_language(tag) for tag in given]
    known = Counter(language for language in languages if language)
    if all(languages):
        prior = LanguagePrior(dict(sorted(known.items())), tuple(sorted(known)), _most_common(known))
        return prior, languages
    from recommender.text.language_scores import language_scores

    scores = language_scores(_without_language(languages, texts), n_jobs=n_jobs)
    shares, kept, found = _likeliest(scores, known)
    mistaken = tuple(name for name, stays in zip(scores.names, kept.tolist(), strict=True) if not stays)
    by_name = dict(zip(scores.names, shares.tolist(), strict=True))
    by_name |= {name: float(count) for name, count in sorted(known.items()) if name not in by_name}
    usual = _most_common(known + Counter(name for name in found if name))
    prior = LanguagePrior(by_name, tuple(sorted(known)), usual, mistaken)
    rest = iter(found)
    return prior, [language or next(rest) or usual for language in languages]


def _most_common(counts: Counter[str]) -> str:
    return min(counts, key=lambda language: (-counts[language], language), default="")


def _without_language(languages: list[str], texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of articles whose language is unknown."""
    for language, text in zip(languages, texts, strict=True):
        if not language:
            yield text


def _likeliest(
    scores: LanguageScores, known: Counter[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], list[str]]:
    """Return the expected number of texts in each language, which languages are kept, and those of the texts.

    The frequencies of the languages are estimated together with the languages of the texts, by expectation
    maximisation over a mixture [1]_, and again without the languages that are `_mistaken` for others.

    References
    ----------
    .. [1] Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39(1), 1977.
    """
    known_counts = np.array([known[name] for name in scores.names], dtype=np.float64)
    kept = np.ones(len(known_counts), dtype=np.bool_)
    while True:
        shares = np.ones(len(known_counts))
        for _ in range(_ROUNDS):
            shares = known_counts + sum(chances.sum(axis=0) for chances in _chances(scores, shares, kept))
        found = _found(scores, shares, kept)
        mistaken = [column for column in _mistaken(scores, shares, set(found), known) if kept[column]]
        if not mistaken:
            return shares, kept, found
        kept[mistaken] = False


def _found(scores: LanguageScores, shares: NDArray[np.float64], kept: NDArray[np.bool_]) -> list[str]:
    """Return the language of each text if it is likelier than all others together, else "".

    A text is left out of its own prior; otherwise a single text would always be certain.
    """
    found: list[str] = []
    for chances in _chances(scores, shares, kept, others=True):
        best = [scores.names[column] for column in chances.argmax(axis=1)]
        sure = chances.max(axis=1) > _SURE
        found += [name if certain and name != "zxx" else "" for name, certain in zip(best, sure, strict=True)]
    return found


def _mistaken(
    scores: LanguageScores, shares: NDArray[np.float64], found: set[str], known: Counter[str]
) -> list[int]:
    """Return the columns of languages that are close to those of the site and that it does not tell from them.

    Of languages that are often mistaken for each other, the most frequent stays. Another one stays if an article
    declares it, or if a long text is certainly in it rather than in one that stays. Headlines alone thus do not divide
    a site, and neither do languages that no length of text tells apart, such as Bosnian and Croatian.
    """
    languages = found | set(known) | {scores.names[int(shares.argmax())]}
    long = scores.log_likelihoods[scores.lengths >= LONG_ENOUGH]
    best = long.argmax(axis=1)
    stay: list[int] = []
    mistaken: list[int] = []
    for column in np.lexsort((np.arange(len(shares)), -shares)).tolist():
        name = scores.names[column]
        if not any(are_close(name, each) for each in languages):
            continue
        rivals = [each for each in stay if are_close(scores.names[each], name)]
        texts = long[best == column].astype(np.float64)
        lead = texts[:, column] - texts[:, rivals].max(axis=1, initial=-np.inf)
        stays = not rivals or known[name] > 0 or bool((lead >= _LEAD).any())
        (stay if stays else mistaken).append(column)
    return mistaken


def _chances(
    scores: LanguageScores, shares: NDArray[np.float64], kept: NDArray[np.bool_], *, others: bool = False
) -> Iterator[NDArray[np.float64]]:
    """Yield probabilities of the kept languages for blocks of texts. With `others`, the prior excludes the text itself."""
    for start in range(0, len(scores.log_likelihoods), _BLOCK):
        logs = np.where(kept, scores.log_likelihoods[start : start + _BLOCK].astype(np.float32), -np.inf)
        likelihoods = np.exp(logs - logs.max(axis=1, keepdims=True))
        chances = _normed(likelihoods * (shares + _RARE))
        yield _normed(likelihoods * (np.maximum(shares - chances, 0.0) + _RARE)) if others else chances


def _normed(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    weights /= weights.sum(axis=1, keepdims=True)
    return weights
