"""Turn the roles, directives and targets of MyST, and the cells of Quarto and knitr, into plain Markdown."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from itertools import takewhile

__all__ = ["without_myst"]

_IS_MYST = re.compile(
    r"^[ \t>]*(?:`{3,}|~{3,}|:{3,})\{[a-z]|^\([^()\n]{1,100}\)=[ \t]*$|[a-z]\}`[^`]", re.MULTILINE
)
_FENCE = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>`{3,}(?=[^`]*$)|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[\w:+.-]{1,40})\})?(?P<rest>[^\n]*)$"
)
_TARGET = re.compile(r"[ \t]*\([^()\n]{1,100}\)=[ \t]*$|\+\+\+(?:[ \t]*\{.*\})?[ \t]*$")
_ROLE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`))"
    r"|\{(?P<role>[a-zA-Z][\w:.+-]{0,40})\}(?P<marks>`{1,3})(?P<text>[^`]{1,500}?)(?P=marks)(?!`)"
)
_LABELLED = re.compile(r"\s*(?P<label>[^<>]*?)\s*<(?P<target>[^<>]{1,300})>\s*")
_OPTION = re.compile(r"[ \t]*:[\w-]{1,40}:(?:[ \t]|$)")
_NUMBERS = re.compile(r"[\d\s]*")
_CELL_OPTION = re.compile(r"[ \t]*(?:#|//)[ \t]?\|")
_UNSHOWN = re.compile(r"\|[ \t]*(?:include|echo):[ \t]*false\b|\b(?:include|echo)[ \t]*=[ \t]*F(?:ALSE)?\b")
_HIDDEN = re.compile(r"\b(?:remove|hide)[-_](?:cell|input)\b")

_CODE = re.compile("code|code-block|code-cell|sourcecode|ipython3?|prompt|parsed-literal")
_SHOWN = re.compile(
    "note|tip|hint|important|warning|caution|attention|danger|error|seealso|admonition|todo|topic|sidebar|margin|aside|card"
    "|grid-item-card|tab-item|dropdown|details|exercise|exercise-start|table|list-table|rubric|epigraph|pull-quote"
    "|blockquote|highlights|versionadded|versionchanged|deprecated|glossary|example|button-link|button-ref|question"
    "|proof|theorem|lemma|definition|remark|prf:[a-z]{1,20}"
)
"""Directives of which both the argument and the text are shown."""

_TEXT_ALONE = re.compile(
    "figure|figure-md|subfigure|grid|grid-item|tab-set|div|container|class|solution|solution-start|solution-end"
    "|exercise-end|only|full-width|card-carousel"
)
"""Directives whose argument is an address, a label or a style."""

_SILENT = re.compile(
    "image|toctree|tableofcontents|bibliography|contents|iframe|raw|math|mermaid|literalinclude|include|index|meta|embed"
    "|video|youtube|plot|autosummary|autoclass|automodule|autofunction|currentmodule|list-of-figures|eval-rst"
)
_NAMELESS = ("cite", "footcite", "eq", "numref", "index", "ref", "nb-download", "fn")
"""Roles whose text is a key or a label, unless a label stands before it. A role may have a suffix, as ``cite:p``."""


def without_myst(text: str) -> str:
    r"""Return Markdown without the extensions of MyST.

    The text of directives stays, with their titles and without their options, and so does that of roles. Citations, labels,
    images and tables of contents are left out, and code that a page hides. Other fences stay as they are.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> without_myst("(top)=\n# Rain{cite:p}`ann`\n:::{note} Wet\n:class: tip\nSee {doc}`the sun <sun>`.\n:::")
    '# Rain\n\nWet\n\nSee [the sun](sun).\n'
    """
    if not _IS_MYST.search(text):
        return text
    shown: list[str] = []
    prose: list[str] = []
    marks: list[str] = []  # of the directives around a line
    lines = deque(text.split("\n"))
    while lines:
        line = lines.popleft()
        fence = _FENCE.match(line)
        if fence is None:
            if not _TARGET.match(line):
                prose.append(line)
        elif marks and _closes(line, marks[-1]):
            marks.pop()
            prose.append("")
        elif (is_shown := _SHOWN.fullmatch(fence["name"] or "")) or _TEXT_ALONE.fullmatch(
            fence["name"] or ""
        ):
            marks.append(fence["mark"])
            title = fence["rest"].strip() if is_shown and not _NUMBERS.fullmatch(fence["rest"]) else ""
            _take_options(lines)
            prose += ["", fence["indent"] + title, ""] if title else [""]
        else:
            shown += [_ROLE.sub(_text_of_role, "\n".join(prose)), *_block(line, fence, lines)]
            prose = []
    return "\n".join([*shown, _ROLE.sub(_text_of_role, "\n".join(prose))])


def _block(line: str, fence: re.Match[str], lines: deque[str]) -> list[str]:
    """Return the lines of a block that is code, or nothing if it is not shown. Its lines are taken."""
    name = fence["name"] or ""
    if fence["mark"].startswith(":") and not (_SILENT.fullmatch(name) or _CODE.fullmatch(name)):
        return [line]  # what other generators write so
    options = _take_options(lines) if name else []
    block: list[str] = []
    while lines and not _closes(lines[0], fence["mark"]):
        block.append(lines.popleft())
    close = [fence["indent"] + lines.popleft().strip()] if lines else []
    if _SILENT.fullmatch(name) or any(map(_HIDDEN.search, options)):
        return [""]
    if not _CODE.fullmatch(name):
        return _cell([line, *options, *block, *close], fence)
    mark = fence["indent"] + fence["mark"].replace(":", "`")
    return [mark + fence["rest"].strip().partition(" ")[0], *block, mark]


def _cell(block: list[str], fence: re.Match[str]) -> list[str]:
    """Return a block without the options of Quarto and knitr, if it is code that they run. Nothing if they hide it."""
    if not (fence["name"] or fence["rest"].startswith("{")):
        return block
    options = list(takewhile(_CELL_OPTION.match, block[1:]))
    if any(map(_UNSHOWN.search, [fence["rest"], *options])):
        return [""]
    return [block[0], *block[len(options) + 1 :]]


def _closes(line: str, mark: str) -> bool:
    plain = line.strip()
    return plain.startswith(mark) and not plain.strip(mark[0])


def _take_options(lines: deque[str]) -> list[str]:
    """Take the options at the start of a directive, and return them."""
    options: list[str] = []
    if lines and lines[0].strip() == "---":
        options.append(lines.popleft())
        while lines and lines[0].strip() != "---":
            options.append(lines.popleft())
        options += [lines.popleft()] if lines else []
    while lines and _OPTION.match(lines[0]):
        options.append(lines.popleft())
    return options


def _text_of_role(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    role, text = found["role"], found["text"]
    labelled = _LABELLED.fullmatch(text)
    label, target = (labelled["label"], labelled["target"]) if labelled else ("", text.strip())
    if role == "doc" and ":" not in target:
        return f"[{label or posixpath.basename(target)}]({target.removeprefix('/')})"
    if label or role.partition(":")[0] in _NAMELESS:
        return label
    if role == "math":
        return f"${text}$"
    return text if role in ("term", "abbr", "sub", "sup", "doc", "any") else f"`{text.lstrip('~!')}`"
