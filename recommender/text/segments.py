"""Segments of tidy text: its lines, and the sentences within lines, as UTF-8 bytes.

Bytes are folded and split several times as fast as str.
"""

from __future__ import annotations

import re

__all__ = [
    "SENTENCE_END",
    "fold_numbers",
    "mark_sentences",
    "segments_of",
    "shown_segment",
    "to_bytes",
    "to_text",
]

SENTENCE_END = b"\x1f"
"""Marks the end of a sentence within a line. Tidy text has no control characters."""

_FOLDED = bytes.maketrans(b"0123456789", b"#" * 10)
_NUMBER = re.compile(b"##+")
_WIDE_ENDS = tuple(end.encode() for end in "。！？")
_WIDE_CLOSERS = tuple(closer.encode() for closer in "」』”’）")

_SHORTEST_SENTENCE = 20  # bytes; shorter ones are fragments such as "The U.S." and "Mr."
_LONGEST_SEGMENT = 2_000  # bytes; longer ones are articles, and the limit bounds memory


def to_bytes(text: str) -> bytes:
    """Return a text, which may contain surrogates, as UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """Return the text of the output of `to_bytes`."""
    return data.decode("utf-8", "surrogatepass")


def mark_sentences(data: bytes) -> bytes:
    """Insert `SENTENCE_END` between the sentences of each line. Removing the marks restores `data`."""
    data = data.replace(SENTENCE_END, b"")
    data = data.replace(b". ", b".\x1f ").replace(b"! ", b"!\x1f ").replace(b"? ", b"?\x1f ")
    if data.isascii():
        return data
    for end in _WIDE_ENDS:
        data = data.replace(end, end + SENTENCE_END)
    for closer in _WIDE_CLOSERS:
        data = data.replace(SENTENCE_END + closer, closer + SENTENCE_END)
    return data.replace(SENTENCE_END + b"\n", b"\n").removesuffix(SENTENCE_END)


def fold_numbers(data: bytes) -> bytes:
    """Replace each number by ``#``."""
    data = data.translate(_FOLDED)
    return _NUMBER.sub(b"#", data) if b"##" in data else data


def segments_of(marked: bytes) -> set[bytes]:
    """Return all lines of a marked text, and the sentences of lines with several sentences."""
    lines = set(marked.split(b"\n"))
    if SENTENCE_END in marked:
        for line in [line for line in lines if SENTENCE_END in line]:
            sentences = [sentence.strip(b" ") for sentence in line.split(SENTENCE_END)]
            lines.update([sentence for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE])
    return {line for line in lines if 0 < len(line) <= _LONGEST_SEGMENT}


def shown_segment(segment: bytes) -> str:
    """Return a segment as text without marks."""
    return to_text(segment.replace(SENTENCE_END, b""))
