"""Contradictions between the rules of one source, reported with the locations of both rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from recommender.editors.rule import MAX_POSITION, Block, Pin, Rule
from recommender.editors.rules import EditorRules
from recommender.errors import Problem

__all__ = ["contradictions"]

_KEEP_ONE = "keep one of the two"


def contradictions(rules: EditorRules) -> Iterator[Problem]:
    """Yield a problem for each pin that contradicts another rule of its source, located at the later rule.

    A contradiction is a second position for the same article on a page, a second article at the same
    position, a block of the pinned article on this page or everywhere, or more than 100 articles pinned on
    one page. Repeated rules are allowed. Linear in the number of rules.
    """
    blocks: dict[tuple[str | None, str], Block] = {}
    for block in rules.blocks:
        for pair in block.pairs or ((None, block.hide),):
            blocks.setdefault(pair, block)
    pinned: dict[tuple[str, str], Pin] = {}
    taken: dict[tuple[str, int], Pin] = {}
    for pin in rules.pins:
        for clash in {(None, pin.show), (pin.on, pin.show)} & blocks.keys():
            where = "everywhere" if clash[0] is None else "there"
            what = f"{pin.show!r} is pinned on {pin.on!r} and blocked {where}"
            yield _contradiction(what, pin, blocks[clash])
        first = pinned.setdefault((pin.on, pin.show), pin)
        if first is not pin:
            if first.position != pin.position:
                at = " and ".join(_position(one) for one in (first, pin))
                yield _contradiction(f"{pin.show!r} is pinned on {pin.on!r} twice, at {at}", first, pin)
        elif pin.position is not None:
            other = taken.setdefault((pin.on, pin.position), pin)
            if other is not pin:
                what = f"{other.show!r} and {pin.show!r} are both pinned at position {pin.position} on {pin.on!r}"
                yield _contradiction(what, other, pin)
    yield from _too_many(pinned)


def _too_many(pinned: dict[tuple[str, str], Pin]) -> Iterator[Problem]:
    last = {on: pin for (on, _), pin in pinned.items()}
    for on, number in Counter(on for on, _ in pinned).items():
        if number > MAX_POSITION:
            what = f"more than {MAX_POSITION} articles pinned on {on!r}"
            yield Problem(what, str(number), "remove some of the pins", last[on].source, last[on].line)


def _contradiction(what: str, one: Rule, other: Rule) -> Problem:
    first, later = sorted((one, other), key=lambda rule: rule.line or 0)
    located = what if later.line is None else f"{what}, first at {first.place}"
    return Problem(located, "", _KEEP_ONE, later.source, later.line)


def _position(pin: Pin) -> str:
    return "the first free position" if pin.position is None else f"position {pin.position}"
