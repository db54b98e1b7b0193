"""Rules that have no effect: of editors on articles that are not there, and of a policy on fields that no article has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recommender.editors import Resolved
from recommender.errors import Problem
from recommender.rules.site_rules import SiteRules

__all__ = ["idle_rules"]


def idle_rules(editors: Resolved, rules: SiteRules, ids: Sequence[str]) -> list[Problem]:
    """Return a problem for each rule that has no effect. `ids` are those of the articles by row."""
    return [*editors.unknown, *editors.notes, *_idle_pins(editors, rules, ids), *_idle_settings(rules)]


def _idle_pins(editors: Resolved, rules: SiteRules, ids: Sequence[str]) -> Iterator[Problem]:
    for page, pins in editors.pins.items():
        shown = [row for _, row in rules.pins.get(page, ())]
        for _, row in pins:
            if row not in shown:
                yield Problem(
                    f"the pin of {ids[row]!r} on {ids[page]!r} does not apply: it is unlisted, private or expired"
                )


def _idle_settings(rules: SiteRules) -> Iterator[Problem]:
    policy, columns = rules.policy, rules.eligibility.columns
    if not len(columns.fits):
        return
    for name in dict.fromkeys((*policy.where, *policy.where_not, *policy.same, *policy.caps)):
        if not rules.fields[name].codes:
            yield Problem(f"no article has the field {name!r}, which a rule of lists names")
    if policy.where and not columns.fits.any():
        what = "no article passes the filters of lists, so that all lists are empty"
        yield Problem(what, repr(dict(policy.where)), "check the names and values of 'where'")
