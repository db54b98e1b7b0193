"""A limit on combining marks, of which hostile texts have thousands in a row."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["few_marks"]

_MOST = 30  # as in the Stream-Safe Text Format of UAX #15; the longest run of any writing system is shorter
_HALFWIDTH = "\uff9e\uff9f"  # letters that become marks in compatibility form
_MANY = re.compile(rf"[\W{_HALFWIDTH}]{{{_MOST + 1},}}")


def few_marks(text: str) -> str:
    r"""Return text without the combining marks beyond the first 30 of a run.

    Unicode normalisation sorts a run of marks in quadratic time.

    Examples
    --------
    >>> len(few_marks("e" + "\u0301\u0323" * 1_000 + "!"))
    32
    """
    return text if text.isascii() else _MANY.sub(_first_marks, text)


def _first_marks(run: re.Match[str]) -> str:
    kept, n_marks = [], 0
    for character in run[0]:
        is_mark = unicodedata.category(character)[0] == "M" or character in _HALFWIDTH
        n_marks = n_marks + len(unicodedata.normalize("NFD", character)) if is_mark else 0
        if n_marks <= _MOST:
            kept.append(character)
    return "".join(kept)
