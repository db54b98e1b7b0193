"""Find the date in a file name or its folders, as used by site generators."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from recommender.dates.moments import publication_moment

__all__ = ["date_in_path"]

_YEAR, _TWO, _END = "(?P<year>[0-9]{4})", "[0-9]{2}", r"(?:[-_. T].*|$)"
_NAME = re.compile(rf"{_YEAR}(?P<mark>[-_]?)(?P<month>{_TWO})(?P=mark)(?P<day>{_TWO}){_END}")
_SHORT_NAME = re.compile(rf"{_YEAR}(?P<mark>[-_])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_END}")
_FOLDERS = re.compile(rf"{_YEAR}/(?P<month>{_TWO})/(?P<day>{_TWO})(?:\.[a-z]+)?")
_FOLDERS_AND_SOURCE = re.compile(
    rf"{_YEAR}/(?P<month>{_TWO})/(?P<day>{_TWO})[-_][^/]*\.(?!html?$|php$)[a-zA-Z]+"
)
_PLAUSIBLE_YEARS = range(1900, 2101)


def date_in_path(path: str) -> datetime | None:
    r"""Return the date in a path, as midnight in UTC, or None.

    The date is at the start of a file or folder name, separated by ``-`` or ``_`` or as eight digits; or it
    is three nested folders, with two digits for month and day. The last date in the path counts. The day may
    also start the name of a source file in the folder of its month (``2021/03/04-slug.md``), but not in
    addresses, where ``2021/03/10-tips`` may be ten tips of March.

    Parameters
    ----------
    path : str
        Path with ``/`` or ``\`` as separator.

    Returns
    -------
    datetime or None
        None if the path has no full date, if the day does not exist, or if the year is not from 1900 to 2100.

    Examples
    --------
    >>> date_in_path("_posts/2019-01-10-ice-plant.md").isoformat()
    '2019-01-10T00:00:00+00:00'
    >>> date_in_path("2021-annual-report.md"), date_in_path("v1/2/3.html")
    (None, None)
    """
    parts = path.replace("\\", "/").split("/")
    for end in range(len(parts), 0, -1):
        name, with_folders = parts[end - 1], "/".join(parts[max(0, end - 3) : end])
        found = _NAME.fullmatch(name) or _SHORT_NAME.fullmatch(name) or _FOLDERS.fullmatch(with_folders)
        if not found and end == len(parts):
            found = _FOLDERS_AND_SOURCE.fullmatch(with_folders)
        if found and (day := _midnight(found)):
            return publication_moment(day)
    return None


def _midnight(found: re.Match[str]) -> datetime | None:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if year not in _PLAUSIBLE_YEARS:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
