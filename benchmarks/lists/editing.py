"""Checks that random pins and blocks of all kinds hold in the lists made under them."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.lists.subject import ALL_RULES, Subject
from benchmarks.ours import K
from recommender import Recommender, RelatedList
from recommender.editors import Block, EditorRules, Pin

__all__ = ["editors"]

_KINDS = ("pin at a position", "pin", "block", "block of a pair", "block everywhere")
_SHARES = (0.35, 0.2, 0.2, 0.15, 0.1)
_MOST_PINS = 3  # of one list
_MOST_HIDDEN = 0.1  # of all articles


def editors(subject: Subject) -> dict[str, Any]:
    """Return the number of pins and blocks that hold, by kind, under the default rules and with all rules on."""
    rules = _drawn(subject)
    given = EditorRules(
        tuple(rule for _, rule in rules if isinstance(rule, Pin)),
        tuple(rule for _, rule in rules if isinstance(rule, Block)),
    )
    figures: dict[str, Any] = {}
    for name, policy in {"default": subject.site.policy, "all rules": ALL_RULES}.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            site = subject.relisted(policy, editors=given)
        broken = [rule for rule in rules if not _holds(rule, given, site)]
        kinds, wrong = Counter(kind for kind, _ in rules), Counter(kind for kind, _ in broken)
        figures[name] = {
            "given": len(rules),
            "kept": len(rules) - len(broken),
            "kinds": {kind: {"given": kinds[kind], "broken": wrong[kind]} for kind in _KINDS},
            "broken": [str(rule) for _, rule in broken[:20]],
            "warnings": len(caught),
        }
    return figures


_Drawn = tuple[str, Pin | Block]


def _drawn(subject: Subject) -> list[_Drawn]:
    """Return rules without contradictions. Half of the blocks and few of the pins concern listed articles."""
    random, ids = subject.random("editors"), subject.ids
    named: set[tuple[str, str]] = set()
    pinned: dict[str, list[int | None]] = defaultdict(list)
    shown: set[str] = set()
    hidden: set[str] = set()
    rules: list[_Drawn] = []
    for _ in range(50 * subject.plan.n_rules):
        if len(rules) == subject.plan.n_rules:
            break
        kind = _KINDS[random.choice(len(_KINDS), p=_SHARES)]
        on, other = (ids[at] for at in random.integers(len(ids), size=2))
        position = int(random.integers(1, K + 1)) if kind == _KINDS[0] else None
        entries = subject.site.related(on).article_ids
        if "block" in kind and random.random() < 0.5 and entries:
            other = entries[random.integers(len(entries))]
        pairs = {(on, other), (other, on)} if kind == "block of a pair" else {(on, other)}
        if on == other or other in hidden or pairs & named:
            continue
        if kind == "block everywhere":
            if other in shown or len(hidden) >= _MOST_HIDDEN * len(ids):
                continue
            hidden.add(other)
            rules.append((kind, Block(other)))
        elif "block" in kind:
            rules.append((kind, Block(other, on, pair=len(pairs) == 2)))
            named |= pairs
        elif len(pinned[on]) < _MOST_PINS and (position is None or position not in pinned[on]):
            pinned[on].append(position)
            shown.add(other)
            rules.append((kind, Pin(on, other, position)))
            named |= pairs
    return rules


def _holds(drawn: _Drawn, given: EditorRules, site: Recommender) -> bool:
    _, rule = drawn
    if isinstance(rule, Pin):
        at = _positions(given, rule.on)[rule.show]
        return _stands(site.related(rule.on), rule.show, at)
    if rule.on is None:
        row = site.summaries.row(rule.hide)
        return not bool(np.any(site.lists.rows == row))
    return all(hide not in site.related(on).article_ids for on, hide in rule.pairs)


def _positions(given: EditorRules, on: str) -> dict[str, int]:
    """Return the expected positions of pins: the given ones, and for others the first free one."""
    pins = [pin for pin in given.pins if pin.on == on]
    taken = {pin.position for pin in pins}
    free: Iterator[int] = (place for place in range(1, 2 * K) if place not in taken)
    return {pin.show: pin.position or next(free) for pin in pins}


def _stands(entries: RelatedList, show: str, position: int) -> bool:
    """Whether an article is at its position, or at the end of a shorter list, followed only by pinned articles."""
    place = next((at for at, entry in enumerate(entries, start=1) if entry.article_id == show), None)
    if place is None or entries[place - 1].source != "pinned":
        return False
    return place == position or (
        place < position and all(entry.source == "pinned" for entry in entries[place - 1 :])
    )
