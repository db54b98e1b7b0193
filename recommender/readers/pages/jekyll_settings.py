"""What the settings of Jekyll and Hexo say: folders that are not published, and the folder of the source."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from recommender.readers.pages.settings_values import settings_values

__all__ = ["JekyllSettings", "jekyll_settings"]

_PUBLISHED = frozenset(("_posts", "_notebooks", "_drafts"))  # drafts are left out by their own reason


class JekyllSettings(NamedTuple):
    """Settings of ``_config.yml``.

    Parameters
    ----------
    source : str
        Folder of the source below the settings, with a slash at its end, or "".
    excluded : tuple of str
        Paths and patterns below the source that are not published.
    kept : frozenset of str
        Folders that begin with an underscore and are published: posts, and the collections of the site.
    """

    source: str
    excluded: tuple[str, ...]
    kept: frozenset[str]

    def publishes(self, path: str) -> bool:
        """Return whether a page below the source is published."""
        *folders, _ = path.split("/")
        if any(folder.startswith("_") and folder not in self.kept for folder in folders):
            return False
        return not any(path.startswith(f"{each}/") or fnmatchcase(path, each) for each in self.excluded)


def jekyll_settings(file: Path) -> JekyllSettings | None:
    """Return what the settings in a file say, or None if they cannot be read."""
    values = settings_values(file)
    if not isinstance(values, dict):
        return None
    source = next(
        (each for name in ("source", "source_dir") if isinstance(each := values.get(name), str)), ""
    )
    collections = {f"_{name}" for name in _names(values.get("collections"))}
    included = {name.strip("/").partition("/")[0] for name in _names(values.get("include"))}
    return JekyllSettings(
        _folder(source),
        tuple(name.strip("/") for name in _names(values.get("exclude")) if name.strip("/")),
        frozenset(_PUBLISHED | collections | included),
    )


def _names(value: Any) -> list[str]:
    """Return the names of a list or of a mapping."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | dict) else []


def _folder(source: str) -> str:
    plain = source.strip().removeprefix("./").strip("/")
    return f"{plain}/" if plain not in ("", ".") and ".." not in plain else ""
