"""Names of versions of a documentation, and which of them readers expect first."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = [
    "are_numbered_alike",
    "in_number_order",
    "is_version",
    "is_version_word",
    "may_name_a_version",
    "newest_first",
    "numbered_name",
    "says_it_is_a_version",
]

_NUMBER = r"\d+(?:\.(?:\d+|x))*"
_DOTTED = r"\d+(?:\.(?:\d+|x))+"
_STAGE = r"(?:[-_.]?(?:alpha|beta|snapshot|preview|nightly|rc|dev|pre|a|b|m)[-_.]?\d*)"
_KEPT = r"(?:[-_.]?(?:release|final|lts|ga|post|sp)[-_.]?\d*)"
_SAID = re.compile(rf"(?:v|ver|version|release|rel)[-_.]?{_NUMBER}(?:{_STAGE}|{_KEPT})*", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:[a-z][a-z0-9]*[-_]?)?v?{_DOTTED}(?:{_STAGE}|{_KEPT})*", re.IGNORECASE)
_BEFORE_RELEASE = re.compile(
    rf"{_NUMBER}.*?(?<![a-z]){_STAGE}(?![a-z])|{_NUMBER}(?:a|b|rc)\d+", re.IGNORECASE
)
_WITH_A_NUMBER = re.compile(r"([a-z][a-z_+-]{1,30}?)[-_]?(\d{1,2})((?:[-_][a-z_]{1,30})?)", re.IGNORECASE)
_PARTS = frozenset(
    """
    book chapter class course ch day episode exercise grade issue lab lecture lesson level module month no number page part
    phase question quiz round season section series session sprint stage step task term topic unit vol volume week year
    """.split()  # noqa: SIM905
)
"""Words that number the parts of a whole, not the versions of a product."""

_ANY = 10**6  # 1.x is the newest of the releases 1.0, 1.1 and so on
_DIGIT, _DIGITS = re.compile(r"\d"), re.compile(r"\d{1,4}")

_SURE_WORDS = ("stable", "latest", "unstable", "nightly")
_FIRST_WORDS = ("stable", "latest", "current", "lts")
_NEXT_WORDS = (
    "next", "preview", "canary", "edge", "main", "master", "trunk", "head", "develop", "devel", "dev", "unstable",
    "nightly",
)  # fmt: skip
_OLD_WORDS = ("legacy", "old")
_WORDS = frozenset((*_SURE_WORDS, *_FIRST_WORDS, *_NEXT_WORDS, *_OLD_WORDS))


def is_version(segment: str) -> bool:
    """Return whether a segment has the form of a version.

    Examples
    --------
    >>> [is_version(name) for name in ("v2", "1.0", "version-1.2.x", "python-3.11", "2.1b1", "3.0-SNAPSHOT", "latest")]
    [True, True, True, True, True, True, True]
    >>> [is_version(name) for name in ("2024", "7", "next", "guide")]
    [False, False, False, False]
    """
    return says_it_is_a_version(segment) or _NUMBERED.fullmatch(segment) is not None


def says_it_is_a_version(segment: str) -> bool:
    """Return whether a segment names a version and nothing else. Of ``1.2`` this is not sure: it may be a chapter.

    Examples
    --------
    >>> [says_it_is_a_version(name) for name in ("v2", "release-1.2", "latest", "1.2", "unit-1.2")]
    [True, True, True, False, False]
    """
    return segment.lower() in _SURE_WORDS or _SAID.fullmatch(segment) is not None


@lru_cache(maxsize=4_096)  # folders recur
def may_name_a_version(segment: str) -> bool:
    """Return whether a segment names a version in some places: also a number, or a word such as ``main``.

    Examples
    --------
    >>> [may_name_a_version(name) for name in ("v2", "16", "next", "guide")]
    [True, True, True, False]
    """
    if _DIGIT.search(segment) is None:  # most segments
        return is_version_word(segment)
    return is_version(segment) or _DIGITS.fullmatch(segment) is not None


def are_numbered_alike(one: str, other: str) -> bool:
    """Return whether two segments are one name with two numbers, which may be releases of a product.

    Examples
    --------
    >>> [are_numbered_alike("vue2", other) for other in ("vue3", "angular3", "vue2", "vue")]
    [True, False, False, False]
    """
    mine, theirs = numbered_name(one), numbered_name(other)
    return mine is not None and theirs is not None and mine[0] == theirs[0] and mine[1] != theirs[1]


def numbered_name(segment: str) -> tuple[tuple[str, str], int] | None:
    """Return what stands around the number of a name, and the number. None without one, and for parts of a whole.

    Examples
    --------
    >>> numbered_name("sdl2_net"), numbered_name("week3"), numbered_name("guide")
    ((('sdl', '_net'), 2), None, None)
    """
    found = _WITH_A_NUMBER.fullmatch(segment.lower())
    if found is None or found[1] in _PARTS:
        return None
    return (found[1], found[3]), int(found[2])


def is_version_word(segment: str) -> bool:
    """Return whether a segment is a word for a version, such as ``next``. Some of them often mean something else."""
    return segment.lower() in _WORDS


def newest_first(name: str) -> tuple[int, tuple[int, ...], str]:
    """Return a key by which versions stand in the order in which readers of a documentation expect them.

    First what calls itself stable, latest or current, then the tree whose paths name no version, releases from the
    newest on, versions before their release, branches that are worked on, and what calls itself old.

    Examples
    --------
    >>> sorted(["1.9", "next", "v1.10", "2.0-rc1", "", "old", "stable"], key=newest_first)
    ['stable', '', 'v1.10', '1.9', '2.0-rc1', 'next', 'old']
    """
    word = name.lower()
    for place, words in ((0, _FIRST_WORDS), (4, _NEXT_WORDS), (5, _OLD_WORDS)):
        if word in words:
            return place, (words.index(word),), word
    if not word:
        return 1, (), word
    numbers = tuple(-_ANY if part == "x" else -int(part) for part in re.findall(r"\d+|(?<=\.)x", word))
    place = 3 if _BEFORE_RELEASE.search(word) else 2
    return place, (*numbers, 0), word


def in_number_order(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key by which names with numbers stand in the order of these, so that neighbours are alike.

    Examples
    --------
    >>> sorted(["v10", "v9", "v1"], key=in_number_order)
    ['v1', 'v9', 'v10']
    """
    parts = re.split(r"(\d+)", name)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)
