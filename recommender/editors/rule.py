"""One rule: a pin or a block, checked when made, which knows its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from recommender.articles import MAX_ID_LENGTH
from recommender.errors import InputError, Problem

__all__ = ["MAX_POSITION", "Block", "Given", "Pin", "Rule", "whole_number"]

MAX_POSITION = 100
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Pin:
    """Article `show` stands at `position` in the list of `on`.

    Parameters
    ----------
    on, show : str
        Article ids, two different ones.
    position : int or None
        1 to 100, from 1 for the first entry; None is the first that no other pin of the page takes.
    source : str
        Where the rule is written: a file, or ``"article 'a1'"`` for metadata. Does not count in comparisons.
    line : int or None
        Line in the source, from 1. Does not count in comparisons.
    level : int
        0 is the strongest; `EditorRules.merged` counts up.

    Raises
    ------
    InputError
        Listing all that is wrong.
    """

    on: str
    show: str
    position: int | None = None
    source: str = field(default="", compare=False)
    line: int | None = field(default=None, compare=False)
    level: int = 0

    def __post_init__(self) -> None:
        problems = [*_id_problems("on", self.on), *_id_problems("show", self.show)]
        if not problems and self.on == self.show:
            problems.append(Problem("an article pinned on itself", repr(self.on), "name two articles"))
        position = self.position
        if position is not None and not (type(position) is int and 1 <= position <= MAX_POSITION):
            wanted = f"wanted a whole number from 1 to {MAX_POSITION} as the position"
            problems.append(Problem(wanted, _shown(position), "leave it out for the first free one"))
        _raise([*problems, *_place_problems(self)])

    @property
    def ids(self) -> tuple[str, ...]:
        """The articles that it names."""
        return self.on, self.show

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The list and the article in it that it is about, as ids."""
        return ((self.on, self.show),)

    @property
    def place(self) -> str:
        """Where it is written, for messages: ``"rules.yaml:3"``."""
        return _place(self)


@dataclass(frozen=True, slots=True)
class Block:
    """Article `hide` never stands in the list of `on`; where `on` is None, in no list.

    Parameters
    ----------
    hide : str
        Article id.
    on : str or None
        Article id, another one; None blocks everywhere.
    pair : bool
        Whether `on` is kept out of the list of `hide` as well.
    source, line, level
        As for `Pin`.

    Raises
    ------
    InputError
        Listing all that is wrong.
    """

    hide: str
    on: str | None = None
    pair: bool = False
    source: str = field(default="", compare=False)
    line: int | None = field(default=None, compare=False)
    level: int = 0

    def __post_init__(self) -> None:
        problems = [] if self.on is None else _id_problems("on", self.on)
        problems += _id_problems("hide", self.hide)
        if not problems and self.on == self.hide:
            problems.append(Problem("an article blocked on itself", repr(self.on), "name two articles"))
        if self.pair not in (False, True) or (self.pair and self.on is None):
            problems.append(Problem("wanted two articles for a pair", _shown(self.pair)))
        _raise([*problems, *_place_problems(self)])

    @property
    def ids(self) -> tuple[str, ...]:
        """The articles that it names."""
        return (self.hide,) if self.on is None else (self.on, self.hide)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The lists and the article in each that it is about, as ids; none if it blocks everywhere."""
        if self.on is None:
            return ()
        one = (self.on, self.hide)
        return (one, one[::-1]) if self.pair else (one,)

    @property
    def place(self) -> str:
        """Where it is written, for messages: ``"rules.yaml:3"``."""
        return _place(self)


Rule: TypeAlias = Pin | Block
Given: TypeAlias = tuple[int, dict[str, Any] | Problem]
"""Of a file: a line from 1, and the arguments of a `Pin` (with `show`) or a `Block` written there, or what is wrong."""


def whole_number(value: object) -> Any:
    """Return the number that a text writes, and anything else as it is: a pin says what is wrong with it."""
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value.strip()) else value


def _place(rule: Rule) -> str:
    return rule.source if rule.line is None else f"{rule.source}:{rule.line}"


def _id_problems(name: str, value: object) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(f"{name!r} is no article id", _shown(value), "give one id as text")]
    if not value.strip():
        return [Problem(f"no article id as {name!r}", _shown(value))]
    if len(value) > MAX_ID_LENGTH or not value.isprintable():
        wanted = f"1 to {MAX_ID_LENGTH:,} printable characters"
        return [Problem(f"{name!r} can be no article id", _shown(value), f"an id has {wanted}")]
    return []


def _place_problems(rule: Rule) -> list[Problem]:
    line_is_one = rule.line is None or (type(rule.line) is int and rule.line >= 1)
    if isinstance(rule.source, str) and line_is_one and type(rule.level) is int and rule.level >= 0:
        return []
    return [Problem("no place of a rule", _shown((rule.source, rule.line, rule.level)))]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
