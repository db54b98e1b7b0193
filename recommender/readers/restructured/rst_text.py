"""Render reStructuredText to HTML by docutils, whatever directives and roles the site generator adds."""

from __future__ import annotations

import re
from html import escape
from typing import Any

__all__ = ["rendered"]

_OURS = "recommender-part"  # the one directive that all others are read as
_DIRECTIVE = re.compile(
    r"^([ \t]*(?:[-*#][ \t]+|\d{1,3}\.[ \t]+){0,9}\.\.[ \t]+)(?=([A-Za-z][\w:+.-]{0,60})::(?:[ \t]|$))",
    re.MULTILINE,
)
_OF_DOCUTILS = frozenset(("replace", "unicode", "date", "image"))  # they stand in substitutions too
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>\s*", re.DOTALL)
_MOST_CHARACTERS = 2**20  # that are rendered; a book has fewer
_MARK = re.compile(r"[*`]|\|(?=\w)|_(?!\w)")
_MOST_MARKS = 2_000  # of inline markup in a block: docutils takes time as the square of their number
_NAMED = re.compile(r"^(?:\.\. _|([!-/:-@\[-`{-~])\1\1+[ \t]*$)", re.MULTILINE)
_MOST_NAMED = 3_000  # targets and lines below headings, whose names docutils compares
_REPLACED = re.compile(r"^\.\. \|[^|\n]{1,100}\| replace::([^\n]*(?:\n[ \t]+[^\n]+)*)", re.MULTILINE)
_MOST_REPLACED = 10**7  # characters of substitutions times places where one may stand
_SETTINGS: dict[str, Any] = {
    "report_level": 5, "halt_level": 5, "warning_stream": False, "_disable_config": True,
    "file_insertion_enabled": False, "raw_enabled": False, "syntax_highlight": "none", "docinfo_xform": False,
    "doctitle_xform": True, "sectsubtitle_xform": False, "toc_backlinks": False, "embed_stylesheet": False,
    "line_length_limit": _MOST_CHARACTERS, "initial_header_level": 2, "smart_quotes": False, "id_prefix": "",
}  # fmt: skip
"""No file is read, no code is run, and what is not understood is passed over."""


def rendered(source: str, is_titled: bool = False) -> tuple[str, str]:
    r"""Return the title of a text as HTML, "" if there is none, and the text as HTML without it.

    The first heading stands for a missing title, unless the page `is_titled` by its fields.

    The text of directives that docutils does not know is kept: notes, versions, descriptions of objects. Code stays code.
    Directives that hold no text of the page are dropped, such as tables of contents, and so are formulas. ``:doc:`` and
    ``:ref:`` become links that `RstLinks` resolves, other roles their labels.

    Examples
    --------
    >>> rendered("Rain\n====\n\n.. note:: It :func:`rained <rain>`.\n\n.. toctree::\n\n   wind\n")
    ('Rain', '<p>It rained.</p>\n')
    """
    if len(source) > _MOST_CHARACTERS or _is_costly(source):
        return "", _as_it_is(source)
    from docutils.core import publish_parts
    from docutils.parsers.rst import Parser, directives

    from recommender.readers.restructured.lenient_markup import Part, lenient_inliner

    directives.register_directive(_OURS, Part)  # under a name of our own, so that Sphinx keeps its directives
    marked = _DIRECTIVE.sub(_as_ours, source)
    try:
        parts = publish_parts(
            marked, parser=Parser(inliner=lenient_inliner()), writer="html5", settings_overrides=_SETTINGS
        )
    except Exception:  # what docutils raises for odd input is not documented
        return "", _as_it_is(source)
    title, body = parts["title"], str(parts["body"]).replace(f"{_OURS}:: ", "")
    if parts["subtitle"]:
        body = f"<h2>{parts['subtitle']}</h2>\n{body}"
    if not title and not is_titled and (first := _HEADING.search(body)) is not None:
        title, body = first[1], body[: first.start()] + body[first.end() :]
    return title, body


def _as_ours(found: re.Match[str]) -> str:
    return found[0] if found[2].lower() in _OF_DOCUTILS else f"{found[1]}{_OURS}:: "


def _is_costly(source: str) -> bool:
    """Return whether docutils may take time or memory out of proportion to the size of a text."""
    replaced = _REPLACED.findall(source)
    if any("|" in each for each in replaced):  # substitutions in each other grow without limit
        return True
    if sum(map(len, replaced)) * source.count("|") > _MOST_REPLACED:
        return True
    if sum(1 for _ in _NAMED.finditer(source)) > _MOST_NAMED:
        return True
    blocks = re.split(r"\n[ \t]*\n", source)
    return any(len(block) > _MOST_MARKS and len(_MARK.findall(block)) > _MOST_MARKS for block in blocks)


def _as_it_is(source: str) -> str:
    """Return a text that cannot be rendered, or only slowly, as paragraphs."""
    return "\n".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n[ \t]*\n", source) if part.strip())
