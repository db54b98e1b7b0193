"""All rules of a site, by article id: made into plain JSON and back, and merged with weaker ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from recommender.editors.rule import Block, Pin, Rule
from recommender.errors import InputError, Problem

__all__ = ["EditorRules"]


@dataclass(frozen=True, slots=True)
class EditorRules:
    """All pins and blocks, by article id.

    Parameters
    ----------
    pins : tuple of Pin
    blocks : tuple of Block
        Both in the order in which they were written.

    Examples
    --------
    >>> rules = EditorRules((Pin("a", "b", 1),), (Block("c"),))
    >>> rules.to_json()
    {'pins': [{'on': 'a', 'show': 'b', 'position': 1}], 'blocks': [{'hide': 'c'}]}
    >>> EditorRules.from_json(rules.to_json()) == rules
    True
    """

    pins: tuple[Pin, ...] = ()
    blocks: tuple[Block, ...] = ()

    def by_strength(self) -> Iterator[Rule]:
        """Yield all rules, the strongest first: by level, in each the blocks before the pins, then as written."""
        yield from sorted(self._all(), key=lambda rule: rule.level)

    def merged(self, other: EditorRules) -> EditorRules:
        """Return the rules of both; where they contradict each other, those of `self` hold."""
        below = 1 + max((rule.level for rule in self._all()), default=-1)
        return EditorRules(
            self.pins + tuple(replace(pin, level=pin.level + below) for pin in other.pins),
            self.blocks + tuple(replace(block, level=block.level + below) for block in other.blocks),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values with every place and level; what has its default is left out."""
        return {
            "pins": [_plain(pin) for pin in self.pins],
            "blocks": [_plain(block) for block in self.blocks],
        }

    @classmethod
    def from_json(cls, values: Any) -> EditorRules:
        """Return the rules that `to_json` gave.

        Raises
        ------
        InputError
            If these values are none that it gives.
        """
        try:
            pins = tuple(Pin(**row) for row in values["pins"])
            return cls(pins, tuple(Block(**row) for row in values["blocks"]))
        except (KeyError, TypeError) as error:
            raise InputError(Problem("not the JSON of editors' rules", str(error)[:80])) from error

    def _all(self) -> tuple[Rule, ...]:
        return (*self.blocks, *self.pins)


def _plain(rule: Rule) -> dict[str, Any]:
    return {name: value for name, value in asdict(rule).items() if value}  # every default is falsy
