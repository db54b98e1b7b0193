"""Candidates for the links of one text, and the choice among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.vocabulary import columns_of
from recommender.index.sparse_rows import SparseRow
from recommender.links.page_text import PageText
from recommender.links.phrases import WHOLE, Phrase, Title, phrases_naming
from recommender.lists.site import Site
from recommender.scoring.calibration import calibrated, raw_score

__all__ = ["CandidateLink", "LinkCandidates", "Targets", "chosen_links"]

_REMEMBERED = 10_000  # titles
_PRIOR_ARTICLES = (
    100  # as in the weights of terms: on a site of a few articles each term is held by a large share
)


class Targets(NamedTuple):
    """Articles that links may lead to, best first.

    Attributes
    ----------
    rows : ndarray of int32, shape (t,)
    scores : ndarray of float32, shape (t,)
        How related they are to the article, 0 to 1.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]


class CandidateLink(NamedTuple):
    """A phrase that names a target, with the strength of the link."""

    strength: float
    phrase: Phrase
    row: int


class LinkCandidates:
    """Finds the phrases of texts that name articles of a site.

    Parameters
    ----------
    site : Site
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._title = lru_cache(_REMEMBERED)(self._read_title)

    def of(self, page: PageText, own_title: str, targets: Targets) -> Iterator[CandidateLink]:
        """Yield a candidate for each phrase of a text that names a target, and no other article better.

        The strength is ``x / (x + chance)`` with ``x = r c ln(n / (1 + m)) / ln n``: *r* is the raw score of the two
        articles, see `calibrated`, *c* the share of the target's title that the phrase holds, and *m* of *n* articles
        hold its rarest term. So a phrase that all texts hold counts nothing, as in `mention_strength`. The share of a
        single word is squared, because words alone are often used in another sense. A phrase inside the whole title of
        an article stands for that article alone. A phrase that holds as much of the own title stands for no other, unless
        it is the whole title of another that says more.
        """
        chance = self._site.model.chance
        own = Title.of(own_title, self._site.model.lexical)
        rows = targets.rows.tolist()
        found = [list(phrases_naming(self._title(row), page)) for row in rows]
        others = (phrases_naming(self._title(row), page) for row in self._named_in(page))
        whole = [(each.first, each.last) for each in chain(*found, *others) if each.share >= WHOLE]
        for row, score, phrases in zip(rows, targets.scores.tolist(), found, strict=True):
            raw = raw_score(score, chance)
            for phrase in phrases:
                is_part = phrase.share < WHOLE and any(
                    a <= phrase.first and phrase.last <= b for a, b in whole
                )
                says_more = phrase.share >= WHOLE > self._title(row).share(phrase.terms & own.shares.keys())
                held = own.share(own.terms_in(page, phrase.first, phrase.last))
                is_own = held >= phrase.share and not says_more
                if not is_part and not is_own and _is_name(page.shown(phrase.first, phrase.last)):
                    share = phrase.share if phrase.first < phrase.last else phrase.share**2
                    worth = np.float64(raw * share * self._rarity(row, phrase))
                    yield CandidateLink(float(calibrated(worth, chance)), phrase, row)

    def _rarity(self, row: int, phrase: Phrase) -> float:
        """Return how few articles hold a phrase, 0 to 1."""
        n = self._site.model.n_articles + _PRIOR_ARTICLES
        m = min(self._title(row).n_articles[term] for term in phrase.terms)
        return max(0.0, log(n / (1 + m)) / log(n))

    def _named_in(self, page: PageText) -> list[int]:
        """Return the rows of the articles whose whole titles a text may hold."""
        arrays, titles = self._site.model.lexical.arrays, self._site.collection.titles
        terms = np.unique(np.concatenate([page.words.hashes, page.words.pairs]))
        columns = np.sort(columns_of(terms, arrays["vocabulary_hashes"], arrays["vocabulary_table"]))
        columns = columns[columns >= 0]
        rows = self._site.index.title_terms.held(columns)
        held = titles.squares_held(SparseRow(columns, np.ones(len(columns), np.float32)), rows)
        found: list[int] = rows[held >= WHOLE].tolist()
        return found

    def _read_title(self, row: int) -> Title:
        (shown,) = self._site.collection.summaries.columns["title"].take([row])
        return Title.of(shown.decode(), self._site.model.lexical)


def chosen_links(candidates: Iterable[CandidateLink], k: int, ids: NDArray[np.int32]) -> list[CandidateLink]:
    """Return the strongest candidates that do not overlap, at most one a target and one target a phrase.

    Ties go to the earlier phrase, then to the smaller place in `ids`.
    """
    found: list[CandidateLink] = []
    targets, phrases, words = set[int](), set[frozenset[int]](), set[int]()
    ordered = sorted(candidates, key=lambda each: (-each.strength, each.phrase.first, int(ids[each.row])))
    for candidate in ordered:
        phrase = candidate.phrase
        places = range(phrase.first, phrase.last + 1)
        if candidate.row in targets or phrase.terms in phrases or not words.isdisjoint(places):
            continue
        found.append(candidate)
        targets.add(candidate.row)
        phrases.add(phrase.terms)
        words.update(places)
        if len(found) == k:
            break
    return found


def _is_name(shown: str) -> bool:
    """Return whether a phrase has a letter and more than one character."""
    return len(shown) > 1 and any(map(str.isalpha, shown))
