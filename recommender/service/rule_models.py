"""Pins, blocks and decisions as the service gives them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, Field

from recommender.editors import Block, Decision, Pin

__all__ = ["Action", "DecisionShown", "Decisions", "Outcome", "RuleShown", "Rules"]

Action = Literal["pin", "block", "block-pair", "block-everywhere"]


class RuleShown(BaseModel):
    """A pin or a block, by the columns of a table of rules."""

    action: Action = Field(examples=["pin"])
    article: str = Field(
        description="The page; of `block-everywhere` the blocked article", examples=["rain-in-may"]
    )
    other: str | None = Field(None, description="The article in its list", examples=["flood-defences"])
    position: int | None = Field(None, description="Of a pin, from 1", examples=[1])
    by: str = Field("", description="Who decided it", examples=["Ana"])
    at: str = Field("", description="When", examples=["2026-11-27T18:40:00.000000Z"])
    source: str = Field("", description="`desk`, or the place in a file", examples=["desk"])

    @classmethod
    def of(cls, rule: Pin | Block) -> Self:
        """Return a rule."""
        who = {"by": rule.by, "at": rule.at, "source": rule.place}
        if isinstance(rule, Pin):
            what = {"action": "pin", "article": rule.on, "other": rule.show, "position": rule.position}
        elif rule.on is None:
            what = {"action": "block-everywhere", "article": rule.hide}
        else:
            what = {"action": "block-pair" if rule.pair else "block", "article": rule.on, "other": rule.hide}
        return cls.model_validate(what | who)


class Rules(BaseModel):
    """Some rules of the site, strongest first."""

    version: int = Field(description="Of the site", examples=[12])
    revision: int = Field(
        description="Send it with a change, which is refused if others came between", examples=[3]
    )
    total: int = Field(examples=[1])
    rules: list[RuleShown]


class DecisionShown(BaseModel):
    """One change of a rule."""

    number: int = Field(examples=[3])
    by: str = Field(examples=["Ana"])
    at: str = Field(examples=["2026-11-27T18:40:00.000000Z"])
    before: RuleShown | None = Field(None, description="None for a new rule")
    after: RuleShown | None = Field(None, description="None for a rule that was withdrawn")
    undoes: int | None = Field(None, description="The decision that this one undoes")

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return a decision."""
        before, after = (
            None if rule is None else RuleShown.of(rule) for rule in (decision.before, decision.after)
        )
        return cls(
            number=decision.number, by=decision.by, at=decision.at, before=before, after=after,
            undoes=decision.undoes,
        )  # fmt: skip


class Decisions(BaseModel):
    """Decisions, the latest first."""

    revision: int = Field(examples=[3])
    total: int = Field(examples=[3])
    decisions: list[DecisionShown]


class Outcome(BaseModel):
    """What a change of the rules came to."""

    version: int = Field(description="Of the site from which on the change is in force", examples=[13])
    revision: int = Field(examples=[4])
    decision: DecisionShown | None = Field(None, description="None where the rule was there already")
    lists: list[str] = Field(description="The articles whose lists changed", examples=[["rain-in-may"]])
    keys: list[str] = Field(
        description="Surrogate keys of these lists, to purge from caches", examples=[["related-rain-in-may"]]
    )
