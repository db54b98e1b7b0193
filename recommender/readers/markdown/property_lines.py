"""Read the properties at the top of a page of Logseq: lines such as ``tags:: [[Rain]], May``."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["split_properties"]

_LINES = re.compile(r"(?:(?:- )?[a-z][\w.-]{0,60}::[ \t][^\n]*(?:\n|\Z)){1,40}(?=\s|-|#|\Z)")
_LINK = re.compile(r"\[\[([^\[\]\n]{1,300})\]\]")
_NOT_OF_THE_PAGE = frozenset(("id", "url", "type", "collapsed", "icon"))
"""Properties that name something else than the page has for readers of a site."""


def split_properties(text: str) -> tuple[dict[str, Any], str] | None:
    r"""Return the properties of a page and the rest of it, or None if it does not begin with any.

    Examples
    --------
    >>> split_properties("title:: Rain\ntags:: [[Wet days]], May\n\n- It rained.")
    ({'title': 'Rain', 'tags': 'Wet days, May'}, '\n- It rained.')
    """
    found = _LINES.match(text)
    if found is None:
        return None
    lines = (line.removeprefix("- ").partition("::") for line in found[0].splitlines())
    fields = {name.lower(): _LINK.sub(r"\1", value).strip() for name, _, value in lines}
    return {name: value for name, value in fields.items() if name not in _NOT_OF_THE_PAGE}, text[
        found.end() :
    ]
