"""``recommender related``: one list, for an article of the site or for a draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.cli.console import SITE, json_option, print_json
from recommender.errors import InputError, Problem, UnknownArticleError

if TYPE_CHECKING:
    from recommender.engine import Recommender
    from recommender.ranking.related import RelatedList

__all__ = ["related"]

_SEARCHED_FOR_LIKE = 200_000  # ids looked through for one like a mistyped one


@click.command()
@click.argument("site", type=SITE)
@click.argument("article_id", required=False)
@click.option("-k", type=click.IntRange(min=1), help="Entries wanted.  [default: as many as were built]")
@click.option("--title", default="", help="Title of a draft, instead of an id.")
@click.option("--text-file", help="Text of a draft; - reads standard input.")
@click.option("--why", is_flag=True, help="Show the parts of each score and the strongest shared terms.")
@json_option
def related(
    site: Path,
    article_id: str | None,
    k: int | None,
    title: str,
    text_file: str | None,
    why: bool,
    as_json: bool,
) -> None:
    r"""Show the related articles of one article or of a draft.

    \b
    recommender related site.rec some-article-id -k 5 --why
    recommender related site.rec --title "Rain in May" --text-file draft.txt
    """
    from recommender.engine import Recommender
    from recommender.export.source import list_record

    is_draft = bool(title or text_file)
    if is_draft == (article_id is not None):
        raise click.UsageError("give an article's id, or --title and/or --text-file for a draft")
    recommender = Recommender.load(site)
    if article_id is None:
        found = recommender.related_to(title, _text(text_file), k, why=why)
    else:
        try:
            found = recommender.related(article_id, k, why=why)
        except UnknownArticleError as error:
            raise UnknownArticleError(f"{error}{_like(recommender, article_id)}") from None
    if as_json:
        print_json(list_record(found, why=why))
    else:
        _tell(recommender, found, why)


def _tell(recommender: Recommender, found: RelatedList, why: bool) -> None:
    if not found:
        click.echo("no related article: none scores as much as this site's lists ask for", err=True)
    for entry in found:
        summary = recommender.summaries[recommender.summaries.row(entry.article_id)]
        where = [summary.published.date().isoformat() if summary.published else "", summary.section or ""]
        click.echo(f"{entry.rank:>3}. {entry.score:.3f}  {entry.title or '(no title)'}")
        click.echo("            " + "  ".join(filter(None, [entry.article_id, *where])))
        if why:
            parts = " + ".join(f"{name} {value:.3f}" for name, value in entry.parts.items())
            terms = ", ".join(f"{term.term} {term.share:.3f}" for term in entry.terms)
            click.echo(f"            {parts}: {terms}")


def _text(text_file: str | None) -> str:
    if text_file is None:
        return ""
    try:
        data = sys.stdin.buffer.read() if text_file == "-" else Path(text_file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            Problem("cannot be read", error.strerror or str(error), "check the name", text_file)
        ) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            Problem("not UTF-8", repr(data[error.start : error.end]), "re-encode it", text_file, line)
        ) from None


def _like(recommender: Recommender, article_id: str) -> str:
    """Ids that the user may have meant."""
    from difflib import get_close_matches

    ids = recommender.summaries.column("article_id")
    if len(ids) > _SEARCHED_FOR_LIKE:
        return ""
    wanted = article_id.casefold()
    near = [known for known in ids if wanted in known.casefold()] or (
        get_close_matches(article_id, ids, n=3, cutoff=0.6) if len(ids) <= 20_000 else []
    )
    return f"; did you mean: {', '.join(near[:3])}" if near else ""
