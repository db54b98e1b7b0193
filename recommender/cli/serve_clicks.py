"""The options of `serve` for clicks and for two policies side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from recommender.service.click_settings import ClickSettings

__all__ = ["click_options", "click_settings", "compared_policy"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MIB = 2**20

_OPTIONS = (
    click.option(
        "--clicks", "clicks", metavar="FOLDER",
        help="Log what pages report of lists shown and clicked, in a file for each day.",
    ),
    click.option(
        "--click-share", type=click.FloatRange(0, 1), metavar="SHARE", default=1, show_default=True,
        help="Share of the lists shown that pages report.",
    ),
    click.option(
        "--click-rate", type=click.FloatRange(0, min_open=True), metavar="N", default=100, show_default=True,
        help="Most reports a second that a process takes.",
    ),
    click.option(
        "--click-space", type=click.FloatRange(0, min_open=True), metavar="MIB", default=256, show_default=True,
        help="Most that is logged in a day.",
    ),
    click.option(
        "--click-days", type=click.IntRange(min=1), metavar="N", default=90, show_default=True,
        help="How many days the log keeps.",
    ),
    click.option(
        "--compare", type=click.Path(path_type=Path), metavar="POLICY",
        help="File of a policy that makes half of the lists, for a comparison by clicks.",
    ),
    click.option(
        "--compare-seed", default="", metavar="TEXT", help="Another seed begins another comparison.",
    ),
)  # fmt: skip


def click_options(command: _Command) -> _Command:
    """Add the options of this module."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def click_settings(values: dict[str, Any]) -> ClickSettings | None:
    """Take the settings of the click log from the options. None if clicks are not logged."""
    from recommender.service.click_settings import ClickSettings

    folder, share, rate, space, days = (
        values.pop(name) for name in ("clicks", "click_share", "click_rate", "click_space", "click_days")
    )
    if folder is None:
        return None
    return ClickSettings(str(Path(folder).absolute()), share, rate, max(1, int(space * _MIB)), days)


def compared_policy(values: dict[str, Any]) -> dict[str, Any] | None:
    """Take the policy that is compared from the options, as JSON can hold it. None if there is none.

    Raises
    ------
    InputError
        If it cannot be read, or cannot be compared.
    """
    from recommender.rules.policy_file import read_policy
    from recommender.service.compared_lists import ComparedLists

    path = values.pop("compare")
    return None if path is None else ComparedLists(read_policy(path)).policy.to_dict()
