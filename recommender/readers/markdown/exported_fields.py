"""Fields that a page of MDX exports instead of front matter, as ``export const meta = {...}``."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

__all__ = ["exported_fields"]

_OBJECTS = "meta|metadata|frontmatter|frontMatter|attributes|article|post"
_SINGLE = (
    "title|description|summary|excerpt|date|published|publishedAt|publishDate|updated|tags|keywords|category|categories"
    "|author|image|draft|slug|language|lang"
)
_EXPORT = re.compile(
    rf"^export\s+(?:const|let|var)\s+({_OBJECTS}|{_SINGLE})\s*(?::\s*[\w.<>\[\]]{{1,60}}\s*)?=\s*(?=[\[{{\"'`\dtfn])",
    re.MULTILINE,
)
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*(?:(?!\*/).){0,5000}\*/)*", re.DOTALL)
_STRING = re.compile(
    r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`", re.DOTALL
)
_FILLED = re.compile(r"`(?:[^`\\]|\\.)*`", re.DOTALL)  # a template with values
_KEY = re.compile(r"[A-Za-z_$][\w$]{0,60}|\d{1,10}")
_DATE = re.compile(r"new\s+Date\(\s*")
_WORD = re.compile(r"true\b|false\b|null\b|undefined\b|-?\d[\d_.]{0,30}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\n": ""}
_LONGEST = 20_000  # characters of an export
_DEEPEST = 20
_MOST = 30  # exports of a page


def exported_fields(source: str) -> dict[str, Any]:
    """Return the fields that an MDX page exports, with values as text as in front matter.

    Read are objects and single values that are written out. What is computed, such as an imported name, is left out.
    The canonical address of Next.js is the ``url``.

    Examples
    --------
    >>> exported_fields("export const meta = { title: 'Rain', date: '2026-05-01', authors: [ann], draft: true }")
    {'title': 'Rain', 'date': '2026-05-01', 'draft': 'true'}
    >>> exported_fields("import a from 'b'")
    {}
    """
    if "export" not in source:
        return {}
    fields: dict[str, Any] = {}
    for found in islice(_EXPORT.finditer(source), _MOST):
        try:
            value = _Literal(source, found.end()).value()
        except _NotWrittenOutError:
            continue
        if isinstance(value, dict):
            fields |= value
        elif found[1] not in _OBJECTS.split("|") and value is not None:
            fields[found[1]] = value
    return _with_address(fields)


def _with_address(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with the addresses that Next.js keeps in ``alternates``."""
    both = fields.pop("alternates", None)
    if isinstance(both, dict):
        if isinstance(both.get("canonical"), str):
            fields.setdefault("url", both["canonical"])
        if isinstance(both.get("languages"), dict):
            fields["alternates"] = both["languages"]
    return fields


class _NotWrittenOutError(Exception):
    """A value is no literal of JavaScript."""


class _Literal:
    """Reads a literal of JavaScript. What is no literal within it becomes None, and keys without a value are dropped."""

    def __init__(self, source: str, at: int) -> None:
        self._source, self._at, self._end = source, at, min(len(source), at + _LONGEST)

    def value(self, depth: int = 0) -> Any:
        self._skip()
        first = self._source[self._at : self._at + 1]
        if depth > _DEEPEST:
            raise _NotWrittenOutError
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._array(depth)
        if (date := _DATE.match(self._source, self._at)) is not None:
            self._at = date.end()
            value = self.value(depth + 1)
            self._expression()
            return value
        for pattern in (_STRING, _WORD):
            if (found := pattern.match(self._source, self._at, self._end)) is not None:
                self._at = found.end()
                if self._expression():
                    return None  # such as "a" + b
                if pattern is _STRING:
                    text = next(group for group in found.groups() if group is not None)
                    return _ESCAPE.sub(lambda mark: _ESCAPES.get(mark[1], mark[1]), text)
                return None if found[0] in ("null", "undefined") else found[0]
        self._expression()
        return None

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        while not self._closes("}"):
            key = _STRING.match(self._source, self._at, self._end) or _KEY.match(
                self._source, self._at, self._end
            )
            if key is not None:
                self._at = key.end()
                self._skip()
            if key is None or self._source[self._at : self._at + 1] != ":":
                self._expression()  # a spread, a method or a short name
                continue
            self._at += 1
            if (value := self.value(depth + 1)) is not None:
                found[next((group for group in key.groups() if group is not None), key[0])] = value
        return found

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self._at += 1
        while not self._closes("]"):
            found += [each for each in [self.value(depth + 1)] if each is not None]
        return found or None  # type: ignore[return-value]

    def _closes(self, bracket: str) -> bool:
        """Return whether a bracket closes here, and step over it or over the comma before the next value."""
        self._skip()
        while self._source[self._at : self._at + 1] == ",":
            self._at += 1
            self._skip()
        if self._at >= self._end:
            raise _NotWrittenOutError
        letter = self._source[self._at]
        if letter == bracket:
            self._at += 1
            return True
        if letter in "]}":  # another one: nothing can be read from here on
            raise _NotWrittenOutError
        return False

    def _expression(self) -> bool:
        """Step to the comma or bracket that ends a value, and return whether anything but blanks stood before it."""
        self._skip()
        start, open_brackets = self._at, 0
        while self._at < self._end:
            if (text := _STRING.match(self._source, self._at, self._end)) is not None:
                self._at = text.end()
                continue
            letter = self._source[self._at]
            if letter == "`" and (text := _FILLED.match(self._source, self._at, self._end)) is not None:
                self._at = text.end()
                continue
            if letter in "\"'`":
                raise _NotWrittenOutError  # it stays open
            if not open_brackets and letter in ",}];)\n":
                break
            open_brackets += (letter in "([{") - (letter in ")]}")
            self._at += 1
        stepped = self._at > start
        if self._source[self._at : self._at + 1] in (")", ";", "\n"):
            self._at += 1
        return stepped

    def _skip(self) -> None:
        found = _SPACE.match(self._source, self._at, self._end)
        self._at = found.end() if found else self._at
