"""Split front matter in YAML, TOML or JSON from the text of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from recommender.bounded_toml import toml_of
from recommender.errors import Problem
from recommender.readers.markdown.front_matter_values import read_matter, titled
from recommender.readers.markdown.nikola_fields import split_nikola
from recommender.readers.markdown.property_lines import split_properties
from recommender.readers.markdown.yaml_entries import read_entries
from recommender.readers.markdown.yaml_front_matter import read_yaml

__all__ = ["FrontMatter", "split_front_matter"]

# Some sites have blank lines and a licence comment before the front matter.
_BEFORE = re.compile(
    r"\A\ufeff?(?:\s|<!--(?:(?!-->).){0,5000}-->|\{/\*(?:(?!\*/).){0,5000}\*/\})*", re.DOTALL
)
_FENCE = re.compile(r"(---|\+\+\+|;;;)(yaml|toml|json)?[ \t]*\n")
_KEY = re.compile(r"[\"']?[\w.@$ -]{1,60}[\"']?\s*[:=]")
_PELICAN = re.compile(
    r"(?=[A-Z]|title:)(?:[A-Za-z][A-Za-z_ -]{1,30}:[^\n]*\n(?:[ \t]+[^\n]+\n)*){2,40}(?:\n|\Z)"
)
_HEXO = re.compile(r"(?=[a-z_]{3,20}:)((?:[ \t-][^\n]*\n|[\w-]{1,60}:[^\n]*\n){2,60}?)-{3,}[ \t]*(?:\n|\Z)")
_PELICAN_KEYS = frozenset(
    ("date", "slug", "tags", "category", "author", "authors", "status", "modified", "summary")
)


class FrontMatter(NamedTuple):
    """A page as its front matter and its text.

    Parameters
    ----------
    fields : dict
    text : str
        The rest of the page.
    fault : Problem or None
        What was wrong with YAML that was read entry by entry.
    """

    fields: dict[str, Any]
    text: str
    fault: Problem | None = None


def split_front_matter(text: str) -> FrontMatter | Problem:
    r"""Return the front matter of a page as a dict, and the rest of the page.

    YAML is delimited by ``---``, TOML by ``+++``, and JSON by ``;;;`` or braces. Hexo's YAML may lack the
    first ``---``, Nikola's fields stand in a comment, and Logseq's in lines with ``::``. YAML values are kept
    as text, so the language ``no`` stays Norwegian and the id ``007`` keeps its zeros. A title in brackets is
    text, as is the value of an entry that is not valid YAML alone, such as ``title: Rain: the sequel``. A page
    that begins with a thematic break has no front matter.

    Parameters
    ----------
    text : str
        Text with ``\n`` as line end.

    Examples
    --------
    >>> split_front_matter("---\ntitle: Rain\nlang: no\n---\nIt rained.")
    FrontMatter(fields={'title': 'Rain', 'lang': 'no'}, text='It rained.', fault=None)
    >>> split_front_matter("---\nAfter the rain\n").fields
    {}
    """
    if (nikola := split_nikola(text)) is not None:
        return FrontMatter(*nikola)
    if (properties := split_properties(text)) is not None:
        return FrontMatter(*properties)
    start = _BEFORE.match(text)
    begin = start.end() if start else 0
    opened = _FENCE.match(text, begin)
    if opened is not None:
        return _fenced(text, opened)
    if text.startswith("{", begin) and _KEY.match(text[begin + 1 : begin + 200].lstrip()):
        return _braces(text, begin)
    return _unopened(text, begin) or _pelican(text, begin)


def _fenced(text: str, opened: re.Match[str]) -> FrontMatter | Problem:
    fence, named = opened[1], opened[2]
    closing = re.compile(rf"^(?:{re.escape(fence)}|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
    closed = closing.search(text, opened.end())
    first = text[opened.end() : opened.end() + 500].lstrip("\n \t").partition("\n")[0]
    indented = _indented(fence).search(text, opened.end(), len(text) if closed is None else closed.start())
    is_meant = _KEY.match(first) is not None or first.startswith(("#", "[", "{")) or not first
    if closed is None and indented is not None and is_meant:
        return _fenced(_straightened(text, indented), opened)
    if closed is None:
        return (
            Problem("front matter without end", "", f"close it with {fence}")
            if is_meant
            else FrontMatter({}, text)
        )
    block, rest = text[opened.end() : closed.start()], text[closed.end() :]
    kind = named or {"---": "yaml", "+++": "toml", ";;;": "json"}[fence]
    matter = read_yaml(block) if kind == "yaml" else read_matter(_PARSERS[kind], block)
    if isinstance(matter, dict):
        return FrontMatter(matter, rest)
    if indented is not None:
        return _fenced(_straightened(text, indented), opened)
    if kind == "yaml" and (entries := read_entries(block, matter)) is not None:
        return FrontMatter(entries[0], rest, entries[1])
    if not is_meant and kind == "yaml":
        return FrontMatter({}, text)  # prose between two thematic breaks
    return matter


def _indented(fence: str) -> re.Pattern[str]:
    """Return what matches a closing fence after blanks, which some generators take for one."""
    return re.compile(rf"^[ \t]{{1,3}}({re.escape(fence)}[ \t]*(?:\n|\Z))", re.MULTILINE)


def _straightened(text: str, fence: re.Match[str]) -> str:
    """Return a text in which a fence has no blanks before it."""
    return text[: fence.start()] + fence[1] + text[fence.end() :]


def _braces(text: str, begin: int) -> FrontMatter | Problem:
    try:
        matter, end = json.JSONDecoder(strict=False).raw_decode(text, begin)
    except (ValueError, RecursionError):
        return FrontMatter({}, text)  # MDX, a template, or text that begins with a brace
    return FrontMatter(titled(matter), text[end:]) if isinstance(matter, dict) else FrontMatter({}, text)


def _unopened(text: str, begin: int) -> FrontMatter | None:
    """Read YAML that ends with ``---`` and begins without, as Hexo allows."""
    head = _HEXO.match(text, begin, begin + 20_000)
    if head is None:
        return None
    matter = read_yaml(head[1])
    if isinstance(matter, Problem) or "title" not in matter or _PELICAN_KEYS.isdisjoint(matter):
        return None
    return FrontMatter(matter, text[head.end() :])


def _pelican(text: str, begin: int) -> FrontMatter | Problem:
    """Read header lines such as ``Title: ...`` and ``Date: ...`` of Pelican and MultiMarkdown."""
    head = _PELICAN.match(text, begin, begin + 20_000)
    if head is None:
        return FrontMatter({}, text)
    matter: dict[str, Any] = {}
    for line in re.sub(r"\n[ \t]+", " ", head[0]).splitlines():
        name, _, value = line.partition(":")
        if name.strip():
            matter[name.strip().lower()] = value.strip()
    if "title" not in matter or _PELICAN_KEYS.isdisjoint(matter):
        return FrontMatter({}, text)
    return FrontMatter(matter, text[head.end() :])


_PARSERS: dict[str, Callable[[str], object]] = {"toml": toml_of, "json": json.loads}
