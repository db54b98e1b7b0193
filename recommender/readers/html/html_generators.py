"""What site generators write on pages that are no articles: classes of the body, and names of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from recommender.readers.html.html_head import HtmlHead

__all__ = ["reason_by_classes", "reason_by_generator"]

_LISTING = """
archive paged search-results search-no-results post-type-archive category tag author search taxonomy
list kind-taxonomy kind-term td-taxonomy td-term tag-template author-template
blog-list-page blog-tags-list-page blog-tags-post-list-page blog-archive-page blog-authors-list-page
docs-tags-list-page docs-tag-doc-list-page
layout--archive layout--archive-taxonomy layout--categories layout--category layout--tags layout--tag layout--posts
layout--search layout--collection
archive-view search-view label-view page-taxonomy path-taxonomy path-search view-category view-featured ns-special ns-14
"""
"""In this order: WordPress; Hugo and Ghost; Docusaurus; Minimal Mistakes; Blogger, Drupal, Joomla and MediaWiki."""

_ERRORS = "error404 error-404 error-template error-view page-404"
_HOMES = "home-template td-home kind-home layout--home homepage-view path-frontpage"
_SURE = {**dict.fromkeys(_ERRORS.split(), "error-page"), "attachment": "attachment"}
_CLASSES: Mapping[str, str] = {
    **_SURE,
    **dict.fromkeys(_HOMES.split(), "section"),
    **dict.fromkeys(_LISTING.split(), "listing"),
}
_DOXYGEN = re.compile(
    r"(?:annotated|classes|files|hierarchy|inherits|modules|topics|concepts|namespaces|pages|examples|globals|functions"
    r"|namespacemembers|deprecated|todo|bug|test|graph_legend|doxygen_crawl)(?:_\w{1,12})?(?:_\w{1,12})?"
    r"|dir_\w{6,40}|\w{1,200}[-_](?:members|source|dep)"
)
_JAVADOC = re.compile(
    r"(?:allclasses|allpackages|overview|package|module)-(?:index|frame|noframe|summary|tree|use)|allclasses"
    r"|index-(?:all|\d{1,3})|(?:deprecated|preview|new|requires)-list|constant-values|serialized-form|help-doc|search"
    r"|search-tags|system-properties|external-specs"
)
_FILES: Mapping[str, re.Pattern[str]] = {"doxygen": _DOXYGEN, "javadoc": _JAVADOC}


def reason_by_classes(classes: frozenset[str], is_single: bool) -> str | None:
    """Return what the classes of a body say of a page.

    Parameters
    ----------
    classes : frozenset of str
        In small letters.
    is_single : bool
        Whether the page is surely an article, which classes of lists do not change.

    Examples
    --------
    >>> reason_by_classes(frozenset({"archive", "category", "category-7"}), False)
    'listing'
    """
    if is_single:
        return next((reason for name, reason in _SURE.items() if name in classes), None)
    if "home" in classes and any(name in ("blog", "page") or name.startswith("page-id-") for name in classes):
        return "listing" if "paged" in classes else "section"  # "home" alone is on every page of some themes
    return next((reason for name, reason in _CLASSES.items() if name in classes), None)


def reason_by_generator(head: HtmlHead, path: str) -> str | None:
    """Return ``listing`` for the indexes that Doxygen and Javadoc make, by the names of their files."""
    stem = PurePosixPath(path).stem
    generators = " ".join(head.metas("generator")).lower()
    names = (stems for generator, stems in _FILES.items() if generator in generators)
    return "listing" if any(stems.fullmatch(stem) for stems in names) else None
