"""Decisions at the desk: rules made, withdrawn and undone one by one, each with who and when.

A rule of the desk is stronger than those of files, and both are stronger than those in metadata. The desk holds one rule
for each slot: an article in one list, a pair, or an article everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, TypeVar

from recommender.control_characters import without_controls
from recommender.editors.contradictions import contradictions
from recommender.editors.decision import DESK, Decision
from recommender.editors.rule import Block, Pin, Rule
from recommender.editors.rules import EditorRules
from recommender.errors import ConflictError, InputError, Problem

__all__ = ["MOST_DECISIONS", "check_revision", "decided", "revision_of", "undone", "withdrawn"]

MOST_DECISIONS = 200
"""Decisions in the log of a site. Older ones can no longer be undone."""

_Slot: TypeAlias = tuple[str | None, str, bool]
_Some = TypeVar("_Some", Pin, Block)


def decided(rules: EditorRules, rule: Rule, *, by: str, at: str) -> EditorRules:
    """Return the rules with one more of the desk, in place of the one that its slot holds. One that is there stays.

    Parameters
    ----------
    rules : EditorRules
    rule : Pin or Block
    by, at : str
        Who decides, and when (ISO 8601, UTC).

    Raises
    ------
    InputError
        If `by` is empty.
    ConflictError
        If the rule contradicts another one of the desk.
    """
    by = _checked_name(by)
    rule = replace(rule, source=DESK, line=None, level=0, by=by, at=at)
    before = _of_desk(rules.decided, _slot(rule))
    if before == rule:
        return rules
    found = _without(rules.decided, before)
    after = _with(found, rule)
    clashes = [str(each) for each in contradictions(after)]
    if clashes:
        raise ConflictError("; ".join(clashes))
    return _logged(rules, after.merged(rules.given), (before, rule), by, at)


def withdrawn(rules: EditorRules, rule: Rule, *, by: str, at: str) -> EditorRules | None:
    """Return the rules without one of the desk, or else of a file. None if there is no such rule.

    The kind of `rule` and the articles that it names count.
    """
    by = _checked_name(by)
    desk, given = rules.decided, rules.given
    before = _of_desk(desk, _slot(rule))
    if type(before) is type(rule):
        return _logged(rules, _without(desk, before).merged(given), (before, None), by, at)
    equal = [each for each in given.by_strength() if _is_like(each, rule)]
    if not equal:
        return None
    first = equal[0]
    place = _place(given, first)
    for each in equal:
        given = _without(given, each)
    return _at_place(_logged(rules, desk.merged(given), (first, None), by, at), place)


def undone(rules: EditorRules, number: int, *, by: str, at: str) -> EditorRules:
    """Return the rules without the effect of one decision, which is itself a decision.

    Raises
    ------
    ConflictError
        If the decision is not among the latest, or the rule was changed since.
    """
    by = _checked_name(by)
    decision = next((each for each in rules.log if each.number == number), None)
    if decision is None:
        raise ConflictError(
            f"decision {number} is not among the latest {MOST_DECISIONS}; change the rule itself"
        )
    desk, given = rules.decided, rules.given
    before, after = decision.before, decision.after
    if not _stands(rules, decision):
        raise ConflictError(_changed_since(rules, decision))
    place = _place(given, after)
    if after is not None:
        desk, given = (_without(each, after) for each in (desk, given))
    if before is not None:
        if before.source == DESK:
            desk = _with(desk, before)
        else:
            given = _with(given, before, decision.place)
    clashes = [str(each) for each in contradictions(desk)]
    if clashes:
        raise ConflictError("; ".join(clashes))
    return _at_place(_logged(rules, desk.merged(given), (after, before), by, at, undoes=number), place)


def revision_of(rules: EditorRules) -> int:
    """Return the number of the latest decision, 0 for none."""
    return rules.log[-1].number if rules.log else 0


def check_revision(rules: EditorRules, article_id: str, seen: int | None) -> None:
    """Check that nobody has decided on an article since the revision that an editor has seen. None is not checked.

    Raises
    ------
    ConflictError
        If somebody has, or may have.
    """
    if seen is None:
        return
    again = "look at the list again, then repeat the change if it is still wanted"
    newer = [each for each in rules.log if each.number > seen and each.concerns(article_id)]
    if newer:
        raise ConflictError(
            f"{newer[-1].by} has changed the rules of {article_id!r} meanwhile ({newer[-1].at}); {again}"
        )
    first = rules.log[0].number - 1 if rules.log else 0
    if not first <= seen <= revision_of(rules):
        raise ConflictError(f"the rules have changed since revision {seen}; {again}")


def _logged(
    before: EditorRules, after: EditorRules, change: tuple[Rule | None, Rule | None], by: str, at: str,
    undoes: int | None = None,
) -> EditorRules:  # fmt: skip
    decision = Decision(revision_of(before) + 1, by, at, *change, undoes=undoes)
    return replace(after, log=(*before.log, decision)[-MOST_DECISIONS:])


def _place(given: EditorRules, rule: Rule | None) -> int | None:
    """Return where a rule of a file stands among those of its kind, so that it can be put back there."""
    if rule is None or rule.source == DESK:
        return None
    of_kind: tuple[Rule, ...] = given.pins if isinstance(rule, Pin) else given.blocks
    return next((at for at, each in enumerate(of_kind) if _is_like(each, rule)), None)


def _at_place(rules: EditorRules, place: int | None) -> EditorRules:
    """Return the rules with the place of what the latest decision took away in its record."""
    return replace(rules, log=(*rules.log[:-1], replace(rules.log[-1], place=place)))


def _stands(rules: EditorRules, decision: Decision) -> bool:
    """Return whether the rules about what a decision changed are now as it left them."""
    after = decision.after
    if decision.rule.source == DESK:
        return _with_moment(_of_desk(rules.decided, _slot(decision.rule))) == _with_moment(after)
    is_there = any(_is_like(each, decision.rule) for each in rules.given.by_strength())
    return is_there == (after is not None)


def _with_moment(rule: Rule | None) -> tuple[Rule | None, str]:
    return rule, "" if rule is None else rule.at or ""


def _changed_since(rules: EditorRules, decision: Decision) -> str:
    later = [each for each in rules.log if _slot(each.rule) == _slot(decision.rule)]
    if later[-1].number == decision.number:
        return "the rules of files have changed since; change the rule itself"
    return f"{later[-1].by} has changed this rule since ({later[-1].at}); undo that first"


def _slot(rule: Rule) -> _Slot:
    if isinstance(rule, Pin):
        return rule.on, rule.show, False
    return (min(rule.ids), max(rule.ids), True) if rule.pair else (rule.on, rule.hide, False)


def _of_desk(desk: EditorRules, slot: _Slot) -> Rule | None:
    return next((rule for rule in desk.by_strength() if _slot(rule) == slot), None)


def _is_like(one: Rule, other: Rule) -> bool:
    return type(one) is type(other) and _slot(one) == _slot(other)


def _without(rules: EditorRules, rule: Rule | None) -> EditorRules:
    if rule is None:
        return rules
    return replace(
        rules,
        pins=tuple(each for each in rules.pins if not (_is_like(each, rule) and each.source == rule.source)),
        blocks=tuple(
            each for each in rules.blocks if not (_is_like(each, rule) and each.source == rule.source)
        ),
    )


def _with(rules: EditorRules, rule: Rule, place: int | None = None) -> EditorRules:
    if isinstance(rule, Pin):
        return replace(rules, pins=_inserted(rules.pins, rule, place))
    return replace(rules, blocks=_inserted(rules.blocks, rule, place))


def _inserted(rules: tuple[_Some, ...], rule: _Some, place: int | None) -> tuple[_Some, ...]:
    """Put a rule where it was: by its moment at the desk, by its line in a file, by its place otherwise."""
    if place is None or rule.line is not None:
        later = (
            at for at, each in enumerate(rules) if each.source == rule.source and _order(each) > _order(rule)
        )
        place = next(later, len(rules))
    found = list(rules)
    found.insert(place, rule)
    return tuple(found)


def _order(rule: Rule) -> tuple[str, int]:
    return (rule.at if rule.source == DESK else "", rule.line or 0)


def _checked_name(by: str) -> str:
    words = " ".join(by.split())
    if not words:
        raise InputError(Problem("who decides is empty", "", "give a name"))
    return without_controls(words)
