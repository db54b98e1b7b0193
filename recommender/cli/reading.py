"""Options for reading articles, and messages on rows left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.cli.terminal import counted
from recommender.dates import parse_iso_date
from recommender.readers.recognise import FORMATS
from recommender.readers.records.named_fields import NamedFields
from recommender.readers.records.publication import KEEPABLE, REASONS

if TYPE_CHECKING:
    from recommender.readers import ArticleReader

__all__ = ["counted_line", "left_out_lines", "reading_of", "reading_options", "verbose_option"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--format", type=click.Choice(FORMATS), help="Format of the articles.  [default: detected]"),
    click.option(
        "--id",
        "id_field",
        metavar="FIELD",
        help="Source of article ids: a field, path (of a page, without its suffix), file (with it) or url.  "
        "[default: id; path or url if ids repeat]",
    ),
    click.option(
        "--keep",
        multiple=True,
        type=click.Choice(("all", *KEEPABLE)),
        help="Keep rows that are left out for this reason by default. Can be repeated.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Leave out pages whose path in the folder matches, such as 'tags/*'. Can be repeated.",
    ),
    click.option(
        "--field",
        "fields",
        multiple=True,
        metavar="NAME=FIELD",
        help="What the source calls a field, such as 'title=headline'. Can be repeated.",
    ),
    click.option(
        "--now",
        metavar="DATE",
        help="Leave out what is to be published later than this moment.  [default: now]",
    ),
)

verbose_option = click.option("--verbose", is_flag=True, help="List all rows left out and all warnings.")


def reading_options(command: _Command) -> _Command:
    """Add the options for reading articles."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reading_of(options: dict[str, Any]) -> dict[str, Any]:
    """Remove the options for reading from `options` and return them as arguments of `read_articles`."""
    keep, now = options.pop("keep"), options.pop("now")
    try:
        moment = None if now is None else parse_iso_date(now)
    except ValueError as error:
        message = f"{error} is not a date; give ISO 8601, such as 2026-05-01"
        raise click.BadParameter(message, param_hint="--now") from error
    return {
        "format": options.pop("format"),
        "id": options.pop("id_field"),
        "keep": "all" if "all" in keep else keep,
        "now": moment,
        "exclude": options.pop("exclude"),
        "fields": _named(options.pop("fields")),
    }


def _named(fields: tuple[str, ...]) -> dict[str, str]:
    """Return the names of fields by field. A wrong one is a mistake in the command."""
    found = dict[str, str]()
    for each in fields:
        field, equals, name = each.partition("=")
        if not equals:
            raise click.BadParameter(f"wanted NAME=FIELD, got {each!r}", param_hint="--field")
        found[field.strip()] = name.strip()
    try:
        NamedFields.of(found)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--field") from error
    return found


def counted_line(left_out: Mapping[str, int]) -> Iterator[str]:
    """Yield a line with the number of rows left out for each reason, if any.

    Examples
    --------
    >>> list(counted_line({"draft": 2, "redirect": 1}))
    ['left out: draft 2, redirect 1 (--verbose lists them, --keep REASON keeps them)']
    """
    if left_out:
        keeping = ", --keep REASON keeps them" if left_out.keys() - {"excluded"} else ""
        yield f"left out: {counted(left_out)} (--verbose lists them{keeping})"


def left_out_lines(reader: ArticleReader) -> Iterator[str]:
    """Yield a line for each row that was left out, up to 1,000."""
    for source, line, reason in reader.left_out_rows:
        location = source if line is None else f"{source}:{line}"
        yield f"{location}: left out as {reason} ({REASONS[reason]})"
    more = sum(reader.left_out.values()) - len(reader.left_out_rows)
    if more:
        yield f"... and {more:,} more"
