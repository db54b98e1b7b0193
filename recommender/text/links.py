"""Links between the articles of a site, extracted from raw bodies."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.text.alternates import alternates_of, translation_key
from recommender.text.combining_marks import few_marks
from recommender.text.link_names import KEYS, LinkNames, LinkTargets, linked_pairs

__all__ = ["SiteLinks", "linked_rows", "names_linked_by", "rows_linked_by", "targets_of"]

_TARGET = re.compile(
    r"""<a\s[^<>]*?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""  # HTML
    r"""|\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)"""  # Markdown
    r"""|(https?://[^\s<>"'()\[\]{}]+)""",  # a bare address
    re.IGNORECASE,
)
_SIGNS = ("href", "HREF", "](", "http")  # every link contains one of these
_SUFFIX = re.compile(
    r"(?:^|/)index(?:\.\w+)?$|\.(?:html?|xhtml|mdx?|markdown|[qr]md|ipynb|rst|adoc|org)$", re.IGNORECASE
)
_LONGEST = 2_000  # characters of an address
_MOST = 200  # links read per article; an article with more is a directory
_BOILERPLATE_SHARE, _BOILERPLATE_LEAST = 0.2, 20


class SiteLinks:
    """Collects the links of a site. Call `see` for each article once, in order, then `to_arrays`.

    A link leads to an article by its ``url`` or by its id. An id is matched as a path from the site's root,
    as a path relative to the linking article's id (pages of a folder), or, for articles without a ``url``, as
    the last part of a path. Scheme, ``www.``, query, fragment, ``index.html``, the suffix of a page and
    trailing slashes are ignored. A name that two articles share is not matched.

    Notes
    -----
    Uses 32 bytes of memory per link, with at most 200 links per article. Targets are stored as hashes. A text
    without links takes one search for a few substrings.

    Examples
    --------
    >>> links = SiteLinks()
    >>> links.see(Article("a", "", 'See <a href="/b.html#top">this</a>.', url="https://example.org/a.html"))
    >>> links.see(Article("b", "", "Nothing to see", url="http://www.example.org/b/"))
    >>> {name: array.tolist() for name, array in links.to_arrays().items()}
    {'links_indptr': [0, 1, 1], 'links_indices': [1]}
    """

    def __init__(self) -> None:
        self._own = array("Q")  # two names per article: by its url, 0 without one, and by its id
        self._links, self._alternates = _Targets(), _Targets()
        self._keys = array("Q")
        self._order: NDArray[np.int64] | None = None

    def see(self, article: Article) -> None:
        """Record the names of an article and the targets of its links."""
        address = (article.url or "").strip()
        place = _split(address)
        self._own.append(_hash("url", *place) if place and article.url else 0)
        self._own.append(_hash("id", _page(article.article_id)))
        where = address, place[0] if place else "", article.article_id
        self._links.add(targets_of(article.body), *where)  # what relative targets are relative to
        self._alternates.add(alternates_of(article.metadata) if article.metadata else (), *where)
        key = translation_key(article.metadata) if article.metadata else None
        self._keys.append(_hash("key", key) if key else 0)

    def extend(self, more: SiteLinks) -> None:
        """Record the links of further articles."""
        self._own += more._own
        self._links.extend(more._links)
        self._alternates.extend(more._alternates)
        self._keys += more._keys

    def reorder(self, order: Sequence[int]) -> None:
        """Give the articles seen so far the rows that they have in `order`, which holds their numbers from 0."""
        self._order = np.asarray(order, dtype=np.int64)

    def names(self) -> LinkNames:
        """Return the names of all articles and of what they link to."""
        found = LinkNames(
            np.array(self._own, dtype=np.uint64).reshape(-1, 2),
            self._links.to_arrays(),
            self._alternates.to_arrays(),
            np.array(self._keys, dtype=np.uint64),
        )
        return found if self._order is None else found.take(self._order)

    def to_arrays(self) -> dict[str, NDArray[np.int64] | NDArray[np.int32]]:
        """Return the rows that each row links to as compressed sparse rows; see `linked_rows`."""
        indptr, indices = linked_rows(self.names())
        return {"links_indptr": indptr, "links_indices": indices}


