"""Segments of tidy text: its lines, and the sentences within lines, as UTF-8 bytes.

Bytes are folded and split several times as fast as str.
"""

from __future__ import annotations

import re

__all__ = [
    "LONGEST_SEGMENT",
    "SENTENCE_END",
    "SHOWN_TITLE",
    "fold_numbers",
    "folded_segment",
    "mark_sentences",
    "segments_in_order",
    "segments_of",
    "shown_segment",
    "sizes_of",
    "to_bytes",
    "to_text",
    "with_title",
    "without_title",
]

SENTENCE_END = b"\x1f"
"""Marks the end of a sentence within a line. Tidy text has no control characters."""

_TITLE = "\x1e"  # stands for the article's own title in its text
SHOWN_TITLE = "[title]"
"""How the mark of the article's own title is shown."""

_TAIL = 200  # characters after a title at the end of a text: a feed's last line, and two sentences more
_SHORTEST_TITLE = 4  # characters; a shorter one may occur by chance

_FOLDED = bytes.maketrans(b"0123456789", b"#" * 10)
_NUMBER = re.compile(b"##+")
_WIDE_ENDS = tuple(end.encode() for end in "。！？")
_WIDE_CLOSERS = tuple(closer.encode() for closer in "」』”’）")

_SHORTEST_SENTENCE = 20  # bytes; shorter ones are fragments such as "The U.S." and "Mr."
LONGEST_SEGMENT = 2_000
"""Bytes. Longer segments are articles, and the limit bounds memory."""


def to_bytes(text: str) -> bytes:
    """Return a text, which may contain surrogates, as UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """Return the text of the output of `to_bytes`."""
    return data.decode("utf-8", "surrogatepass")


def without_title(text: str, title: str) -> str:
    """Replace the last mention of the title by a mark if it is near the end of the text.

    Feeds end each text with a line such as "The post ... appeared first on ...".
    """
    if len(title) < _SHORTEST_TITLE:
        return text
    place = text.rfind(title, max(0, len(text) - len(title) - _TAIL))
    end = place + len(title)
    if place < 0 or text[place - 1 : place].isalnum() or text[end : end + 1].isalnum():
        return text
    return text[:place] + _TITLE + text[end:]


def with_title(text: str, title: str) -> str:
    """Undo `without_title`."""
    return text.replace(_TITLE, title)


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


def segments_in_order(marked: bytes) -> list[bytes]:
    """Return the sentences of a marked text, and its lines of one sentence, from first to last."""
    segments = [segment.strip(b" ") for line in marked.split(b"\n") for segment in line.split(SENTENCE_END)]
    return [segment for segment in segments if segment]


def segments_of(marked: bytes) -> set[bytes]:
    """Return all lines of a marked text, and the sentences of lines with several sentences."""
    return {segment for segment in sizes_of(marked) if len(segment) <= LONGEST_SEGMENT}


def sizes_of(marked: bytes) -> dict[bytes, int]:
    """Return the segments of a marked text, longer ones too, and how many bytes of a line no sentence holds.

    The sizes of a line and of its sentences add up to the length of the line, so that no text counts twice.
    """
    sizes = {line: len(line) for line in marked.split(b"\n")}
    if SENTENCE_END in marked:
        for line in [line for line in sizes if SENTENCE_END in line]:
            sentences = [sentence.strip(b" ") for sentence in line.split(SENTENCE_END)]
            long = {sentence: len(sentence) for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE}
            sizes[line] = max(0, len(line) - sum(long.values()))
            sizes.update(long)
    sizes.pop(b"", None)
    return sizes


def shown_segment(segment: bytes) -> str:
    """Return a folded segment as text without marks."""
    return to_text(segment.replace(SENTENCE_END, b"")).replace(_TITLE, SHOWN_TITLE)


def folded_segment(shown: str) -> bytes:
    """Return the folded segment that is shown as this text."""
    return fold_numbers(mark_sentences(to_bytes(shown.replace(SHOWN_TITLE, _TITLE))))
