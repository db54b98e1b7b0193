"""Options that say by which rules lists are made, the same for every command that makes lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.assembly.policy import COPIES, RUNGS, Policy
from recommender.ranking.recency import MODES

if TYPE_CHECKING:
    from recommender.editors import EditorRules

__all__ = ["call_options", "call_rules", "editors_of", "policy_of", "policy_options"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)

_FILTERS = (
    click.option("--where", multiple=True, metavar="FIELD=VALUE", help="List only articles that have it."),
    click.option("--where-not", multiple=True, metavar="FIELD=VALUE", help="List no articles that have it."),
    click.option("--after", "published_after", metavar="DATE", help="List nothing older."),
    click.option("--before", "published_before", metavar="DATE", help="List nothing newer."),
    click.option(
        "--cross-language/--same-language", default=None, help="Whether other languages may be listed."
    ),
    click.option("--diversity", type=click.FloatRange(0, 1), help="0 relevance only, 1 variety only."),
)
_RULES = (
    click.option("--policy", type=_FILE, help="YAML file with settings; options given here come on top."),
    click.option(
        "--editors",
        type=_FILE,
        help="Pins and blocks: YAML or CSV.  [default: those of the artifact that is there]",
    ),
    click.option(
        "--min-score", "floor", type=click.FloatRange(0, 1), help="Least score of an entry.  [default: 0.5]"
    ),
    click.option(
        "--copies",
        type=click.Choice([name for name in COPIES if name != "sections"]),
        help="Who stands for near copies.  [default: original]",
    ),
    *_FILTERS,
    click.option("--recency", type=click.Choice(MODES), help="What dates do.  [default: era]"),
    click.option(
        "--half-life", type=click.FloatRange(0, min_open=True), metavar="DAYS", help="Of --recency latest."
    ),
    click.option("--cap", multiple=True, metavar="FIELD=N", help="Most of one value in a list."),
    click.option(
        "--exposure",
        type=click.FloatRange(1),
        metavar="TIMES",
        help="Most lists an article is in, over the mean; and find orphans a place.  [default: no bound]",
    ),
    click.option("--fallback", multiple=True, type=click.Choice(RUNGS), help="What fills short lists."),
    click.option(
        "--default",
        "defaults",
        multiple=True,
        metavar="SETTING",
        help="Set one back: --default exposure; names as in a policy file.",
    ),
)
_NAMES = (
    "floor",
    "copies",
    "where",
    "where_not",
    "published_after",
    "published_before",
    "cross_language",
    "diversity",
    "recency",
    "half_life",
    "cap",
    "exposure",
    "fallback",
)


def policy_options(command: _Command) -> _Command:
    """Add the options of all rules; `policy_of` and `editors_of` make sense of them."""
    for option in reversed(_RULES):
        command = option(command)
    return command


def call_options(command: _Command) -> _Command:
    """Add the options of rules that one list can be asked under; `call_rules` makes sense of them."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def policy_of(options: Mapping[str, Any], base: Policy | None = None) -> Policy:
    """Return the policy that a command line says: the file's, or `base`, with the options on top."""
    policy = base or Policy()
    if options["policy"] is not None:
        from recommender.assembly.policy_file import read_policy

        policy = read_policy(options["policy"])
    usual = {each.name: getattr(Policy(), each.name) for each in fields(Policy)}
    unknown = [name for name in options["defaults"] if name not in usual]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}; one of {', '.join(usual)}", param_hint="--default")
    policy = _checked(partial(replace, policy), {name: usual[name] for name in options["defaults"]})
    return _checked(policy.changed, _settings(options))


def call_rules(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules of one call that a command line says."""
    rules = _settings(options)
    _checked(Policy().for_call, rules)
    return rules


def editors_of(options: Mapping[str, Any]) -> EditorRules | None:
    """Return the pins and blocks of the file that a command line names; None where it names none."""
    if options["editors"] is None:
        return None
    from recommender.editors import read_editor_rules

    return read_editor_rules(options["editors"])


def _settings(options: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: options[name] for name in _NAMES if options.get(name) not in (None, ())}
    for name in ("where", "where_not"):
        if name in given:
            given[name] = _pairs(given[name], f"--{name.replace('_', '-')}")
    if "cap" in given:
        caps = _pairs(given.pop("cap"), "--cap")
        wrong = [f"{field}={values[-1]}" for field, values in caps.items() if not values[-1].isdecimal()]
        if wrong:
            raise click.BadParameter(f"{', '.join(wrong)}; give FIELD=NUMBER", param_hint="--cap")
        given["caps"] = {field: int(values[-1]) for field, values in caps.items()}
    return given


def _pairs(texts: Iterable[str], option: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (sign and name and value):
            raise click.BadParameter(f"{text!r}; give FIELD=VALUE", param_hint=option)
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _checked(make: Callable[..., Policy], settings: Mapping[str, Any]) -> Policy:
    try:
        return make(**settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
