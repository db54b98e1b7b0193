"""The languages of a site: those that it declares, those that its paths name, and those of its texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.collection.counterparts import Counterparts
from recommender.collection.parallel_trees import parallel_trees
from recommender.collection.trees import Trees
from recommender.text.chinese_scripts import with_chinese_scripts
from recommender.text.declared_languages import believed_languages
from recommender.text.languages import detect_languages, primary_language
from recommender.text.spool import TextSpool

__all__ = ["SiteLanguages", "site_languages"]


class SiteLanguages(NamedTuple):
    """The languages of a site.

    Attributes
    ----------
    names : list of str
        Primary subtags, ascending.
    codes : ndarray of int16, shape (n,)
        Place of each article's language in `names`, -1 if unknown.
    summaries : list of ArticleSummary
        With a language where one is known.
    trees : Trees
        Translations and versions by the paths of the pages.
    """

    names: list[str]
    codes: NDArray[np.int16]
    summaries: list[ArticleSummary]
    trees: Trees


def site_languages(
    summaries: Sequence[ArticleSummary], texts: TextSpool, n_jobs: int | None
) -> SiteLanguages:
    """Return the languages of a site.

    A summary without a tag that is believed gets the one of its translation, or else the language of its text. A
    Chinese one also gets its script, see `with_chinese_scripts`.
    """
    given = believed_languages(summaries, texts, n_jobs=n_jobs)
    found = detect_languages(given, texts, n_jobs=n_jobs)
    trees, named = parallel_trees(summaries, found, given, Counterparts(texts))
    tags = [tag or path or name or None for tag, path, name in zip(given, named, found, strict=True)]
    found = [
        name if tag else primary_language(path) or name
        for tag, path, name in zip(given, named, found, strict=True)
    ]
    tags = with_chinese_scripts(found, tags, texts)
    names = sorted(set(found) - {""})
    code = {name: place for place, name in enumerate(names)} | {"": -1}
    completed = [
        each if each.language == tag else replace(each, language=tag)
        for each, tag in zip(summaries, tags, strict=True)
    ]
    codes = np.array([code[each] for each in found], dtype=np.int16)
    return SiteLanguages(names, codes, completed, trees)
