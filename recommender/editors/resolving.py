"""From rules with ids to rows of a site: what beats what, where pins stand, and what is told to the editor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count, groupby

from recommender.editors.rule import Block, Pin, Rule
from recommender.editors.rules import EditorRules
from recommender.errors import Problem

__all__ = ["Resolved", "resolve"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Editors' rules as rows of one site, precedence applied.

    Parameters
    ----------
    pins : mapping of int to list of (int, int)
        For the row of a page its pins, as position from 1 and row, in the order of positions, which are distinct.
    blocked : mapping of int to frozenset of int
        For the row of a page the rows that are kept out of its list; those of `hidden` are not repeated.
    hidden : frozenset of int
        Rows that stand in no list. No pin shows one of these, or one that its page blocks.
    unknown : tuple of Problem
        A "no such article" for each id that the site does not have, with the place of the rule, which is dropped.
    notes : tuple of Problem
        Every other rule that does not hold as written, and why: another one beats it, or it is about an article's own
        list.
    """

    pins: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    blocked: Mapping[int, frozenset[int]] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    unknown: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def blocks(self, page: int, row: int) -> bool:
        """Return whether `row` is kept out of the list of `page`."""
        return row in self.hidden or row in self.blocked.get(page, ())


def resolve(rules: EditorRules, row_of: Callable[[str], int | None]) -> Resolved:
    """Return the rules as rows, by the precedence that the package's docstring tells.

    Parameters
    ----------
    rules : EditorRules
        Those of the file merged with those of metadata: ``file.merged(metadata)``.
    row_of : callable
        The row of an article id, None for one that the site does not have. Called once for each id.

    Returns
    -------
    Resolved
        Linear in the number of rules, but for a page's own pins, whose free positions are searched one by one.
    """
    look_up = cache(row_of)
    unknown: list[Problem] = []
    known: list[tuple[Rule, list[tuple[int, int]]]] = []
    hiding: dict[int, Block] = {}
    for rule in rules.by_strength():
        rows = {article_id: look_up(article_id) for article_id in rule.ids}
        found = {article_id: row for article_id, row in rows.items() if row is not None}
        unknown += [_unknown(article_id, rule) for article_id in rows if article_id not in found]
        if len(found) == len(rows):
            known.append((rule, [(found[on], found[show]) for on, show in rule.pairs]))
            if isinstance(rule, Block) and rule.on is None:
                hiding.setdefault(found[rule.hide], rule)
    holding, notes = _strongest(known, hiding)
    blocked: dict[int, set[int]] = defaultdict(set)
    pinned: dict[int, list[tuple[Pin, int]]] = defaultdict(list)
    for (page, row), rule in holding.items():
        if isinstance(rule, Pin):
            pinned[page].append((rule, row))
        else:
            blocked[page].add(row)
    pins = {page: _positions(of_page, notes) for page, of_page in pinned.items()}
    frozen = {page: frozenset(rows) for page, rows in blocked.items()}
    return Resolved(pins, frozen, frozenset(hiding), tuple(unknown), tuple(notes))


def _strongest(
    known: Iterable[tuple[Rule, list[tuple[int, int]]]], hiding: Mapping[int, Block]
) -> tuple[dict[tuple[int, int], Rule], list[Problem]]:
    """Return for each page and row the first rule about them, and what the others are told."""
    holding: dict[tuple[int, int], Rule] = {}
    notes: list[Problem] = []
    for rule, pairs in known:
        for (on, show), (page, row) in zip(rule.pairs, pairs, strict=True):
            if page == row:
                notes.append(_note(rule, f"{show!r} is in no list of its own anyway"))
            elif isinstance(rule, Pin) and row in hiding:
                why = f"blocked everywhere by {hiding[row].place or 'a rule'}"
                notes.append(_note(rule, f"the pin of {show!r} on {on!r} does not hold: {why}"))
            else:
                first = holding.setdefault((page, row), rule)
                if type(first) is not type(rule):
                    lost, why = ("pin", "blocked") if isinstance(rule, Pin) else ("block", "pinned")
                    said = (
                        f"the {lost} of {show!r} on {on!r} does not hold: {why} by {first.place or 'a rule'}"
                    )
                    notes.append(_note(rule, said))
    return holding, notes


def _positions(pins: Iterable[tuple[Pin, int]], notes: list[Problem]) -> list[tuple[int, int]]:
    """Give each pin of a page, the strongest first, its own position or else the next free one."""
    taken: dict[int, tuple[Pin, int]] = {}
    for _, level in groupby(pins, key=lambda pinned: pinned[0].level):
        for pin, row in sorted(level, key=lambda pinned: pinned[0].position is None):
            position = next(free for free in count(pin.position or 1) if free not in taken)
            if pin.position not in (None, position):
                said = (
                    f"the pin of {pin.show!r} on {pin.on!r} moves from position {pin.position} to {position}"
                )
                by = taken[pin.position][0].place if pin.position else ""
                notes.append(_note(pin, f"{said}: taken by {by or 'another pin'}"))
            taken[position] = pin, row
    return [(position, row) for position, (_, row) in sorted(taken.items())]


def _unknown(article_id: str, rule: Rule) -> Problem:
    move = "mend the id, or take the rule out"
    return Problem("no such article", repr(article_id), move, rule.source, rule.line)


def _note(rule: Rule, what: str) -> Problem:
    return Problem(what, source=rule.source, line=rule.line)
