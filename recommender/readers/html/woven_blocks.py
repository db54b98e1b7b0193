"""The lists that `recommender weave` wrote into pages. They are no part of a page's own text."""

from __future__ import annotations

import re

__all__ = ["BEGIN", "END", "without_woven"]

BEGIN = "<!-- recommender:related -->"
END = "<!-- /recommender:related -->"


def _pattern(encoding: str) -> re.Pattern[bytes]:
    begin, end = (re.escape(mark.encode(encoding)) for mark in (BEGIN, END))
    return re.compile(begin + b"(?:(?!" + begin + b").)*?" + end, re.DOTALL)


_IN_UTF16 = {b"\xff\xfe": _pattern("utf-16-le"), b"\xfe\xff": _pattern("utf-16-be")}
_IN_ASCII = _pattern("ascii")


def without_woven(content: bytes) -> bytes:
    """Return the bytes of a page without the lists that were written into it.

    A list begins at the last `BEGIN` before its `END`: one that stands alone, for example in a script or a quotation,
    is text of the page.

    Examples
    --------
    >>> without_woven(f"<p>Rain</p>{BEGIN}<ul></ul>{END}</body>".encode())
    b'<p>Rain</p></body>'
    """
    return _IN_UTF16.get(content[:2], _IN_ASCII).sub(b"", content)