def linked_rows(names: LinkNames) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the rows that each row links to as compressed sparse rows, without repeats and self-links.

    Links to an article that more than a fifth of all articles and at least 20 link to are omitted, because they belong to
    the page template and not to the text.
    """
    n = len(names.own)
    sources, linked = linked_pairs(names.own, names.links)
    n_linking = np.bincount(linked, minlength=n)
    boilerplate = (n_linking >= _BOILERPLATE_LEAST) & (n_linking > _BOILERPLATE_SHARE * n)
    sources, linked = sources[~boilerplate[linked]], linked[~boilerplate[linked]]
    indptr = np.concatenate([[0], np.bincount(sources, minlength=n).cumsum()])
    return indptr.astype(np.int64), linked.astype(np.int32)


def names_linked_by(article: Article) -> LinkTargets:
    """Return the possible names of what the text of an article links to, in a single row."""
    alone = SiteLinks()
    alone.see(article)
    return alone.names().links


def rows_linked_by(article: Article, names: LinkNames) -> NDArray[np.int64]:
    """Return the rows that the text of an article links to which is not among those with these `names`."""
    own = np.concatenate([np.asarray(names.own), np.zeros((1, 2), np.uint64)])  # nothing links to it
    targets = names_linked_by(article)
    n = len(names.own)
    ahead = LinkTargets(np.concatenate([np.zeros(n, np.int64), targets.indptr]), targets.names)
    return linked_pairs(own, ahead)[1]


class _Targets:
    """Collects the possible names of targets."""

    def __init__(self) -> None:
        self._names = array("Q")
        self._counts = array("q")

    def add(self, targets: Sequence[str], url: str, host: str, article_id: str) -> None:
        for target in targets:
            names = list(_names(target, url, host, article_id))
            self._names.extend(names + [0] * (KEYS - len(names)))
        self._counts.append(len(targets))

    def extend(self, more: _Targets) -> None:
        self._names += more._names
        self._counts += more._counts

    def to_arrays(self) -> LinkTargets:
        indptr = np.concatenate([[0], np.array(self._counts, dtype=np.int64).cumsum()])
        return LinkTargets(indptr.astype(np.int64), np.array(self._names, dtype=np.uint64).reshape(-1, KEYS))


def targets_of(body: str) -> list[str]:
    """Return the distinct link targets in a raw body, as written, of HTML, Markdown and bare addresses.

    Examples
    --------
    >>> targets_of('<a href="../may/">May</a>, [June](june.md "title") and https://example.org/july.')
    ['../may/', 'june.md', 'https://example.org/july']
    """
    if not any(sign in body for sign in _SIGNS):
        return []
    if "&lt;a " in body:  # the whole body is escaped
        body = html.unescape(body)
    found: dict[str, None] = {}
    for match in _TARGET.finditer(body):
        target = match[match.lastindex or 0]
        target = target.rstrip(".,;:!?*_") if match.lastindex == 5 else html.unescape(target.strip())
        if 0 < len(target) <= _LONGEST and not target.startswith("#"):
            found[target] = None
            if len(found) == _MOST:
                break
    return list(found)


def _names(target: str, url: str, host: str, article_id: str) -> Iterator[int]:
    """Yield the possible names of a link's target, likeliest first, at most `KEYS`."""
    joined = _joined(url, target)
    if joined is None:  # another scheme, or an id with a colon
        yield _hash("id", _page(target))
        return
    yield _hash("url", *joined)
    if joined[0] != host:
        return
    if target.startswith("/") or "://" in target:
        yield _hash("id", joined[1])
    else:
        page = f"/{article_id.strip('/')}"
        for beside in filter(None, (_joined(page, target), _joined(f"{page}/", target))):
            yield _hash("id", beside[1])
    if not url:
        yield _hash("id", joined[1].rpartition("/")[2])


def _joined(base: str, target: str) -> tuple[str, str] | None:
    try:
        return _split(urljoin(base, target))
    except ValueError:  # such as "http://["
        return None


def _split(url: str) -> tuple[str, str] | None:
    """Return host and path of a web address, or None if it is not one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    return host.removesuffix(":443" if parts.scheme == "https" else ":80"), _page(unquote(parts.path))


def _page(path: str) -> str:
    page = _SUFFIX.sub("", path.rstrip("/")).strip("/")
    return page if page.isascii() else unicodedata.normalize("NFC", few_marks(page))


def _hash(*names: str) -> int:
    digest = hashlib.blake2b("\0".join(names).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1  # 0 means no name
