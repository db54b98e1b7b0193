"""`recommender weave`: writes lists into the HTML pages of a site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import example, json_option, progress_options, take_options
from recommender.cli.reading import verbose_option
from recommender.cli.rules import editors_of, policy_of, policy_options
from recommender.cli.terminal import Bars, counted, plural, print_json, print_lines, say

if TYPE_CHECKING:
    from recommender.weaving import WeaveSettings, Woven

__all__ = ["command"]

_SHOWN = 5  # pages named in a message


@dataclass(frozen=True, slots=True)
class _Options:
    state: Path | None
    k: int
    template: Path | None
    heading: str | None
    thumbnails: bool
    excerpts: bool
    markers_only: bool
    exclude: tuple[str, ...]
    id_field: str
    encoder: str | None
    data: Path | None
    dry_run: bool
    remove: bool
    verbose: bool
    as_json: bool
    progress: bool | None


@click.command(
    "weave",
    epilog=example(
        "recommender weave public",
        "recommender weave _site -k 4 --exclude 'tags/*' --exclude 'page/*'",
        "recommender weave public --template related.html --thumbnails --dry-run",
        "recommender weave public --remove",
    ),
)
@click.argument("public_dir", type=click.Path(path_type=Path))
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for what the next run needs; it may be deleted.  [default: .recommender/NAME beside PUBLIC_DIR]",
)
@click.option(
    "-k", type=click.IntRange(min=1), default=5, show_default=True, help="Maximum entries per list."
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Jinja template of a list, with entries, heading and language.",
)
@click.option(
    "--heading", help='Heading of all lists.  [default: "Related articles" in the language of the page]'
)
@click.option("--thumbnails", is_flag=True, help="Show the picture of each entry.")
@click.option("--excerpts", is_flag=True, help="Show the description of each entry.")
@click.option("--markers-only", is_flag=True, help="Write no list into a page without a marker.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Leave out pages whose path in PUBLIC_DIR matches, such as 'tags/*'. Can be repeated.",
)
@click.option(
    "--id",
    "id_field",
    default="path",
    metavar="FIELD",
    show_default=True,
    help="Source of article ids, by which pins and blocks name them: path, url or a field.",
)
@click.option("--encoder", metavar="MODEL", help="As in `recommender build`.  [default: lexical]")
@click.option(
    "--data",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all lists by id and by URL to this file, too, such as public/related.json.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing into pages, and print which would change.")
@click.option("--remove", is_flag=True, help="Remove all lists that were written, and nothing else.")
@policy_options
@verbose_option
@json_option
@progress_options
def command(public_dir: Path, **values: Any) -> None:
    """Write the list of related articles into each HTML page of PUBLIC_DIR, whatever generated it.

    A list is written at the marker of its page, <!-- related --> or an element with data-related, or else
    after the main text. The rest of the page stays as it is, byte for byte, and a page whose list is the same
    is not written. Run it after each build of the site, before files are compressed. Tag pages, feeds,
    redirects, error pages and pages with noindex are left out and counted.

    Options may stand in recommender.toml, as [weave], or in pyproject.toml, as [tool.recommender.weave].
    """
    from recommender.weaving import remove_lists, weave

    options = take_options(values, _Options)
    with Bars(options.progress) as bars:
        if options.remove:
            woven = remove_lists(public_dir, dry_run=options.dry_run, progress=bars)
        else:
            state = (
                options.state or public_dir.absolute().parent / ".recommender" / public_dir.absolute().name
            )
            settings = _settings(options, values)
            woven = weave(public_dir, state, settings, dry_run=options.dry_run, progress=bars)
            _ignore(state)
    for message in _messages(woven, options):
        say(message)
    if options.as_json:
        print_json(woven.to_dict())
    else:
        print_lines(_summary(woven, options))
    if woven.problems:
        raise click.exceptions.Exit(1)


def _settings(options: _Options, values: dict[str, Any]) -> WeaveSettings:
    from recommender.editors import EditorRules
    from recommender.rendering import ListTemplate
    from recommender.weaving import WeaveSettings

    template = ListTemplate(
        options.template, heading=options.heading, thumbnails=options.thumbnails, excerpts=options.excerpts
    )
    return WeaveSettings(
        template,
        options.k,
        policy_of(values),
        editors_of(values) or EditorRules(),
        options.exclude,
        options.markers_only,
        options.id_field,
        options.encoder,
        options.data,
    )


def _ignore(state: Path) -> None:
    """Make the default folder one that version control ignores."""
    if state.parent.name == ".recommender" and not (ignore := state.parent / ".gitignore").exists():
        with suppress(OSError):
            ignore.write_text("*\n", encoding="utf-8")


def _messages(woven: Woven, options: _Options) -> Iterator[str]:
    yield from map(str, woven.problems)
    if options.verbose:
        yield from map(str, woven.warnings)
    elif woven.warnings:
        yield f"Warning: {plural(len(woven.warnings), 'value')} could not be read (--verbose lists them)"
    if woven.placeless:
        yield (
            f"Note: {plural(len(woven.placeless), 'page')} without a place for the list; "
            f"put <!-- related --> into the template of {_named(woven.placeless)}"
        )
    if woven.altered:
        yield (
            f"Warning: {plural(len(woven.altered), 'page')} with a list that was changed after it was written, or with its "
            f"marks; that stays as text of the page: {_named(woven.altered)}"
        )
    if woven.compressed:
        yield (
            f"Warning: {plural(len(woven.compressed), 'page')} with a compressed copy that is older now, such as "
            f"{woven.compressed[0]}; compress pages after weaving"
        )


def _named(paths: Sequence[str]) -> str:
    more = len(paths) - _SHOWN
    return ", ".join(paths[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _summary(woven: Woven, options: _Options) -> Iterator[str]:
    done = "would be written" if options.dry_run else "written"
    if options.dry_run or options.verbose:
        yield from woven.changed
    if not options.remove:
        yield f"{plural(woven.n_pages, 'page')}, {plural(woven.n_articles, 'article')}, {plural(woven.n_lists, 'list')}"
        if woven.left_out:
            yield f"left out: {counted(woven.left_out)}"
    yield f"{plural(len(woven.changed), 'page')} {done}"
