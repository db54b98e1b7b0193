"""Repair common errors in XML, and find its encoding and root element."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.entities import html5

__all__ = ["declared_encoding", "repaired", "root_start"]

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,500}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_BEGINNING = re.compile(
    r"(<!--)|(<\?)|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry|mediawiki)(?=[\s/>])", re.IGNORECASE
)
_REFERENCE = re.compile(r"&(?:#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{0,31});)?")
_LONGEST_REFERENCE = 40
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_START, _END = "<![CDATA[", "]]>"
_BLANKS = bytes.maketrans(b"\x0b\x0c", b"  ")
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\x0b\x0c")


def declared_encoding(head: bytes) -> str | None:
    """Return the encoding label of an XML declaration.

    Examples
    --------
    >>> declared_encoding(b'<?xml version="1.0" encoding="GB2312"?><rss/>')
    'GB2312'
    """
    found = _DECLARED.match(head)
    return None if found is None else found[1].decode("ascii")


def root_start(text: str) -> int | None:
    """Return the start of the first element of a feed. None if there is none.

    The text before it, such as entity declarations, need not be passed to a parser.

    Examples
    --------
    >>> root_start("<!-- <rss> --> <rss><channel/></rss>")
    15
    """
    at = 0
    while (found := _BEGINNING.search(text, at)) is not None:
        if not (found[1] or found[2]):
            return found.start()
        at = text.find("-->" if found[1] else "?>", found.end())
        if at < 0:
            break
    return None


def repaired(chunks: Iterable[str]) -> Iterator[bytes]:
    r"""Yield XML in UTF-8 with the most common errors of feeds repaired. Well-formed XML is unchanged.

    Control characters are removed, HTML entities become characters, stray ampersands are escaped, and an
    unclosed CDATA section is closed. Line numbers are preserved.

    Examples
    --------
    >>> b"".join(repaired(["<a>Fish & chips&nbsp;<![CDATA[R&", "D"])).decode()
    '<a>Fish &amp; chips\xa0<![CDATA[R&D]]>'
    """
    text, inside = "", False
    for chunk in chunks:
        text += chunk
        pieces, at = [], 0
        while (found := text.find(_END if inside else _START, at)) >= 0:
            end = found + len(_END if inside else _START)
            pieces.append(text[at:end] if inside else _REFERENCE.sub(_repaired, text[at:end]))
            at, inside = end, not inside
        whole = _whole_until(text, at, inside)
        pieces.append(text[at:whole] if inside else _REFERENCE.sub(_repaired, text[at:whole]))
        text = text[whole:]
        yield _without_controls("".join(pieces))
    yield _without_controls(text.rstrip("]") + _END if inside else _REFERENCE.sub(_repaired, text))


def _whole_until(text: str, at: int, inside: bool) -> int:
    """Return the end of the text that can be processed.

    A token that may continue in the next chunk is excluded.
    """
    last = max(at, len(text) - _LONGEST_REFERENCE)
    if inside:
        return max(at, len(text) - len(_END) + 1)
    begun = max(text.rfind("&", last), text.rfind("<", last))
    return len(text) if begun < 0 else begun


def _repaired(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name is not None:
        character = None if name in _OF_XML else html5.get(f"{name};")
        known = reference[0] if name in _OF_XML else f"&amp;{name};"
        return known if character is None else character.replace("&", "&amp;").replace("<", "&lt;")
    if decimal is None and hexadecimal is None:
        return "&amp;"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000
    )
    return f"&#{code};" if is_character else "\ufffd"


def _without_controls(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(_BLANKS, _CONTROLS)
