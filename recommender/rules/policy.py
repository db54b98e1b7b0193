"""The rules of a site's lists as one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Self

from recommender.frozen_dict import FrozenDict
from recommender.rules.call_settings import Moment, Values
from recommender.rules.policy_settings import (
    COPIES,
    FALLBACKS,
    LINKED,
    SERIES,
    TRANSLATIONS,
    TREES,
    texts,
    tidied,
)

__all__ = ["COPIES", "FALLBACKS", "LINKED", "SERIES", "TRANSLATIONS", "TREES", "Policy"]

_OF_ALL_LISTS = ("half_life", "half_lives", "now", "exposure", "popularity")
_NONE: FrozenDict[str, Any] = FrozenDict()


@dataclass(frozen=True, init=False)
class Policy:
    """The rules by which lists are made of ranked articles.

    Parameters
    ----------
    floor : float, default 0.5
        Least score of an entry, 0 to 1. One in fifty pairs of unrelated articles reaches 0.5; 0 keeps every article
        that has something in common, 1 keeps none.
    copies : str, default "best"
        Which article represents a group of near copies in a list, see `COPIES`. "keep" lists each by itself.
    copy_sections : str or iterable of str
        Preferred sections for "sections", the best first. Ties and articles of other sections go by "original".
    cross_language : bool, default False
        Whether lists may hold articles in another language.
    recency : str, default "era"
        "era": closeness in time counts as the site measures it. "background": the same, and newer articles are not
        listed. "latest": new articles come first, see `half_life`. "none": dates play no part.
    half_life : float, default 30.0
        Days, above 0, for "latest": at that age a raw score keeps three quarters, when very old a half.
    half_lives : mapping of str to float
        Half-lives of single sections.
    now : datetime, date, str or None
        When ages are counted from. None means the date of the newest article.
    where, where_not : mapping of str to value or values
        Field (section, language, or one of the metadata) to values. With `where` a listed article must have one of the
        values, with `where_not` none.
    published_after, published_before : datetime, date, str or None
        Window of the dates of articles in lists, both ends included. Articles without a date are outside.
    within_days : float or None
        Most days between an article and one in its list. Articles without a date are outside.
    same : str or iterable of str
        Fields whose value an article and those in its list must share.
    diversity : float, default 0.0
        0 (relevance only) to 1 (variety only), see `recommender.lists.diversity`.
    caps : mapping of str to int
        Field to the number of entries of a list that may share a value, 1 or more, while others are available.
    exposure : float or None
        Lists that one article may be in, as a multiple of the mean, 1 or more. Articles in no list then get places, even
        below the floor where nothing is nearer. None sets no bound.
    fallback : str or iterable of str
        What fills a short list, in this order, of `FALLBACKS`.
    popularity : str, default "views"
        Metadata field that holds how often an article is read.
    trees : str, default "own"
        "own": of parallel versions and translations lists hold only pages of the article's own. An article outside them
        lists one version of a page, the newest that the other rules allow. "all": of others too.
        With `cross_language` lists hold pages of all translations, and of another page one: that in the article's language,
        or else that which scores best. With "all" they hold all.
    translations : str, default "listed"
        "apart": a page is in no list of its translations, also with `cross_language`. The translations of a page
        come with its list in any case, see `RelatedList.translations`.
    linked : str, default "listed"
        "out": an article that the text links to, and its near copies, are left out.
    series : str, default "listed"
        "first": the next and the previous part of a series come first, whatever their scores. See
        `recommender.collection.series`.
    rotation : str, int, date or None
        A seed, such as the date: the lower places are drawn from the next candidates above the floor. None draws none.
    rotation_keeps : int or None
        First places that stay, 0 or more. None means half of them.

    Raises
    ------
    ValueError
        Naming every invalid setting.

    Examples
    --------
    >>> Policy(diversity=0.3, fallback=["section"]).fallback
    ('section',)
    """

    floor: float
    copies: str
    copy_sections: tuple[str, ...]
    cross_language: bool
    recency: str
    half_life: float
    half_lives: FrozenDict[str, float]
    now: datetime | None
    where: FrozenDict[str, tuple[str, ...]]
    where_not: FrozenDict[str, tuple[str, ...]]
    published_after: datetime | None
    published_before: datetime | None
    within_days: float | None
    same: tuple[str, ...]
    diversity: float
    caps: FrozenDict[str, int]
    exposure: float | None
    fallback: tuple[str, ...]
    popularity: str
    trees: str
    translations: str
    linked: str
    series: str
    rotation: str | None
    rotation_keeps: int | None

    def __init__(
        self,
        floor: float = 0.5,
        copies: str = "best",
        copy_sections: str | Iterable[str] = (),
        cross_language: bool = False,
        recency: str = "era",
        half_life: float = 30.0,
        half_lives: Mapping[str, float] = _NONE,
        now: Moment | None = None,
        where: Mapping[str, Values] = _NONE,
        where_not: Mapping[str, Values] = _NONE,
        published_after: Moment | None = None,
        published_before: Moment | None = None,
        within_days: float | None = None,
        same: str | Iterable[str] = (),
        diversity: float = 0.0,
        caps: Mapping[str, int] = _NONE,
        exposure: float | None = None,
        fallback: str | Iterable[str] = (),
        popularity: str = "views",
        trees: str = "own",
        translations: str = "listed",
        linked: str = "listed",
        series: str = "listed",
        rotation: str | int | date | None = None,
        rotation_keeps: int | None = None,
    ) -> None:
        given = locals()
        found, wrong = tidied({each.name: given[each.name] for each in fields(self)})
        if wrong:
            raise ValueError("; ".join(wrong.values()))
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def changed(self, **changes: Any) -> Self:
        """Return the policy with some settings changed. None leaves a setting as it is.

        Raises
        ------
        TypeError
            If a setting does not exist.
        ValueError
            If a setting is invalid.
        """
        _check_names(changes, [each.name for each in fields(self)])
        given = {name: value for name, value in changes.items() if value is not None}
        if given.get("copies", "sections") != "sections":
            given = {"copy_sections": ()} | given  # these belong to "sections" alone
        return replace(self, **given)

    def for_call(self, **settings: Any) -> Self:
        """Return the policy for one call, whose settings replace those of the site.

        `where` is replaced field by field. `where_not` is added to that of the site.

        Raises
        ------
        TypeError
            If a setting does not exist.
        ValueError
            If a setting is invalid or concerns all lists together: recency but "background", ages, exposure.
        """
        names = [each.name for each in fields(self) if each.name not in _OF_ALL_LISTS]
        of_all = set(_OF_ALL_LISTS) & set(settings)
        if settings.get("recency") not in (None, "background"):
            of_all.add("recency")
        if of_all:
            listed = ", ".join(sorted(of_all))
            raise ValueError(
                f"{listed}: concerns all lists together and cannot be set for one call; set it in the policy of the site"
            )
        _check_names(settings, names)
        given = dict(settings)
        wanted, unwanted = given.get("where"), given.get("where_not")
        if isinstance(wanted, Mapping):
            given["where"] = {**self.where, **wanted}
        if isinstance(unwanted, Mapping):
            _, wrong = tidied({"where_not": unwanted})
            if wrong:
                raise ValueError(wrong["where_not"])
            more = {name: (*self.where_not.get(name, ()), *texts(value)) for name, value in unwanted.items()}
            given["where_not"] = {**self.where_not, **more}
        return self.changed(**given)

    def to_dict(self) -> dict[str, Any]:
        """Return all settings as JSON can hold them."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else _plain(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Self:
        """Return the policy with these settings. Missing ones keep their defaults.

        Raises
        ------
        TypeError
            If they are not a mapping.
        ValueError
            Naming every unknown or invalid setting.
        """
        if not isinstance(settings, Mapping):
            raise TypeError(f"settings must be a mapping of names to values, got {settings!r:.80}")
        found, wrong = tidied(settings)
        if wrong:
            raise ValueError("; ".join(wrong.values()))
        return cls(**found)


def _check_names(settings: Iterable[str], known: list[str]) -> None:
    for name in settings:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise TypeError(f"no such setting: {name}; {hint}")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return list(value) if isinstance(value, tuple) else value
