"""Parse calendar dates: three numbers, or two numbers and the name of a month."""

from __future__ import annotations

import re

from recommender.dates.names import folded, is_weekday, month_of

__all__ = ["calendar_date"]

_NEGATIVE = "(?:(?<!\\S)-)?"  # PHP writes "30 Nov -0001" for the date 0000-00-00 of MySQL
_PART = re.compile(rf"{_NEGATIVE}[0-9]+|[^\W\d_]+|\S")
_MARKS = frozenset(",.-/'’()|")
_SIDE_BY_SIDE = re.compile(rf"({_NEGATIVE}[0-9]+)(\.\ |[-/.\ ])([0-9]{{1,2}})\2(-0[0-9]*|[0-9]+)")
_SMALL_WORDS = frozenset(
    """
    the of st nd rd th at on t de del d el la las a as le les er e o den der dem am um pa kl klo om il al alle ore
    г года в р року о об saat ob i
    """.split()  # noqa: SIM905
)


def calendar_date(text: str, day_first: bool | None = None) -> tuple[int, int, int]:
    """Return year, month and day as written. Years of 0 or less become 0.

    Weekdays and words such as "the" and "at" are ignored. An unknown first word is ignored if a comma
    follows, because it may be a weekday in an unsupported language. Whether the day exists is not checked.

    Parameters
    ----------
    text : str
        Text with single spaces and ASCII digits.
    day_first : bool, optional
        Whether the day comes first in dates such as ``01/12/2019``.

    Raises
    ------
    ValueError
        If the text is not exactly one date, or if the date is ambiguous.

    Examples
    --------
    >>> calendar_date("Wednesday, June 3rd 2020"), calendar_date("2.1.2020"), calendar_date("25/12/2019")
    ((2020, 6, 3), (2020, 1, 2), (2019, 12, 25))
    """
    if re.fullmatch("[0-9]{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    parts = _PART.findall(text)
    if not _MARKS.issuperset(part for part in parts if not part[-1].isalnum()):
        raise ValueError("a character that does not occur in dates")
    numbers = [part for part in parts if part[-1].isdecimal()]
    place, month = _named_month(parts)
    if month and len(numbers) == 2:
        return _beside_month(numbers, month, month_first=place < parts.index(numbers[0]))
    found = _SIDE_BY_SIDE.search(text)
    if month or len(numbers) != 3 or not found:
        raise ValueError("not one day, one month and one year")
    return _three_numbers(found[1], found[3], found[4], found[2].strip(), day_first)


def _named_month(parts: list[str]) -> tuple[int, int | None]:
    """Return the position of the month's name, and the month. All other words must be ignorable."""
    words = {place: folded(part) for place, part in enumerate(parts) if part[0].isalpha()}
    months = [place for place, word in words.items() if month_of(word)]
    while len(months) > 1 and is_weekday(words[months[0]]):  # "mar. 3 mars" is a Tuesday in March
        del months[0]
    for place, word in words.items():
        before_comma = place == 0 and parts[1:2] == [","]
        if place not in months and not (before_comma or is_weekday(word) or word in _SMALL_WORDS):
            raise ValueError(f"unknown word: {word}")
    if len(months) > 1:
        raise ValueError("two months")
    return (months[0], month_of(words[months[0]])) if months else (0, None)


def _beside_month(numbers: list[str], month: int, month_first: bool) -> tuple[int, int, int]:
    day, year = numbers
    if not month_first and len(day) == 4:
        day, year = year, day
    if len(day) > 2:
        raise ValueError("no day")
    if len(year) == 2 and not month_first:  # as RFC 2822 reads them
        return int(year) + (2000 if int(year) < 50 else 1900), month, int(day)
    return _year(year), month, int(day)


def _three_numbers(
    first: str, second: str, third: str, mark: str, day_first: bool | None
) -> tuple[int, int, int]:
    if len(third) <= 2:
        return _year(first), int(second), int(third)
    if len(first) > 2:
        raise ValueError("no day")
    day, month = int(first), int(second)
    if mark != ".":
        if day_first is None and day != month and max(day, month) <= 12:
            raise ValueError("ambiguous order of day and month")
        if month > 12 or (day_first is False and day <= 12):
            day, month = month, day
    return _year(third), month, day


def _year(digits: str) -> int:
    if digits.startswith("-"):
        return 0
    if len(digits) != 4:
        raise ValueError("no year of four digits")
    return int(digits)
