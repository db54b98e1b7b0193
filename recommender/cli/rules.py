"""Options for the rules of lists, shared by the commands that compute lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.rules.age import MODES
from recommender.rules.policy import COPIES, FALLBACKS, LINKED, SERIES, TRANSLATIONS, TREES, Policy

if TYPE_CHECKING:
    from recommender.editors import EditorRules

__all__ = ["call_options", "call_rules", "editors_of", "policy_of", "policy_options"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)

_FILTERS = (
    click.option(
        "--where", multiple=True, metavar="FIELD=VALUE", help="Include only articles with this value."
    ),
    click.option(
        "--where-not", multiple=True, metavar="FIELD=VALUE", help="Exclude articles with this value."
    ),
    click.option("--after", "published_after", metavar="DATE", help="Exclude older articles."),
    click.option("--before", "published_before", metavar="DATE", help="Exclude newer articles."),
    click.option(
        "--cross-language/--same-language",
        default=None,
        help="Whether lists may contain articles in other languages.",
    ),
    click.option(
        "--trees",
        type=click.Choice(TREES),
        help="Whether pages of a version or a translation list only those of their own.  [default: own]",
    ),
    click.option(
        "--translations",
        type=click.Choice(TRANSLATIONS),
        help="Whether lists may contain the same page in another language.  [default: listed]",
    ),
    click.option(
        "--linked",
        type=click.Choice(LINKED),
        help="Whether lists may contain what the text links to already.  [default: listed]",
    ),
    click.option(
        "--series",
        type=click.Choice(SERIES),
        help="Whether the next and the previous part of a series come first.  [default: listed]",
    ),
    click.option(
        "--diversity",
        type=click.FloatRange(0, 1),
        help="From 0, relevance only, to 1, variety only.",
    ),
    click.option(
        "--rotation",
        metavar="SEED",
        help="Draw the lower half of the places from the next candidates, by a seed such as the date.",
    ),
)
_RULES = (
    click.option("--policy", type=_FILE, help="YAML file with settings. Other options override it."),
    click.option(
        "--editors",
        type=_FILE,
        help="File with pins and blocks, YAML or CSV.  [default: those of the existing artifact]",
    ),
    click.option(
        "--min-score", "floor", type=click.FloatRange(0, 1), help="Minimum score of an entry.  [default: 0.5]"
    ),
    click.option(
        "--copies",
        type=click.Choice([name for name in COPIES if name != "sections"]),
        help="Article that represents a group of near copies in a list.  [default: best]",
    ),
    *_FILTERS,
    click.option("--recency", type=click.Choice(MODES), help="Effect of dates.  [default: era]"),
    click.option(
        "--half-life",
        type=click.FloatRange(0, min_open=True),
        metavar="DAYS",
        help="Half-life for --recency latest.",
    ),
    click.option(
        "--cap",
        multiple=True,
        metavar="FIELD=N",
        help="Maximum entries per list with the same value.",
    ),
    click.option(
        "--exposure",
        type=click.FloatRange(1),
        metavar="TIMES",
        help="Maximum number of lists per article, relative to the mean. Also places orphans in lists.  "
        "[default: no limit]",
    ),
    click.option(
        "--fallback",
        multiple=True,
        type=click.Choice(FALLBACKS),
        help="Source of entries for short lists. Can be repeated, in order.",
    ),
    click.option(
        "--default",
        "defaults",
        multiple=True,
        metavar="SETTING",
        help="Reset a setting, named as in a policy file: --default exposure.",
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
    "trees",
    "translations",
    "linked",
    "series",
    "diversity",
    "rotation",
    "recency",
    "half_life",
    "cap",
    "exposure",
    "fallback",
)


def policy_options(command: _Command) -> _Command:
    """Add the options of all rules, which `policy_of` and `editors_of` parse."""
    for option in reversed(_RULES):
        command = option(command)
    return command


def call_options(command: _Command) -> _Command:
    """Add the options that apply to a single list, which `call_rules` parses."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def policy_of(options: Mapping[str, Any], base: Policy | None = None) -> Policy:
    """Return the policy of the command line: that of the file, or `base`, overridden by the options."""
    policy = base or Policy()
    if options["policy"] is not None:
        from recommender.rules.policy_file import read_policy

        policy = read_policy(options["policy"])
    defaults = {each.name: getattr(Policy(), each.name) for each in fields(Policy)}
    unknown = [name for name in options["defaults"] if name not in defaults]
    if unknown:
        message = f"{', '.join(unknown)}; give one of {', '.join(defaults)}"
        raise click.BadParameter(message, param_hint="--default")
    policy = _checked(partial(replace, policy), {name: defaults[name] for name in options["defaults"]})
    return _checked(policy.changed, _settings(options))


def call_rules(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules of the command line for a single list."""
    rules = _settings(options)
    _checked(Policy().for_call, rules)
    return rules


def editors_of(options: Mapping[str, Any]) -> EditorRules | None:
    """Return the pins and blocks of the file of ``--editors``, or None without that option."""
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
        invalid = [f"{field}={values[-1]}" for field, values in caps.items() if not values[-1].isdecimal()]
        if invalid:
            raise click.BadParameter(f"{', '.join(invalid)}; give FIELD=NUMBER", param_hint="--cap")
        given["caps"] = {field: int(values[-1]) for field, values in caps.items()}
    return given


def _pairs(texts: Iterable[str], option: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (sign and name and value):
            raise click.BadParameter(f"{text!r}; give FIELD=VALUE", param_hint=option)
        pairs.setdefault(name.strip(), []).append(value.strip())
    return pairs


def _checked(make: Callable[..., Policy], settings: Mapping[str, Any]) -> Policy:
    try:
        return make(**settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
