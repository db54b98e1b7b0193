"""The pages of a site as articles: which file each article comes from, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.progress import Progress
from recommender.readers.article_maker import ArticleMaker
from recommender.readers.article_reader import ArticleReader
from recommender.readers.page_rows import PageOptions
from recommender.readers.pages.page_folder import Walk
from recommender.readers.source_rows import ReadOptions
from recommender.rendering.addresses import path_address

__all__ = ["SitePages", "html_files"]


@dataclass(slots=True)
class SitePages:
    """The pages of a folder.

    Parameters
    ----------
    articles : list of Article
        A page that does not declare its address has the one of its file, from the root of the site.
    paths : dict of str to str
        Path in the folder of the page of each article, by id.
    left_out : Counter of str
        Number of pages that are no articles, by reason, a key of `publication.REASONS`.
    problems : list of Problem
        Pages that cannot be read.
    warnings : list of Problem
        Optional values that cannot be read.
    """

    articles: list[Article] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, id_field: str, options: PageOptions, progress: Progress) -> SitePages:
        """Read the pages of a folder.

        Raises
        ------
        InputError
            If the folder has no HTML page, or no page can be read.
        """
        pages = cls()
        rule = (
            "path" if id_field == "url" else id_field
        )  # the address of a page that declares none is its path's
        reading = ReadOptions("html", rule, datetime.now(UTC), options)
        reader = ArticleReader([folder], reading, ArticleMaker(), None, is_strict=False)
        with reader:
            for article in reader:
                path = Path(reader.place[0]).relative_to(folder).as_posix()
                url = article.url or f"/{path_address(path)}"
                article_id = url if id_field == "url" else article.article_id
                pages.articles.append(replace(article, article_id=article_id, url=url))
                pages.paths[article_id] = path
                progress("reading", len(pages.articles), 0)
        if not pages.articles and reader.problems:
            raise InputError(reader.problems)  # a wrong id field, for example: no list is to be removed
        pages.left_out, pages.problems, pages.warnings = reader.left_out, reader.problems, reader.warnings
        return pages


def html_files(folder: Path) -> list[str]:
    """Return the paths of all HTML files of a folder, relative to it.

    Raises
    ------
    InputError
        If there is no such folder, or no HTML file in it.
    """
    if not folder.is_dir():
        move = "give the folder that your generator writes"
        raise InputError(Problem("no such folder", "", move, str(folder)))
    found = [path.relative_to(folder).as_posix() for path in Walk(folder, ("html",)).paths()]
    if not found:
        move = "give the folder that your generator writes, after it has run"
        raise InputError(Problem("no HTML files in this folder", "", move, str(folder)))
    return found
