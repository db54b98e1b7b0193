"""Split the fields of a page of reStructuredText from its text, as Sphinx, Pelican, Nikola, ABlog and PEPs write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recommender.readers.markdown.front_matter import FrontMatter
from recommender.readers.markdown.nikola_fields import split_nikola

__all__ = ["split_fields"]

_MOST = 20_000  # characters of a page in which its fields are looked for
_HEADER = re.compile(r"([A-Z][A-Za-z-]{0,30}):[ \t]*([^\n]*(?:\n[ \t]+[^\n]+)*)(?:\n|\Z)")
_FIELD = re.compile(r":([A-Za-z][\w -]{0,30}):(?:[ \t]+|(?=\n|\Z))([^\n]*(?:\n[ \t]+[^\n]+)*)(?:\n|\Z)")
_COMMENT = re.compile(r"\.\.(?:[ \t]+(?!\S{1,60}::|\[|\|)[^\n]*)?(?:\n|\Z)")
"""A comment or a target. A directive, a footnote or a substitution is neither."""
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{1,200}[ \t]*")
_POST = re.compile(r"^\.\. post::[ \t]*([^\n]*)\n((?:[ \t]+:[\w-]+:[^\n]*\n)*)", re.MULTILINE)
_META = re.compile(r"^\.\. meta::[ \t]*\n((?:[ \t]+:[^\n]*\n)+)", re.MULTILINE)
_OPTION = re.compile(r"[ \t]+:([\w-]+)(?:[ \t][^:\n]*)?:[ \t]*([^\n]*)\n")
_NUMBERS = frozenset(("excerpt", "image"))  # of ABlog: which paragraph and which picture
_LISTS = frozenset(("tags", "keywords", "categories"))
_OF_PROPOSALS = frozenset(("status", "type"))  # Draft and Process say how far a proposal is; it is published


def split_fields(text: str) -> FrontMatter:
    r"""Return the fields of a page as a dict, and its text without them.

    Read are a field list at the beginning or below the title (Sphinx, Pelican), comments of Nikola, the header of a PEP,
    and the directives ``post`` of ABlog and ``meta``. Names are in lower case, tags are lists.

    Parameters
    ----------
    text : str
        Text with ``\n`` as line end.

    Examples
    --------
    >>> split_fields("Rain\n====\n\n:date: 2026-05-01\n:tags: rain, wind\n\nIt rained.\n")
    FrontMatter(fields={'date': '2026-05-01', 'tags': ['rain', 'wind']}, text='Rain\n====\n\n\nIt rained.\n', fault=None)
    """
    text = text.removeprefix("\ufeff")
    fields: dict[str, Any] = {}
    text = _without_header(text, fields) or text
    if (nikola := split_nikola(text)) is not None:
        fields, text = nikola
    text = _without_field_list(text, fields)
    head = text[:_MOST]
    if (post := _POST.search(head)) is not None:
        options = _options(post[2])
        fields = {name: value for name, value in options.items() if name not in _NUMBERS} | fields
        if post[1].strip():
            fields.setdefault("date", post[1].strip())
        elif "date" not in fields:
            fields["status"] = "draft"  # as ABlog has it
    if (meta := _META.search(head)) is not None:
        fields = {name: value for name, value in _options(meta[1]).items() if name == "description"} | fields
    return FrontMatter(fields, text)


def _without_header(text: str, fields: dict[str, Any]) -> str | None:
    """Read the header of a PEP. Return the rest, or None if there is none."""
    found, end = _run(_HEADER, text, 0)
    names = [name.lower() for name, _ in found]
    if len(names) < 3 or "title" not in names or text[end : end + 1] not in ("\n", ""):
        return None
    _put([(name, value) for name, value in found if name.lower() not in _OF_PROPOSALS], fields)
    return text[end:]


def _without_field_list(text: str, fields: dict[str, Any]) -> str:
    """Read the field lists at the beginning and below the title. Return the text without them."""
    at = _after_blank(text, 0)
    found, end = _run(_FIELD, text, at)
    if found:
        _put(found, fields)
        text = text[:at] + text[end:]
    at = _after_title(text, _after_blank(text, at))
    found, end = _run(_FIELD, text, at)
    _put(found, fields)
    return text[:at] + text[end:] if found else text


def _after_blank(text: str, at: int) -> int:
    """Return where blank lines, comments and targets end, with what is indented below these."""
    is_inside = False
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        starts = _COMMENT.match(text, at) is not None
        if text[at:end].strip() and not starts and not (is_inside and text[at] in " \t"):
            break
        is_inside = is_inside or starts
        at = end
    return at


def _after_title(text: str, at: int) -> int:
    """Return where what follows the title and its subtitle begins, or `at` if there is no title."""
    for _ in range(2):
        lines = text[at : at + 2_000].split("\n", 3)
        if len(lines) > 2 and _ADORNMENT.fullmatch(lines[0]) and lines[0].strip() == lines[2].strip():
            at += sum(len(line) + 1 for line in lines[:3])
        elif len(lines) > 1 and lines[0].strip() and _ADORNMENT.fullmatch(lines[1]):
            at += sum(len(line) + 1 for line in lines[:2])
        else:
            break
        at = _after_blank(text, min(at, len(text)))
    return at


def _run(pattern: re.Pattern[str], text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Return the names and values of successive matches, and where they end."""
    found = []
    while (match := pattern.match(text, at, at + _MOST)) is not None:
        found.append((match[1], match[2]))
        at = match.end()
    return found, at


def _put(found: list[tuple[str, str]], fields: dict[str, Any]) -> None:
    for name, value in found:
        key = name.strip().lower()
        fields.setdefault(key, _value(key, " ".join(value.split())))


def _options(block: str) -> dict[str, Any]:
    return {name.lower(): _value(name.lower(), value.strip()) for name, value in _OPTION.findall(block)}


def _value(name: str, value: str) -> Any:
    return list(_parts(value)) if name in _LISTS else value


def _parts(value: str) -> Iterator[str]:
    for part in value.replace(";", ",").split(","):
        if part.strip():
            yield part.strip()
