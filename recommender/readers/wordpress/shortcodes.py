"""Remove WordPress shortcodes from text."""

from __future__ import annotations

import re

__all__ = ["without_shortcodes"]

_CORE = frozenset(("gallery", "caption", "wp_caption", "audio", "video", "playlist", "embed"))
_BRACKET = re.compile(  # quoted values may contain brackets
    r"""(?<!\[)\[(/?)([A-Za-z][\w-]{0,60})"""
    r"""((?:[\s=:](?:[^\[\]]{0,5000}|[^\[\]"]{0,500}(?:"[^"]{0,500}"[^\[\]"]{0,500}){1,20}))?)/?\](?!\])"""
)
_QUOTED = re.compile(r"""\s[\w-]{1,40}\s?=\s?(?:["'“”″‘’]|&(?:quot|#0?39|#8220|#8221|#8243);)""")
_BARE = re.compile(r"(?:\s+[\w-]{1,40}=[^\s=]{1,300})+\s*")
_CLOSED = re.compile(r"\[/([A-Za-z][\w-]{0,60})\]")
_ENCODED = re.compile(r"\[(vc_raw_html|vc_raw_js|fusion_code)\b[^\[\]]{0,500}\][\w+/=%\s]*(?=\[/\1\])")


def without_shortcodes(text: str) -> str:
    """Return a text without shortcode tags. Enclosed text and brackets in prose stay.

    A shortcode is recognised by a closing tag, an attribute, an underscore in its name, a line of its own, or
    the name of a WordPress core shortcode.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> without_shortcodes('[caption id="a1"]<img src="a.jpg"> The quay[/caption] He said [sic] so.[gallery ids="1,2"]')
    '<img src="a.jpg"> The quay He said [sic] so.'
    """
    if "[" not in text:
        return text
    text = _ENCODED.sub("", text)  # HTML in base64
    closed = {name.lower() for name in _CLOSED.findall(text)}

    def kept(bracket: re.Match[str]) -> str:
        slash, name, rest = bracket.groups()
        is_shortcode = (
            slash
            or ("_" in name and not text[max(0, bracket.start() - 1) : bracket.start()].isalnum())
            or (name.lower() in _CORE and (not rest.strip() or "://" in rest))
            or name.lower() in closed
            or _QUOTED.search(rest)
            or _BARE.fullmatch(rest)
            or (not rest and name.islower() and _is_alone(text, bracket.start(), bracket.end()))
        )
        return "" if is_shortcode else bracket[0]

    return _BRACKET.sub(kept, text)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Return whether a span is alone in its line or element. Up to 20 blanks on each side are ignored."""
    before, after = text[max(0, start - 20) : start].rstrip(" \t\r"), text[end : end + 20].lstrip(" \t\r")
    return before[-1:] in ("", "\n", ">") and after[:1] in ("", "\n", "<")
