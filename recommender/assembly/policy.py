"""What a site wants of its lists, as one record: each rule of the assembly can be seen, set and switched off here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from recommender.articles import parse_date
from recommender.ranking.recency import MODES

__all__ = ["COPIES", "RUNGS", "Policy"]

COPIES = ("original", "longest", "newest", "sections", "keep")
"""Who stands for a group of near copies: the oldest, the longest, the newest, that of a preferred section; or each for
itself."""

RUNGS = ("section", "popular", "newest")
"""What a list that is short can be filled with: the newest of its section, what is read most, the newest of all."""

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
        Of "latest", days, more than 0: at that age a score is three quarters of itself, when very old a half.
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
        How many times the mean an article may be in lists, 1 or more; with it articles in no list are given places.
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
        for name in ("copy_sections", "same", "fallback"):
            object.__setattr__(self, name, _texts(getattr(self, name)))
        for name in ("where", "where_not"):
            object.__setattr__(self, name, {key: _texts(value) for key, value in getattr(self, name).items()})
        for name in ("half_lives", "caps"):
            object.__setattr__(self, name, dict(getattr(self, name)))
        wrong = [*self._dates(), *_wrong(self)]
        if wrong:
            raise ValueError("; ".join(wrong))

    def _dates(self) -> list[str]:
        """Parse what is a date; return what is none."""
        wrong = []
        for name in ("now", "published_after", "published_before"):
            value = getattr(self, name)
            if value is not None:
                try:
                    moment = parse_date(value)
                except ValueError as error:
                    wrong.append(f"{name} must be an ISO 8601 date, got {error}")
                    continue
                if name == "published_before" and _is_day(value):
                    moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
                object.__setattr__(self, name, moment)
        return wrong

    def changed(self, **changes: Any) -> Self:
        """Return the policy with some settings changed; None leaves one as it is.

        Raises
        ------
        TypeError
            If there is no such setting.
        """
        return replace(self, **{name: value for name, value in changes.items() if value is not None})

    def for_call(self, **rules: Any) -> Self:
        """Return the policy for one call: what it wants of fields comes on top, everything else takes its place.

        Raises
        ------
        TypeError
            If there is no such setting.
        ValueError
            If a setting is out of range, or is of all lists together: recency but "background", ages, exposure.
        """
        of_all = sorted({"half_life", "half_lives", "now", "exposure", "popularity"} & set(rules))
        if of_all or rules.get("recency", "background") != "background":
            raise ValueError(
                f"{', '.join(of_all) or 'recency'} is of all lists together; set it in the site's policy"
            )
        merged = {
            name: {**getattr(self, name), **rules[name]} for name in ("where", "where_not") if name in rules
        }
        return self.changed(**rules | merged)

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
        unknown = sorted(set(settings) - {each.name for each in fields(cls)})
        if unknown:
            raise ValueError(f"no such setting: {', '.join(unknown)}")
        return cls(**settings)


def _texts(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)


def _is_day(value: Any) -> bool:
    """Whether a date was given without a time: the whole day is meant."""
    return (
        len(value.strip()) <= len("2026-05-01") if isinstance(value, str) else not isinstance(value, datetime)
    )


def _wrong(policy: Policy) -> list[str]:
    """Return what is out of range, in words."""
    checks = {
        f"floor must be from 0 to 1, got {policy.floor}": 0 <= policy.floor <= 1,
        f"diversity must be from 0 to 1, got {policy.diversity}": 0 <= policy.diversity <= 1,
        f"copies must be one of {', '.join(COPIES)}, got {policy.copies!r}": policy.copies in COPIES,
        "copies='sections' needs copy_sections, and only that": (policy.copies == "sections")
        == bool(policy.copy_sections),
        f"recency must be one of {', '.join(MODES)}, got {policy.recency!r}": policy.recency in MODES,
        f"half_life must be more than 0 days, got {policy.half_life}": policy.half_life > 0,
        f"half_lives must be more than 0 days, got {policy.half_lives}": all(
            each > 0 for each in policy.half_lives.values()
        ),
        f"within_days must be 0 or more, got {policy.within_days}": policy.within_days is None
        or policy.within_days >= 0,
        f"caps must be whole numbers of 1 or more, got {policy.caps}": all(
            isinstance(each, int) and each >= 1 for each in policy.caps.values()
        ),
        f"exposure must be 1 or more, got {policy.exposure}": policy.exposure is None or policy.exposure >= 1,
        f"fallback must be of {', '.join(RUNGS)}, none twice, got {policy.fallback}": set(policy.fallback)
        <= set(RUNGS)
        and len(set(policy.fallback)) == len(policy.fallback),
    }
    return [said for said, holds in checks.items() if not holds]
