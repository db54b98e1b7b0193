"""The collection of a site's rules, its JSON form, and the merge with rules of a weaker source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from recommender.editors.decision import DESK, Decision, plain_rule
from recommender.editors.rule import Block, Pin, Rule
from recommender.errors import InputError, Problem

__all__ = ["EditorRules"]


@dataclass(frozen=True, slots=True)
class EditorRules:
    """All pins and blocks of a site.

    Parameters
    ----------
    pins : tuple of Pin
    blocks : tuple of Block
        Both in the order of the source.
    log : tuple of Decision
        The latest decisions at the desk, oldest first. Ignored in comparisons.

    Examples
    --------
    >>> rules = EditorRules((Pin("a", "b", 1),), (Block("c"),))
    >>> rules.to_dict()
    {'pins': [{'on': 'a', 'show': 'b', 'position': 1}], 'blocks': [{'hide': 'c'}]}
    >>> EditorRules.from_dict(rules.to_dict()) == rules
    True
    """

    pins: tuple[Pin, ...] = ()
    blocks: tuple[Block, ...] = ()
    log: tuple[Decision, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for name, values, wanted in (("pins", self.pins, Pin), ("blocks", self.blocks, Block)):
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise TypeError(f"{name} must be an iterable of {wanted.__name__}, got {values!r:.80}")
            each = tuple(values)
            wrong = [value for value in each if not isinstance(value, wanted)]
            if wrong:
                raise TypeError(f"{name} must hold {wanted.__name__} values, got {wrong[0]!r:.80}")
            object.__setattr__(self, name, each)

    def by_strength(self) -> Iterator[Rule]:
        """Yield all rules, strongest first: by level, then blocks before pins, then in source order."""
        yield from sorted(self._all(), key=lambda rule: rule.level)

    def merged(self, other: EditorRules) -> EditorRules:
        """Return the rules of both. If they contradict each other, those of `self` take precedence."""
        below = 1 + max((rule.level for rule in self._all()), default=-1)
        return EditorRules(
            self.pins + tuple(replace(pin, level=pin.level + below) for pin in other.pins),
            self.blocks + tuple(replace(block, level=block.level + below) for block in other.blocks),
            self.log or other.log,
        )

    @property
    def decided(self) -> EditorRules:
        """The rules made at the desk, with their log. They are stronger than those that were `given`."""
        return self._those(from_desk=True)

    @property
    def given(self) -> EditorRules:
        """The rules of files or of code, at the levels that they had without those of the desk."""
        given = self._those(from_desk=False)
        highest = min((rule.level for rule in given._all()), default=0)
        pins = (replace(pin, level=pin.level - highest) for pin in given.pins)
        blocks = (replace(block, level=block.level - highest) for block in given.blocks)
        return EditorRules(tuple(pins), tuple(blocks))

    def with_given(self, given: EditorRules) -> EditorRules:
        """Return other rules in place of those that were given. What was decided at the desk stays."""
        return self.decided.merged(given)

    def _those(self, *, from_desk: bool) -> EditorRules:
        return EditorRules(
            tuple(pin for pin in self.pins if (pin.source == DESK) is from_desk),
            tuple(block for block in self.blocks if (block.source == DESK) is from_desk),
            self.log if from_desk else (),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rules as JSON values, with locations and levels. Default values are omitted."""
        found = {
            "pins": [plain_rule(pin) for pin in self.pins],
            "blocks": [plain_rule(block) for block in self.blocks],
        }
        return found | ({"log": [each.to_dict() for each in self.log]} if self.log else {})

    @classmethod
    def from_dict(cls, values: Any) -> EditorRules:
        """Return the rules from the output of `to_dict`.

        Raises
        ------
        InputError
            If the values are not such output.
        """
        if not isinstance(values, Mapping):
            raise InputError(Problem("not the JSON of editors' rules", f"{values!r:.80}"))
        try:
            pins = tuple(Pin(**row) for row in values["pins"])
            log = tuple(map(Decision.from_dict, values.get("log", ())))
            return cls(pins, tuple(Block(**row) for row in values["blocks"]), log)
        except (KeyError, TypeError) as error:
            raise InputError(Problem("not the JSON of editors' rules", str(error)[:80])) from error

    def _all(self) -> tuple[Rule, ...]:
        return (*self.blocks, *self.pins)
