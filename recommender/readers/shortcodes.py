"""Shortcodes of WordPress, which are not part of what a post says."""

from __future__ import annotations

import re

__all__ = ["without_shortcodes"]

_CORE = "gallery|caption|wp_caption|audio|video|playlist|embed"
# A shortcode is known by its name, by an attribute with a value, by a hyphen or underscore in its name, or by its end.
_SHORTCODE = re.compile(
    rf"\[/?(?:(?:{_CORE})\b[^\[\]]{{0,2000}}"
    r"|[a-zA-Z][\w-]{0,60}(?:\s+[^\[\]=]{0,200})?\s[\w:-]{1,60}\s*=[^\[\]]{0,2000}"
    r"|[a-zA-Z]\w{0,40}[_-][\w-]{1,60}(?:\s[^\[\]]{0,2000})?)/?\]"
)
_CLOSED = re.compile(r"\[/([a-zA-Z][\w-]{1,60})\]")


def without_shortcodes(text: str) -> str:
    """Return a text without the marks of shortcodes; what they enclose stays, as do brackets in prose.

    Examples
    --------
    >>> without_shortcodes('[caption id="a1" width="300"]<img src="a.jpg"> The quay[/caption] He said [sic] so.[gallery ids="1,2"]')
    '<img src="a.jpg"> The quay He said [sic] so.'
    """
    if "[" not in text:
        return text
    names = set(_CLOSED.findall(text))
    text = _SHORTCODE.sub("", text)
    for name in names:
        text = re.sub(rf"\[/?{re.escape(name)}(?:\s[^\[\]]{{0,2000}})?\]", "", text)
    return text
