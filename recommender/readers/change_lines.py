"""Lines of JSON that change a site one by one: an article, or ``{"delete": id}``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.readers.article_maker import ArticleMaker, id_of, id_text
from recommender.readers.inputs.sources import Source
from recommender.readers.inputs.streams import buffered
from recommender.readers.json.json_posts import post_fields
from recommender.readers.json.jsonl import read_jsonl
from recommender.readers.records.columns import stand_in_for_id
from recommender.readers.records.field_names import renamed
from recommender.readers.records.future_dates import is_future
from recommender.readers.records.identity import Rule, identified
from recommender.readers.records.named_fields import NamedFields
from recommender.readers.records.rows import Row

__all__ = ["ChangeLine", "read_change"]


class ChangeLine(NamedTuple):
    """What a line asks for.

    Attributes
    ----------
    article_id : str
        Id of the article that is given, deleted or unpublished; empty if the line is blank or bad.
    article : Article or None
        None deletes the article, or leaves it as it is if the line is `unpublished`.
    unpublished : str
        Why the row is not a published article, a key of `REASONS`; otherwise empty.
    problems, cautions : tuple of Problem
        With problems the line is bad. Cautions are unreadable optional fields.
    """

    article_id: str = ""
    article: Article | None = None
    unpublished: str = ""
    problems: tuple[Problem, ...] = ()
    cautions: tuple[Problem, ...] = ()


def read_change(
    line: bytes,
    number: int,
    *,
    id: str | None = None,
    keep: Collection[str] = (),
    fields: Mapping[str, str] | None = None,
    source: str = "-",
) -> ChangeLine:
    """Return what a line asks for.

    Parameters
    ----------
    line : bytes
    number : int
        Number of the line in messages.
    id, keep, fields
        As in `read_articles`. Without `id`, a row that has no id takes it from the field that stands in for it.
    source : str
        Name of the source in messages.

    Examples
    --------
    >>> read_change(b'{"id": 7, "title": "Rain in May"}', 1).article.title
    'Rain in May'
    >>> read_change(b'{"delete": 7}', 2)
    ChangeLine(article_id='7', article=None, unpublished='', problems=(), cautions=())
    """
    opened = Source(source, buffered([line]))
    content = next(iter(read_jsonl(opened)), Row(source, number, None)).content
    if isinstance(content, InputError):
        return ChangeLine(problems=content.problems)
    if isinstance(content, Problem):
        return ChangeLine(problems=(content.at(source, number),))
    if content is None:
        return ChangeLine()
    if content.keys() == {"delete"}:
        return _deletion(content["delete"], source, number)
    given = NamedFields.of(fields).standard(content)
    row = renamed(post_fields(given)).fields
    later = is_future(given, row.get("published"), datetime.now(UTC))
    rule = Rule(id or stand_in_for_id(row) or "id")
    if rule.field != "id" or id is not None:
        row = identified(None, row, rule)
    made = ArticleMaker(keep).make(Row(source, number, row, left_out="future" if later else None), row)
    article_id = id_of(row)
    return ChangeLine(
        article_id if isinstance(article_id, str) and not made.problems else "",
        made.article,
        made.left_out or "",
        made.problems,
        made.cautions,
    )


def _deletion(value: object, source: str, number: int) -> ChangeLine:
    article_id = id_text(value)
    if isinstance(article_id, str) and article_id:
        return ChangeLine(article_id)
    problem = Problem("'delete' is not an id", f"{value!r:.60}", 'write {"delete": "the id"}', source, number)
    return ChangeLine(problems=(problem,))
