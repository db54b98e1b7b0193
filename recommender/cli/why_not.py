"""`recommender why-not`: explains why an article is not in a list."""

from __future__ import annotations

from pathlib import Path

import click

from recommender.cli.lists import about, row_of
from recommender.cli.options import artifact_argument, example, json_option
from recommender.cli.terminal import print_json, print_lines

__all__ = ["command"]


@click.command("why-not", epilog=example("recommender why-not site.rec some-article-id another-article-id"))
@artifact_argument
@click.argument("article_id", metavar="ID")
@click.argument("other_id", metavar="OTHER")
@json_option
def command(artifact: Path, article_id: str, other_id: str, as_json: bool) -> None:
    """Explain why OTHER is not in the list of the article ID."""
    from recommender.engine import Recommender

    site = Recommender.load(artifact)
    rows = [row_of(site, each) for each in (article_id, other_id)]
    found = site.why_not(article_id, other_id)
    if as_json:
        print_json(found.to_dict())
        return
    lines = []
    for label, row in zip(("the list of", "without"), rows, strict=True):
        lines.append(f"{label:<12} {site.summaries.column('title')[row]}")
        lines.append(f"{'':<12} {about(site.summaries[row])}")
    print_lines([*lines, f"{found.stage + ':':<12} {found.explanation}"])
