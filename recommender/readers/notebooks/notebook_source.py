"""Turn a Jupyter notebook into Markdown: its text and its code in their order, without what the code printed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from recommender.errors import Problem
from recommender.readers.json.json_values import parsed_json

__all__ = ["notebook_markdown"]

_FIELDS = (
    "title", "subtitle", "description", "date", "author", "authors", "tags", "keywords", "categories", "category", "slug",
    "permalink", "image", "draft", "lang", "search", "orphan",
)  # fmt: skip
"""Metadata of a notebook that generators read as front matter."""

_OPENED = re.compile(r"\s*---[ \t]*\n")
_FRONT = re.compile(  # of nbdev and fastpages
    r"#[ \t]+(?P<title>[^\n]+)\n\s*(?:>[ \t]*(?P<description>[^\n]*)\n\s*)?(?P<fields>(?:-[ \t]+\w[\w-]{0,40}:[^\n]*(?:\n|$))+)\s*$"
)
_OPTION = re.compile(r"[ \t]*(?:#|//)[ \t]?\|[ \t]*([^\n]*)")
_HIDES_CODE = re.compile(
    r"(?:hide|hide_input|exporti|default_exp\b.*|include:[ \t]*false|echo:[ \t]*false|code-fold:[ \t]*true)[ \t]*"
)
_OLD_OPTION = re.compile(r"[ \t]*#[ \t]*(?:hide|hide_input|collapse[_-]hide|exporti|default_exp\b.*)[ \t]*")
"""What nbdev and Quarto say of a cell in its first lines, and what the first version of nbdev did."""

_EXPORTS = re.compile(r"export(?:[ \t]+[\w.]+)?[ \t]*")
_OLD_EXPORT = re.compile(r"[ \t]*#[ \t]*export(?:[ \t]+[\w.]+)?[ \t]*")
"""Of cells whose code nbdev replaces by what it documents."""

_DOCUMENTED = re.compile(  # names, and strings that stand alone
    r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(?P<name>[A-Za-z]\w{0,100})|^[ \t]+[rRfF]?(?:"
    r"\"\"\"(?P<long>[^\"]*(?:\"{1,2}(?!\")[^\"]*)*)\"\"\"|'''(?P<other>[^']*(?:'{1,2}(?!')[^']*)*)'''"
    r"|(?P<quote>[\"'])(?P<short>[^\n]{1,500})(?P=quote)[ \t]*$)",
    re.MULTILINE,
)
_OF_HIDDEN = frozenset(
    ("remove-cell", "remove_cell", "hide-cell", "hide_cell", "remove-input", "remove_input", "hide-input", "hide_input")
)  # fmt: skip
_HIDDEN_WHOLE = frozenset(("remove-cell", "remove_cell"))
_TITLE = re.compile(r"\s*#[ \t][^\n]*\s*")  # which the template of the page may show instead
_ATTACHED = re.compile(r"!\[([^\]\n]{0,500})\]\(attachment:[^()\n]{0,500}\)")
_LONGEST_RUN = re.compile(r"`{3,}")


def notebook_markdown(content: bytes) -> str | Problem:
    """Return a notebook as a page of Markdown, with front matter if it has any, or what is wrong with it.

    Front matter stands in its first cell, as for Quarto and MyST, or as a heading, a quotation and a list of fields, as for
    nbdev, or in the metadata of the notebook, as for Nikola. Cells that generators hide are left out.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": ["# Rain\\n", "It fell."]}, {"cell_type": "code", "source": "x = 1"}]
    >>> print(notebook_markdown(json.dumps({"cells": cells}).encode()))
    # Rain
    It fell.
    <BLANKLINE>
    ```python
    x = 1
    ```
    """
    if not content.strip():
        return ""
    values = parsed_json(content)
    if isinstance(values, Problem):
        return values
    notebook = values[0] if len(values) == 1 else None
    cells = _cells(notebook) if isinstance(notebook, dict) else None
    if cells is None or not isinstance(notebook, dict):
        got = type(notebook).__name__ if len(values) == 1 else f"{len(values):,} JSON values"
        return Problem("no Jupyter notebook", got, "give a notebook with cells, or leave it out")
    metadata = _mapping(notebook.get("metadata"))
    parts = [part for cell in cells if (part := _shown(cell, _language(metadata)))]
    matter = _front_matter(metadata)
    if parts and _OPENED.match(parts[0]):
        first = parts[0].lstrip()
    else:
        first, given = _of_first_cell(parts[0] if parts else "")
        matter |= given
        if matter:
            fields = "".join(f"{name}: {value}\n" for name, value in matter.items())
            first = f"---\n{fields}---\n\n{first}"
    return "\n\n".join([first, *parts[1:]])


def _cells(notebook: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return the cells, also those of the worksheets of version 3. None if it has none."""
    sheets = notebook.get("worksheets")
    cells = notebook.get("cells")
    if cells is None and isinstance(sheets, list):
        lists = [_mapping(sheet).get("cells") for sheet in sheets]
        cells = [cell for each in lists if isinstance(each, list) for cell in each]
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else None


