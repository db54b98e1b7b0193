"""The languages of a site: those that it declares, those that its paths name, and those of its texts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.collection.counterparts import Counterparts
from recommender.collection.parallel_trees import fit_trees
from recommender.collection.tree_model import TreeModel
from recommender.collection.trees import Trees
from recommender.text.chinese_scripts import with_both_scripts, with_chinese_script
from recommender.text.declared_languages import believed_languages, contradictions
from recommender.text.languages import LanguagePrior, fit_languages, primary_language
from recommender.text.spool import TextSpool

__all__ = ["LanguageModel", "SiteLanguages", "fit_site_languages", "language_code", "site_languages"]

_BEYOND = 1_000  # codes of languages that are not in the model begin here


@dataclass(frozen=True)
class LanguageModel:
    """What is learned of a site to tell the language of an article.

    Parameters
    ----------
    names : tuple of str
        Primary subtags of the languages of the site, ascending.
    prior : LanguagePrior
    contradicted : tuple of str
        Languages that pages declare and that most of their texts are not in.
    both_scripts : bool
        Whether articles in Chinese are told apart by their script.
    trees : TreeModel
        Translations and versions.
    """

    names: tuple[str, ...] = ()
    prior: LanguagePrior = field(default_factory=lambda: LanguagePrior({}))
    contradicted: tuple[str, ...] = ()
    both_scripts: bool = False
    trees: TreeModel = TreeModel()  # noqa: RUF009 - frozen

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON values for `from_dict`."""
        prior = self.prior._asdict() | {"shares": dict(self.prior.shares)}
        return {
            "names": list(self.names),
            "prior": prior,
            "contradicted": list(self.contradicted),
            "both_scripts": self.both_scripts,
            "trees": self.trees.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the model from the output of `to_dict`."""
        prior, mistaken = data["prior"], data["prior"]["mistaken"]
        return cls(
            tuple(data["names"]),
            LanguagePrior(
                dict(prior["shares"]), tuple(prior["declared"]), prior["usual"],
                None if mistaken is None else tuple(mistaken),
            ),
            tuple(data["contradicted"]),
            bool(data["both_scripts"]),
            TreeModel.from_dict(data["trees"]),
        )  # fmt: skip


class SiteLanguages(NamedTuple):
    """The languages of the articles of a site.

    Attributes
    ----------
    codes : ndarray of int16, shape (n,)
        See `language_code`.
    summaries : list of ArticleSummary
        With a language where one is known.
    trees : Trees
        Translations and versions by the paths of the pages.
    """

    codes: NDArray[np.int16]
    summaries: list[ArticleSummary]
    trees: Trees


def fit_site_languages(
    summaries: Sequence[ArticleSummary], texts: TextSpool, n_jobs: int | None
) -> tuple[LanguageModel, SiteLanguages]:
    """Return what is learned of the languages of a site, and those of its articles."""
    found = contradictions(summaries, texts, n_jobs=n_jobs)
    for each in found:
        warnings.warn(each.warning(), stacklevel=5)
    names = tuple(each.declared for each in found)
    given = believed_languages(summaries, names)
    prior, languages = fit_languages(given, texts, n_jobs=n_jobs)
    parallel = fit_trees(summaries, languages, given, Counterparts(texts))
    model = LanguageModel(prior=prior, contradicted=names, trees=parallel)
    languages, tags, trees = _named(parallel, summaries, given, languages)
    model = replace(
        model,
        names=tuple(sorted(set(languages) - {""})),
        both_scripts=with_both_scripts(languages, tags, texts),
    )
    return model, _completed(model, summaries, texts, (languages, tags, trees))


def site_languages(
    model: LanguageModel, summaries: Sequence[ArticleSummary], texts: TextSpool, n_jobs: int | None
) -> SiteLanguages:
    """Return the languages of articles by a model.

    A summary without a tag that is believed gets the one of its translation, or else the language of its text. A
    Chinese one also gets its script if the site has both.
    """
    given = believed_languages(summaries, model.contradicted)
    found = model.prior.languages(given, texts, n_jobs=n_jobs)
    return _completed(model, summaries, texts, _named(model.trees, summaries, given, found))


def language_code(names: Sequence[str], language: str) -> int:
    """Return the place of a language in `names`, -1 for "", and for others a number from 1,000 to 21,000.

    Examples
    --------
    >>> [language_code(("de", "en"), name) for name in ("en", "", "fr", "yue")]
    [1, -1, 1180, 19797]
    """
    if language in names:
        return names.index(language)
    if not language:
        return -1
    number = 0
    for letter in language:
        number = 27 * number + max(0, min(ord(letter) - 96, 26))
    return _BEYOND + number


def _named(
    parallel: TreeModel,
    summaries: Sequence[ArticleSummary],
    given: Sequence[str | None],
    found: Sequence[str],
) -> tuple[list[str], list[str | None], Trees]:
    """Return the primary languages and the tags of articles by what their paths name, and the parallel trees."""
    trees, named = parallel.trees(summaries, found, given)
    tags = [tag or path or name or None for tag, path, name in zip(given, named, found, strict=True)]
    languages = [
        name if tag else primary_language(path) or name
        for tag, path, name in zip(given, named, found, strict=True)
    ]
    return languages, tags, trees


def _completed(
    model: LanguageModel,
    summaries: Sequence[ArticleSummary],
    texts: TextSpool,
    named: tuple[Sequence[str], Sequence[str | None], Trees],
) -> SiteLanguages:
    languages, tags, trees = named
    if model.both_scripts:
        tags = [
            with_chinese_script(tag, text) if name == "zh" else tag
            for name, tag, text in zip(languages, tags, texts, strict=True)
        ]
    completed = [
        each if each.language == tag else replace(each, language=tag)
        for each, tag in zip(summaries, tags, strict=True)
    ]
    codes = {name: language_code(model.names, name) for name in set(languages)}
    return SiteLanguages(np.array([codes[name] for name in languages], dtype=np.int16), completed, trees)
