"""`recommender related`: shows the list of an article or of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.drafts import draft_options, draft_text
from recommender.cli.lists import about, entry_json, list_lines, row_of
from recommender.cli.options import (
    artifact_argument,
    example,
    json_option,
    k_option,
    take_options,
    why_option,
)
from recommender.cli.rules import call_options, call_rules
from recommender.cli.terminal import print_json, print_lines

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class _Options:
    title: str | None
    text_file: str | None
    k: int | None
    why: bool
    exclude: tuple[str, ...]
    as_json: bool


@click.command(
    "related",
    epilog=example(
        "recommender related site.rec some-article-id -k 5 --why",
        "recommender related site.rec some-article-id --where section=sport --exclude lead-story-id",
        'recommender related site.rec --title "Rain floods the valley road" --text-file draft.txt',
    ),
)
@artifact_argument
@click.argument("article_id", metavar="[ID]", required=False)
@draft_options
@k_option
@why_option
@click.option(
    "--exclude",
    multiple=True,
    metavar="ID",
    help="Leave out this article, for example one already on the page.",
)
@call_options
@json_option
def command(artifact: Path, article_id: str | None, **values: Any) -> None:
    """Show the related articles of the article ID, or of a draft.

    With a filter, an exclusion or another language, the list is computed from all articles of the site.
    """
    from recommender.engine import Recommender

    options = take_options(values, _Options)
    is_draft = options.title is not None or options.text_file is not None
    if is_draft == (article_id is not None):
        raise click.UsageError("give either the ID of an article, or a draft with --title and --text-file")
    call = {"why": options.why, "exclude": options.exclude, **call_rules(values)}
    site = Recommender.load(artifact)
    if article_id is not None:
        row = row_of(site, article_id)
        related = site.related(article_id, options.k, **call)
        heading = [site.summaries.column("title")[row], about(site.summaries[row])]
    else:
        related = site.related_to(options.title or "", draft_text(options.text_file), options.k, **call)
        heading = [options.title or "(draft without a title)"]
    if options.as_json:
        entries = [entry_json(site, entry, why=options.why) for entry in related]
        translations = [each.to_dict() for each in related.translations]
        found = {"article_id": article_id, "related": entries}
        print_json(found | ({"translations": translations} if translations else {}))
    else:
        lines = list(list_lines(site, related, why=options.why))
        if not lines:
            lines = ["no related articles", *(_nearest(site, article_id, call) if options.why else ())]
        lines += [
            f"also in {each.language}: {each.title} ({each.article_id})" for each in related.translations
        ]
        print_lines([line for line in heading if line] + lines)


def _nearest(site: Recommender, article_id: str | None, call: dict[str, Any]) -> list[str]:
    """Return which article comes nearest to one without a list, and what keeps it out."""
    if article_id is None:
        return []
    nearest = site.related(article_id, 1, **{**call, "why": False, "floor": 0})
    if not nearest:
        return ["no article that may be listed has anything in common with it"]
    entry = nearest[0]
    return [
        f"the nearest: {entry.score:.3f}  {entry.title or entry.article_id}",
        str(site.why_not(article_id, entry.article_id)),
    ]
