"""Pages that an update would make second articles, because what is given is not the folder that was built."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from recommender.engine import Recommender
from recommender.errors import InputError, Problem
from recommender.readers import ArticleReader
from recommender.readers.pages.built_folder import built_folder, path_ids
from recommender.readers.pages.page_folder import format_of
from recommender.readers.reading import shared_folder

__all__ = ["check_pages", "page_problems"]

_DEPTH = 2  # of folders in what is given that may be the one that was built
_MOST = 100  # of these


class _Given(NamedTuple):
    """A folder or page that is given, the folder below which its ids are paths, and its new pages by id."""

    source: str
    base: Path
    new: dict[str, str]


def check_pages(
    site: Recommender, reader: ArticleReader, pages: Mapping[str, str], sources: Sequence[str]
) -> None:
    """Raise InputError with `page_problems`, if there are any."""
    if problems := page_problems(site, reader, pages, sources):
        raise InputError(problems)


def page_problems(
    site: Recommender, reader: ArticleReader, pages: Mapping[str, str], sources: Sequence[str]
) -> list[Problem]:
    """Return problems for new pages that a build would leave out, or give other ids.

    The site does not say which folder it was built from. It is found by its ids: in that folder they are paths of pages.
    Where the pages of the site are not at hand, only a page that is given alone is compared with the ids by name.

    Parameters
    ----------
    site : Recommender
    reader : ArticleReader
        It has read all sources.
    pages : mapping of str to str
        The file of each given article by its id. Files that are no pages do not count.
    sources : sequence of str
        Folders and files that were read.
    """
    new = {each: page for each, page in pages.items() if each not in site and format_of(page)}
    if not new:
        return []
    n_excluded = site.site.left_out.get("excluded", 0)
    if n_excluded and not reader.exclude and any(Path(each).is_dir() for each in sources):
        move = "give the --exclude of the build, or build again without it"
        return [
            Problem(
                "the build left pages out that match no pattern now", f"{n_excluded:,} excluded then", move
            )
        ]
    return list(_problems(site, list(site), _given(new, sources)))


def _given(new: Mapping[str, str], sources: Sequence[str]) -> Iterator[_Given]:
    """Yield what has new pages. The paths of these are those below its base, with slashes."""
    shared = shared_folder(sources)
    for source in sources:
        path = Path(source)
        folder = path if path.is_dir() else path.parent
        base = shared if shared is not None and path.is_dir() else folder.resolve()
        place = PurePath(os.path.relpath(folder.resolve(), base))
        mine = {
            each: (place / os.path.relpath(page, folder)).as_posix()
            for each, page in new.items()
            if Path(page).is_relative_to(path)
        }
        if mine:
            yield _Given(source, base, mine)


def _problems(site: Recommender, ids: Sequence[str], found: Iterator[_Given]) -> Iterator[Problem]:
    for given in found:
        folders = Counter(
            folder.as_posix()
            for page in given.new.values()
            for folder in list(PurePath(page).parents)[:-1][-_DEPTH:]
        )
        built = built_folder(ids, given.base, [folder for folder, _ in folders.most_common(_MOST)])
        if built is None and not Path(given.source).is_dir():
            yield from _by_name(ids, given)
        elif built is not None:
            yield from _by_place(site, given, built)


def _by_place(site: Recommender, given: _Given, built: Path) -> Iterator[Problem]:
    """Yield a problem for new pages that are articles of the site, or would have other ids in the folder that was built."""
    wrong = {}
    for article_id, page in given.new.items():
        own = path_ids(page)
        path = os.path.relpath(given.base / page, built).replace(os.sep, "/")
        there = path_ids(path)
        on_site = [each for each in there if each in site]
        if path.startswith("../") or (article_id not in own and (built == given.base or not on_site)):
            continue
        wanted = on_site[0] if on_site else there[own.index(article_id)]
        if wanted != article_id:
            wrong[article_id] = wanted
    if wrong:
        yield _other_ids(given, built, wrong)


def _other_ids(given: _Given, built: Path, wrong: Mapping[str, str]) -> Problem:
    article_id, wanted = next(iter(wrong.items()))
    others = f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
    got = f"{article_id!r} instead of {wanted!r}{others}"
    folder = min(str(built), os.path.relpath(built), key=len)
    move = f"give {folder}, or its folders that were built, or pages with an id of their own"
    if built == given.base:
        move = "read them with the --id of the build"
    return Problem("pages would get other ids than by the build", got, move, given.source)


def _by_name(ids: Sequence[str], given: _Given) -> Iterator[Problem]:
    """Yield a problem for a page that is given alone if an id ends like its id, or the folder of an id like its folder."""
    longer = {each.rpartition("/")[2]: each for each in ids if "/" in each}
    folders = {each.rpartition("/")[0] for each in ids if "/" in each}
    for article_id, page in given.new.items():
        parts = given.base.parts
        ends = ("/".join(parts[start:]) for start in range(1, len(parts)))
        near = next((f"{each}/{article_id}" for each in ends if each in folders), None)
        wanted = longer.get(article_id) or (near if article_id in path_ids(page) else None)
        if wanted is not None:
            yield Problem(
                "a page that is given alone is named by its file", f"{article_id!r} instead of {wanted!r}",
                "give the folder that was built, or pages with an id of their own", given.source,
            )  # fmt: skip
