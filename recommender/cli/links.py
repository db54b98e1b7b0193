"""`recommender links`: suggests links for the texts of articles, or of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.drafts import draft_options, draft_text
from recommender.cli.lists import about, row_of, shortened
from recommender.cli.options import artifact_argument, example, json_option, take_options
from recommender.cli.terminal import print_json, print_lines

if TYPE_CHECKING:
    from recommender.engine import Recommender
    from recommender.links.suggestions import LinkSuggestion, LinkSuggestions

__all__ = ["command"]

_INDENT = " " * 7
_AROUND = 55  # characters of the sentence shown on both sides of a phrase


@dataclass(frozen=True, slots=True)
class _Options:
    title: str | None
    text_file: str | None
    k: int
    floor: float
    as_json: bool


@click.command(
    "links",
    epilog=example(
        "recommender links site.rec some-article-id",
        "recommender links site.rec --json > links.jsonl",
        'recommender links site.rec --title "Rain floods the valley road" --text-file draft.md',
    ),
)
@artifact_argument
@click.argument("article_id", metavar="[ID]", required=False)
@draft_options
@click.option(
    "-k", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="Links per article."
)
@click.option(
    "--floor", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Least strength of a link."
)
@json_option
def command(artifact: Path, article_id: str | None, **values: Any) -> None:
    """Suggest links for the text of the article ID, of a draft, or of every article.

    A link is a phrase that names a related article by its title, or by a part of the title that distinguishes it. It is
    in no heading, code, quotation or link, and leads to no article that the text links to already. Each article is
    named once at most. Without ID, --json prints one JSON document a line.
    """
    from recommender.engine import Recommender

    options = take_options(values, _Options)
    is_draft = options.title is not None or options.text_file is not None
    if is_draft and article_id is not None:
        raise click.UsageError("give either the ID of an article, or a draft with --title and --text-file")
    site = Recommender.load(artifact)
    if is_draft:
        text = draft_text(options.text_file)
        found = site.link_suggestions_to(options.title or "", text, options.k, floor=options.floor)
        _print_one(site, found, options.title or "(draft without a title)", as_json=options.as_json)
    elif article_id is not None:
        row = row_of(site, article_id)
        found = site.link_suggestions(article_id, options.k, floor=options.floor)
        _print_one(site, found, site.summaries.column("title")[row], as_json=options.as_json)
    else:
        _print_all(site, site.link_suggestions_all(options.k, floor=options.floor), as_json=options.as_json)


def _print_one(site: Recommender, found: LinkSuggestions, title: str, *, as_json: bool) -> None:
    if as_json:
        print_json(found.to_dict())
        return
    print_lines([*_heading(site, found, title), *_lines(found)])
    if not len(found):
        print_lines(["no links to suggest"])


def _print_all(site: Recommender, suggestions: Iterator[LinkSuggestions], *, as_json: bool) -> None:
    """Print the suggestions of all articles as they are found, those of articles without any only as JSON."""
    import orjson

    for found in suggestions:
        if as_json:
            click.echo(orjson.dumps(found.to_dict(), option=orjson.OPT_APPEND_NEWLINE), nl=False)
        elif found.links:
            title = site.summaries[site.summaries.row(found.article_id or "")].title
            print_lines([*_heading(site, found, title), *_lines(found), ""])


def _heading(site: Recommender, found: LinkSuggestions, title: str) -> list[str]:
    if found.article_id is None:
        return [title]
    return [title, about(site.summaries[site.summaries.row(found.article_id)])]


def _lines(found: LinkSuggestions) -> Iterator[str]:
    """Yield the lines of suggestions: strength and target, then the phrase in its sentence."""
    for link in found:
        yield f"{link.strength:.3f}  {link.title or link.article_id}"
        yield f"{_INDENT}{link.url or link.article_id}"
        yield f"{_INDENT}{_shown(link)}"


def _shown(link: LinkSuggestion) -> str:
    """Return the sentence of a link, shortened on both sides, with the phrase between brackets."""
    before, after = link.sentence[: link.offset], link.sentence[link.offset + len(link.phrase) :]
    return f"{shortened(before[::-1], _AROUND)[::-1]}[{link.phrase}]{shortened(after, _AROUND)}"
