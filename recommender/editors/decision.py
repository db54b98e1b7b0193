"""One decision of an editor at the desk: a rule that was made, changed or withdrawn, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from recommender.editors.rule import Block, Pin, Rule

__all__ = ["DESK", "Decision", "plain_rule", "rule_of"]

DESK = "desk"
"""The source of rules that were made at the desk. Files have a suffix, so none has this name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A change of one rule.

    Parameters
    ----------
    number : int
        From 1, in the order of the decisions.
    by, at : str
        Who decided, and when (ISO 8601, UTC).
    before, after : Pin, Block or None
        The rule before and after. None where there was none, or is none.
    undoes : int or None
        The number of the decision that this one undoes.
    place : int or None
        Where a rule stood that was given by a file or by code and is withdrawn.
    """

    number: int
    by: str
    at: str
    before: Rule | None
    after: Rule | None
    undoes: int | None = None
    place: int | None = None

    @property
    def rule(self) -> Rule:
        """The rule that was made or withdrawn."""
        rule = self.after or self.before
        if rule is None:
            raise ValueError("a decision has a rule before or after it")
        return rule

    def concerns(self, article_id: str) -> bool:
        """Return whether a rule before or after names an article."""
        return any(article_id in rule.ids for rule in (self.before, self.after) if rule is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        found: dict[str, Any] = {"number": self.number, "by": self.by, "at": self.at}
        rules = {"before": self.before, "after": self.after}
        found |= {name: plain_rule(rule) for name, rule in rules.items() if rule is not None}
        numbers = {"undoes": self.undoes, "place": self.place}
        return found | {name: number for name, number in numbers.items() if number is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the decision from the output of `to_dict`."""
        before, after = (rule_of(values[name]) if name in values else None for name in ("before", "after"))
        undoes, place = values.get("undoes"), values.get("place")
        return cls(values["number"], values["by"], values["at"], before, after, undoes, place)


def plain_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON values. Default values are omitted."""
    return {name: value for name, value in rule.to_dict().items() if value}  # every default is falsy


def rule_of(values: Mapping[str, Any]) -> Rule:
    """Return the rule from the output of `plain_rule`."""
    return Pin(**values) if "show" in values else Block(**values)
