"""The attributes of an AsciiDoc document, which stand for text, such as ``{product}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["ENTRY", "Attributes"]

ENTRY = re.compile(r":(!?)(\w[\w-]{0,100})(!?):(?:[ \t]+(.*))?$")
"""A line that sets an attribute, or unsets it by ``!``."""

_REFERENCE = re.compile(r"(\\?)\{(\w[\w-]{0,100})\}")
_LONGEST = 4_000  # characters of a value
_MOST_CHARACTERS = 2**20  # that references of a page stand for

_CHARACTERS = {
    "empty": "", "blank": "", "sp": " ", "nbsp": "\xa0", "zwsp": "", "wj": "", "apos": "'", "quot": '"', "lsquo": "‘",
    "rsquo": "’", "ldquo": "“", "rdquo": "”", "deg": "°", "plus": "+", "brvbar": "¦", "vbar": "|", "amp": "&", "lt": "<",
    "gt": ">", "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~", "backslash": "\\",
    "backtick": "`", "two-colons": "::", "two-semicolons": ";;", "cpp": "C++", "pp": "++",
}  # fmt: skip
"""Attributes that every processor of AsciiDoc knows."""


class Attributes:
    r"""The attributes that are set at one place of a document. References to others stay as they are written.

    Values are resolved where they are set. All references of a page stand for at most a million characters.

    Parameters
    ----------
    given : mapping of str to str
        Attributes of the site.

    Examples
    --------
    >>> attributes = Attributes({"town": "Ulm"})
    >>> attributes.set(":river: the Danube in {town}"), attributes.put("{river}, {lake}, \\{town}")
    (True, 'the Danube in Ulm, {lake}, {town}')
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        self._values = {**_CHARACTERS, **given}
        self._left = _MOST_CHARACTERS

    def __contains__(self, name: str) -> bool:
        return name.strip().lower() in self._values

    def set(self, line: str) -> bool:
        """Set or unset what a line sets. Return whether it does."""
        found = ENTRY.match(line)
        if found is None:
            return False
        name = found[2].lower()
        if found[1] or found[3]:
            self._values.pop(name, None)
        else:
            self._values[name] = self.put((found[4] or "").strip())[:_LONGEST]
        return True

    def put(self, text: str) -> str:
        """Return a text with the values of the attributes that it names."""
        return _REFERENCE.sub(self._value, text) if "{" in text else text

    def all_set(self, names: Iterable[str]) -> bool:
        """Return whether all of some names are set."""
        return all(name in self for name in names)

    def _value(self, found: re.Match[str]) -> str:
        value = None if found[1] else self._values.get(found[2].lower())
        if value is None or len(value) > self._left:
            return found[0].removeprefix("\\")
        self._left -= len(value)
        return value
