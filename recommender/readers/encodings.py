"""Text encodings as browsers read them: by the byte order mark, then by the label that a document declares."""

from __future__ import annotations

import codecs

from recommender.errors import Problem
from recommender.readers.sources import not_utf8

__all__ = ["decoded"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
"""Codecs of Python that hold what the WHATWG means by a label, where its own of that name hold less."""


def decoded(content: bytes, declared: str | None) -> str | Problem:
    """Return the text of a document.

    A byte order mark counts first, then UTF-8 if the bytes are that, then the label that is declared, by the table of the WHATWG
    [1]_: ISO-8859-1 is windows-1252, gb2312 is GBK.

    Parameters
    ----------
    content : bytes
    declared : str or None
        The label that the document gives its encoding.

    Returns
    -------
    str or Problem
        What is wrong, where the bytes are not UTF-8 and no known label is declared.

    References
    ----------
    .. [1] WHATWG, "Encoding Standard", https://encoding.spec.whatwg.org

    Examples
    --------
    >>> decoded(b"caf\\xe9 \\x96 bar", "iso-8859-1")
    'café – bar'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        codec = _codec_of(declared)
        return not_utf8(content, error) if codec is None else _lenient(content, codec)


def _codec_of(label: str | None) -> str | None:
    """Return Python's codec for a label; None for one that is unknown, and for UTF-8, which the bytes are not."""
    import webencodings

    found = webencodings.lookup(label or "")
    if found is None or found.name in ("utf-8", "utf-16le", "utf-16be"):
        return None
    name = found.codec_info.name.replace("-", "_")
    return _WIDER.get(found.name, _WIDER.get(name, found.codec_info.name))


def _lenient(content: bytes, codec: str) -> str:
    if codec in ("cp1252", "windows-1252"):  # its five empty places are controls to browsers
        return (
            content.decode("cp1252", "surrogateescape")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    return content.decode(codec, "replace")
