"""Characters that control a terminal or a file, as opposed to those that are written."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

__all__ = ["controls_quoted", "has_controls", "without_controls"]

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def has_controls(text: str) -> bool:
    r"""Return whether a text has control characters, line ends or lone surrogates.

    Joiners, which Persian words and many emoji are written with, are none, and neither are blanks of any
    width, marks of direction and characters that are newer than this Python.

    Examples
    --------
    >>> has_controls("rain\n"), has_controls("پیوند یادداشت\u200cها"), has_controls("👩\u200d💻")
    (True, False, False)
    """
    return not text.isprintable() and _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    r"""Replace control characters, and those that turn the direction of what follows, by a mark.

    Examples
    --------
    >>> without_controls("Rain\x1b[31m in May"), without_controls("yam \u202eni niar")
    ('Rain�[31m in May', 'yam �ni niar')
    """
    return text if text.isprintable() else _REORDERING.sub("\ufffd", _CONTROLS.sub("\ufffd", text))


def controls_quoted(path: str) -> str:
    r"""Return the path of a file with its control characters, and bytes that are no text, as in an address.

    Examples
    --------
    >>> controls_quoted("caf\udce9/rain"), controls_quoted("50% rain\n")
    ('caf%E9/rain', '50% rain%0A')
    """
    if path.isprintable():
        return path
    return _CONTROLS.sub(lambda found: quote(os.fsencode(found[0])), path)
