"""The lists that `recommender weave` wrote into pages. They are no part of a page's own text."""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import NamedTuple

__all__ = ["BEGIN", "END", "has_other_marks", "sealed", "without_marks", "without_woven"]

BEGIN = "<!-- recommender:related "
"""How a list begins. Its seal and the end of the comment follow."""

END = "<!-- /recommender:related -->"
_SEAL = "[0-9a-f]{16}"
_CLOSE = " -->"
_MARKS = re.compile(f"{re.escape(BEGIN)}{_SEAL}{_CLOSE}|{re.escape(END)}|{re.escape(BEGIN)}")


class _Marks(NamedTuple):
    """The marks as bytes of an encoding."""

    begin: bytes
    end: bytes
    seal: re.Pattern[bytes]

    @classmethod
    def of(cls, encoding: str) -> _Marks:
        zero = b"\x00" if encoding != "ascii" else b""
        digit = b"[0-9a-f]" + zero if encoding != "utf-16-be" else zero + b"[0-9a-f]"
        seal = b"((?:" + digit + b"){16})" + re.escape(_CLOSE.encode(encoding))
        return cls(BEGIN.encode(encoding), END.encode(encoding), re.compile(seal))


_IN_UTF16 = {codecs.BOM_UTF16_LE: _Marks.of("utf-16-le"), codecs.BOM_UTF16_BE: _Marks.of("utf-16-be")}
_IN_ASCII = _Marks.of("ascii")


def sealed(block: bytes, encoding: str) -> bytes:
    """Return what is written into a page for a list: its bytes between two marks, of which the first seals them.

    Parameters
    ----------
    block : bytes
        The list in the encoding of the page. It holds no mark, see `without_marks`.
    encoding : str
        In which the marks are written.
    """
    return b"".join((f"{BEGIN}{_seal(block)}{_CLOSE}".encode(encoding), block, END.encode(encoding)))


def without_marks(html: str) -> str:
    """Return the HTML of a list without marks, which a template that was copied from a page has."""
    while _MARKS.search(html):
        html = _MARKS.sub("", html)
    return html


def without_woven(content: bytes) -> bytes:
    """Return the bytes of a page without the lists that were written into it.

    Only what carries our seal is a list of ours. A pair of marks that somebody wrote by hand, and a list that was
    changed after it was written, in more than blanks, are text of the page.

    Examples
    --------
    >>> without_woven(b"<p>Rain</p>" + sealed(b"<ul></ul>", "ascii") + b"</body>")
    b'<p>Rain</p></body>'
    """
    marks = _marks_of(content)
    kept, done, at = [], 0, 0
    while (stop := content.find(marks.end, at)) >= 0:
        start = content.rfind(marks.begin, at, stop)  # at the last one before the end
        at = stop + len(marks.end)
        found = marks.seal.match(content, start + len(marks.begin), stop) if start >= 0 else None
        if found and found[1].replace(b"\x00", b"").decode() == _seal(content[found.end() : stop]):
            kept.append(content[done:start])
            done = at
    return b"".join((*kept, content[done:])) if kept else content


def has_other_marks(plain: bytes) -> bool:
    """Return whether a page without its lists has one that was changed after it was written, or a copy of its marks."""
    marks = _marks_of(plain)
    start = plain.find(marks.begin)
    return start >= 0 and plain.find(marks.end, start) >= 0


def _marks_of(content: bytes) -> _Marks:
    return _IN_UTF16.get(content[:2], _IN_ASCII)


def _seal(block: bytes) -> str:
    """Return 16 digits that a list of other content does not have. Blanks do not count: other programs may indent it."""
    return hashlib.blake2b(b"".join(block.split()), digest_size=8).hexdigest()
