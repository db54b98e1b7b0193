"""Resolves editors' rules to rows of a site: precedence, positions, and notes about rules without effect."""

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
    """Editors' rules as rows of one site, with precedence applied.

    Parameters
    ----------
    pins : mapping of int to list of (int, int)
        Pins of each page, by the page's row: position from 1 and row, in ascending order of distinct
        positions.
    blocked : mapping of int to frozenset of int
        Rows excluded from the list of each page, by the page's row. Does not repeat those of `hidden`.
    hidden : frozenset of int
        Rows excluded from every list. No pin shows a hidden row, or a row that its page blocks.
    unknown : tuple of Problem
        A "no such article" for each id that the site lacks, with the location of the rule, which is dropped.
    notes : tuple of Problem
        The other rules that do not apply as written, and the reason: another rule overrides the rule, or the
        rule puts an article into its own list.
    """

    pins: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    blocked: Mapping[int, frozenset[int]] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    unknown: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def blocks(self, page: int, row: int) -> bool:
        """Return whether `row` is excluded from the list of `page`."""
        return row in self.hidden or row in self.blocked.get(page, ())


def resolve(rules: EditorRules, row_of: Callable[[str], int | None]) -> Resolved:
    """Return the rules as rows. The docstring of the package describes the precedence.

    Parameters
    ----------
    rules : EditorRules
        Rules of the file merged with rules of metadata: ``file.merged(metadata)``.
    row_of : callable
        Returns the row of an article id, or None if the site lacks it. Called once for each id.

    Returns
    -------
    Resolved

    Notes
    -----
    Linear in the number of rules, except that the free positions of a page are searched one by one.
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
    applied, notes = _strongest(known, hiding)
    blocked: dict[int, set[int]] = defaultdict(set)
    pinned: dict[int, list[tuple[Pin, int]]] = defaultdict(list)
    for (page, row), rule in applied.items():
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
    """Return the strongest rule for each page and row, and notes about the rules that it overrides."""
    applied: dict[tuple[int, int], Rule] = {}
    notes: list[Problem] = []
    for rule, pairs in known:
        for (on, show), (page, row) in zip(rule.pairs, pairs, strict=True):
            if page == row:
                notes.append(_note(rule, f"{show!r} never appears in its own list"))
            elif isinstance(rule, Pin) and row in hiding:
                reason = f"blocked everywhere by {hiding[row].place or 'a rule'}"
                notes.append(_note(rule, f"the pin of {show!r} on {on!r} does not apply: {reason}"))
            else:
                first = applied.setdefault((page, row), rule)
                if type(first) is not type(rule):
                    kind, verb = ("pin", "blocked") if isinstance(rule, Pin) else ("block", "pinned")
                    reason = f"{verb} by {first.place or 'a rule'}"
                    notes.append(_note(rule, f"the {kind} of {show!r} on {on!r} does not apply: {reason}"))
    return applied, notes


def _positions(pins: Iterable[tuple[Pin, int]], notes: list[Problem]) -> list[tuple[int, int]]:
    """Give each pin of a page its own position or the next free one, starting with the strongest pin."""
    taken: dict[int, tuple[Pin, int]] = {}
    for _, level in groupby(pins, key=lambda pinned: pinned[0].level):
        for pin, row in sorted(level, key=lambda pinned: pinned[0].position is None):
            position = next(free for free in count(pin.position or 1) if free not in taken)
            if pin.position not in (None, position):
                move = f"moves from position {pin.position} to {position}"
                by = taken[pin.position][0].place if pin.position else ""
                what = f"the pin of {pin.show!r} on {pin.on!r} {move}: taken by {by or 'another pin'}"
                notes.append(_note(pin, what))
            taken[position] = pin, row
    return [(position, row) for position, (_, row) in sorted(taken.items())]


def _unknown(article_id: str, rule: Rule) -> Problem:
    move = "correct the id or remove the rule"
    return Problem("no such article", repr(article_id), move, rule.source, rule.line)


def _note(rule: Rule, what: str) -> Problem:
    return Problem(what, source=rule.source, line=rule.line)
