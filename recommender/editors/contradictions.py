"""What cannot hold at the same time in one source: found, and told with both places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from recommender.editors.rule import MAX_POSITION, Block, Pin, Rule
from recommender.editors.rules import EditorRules
from recommender.errors import Problem

__all__ = ["contradictions"]

_KEEP_ONE = "keep one of the two"


def contradictions(rules: EditorRules) -> Iterator[Problem]:
    """Yield a problem for each pin that another rule of the same source contradicts, placed at the later one.

    That is another pin of the same article on the page at another position, another article at its position, a block
    of the article on this page or everywhere, or more than 100 articles pinned on one page. A rule that is merely
    written twice is none. Linear in the number of rules.
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
            said = f"{pin.show!r} is pinned on {pin.on!r} and blocked {where}"
            yield _both(said, pin, blocks[clash])
        first = pinned.setdefault((pin.on, pin.show), pin)
        if first is not pin:
            if first.position != pin.position:
                at = " and ".join(_position(one) for one in (first, pin))
                yield _both(f"{pin.show!r} is pinned on {pin.on!r} twice, at {at}", first, pin)
        elif pin.position is not None:
            other = taken.setdefault((pin.on, pin.position), pin)
            if other is not pin:
                said = f"{other.show!r} and {pin.show!r} are both pinned at position {pin.position} on {pin.on!r}"
                yield _both(said, other, pin)
    yield from _crowded(pinned)


def _crowded(pinned: dict[tuple[str, str], Pin]) -> Iterator[Problem]:
    last = {on: pin for (on, _), pin in pinned.items()}
    for on, number in Counter(on for on, _ in pinned).items():
        if number > MAX_POSITION:
            said = f"more than {MAX_POSITION} articles pinned on {on!r}"
            yield Problem(said, str(number), "keep the first ones", last[on].source, last[on].line)


def _both(said: str, one: Rule, other: Rule) -> Problem:
    first, later = sorted((one, other), key=lambda rule: rule.line or 0)
    what = said if later.line is None else f"{said}, first at {first.place}"
    return Problem(what, "", _KEEP_ONE, later.source, later.line)


def _position(pin: Pin) -> str:
    return "the first free position" if pin.position is None else f"position {pin.position}"
