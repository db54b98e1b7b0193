"""Rows of tables and JSON that an update would make second articles, because their ids are others than those of the site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from recommender.articles import Article
from recommender.engine import Recommender
from recommender.errors import InputError, Problem

__all__ = ["check_records", "kind_problems", "record_problems"]

_SAMPLED = 64  # articles of the site whose ids are looked at


def check_records(
    site: Recommender, given: Sequence[Article], deleted: Collection[str], *, names_id: bool
) -> None:
    """Raise InputError with `record_problems`, if there are any."""
    if problems := record_problems(site, given, deleted, names_id=names_id):
        raise InputError(problems)


def record_problems(
    site: Recommender, given: Sequence[Article], deleted: Collection[str], *, names_id: bool
) -> list[Problem]:
    """Return problems for new articles that are on the site under another id, or have ids of another kind.

    A reader takes addresses as ids where ids repeat, or there are none. So one repeated id in an export changes all of
    them.

    Parameters
    ----------
    site : Recommender
    given : sequence of Article
        Articles of tables and JSON.
    deleted : collection of str
        Ids of the articles that the same update deletes.
    names_id : bool
        Whether the user names the field of the ids. Then they may be of any kind.
    """
    new = [each for each in given if each.url and each.article_id not in site]
    if not new:
        return []
    table = site.summaries
    there = [
        (url, one) for url, one in zip(table.column("url"), table.column("article_id"), strict=True) if url
    ]
    by_address = new[0].article_id == new[0].url
    kept, owners = (
        {"", *deleted, *(each.article_id for each in given)},
        _owners(there, {each.url for each in new}),
    )
    again = [(each.article_id, owners[each.url]) for each in new if owners.get(each.url, "") not in kept]
    if again:
        id_field = "id, with --on-error skip if ids repeat" if by_address else "url"
        move = f"read them with the --id of the build, such as --id {id_field}; or delete the others"
        return [Problem("articles are on the site already, under other ids", _shown(again), move)]
    return [] if names_id else kind_problems(site, new)


def kind_problems(site: Recommender, given: Sequence[Article]) -> list[Problem]:
    """Return a problem if the ids of the site are addresses, and those of new articles are not, or the other way round.

    Up to 64 articles of the site say what its ids are.
    """
    new = [each for each in given if each.url and each.article_id not in site]
    table = site.summaries
    urls, ids = table.column("url"), table.column("article_id")
    sample = range(0, len(site), max(1, len(site) // _SAMPLED)) if new else ()
    kinds = {ids[row] == urls[row] for row in sample if urls[row]}
    others = [each for each in new if {each.article_id == each.url} != kinds]
    if len(kinds) != 1 or not others:
        return []
    if kinds == {True}:
        pairs = [(each.article_id, str(each.url)) for each in others]
        return [Problem("all ids of the site are addresses", _shown(pairs), "read them with --id url")]
    got = f"{others[0].article_id!r}" + (f", and {len(others) - 1:,} more" if len(others) > 1 else "")
    move = "give each article its own id, or name their field: --id FIELD"
    return [Problem("no id of the site is an address", got, move)]


def _owners(there: Iterable[tuple[str, str]], wanted: Collection[str | None]) -> dict[str | None, str]:
    """Return the ids of the articles that have these addresses alone."""
    owners: dict[str | None, str] = {}
    for url, one in there:
        if url in wanted:
            owners[url] = "" if url in owners else one
    return owners


def _shown(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the first pair of ids, and how many more there are."""
    one, other = pairs[0]
    return f"{one!r} instead of {other!r}" + (f", and {len(pairs) - 1:,} more" if len(pairs) > 1 else "")
