"""Decode text as browsers do: by the byte order mark, or else by the declared encoding label."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from recommender.errors import Problem
from recommender.readers.inputs.sources import not_utf8

__all__ = ["decoded", "decoded_chunks", "is_binary"]

_Decoder: TypeAlias = Callable[[bytes, bool], str]

_SNIFFED = 4_096  # bytes that say whether a file is binary
_NOT_TEXT = bytes(code for code in range(32) if code not in b"\t\n\f\r\x1b")
_FEW_CONTROLS = 0.02  # share of control characters in a text, at most
_FEW = 1 / 500  # share of bytes of a text in UTF-8 that may be of another encoding
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WITHOUT_DECODER = frozenset({"utf-8", "utf-16le", "utf-16be", "replacement"})
# WHATWG encodings that cover more characters than Python's codec of the same name.
_WIDER = {
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-jp": "euc_jis_2004",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
}
# Browsers read the five bytes that Python's codec rejects as control characters.
_WINDOWS_1252 = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}


def is_binary(content: bytes) -> bool:
    """Return whether bytes are binary, by their share of control characters.

    UTF-16 with a byte order mark is text.
    """
    head = content[:_SNIFFED]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return len(head) - len(head.translate(None, _NOT_TEXT)) > _FEW_CONTROLS * len(head)


def decoded(content: bytes, declared: str | None) -> str | Problem:
    r"""Return the text of a document.

    The byte order mark takes precedence, then UTF-8 if the bytes are valid UTF-8, then the declared label,
    looked up in the WHATWG table [1]_: ISO-8859-1 means windows-1252 and gb2312 means GBK. Valid UTF-8
    overrides the label because servers may send another label in a header that is not part of the document.
    Text in other encodings is hardly ever valid UTF-8.

    Parameters
    ----------
    content : bytes
    declared : str or None
        The encoding label that the document declares.

    Returns
    -------
    str or Problem
        A problem if the bytes are not UTF-8 and no other known label is declared. Bytes that are invalid in
        the declared encoding become U+FFFD. So does a byte in 500 of a text in UTF-8, as pages have that
        something was pasted into.

    References
    ----------
    .. [1] WHATWG, "Encoding Standard", https://encoding.spec.whatwg.org

    Examples
    --------
    >>> decoded(b"caf\xe9 \x96 bar", "iso-8859-1")
    'café – bar'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    decode = _decoder_of(declared)
    if decode is not None and content.isascii():
        return decode(content, True)  # ISO-2022-JP is ASCII with escapes
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if decode is not None:
            return decode(content, True)
        text = content.decode("utf-8", "replace")
        is_stray = text.count("\ufffd") <= _FEW * len(content)
        return text if is_stray else not_utf8(content, error)


def decoded_chunks(chunks: Iterable[bytes], declared: str | None) -> Iterator[str]:
    r"""Yield the text of a document that is read in chunks, in its declared encoding or else in UTF-8.

    Invalid bytes become U+FFFD.

    Examples
    --------
    >>> list(decoded_chunks([b"caf\xc3", b"\xa9"], None))
    ['caf', 'é', '']
    """
    decode = _decoder_of(declared) or codecs.getincrementaldecoder("utf-8")("replace").decode
    for chunk in chunks:
        yield decode(chunk, False)
    yield decode(b"", True)


def _decoder_of(label: str | None) -> _Decoder | None:
    """Return the decoder for an encoding label. None if the label is unknown or names a Unicode encoding.

    A document whose label can be read as ASCII is not in UTF-16.
    """
    import webencodings

    found = webencodings.lookup(label or "")
    if found is None or found.name in _WITHOUT_DECODER:
        return None
    if found.name == "windows-1252":
        return lambda content, _: content.decode("latin-1").translate(_WINDOWS_1252)
    codec = codecs.lookup(_WIDER[found.name]) if found.name in _WIDER else found.codec_info
    decoder: _Decoder = codec.incrementaldecoder("replace").decode
    return decoder
