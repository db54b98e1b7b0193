"""Pages that are no articles, recognised by the other pages of their site."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from recommender.readers.pages.page_folder import format_of
from recommender.readers.pages.page_format import Head

__all__ = [
    "exported",
    "filled_by_templates",
    "knitted",
    "notes_of_packages",
    "notes_of_the_repository",
    "parts_by_name",
    "parts_of_others",
]

_KNITTED = (".rmd", ".qmd", ".ipynb")
_INDEXES = frozenset(("index", "readme"))
_ALIASES = ("@", "~", "/")
_LEAST_BARE = 3  # pages without text of a folder that a template fills
_FEWEST_PARTS = 10  # of one name
_NEARLY_ALL = 0.8
_FEW = 0.1  # of the pages are notes on code beside them
_MOSTLY = 0.6  # of the pages have front matter on a site that needs it, or of the sources have a page


def filled_by_templates(heads: Mapping[str, Head]) -> set[str]:
    """Return the pages of folders whose pages all have a title alone, on a site of which most pages have more."""
    bare = [
        paths
        for paths in _by_folder(heads, posixpath.dirname).values()
        if len(paths) >= _LEAST_BARE and all(heads[path].is_bare for path in paths)
    ]
    found = set().union(*bare)
    return found if 2 * len(found) < len(heads) else set()


def knitted(paths: Iterable[str]) -> set[str]:
    """Return notebooks and sources of R Markdown and Quarto beside the page that was made of each, which is published.

    So are sources of Org mode that Emacs shows as pages, such as ``rain.org.html`` beside ``rain.html``.

    Examples
    --------
    >>> sorted(knitted(["glue/index.Rmd", "glue/index.html", "rain.qmd", "wind.md"]))
    ['glue/index.Rmd']
    """
    places = [(path, *posixpath.splitext(path)) for path in paths]
    made = {place for _, place, suffix in places if suffix.lower() not in _KNITTED}
    made |= {place.replace("_posts/", "_notebooks/") for place in made if "_posts/" in place}  # of Jekyll
    shown = {
        path
        for path, place, suffix in places
        if place.endswith(".org") and place.removesuffix(".org") in made
    }
    return shown | {path for path, place, suffix in places if suffix.lower() in _KNITTED and place in made}


def exported(heads: Mapping[str, Head]) -> set[str]:
    """Return the sources of Org mode of which other pages were made: most of the sources have the name or title of one.

    Examples
    --------
    >>> heads = {"org/wet_days.org": Head({}), "posts/wet-days.md": Head({})}
    >>> exported(heads), exported(heads | {"org/wind.org": Head({}), "org/snow.org": Head({})})
    ({'org/wet_days.org'}, set())
    """
    sources = {path for path in heads if format_of(path) == "org" and _stem(path) not in _INDEXES}
    if not sources:
        return set()
    made = {_slug(path) for path in heads if path not in sources}
    titles = {_title(head) for path, head in heads.items() if path not in sources} - {""}
    found = {path for path in sources if _slug(path) in made or _title(heads[path]) in titles}
    return found if len(found) > _MOSTLY * len(sources) else set()  # else, such names are those of any site


def _slug(path: str) -> str:
    return _stem(path).replace("_", "-").replace(" ", "-")


def _title(head: Head) -> str:
    return str(head.fields.get("title") or "").strip().casefold()


def parts_of_others(heads: Mapping[str, Head]) -> set[str]:
    """Return the pages without a title of their own that another page imports, such as pieces of code.

    Examples
    --------
    >>> heads = {"a/index.mdx": Head({"title": "A"}, imports=("./b.mdx",)), "a/b.mdx": Head({}), "c.mdx": Head({})}
    >>> parts_of_others(heads)
    {'a/b.mdx'}
    """
    by_name: dict[str, list[str]] = {}
    for path in heads:
        by_name.setdefault(posixpath.basename(path), []).append(path)
    imported: set[str] = set()
    for path, head in heads.items():
        for name in head.imports:
            if name.startswith(_ALIASES):  # of a folder that the settings name
                rest = name.lstrip("@~/")
                imported.update(
                    each
                    for each in by_name.get(posixpath.basename(rest), ())
                    if f"/{each}".endswith(f"/{rest}")
                )
            else:
                imported.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
    return {
        path
        for path in imported & heads.keys()
        if not (heads[path].fields.get("title") or heads[path].has_heading)
    }


def notes_of_the_repository(heads: Mapping[str, Head]) -> set[str]:
    """Return the Markdown of a site that needs front matter which lies in a top folder where no page has any.

    These are notes for those who work on the site, such as ``docs/deploying.md`` beside ``_posts``.
    """
    written = {path: head for path, head in heads.items() if format_of(path) == "markdown"}
    n_with = sum(head.has_matter for head in written.values())
    if n_with < _MOSTLY * len(written):
        return set()
    folders = _by_folder(written, lambda path: path.partition("/")[0] if "/" in path else "").values()
    without = [paths for paths in folders if not any(written[path].has_matter for path in paths)]
    return set().union(*without)


def notes_of_packages(heads: Mapping[str, Head]) -> set[str]:
    """Return the files README without front matter that are notes on the code beside them.

    They are the only pages of their folders. Nearly all other pages have front matter, or such files are few.

    Examples
    --------
    >>> heads = {"docs/rain.md": Head({}, has_matter=True), "plugins/rain/README.md": Head({})}
    >>> notes_of_packages(heads)
    {'plugins/rain/README.md'}
    """
    readmes = {path for path, head in heads.items() if _stem(path) == "readme" and not head.has_matter}
    others = [path for path in heads if path not in readmes]
    is_needed = sum(heads[path].has_matter for path in others) > _NEARLY_ALL * len(others)
    folders = [posixpath.dirname(path) for path in others]
    with_pages, above = set(folders), set()
    for folder in with_pages:
        while folder := posixpath.dirname(folder):
            above.add(folder)
    beside = with_pages if is_needed else with_pages | above
    alone = {path for path in readmes if posixpath.dirname(path) not in beside}
    return alone if is_needed or len(readmes) < _FEW * len(heads) else set()


def parts_by_name(heads: Mapping[str, Head]) -> set[str]:
    """Return the Markdown without titles whose name recurs beside other pages, such as ``task/solution.md``.

    What recurs is the name of a file, or that of a folder below pages, such as ``rain/practice/ann.md`` beside
    ``rain/index.md``. The page beside it shows it.
    """
    untitled = {path for path, head in heads.items() if not (head.fields.get("title") or head.has_heading)}
    titled = {posixpath.dirname(path) for path in heads if path not in untitled}
    introduced = titled | {posixpath.dirname(path) for path in heads if _stem(path) in _INDEXES}
    groups: dict[tuple[str, str], list[str]] = {}
    for path in heads:
        folder = posixpath.dirname(path)
        if path in untitled and _stem(path) in _INDEXES:  # ann/index.md is ann.md
            folder = posixpath.dirname(folder)
        parent = posixpath.dirname(folder)
        if folder in titled and path in untitled and _stem(path) not in _INDEXES:
            groups.setdefault(("file", _stem(path)), []).append(path)
        elif parent and parent in introduced:
            groups.setdefault(("folder", posixpath.basename(folder)), []).append(path)
    found: set[str] = set()
    for (kind, _), paths in groups.items():
        n_places = len({posixpath.dirname(path) for path in paths})
        parts = [path for path in paths if path in untitled]
        if n_places >= _FEWEST_PARTS and (kind == "file" or len(parts) > _NEARLY_ALL * len(paths)):
            found.update(parts)
    return {path for path in found if format_of(path) == "markdown"}


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0].lower()


def _by_folder(paths: Iterable[str], folder_of: Callable[[str], str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(folder_of(path), []).append(path)
    return folders