def _shown(cell: Mapping[str, Any], language: str) -> str:
    """Return what a page shows of a cell, as Markdown."""
    kind = cell.get("cell_type")
    text = _text(cell.get("input" if kind == "code" and "source" not in cell else "source"))
    metadata = _mapping(cell.get("metadata"))
    tags = metadata.get("tags")
    hidden = _OF_HIDDEN.intersection(tag for tag in (tags if isinstance(tags, list) else ()) if isinstance(tag, str))
    if metadata.get("nbsphinx") == "hidden" or not _HIDDEN_WHOLE.isdisjoint(hidden):
        return text if kind == "markdown" and _TITLE.fullmatch(text) else ""
    if kind == "heading":  # of version 3
        level = cell.get("level")
        return f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {text.strip()}"
    if kind in ("markdown", "raw"):
        return text if kind == "markdown" or _OPENED.match(text) else ""
    return "" if hidden or kind != "code" else _code(text, language)


def _code(text: str, language: str) -> str:
    """Return code between fences, without the options of its cell. Nothing if they hide it."""
    lines = text.strip("\n").split("\n")
    options = [option[1].strip() for option in takewhile(bool, map(_OPTION.match, lines)) if option]
    code = "\n".join(lines[len(options) :]).strip("\n")
    if not code.strip() or any(map(_HIDES_CODE.fullmatch, options)) or _OLD_OPTION.fullmatch(lines[0]):
        return ""
    if any(map(_EXPORTS.fullmatch, options)) or _OLD_EXPORT.fullmatch(lines[0]):
        return _documentation(code)
    longest = max(map(len, _LONGEST_RUN.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _documentation(code: str) -> str:
    """Return the names that Python code defines, and what it says of them."""
    parts: list[str] = []
    for found in _DOCUMENTED.finditer(code):
        said = found["long"] or found["other"] or found["short"] or ""
        parts.append(f"`{found['name']}`" if found["name"] else " ".join(said.split()))
    return "\n\n".join(parts)


def _text(source: object) -> str:
    """Return the text of a cell: one string, or a list of lines."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return _ATTACHED.sub(r"\1", source) if isinstance(source, str) else ""


def _language(metadata: Mapping[str, Any]) -> str:
    for place in ("language_info", "kernelspec"):
        named = _mapping(metadata.get(place))
        name = named.get("name" if place == "language_info" else "language")
        if isinstance(name, str) and re.fullmatch(r"[\w+#.-]{1,30}", name):
            return name
    return "python"


def _front_matter(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return the front matter in the metadata of a notebook, each value as YAML."""
    given = {**metadata, **_mapping(metadata.get("nikola"))}
    return {name: json.dumps(given[name]) for name in _FIELDS if isinstance(given.get(name), str | bool | list)}


def _of_first_cell(text: str) -> tuple[str, dict[str, str]]:
    """Return a first cell, and the fields in it if it holds a title and fields alone, each as YAML."""
    front = _FRONT.match(text.lstrip())
    if front is None:
        return text, {}
    lines: Sequence[str] = front["fields"].strip().split("\n")
    pairs = [line.lstrip("- \t").partition(":")[::2] for line in lines]
    fields = {name: value.strip() or '""' for name, value in pairs}
    if front["description"]:
        fields["description"] = json.dumps(_unquoted(front["description"]))
    return "", fields | {"title": json.dumps(_unquoted(front["title"]))}


def _unquoted(text: str) -> str:
    """Return a text without the quotes that it has in YAML."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
