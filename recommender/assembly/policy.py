"""What a site wants of its lists, as one record: each rule of the assembly can be seen, set and switched off here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from recommender.assembly.settings import COPIES, RUNGS, texts, tidied

__all__ = ["COPIES", "RUNGS", "Policy"]

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Policy:
    """The rules by which a list is made of ranked articles.

    Parameters
    ----------
    floor : float, default 0.5
        Least score of an entry, 0 to 1. At 0.5 an entry is as close as one in fifty pairs of unrelated articles of this
        site; 0 keeps all that have something in common, 1 nothing.
    copies : str, default "original"
        Who stands for a group of near copies, see `COPIES`; "keep" lists each for itself.
    copy_sections : tuple of str
        For "sections": those that are preferred, the first most; ties, and articles of others, go by "original".
    cross_language : bool, default False
        Whether articles in another language may be listed.
    recency : str, default "era"
        "era": being close in time counts as it does on this site; "background": the same, and nothing newer is listed;
        "latest": new articles come first, see `half_life`; "none": dates play no part.
    half_life : float, default 30.0
        Of "latest", days, more than 0: at that age a raw score is three quarters of itself, when very old a half.
    half_lives : mapping of str to float
        The same for some sections.
    now : datetime or None
        When ages are counted from; None for the date of the newest article, so that a build depends on nothing else.
    where, where_not : mapping of str to sequence of str
        Field (section, language, or one of the metadata) to values of which an article in a list must have one, or none.
    published_after, published_before : datetime, date, str or None
        Window of the dates of articles in lists, both ends included; what has no date is outside.
    within_days : float or None
        Most days between an article and one in its list; what has no date is outside.
    same : tuple of str
        Fields whose value an article in a list must share.
    diversity : float, default 0.0
        0 (relevance only) to 1 (variety only), see `recommender.assembly.diversity`.
    caps : mapping of str to int
        Field to how many of one value a list holds, 1 or more, while there are others to choose from.
    exposure : float or None
        How many times the mean an article may be in lists, 1 or more; with it articles in no list are given
        places, even below the floor where nothing is nearer.
        None leaves both to chance.
    fallback : tuple of str
        What fills a short list, in this order, of `RUNGS`.
    popularity : str, default "views"
        Field of the metadata that says how much an article is read.

    Raises
    ------
    ValueError
        Naming every setting that is not one.

    Examples
    --------
    >>> Policy(diversity=0.3, fallback=("section",)).fallback
    ('section',)
    """

    floor: float = 0.5
    copies: str = "original"
    copy_sections: tuple[str, ...] = ()
    cross_language: bool = False
    recency: str = "era"
    half_life: float = 30.0
    half_lives: Mapping[str, float] = field(default_factory=lambda: _NONE)
    now: datetime | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    published_after: datetime | None = None
    published_before: datetime | None = None
    within_days: float | None = None
    same: tuple[str, ...] = ()
    diversity: float = 0.0
    caps: Mapping[str, int] = field(default_factory=lambda: _NONE)
    exposure: float | None = None
    fallback: tuple[str, ...] = ()
    popularity: str = "views"

    def __post_init__(self) -> None:
        found, wrong = tidied({each.name: getattr(self, each.name) for each in fields(self)})
        if wrong:
            raise ValueError("; ".join(wrong.values()))
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def changed(self, **changes: Any) -> Self:
        """Return the policy with some settings changed; None leaves one as it is.

        Raises
        ------
        TypeError
            If there is no such setting.
        ValueError
            If one is out of range.
        """
        given = {name: value for name, value in changes.items() if value is not None}
        if given.get("copies", "sections") != "sections":
            given = {"copy_sections": ()} | given  # these are of "sections" alone
        return replace(self, **given)

    def for_call(self, **rules: Any) -> Self:
        """Return the policy for one call: its rules take the place of the site's.

        Of `where` they do so field by field; what `where_not` has comes on top of what the site never lists.

        Raises
        ------
        TypeError
            If there is no such setting.
        ValueError
            If a setting is out of range, or is of all lists together: recency but "background", ages, exposure.
        """
        of_all = {"half_life", "half_lives", "now", "exposure", "popularity"} & set(rules)
        if rules.get("recency") not in (None, "background"):
            of_all.add("recency")
        if of_all:
            named = ", ".join(sorted(of_all))
            raise ValueError(
                f"not for one list, but of all lists together: {named}; set it in the site's policy"
            )
        wanted, unwanted = rules.get("where"), rules.get("where_not")
        if isinstance(wanted, Mapping):
            rules["where"] = {**self.where, **wanted}
        if isinstance(unwanted, Mapping):
            more = {name: (*self.where_not.get(name, ()), *texts(value)) for name, value in unwanted.items()}
            rules["where_not"] = {**self.where_not, **more}
        return self.changed(**rules)

    def to_json(self) -> dict[str, Any]:
        """Return all settings as JSON can hold them."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, settings: Mapping[str, Any]) -> Self:
        """Return the policy of these settings; those left out are as by default.

        Raises
        ------
        ValueError
            Naming every setting that does not exist or is out of range.
        """
        found, wrong = tidied(settings)
        if wrong:
            raise ValueError("; ".join(wrong.values()))
        return cls(**found)
