"""The pages of a site as articles: which file each article comes from, and what was left out."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from recommender.articles import Article
from recommender.control_characters import has_controls
from recommender.errors import InputError, Problem
from recommender.progress import Progress
from recommender.readers.article_maker import ArticleMaker
from recommender.readers.article_reader import ArticleReader
from recommender.readers.page_rows import PageOptions
from recommender.readers.pages.page_folder import Walk
from recommender.readers.source_rows import ReadOptions
from recommender.rendering.addresses import path_address
from recommender.weaving.page_links import root_address

__all__ = ["HtmlFiles", "SitePages", "html_files"]

_ODD_NAME = "file name with control characters, or bytes that are not UTF-8"


@dataclass
class SitePages:
    """The pages of a folder.

    Parameters
    ----------
    articles : list of Article
        A page that does not declare its address has the one of its file, from the root of the site.
    paths : dict of str to str
        Path in the folder of the page of each article, by id.
    ids : dict of str to str
        The same the other way around.
    root : str or None
        Address of the folder, as its pages declare theirs.
    left_out : Counter of str
        Number of pages that are no articles, by reason, a key of `publication.REASONS`.
    problems : list of Problem
        Pages that cannot be read.
    warnings : list of Problem
        Optional values that cannot be read.
    """

    articles: list[Article] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    root: str | None = None
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
        declared: dict[str, str] = {}
        odd: list[Problem] = []
        start = len(str(folder / "x")) - 1
        with reader:
            for article in reader:
                path = reader.place[0][start:].replace(os.sep, "/")
                if has_controls(path):
                    odd.append(Problem(_ODD_NAME, ascii(path), "rename the file", article.article_id))
                    continue
                if article.url is not None:
                    declared[path] = article.url
                url = article.url or f"/{path_address(path)}"
                article_id = url if id_field == "url" else article.article_id
                if (article_id, url) != (article.article_id, article.url):
                    article = replace(article, article_id=article_id, url=url)
                pages.articles.append(article)
                pages.paths[article_id], pages.ids[path] = path, article_id
                progress("reading", len(pages.articles), 0)
        if not pages.articles and reader.problems:
            raise InputError(reader.problems)  # a wrong id field, for example: no list is to be removed
        pages.root = root_address(declared.items())
        pages.left_out, pages.problems = reader.left_out, [*reader.problems, *odd]
        pages.warnings = reader.warnings
        return pages


class HtmlFiles(NamedTuple):
    """The HTML files of a folder by their paths in it, and its hidden files."""

    paths: list[str]
    hidden: list[Path]


def html_files(folder: Path) -> HtmlFiles:
    """Return the HTML files of a folder.

    Raises
    ------
    InputError
        If there is no such folder, or no HTML file in it.
    """
    if not folder.is_dir():
        move = "give the folder that your generator writes"
        raise InputError(Problem("no such folder", "", move, str(folder)))
    walk = Walk(folder, ("html",))
    found = [path for _, path in walk.files() if not has_controls(path)]  # others get no list
    if not found:
        move = "give the folder that your generator writes, after it has run"
        raise InputError(Problem("no HTML files in this folder", "", move, str(folder)))
    return HtmlFiles(found, walk.hidden)
