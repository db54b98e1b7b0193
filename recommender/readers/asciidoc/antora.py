"""What Antora says of the pages of a component: where they lie, how they are addressed, and their attributes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["component_attributes", "page_address"]

_DESCRIPTORS = ("antora.yml", "antora.yaml", "antora-playbook.yml", "site.yml")
"""Settings of a component, and of a site that lies in one repository with it."""

_ABOVE = 12  # folders above a page in which its component is looked for
_LONGEST = 2**20
_PAGE = re.compile(r"(.*?)(?:^|(?<=/))modules/([^/]+)/pages/")
_ADDRESS = re.compile(r"(?:[^@:]{1,80}@)?(?:([^:$]{0,80}):)?(?:([^:$]{0,80}):)?(?:page\$)?(.+)")
_SUFFIX = re.compile(r"\.(?:adoc|asciidoc|asc)$")


def page_address(target: str, path: str) -> str:
    """Return the address of the page that a cross-reference names, relative to the page that it stands in.

    Addresses of other components stay as they are.

    Parameters
    ----------
    target : str
        Such as ``river:danube.adoc``, for a page of the module ``river`` in Antora.
    path : str
        Path of the page.

    Examples
    --------
    >>> page_address("wind.adoc", "guide/rain.adoc")
    'wind'
    >>> page_address("river:ulm/danube.adoc", "docs/modules/ROOT/pages/guide/rain.adoc")
    '../../../river/pages/ulm/danube'
    """
    place = _PAGE.match(path)
    parts = _ADDRESS.fullmatch(target)
    if place is None or parts is None or target.startswith(("./", "../")):
        return _SUFFIX.sub("", target)
    if parts[1] is not None and parts[2] is not None:
        return _SUFFIX.sub("", target)  # of a component
    module = parts[1] or (place[2] if parts[1] is None else "ROOT")
    named = f"{place[1]}modules/{module}/pages/{parts[3]}"
    return _SUFFIX.sub("", posixpath.relpath(named, posixpath.dirname(path)))


def component_attributes(file: Path | None) -> Mapping[str, str]:
    """Return the attributes that the component of a page sets, and below them those of its site.

    They are in ``antora.yml`` and ``antora-playbook.yml``, in folders above it up to that of the repository.
    """
    found: dict[str, str] = {}
    for folder in () if file is None else file.parents[:_ABOVE]:
        for name in _DESCRIPTORS:
            if (folder / name).is_file():
                found = {**_attributes_of(folder / name, (folder / name).stat().st_mtime_ns), **found}
        if (folder / ".git").exists():
            break
    return found


@cache
def _attributes_of(descriptor: Path, changed: int) -> Mapping[str, str]:
    import yaml

    values: Any = None
    try:
        if descriptor.stat().st_size <= _LONGEST:
            text = descriptor.read_text("utf-8-sig")
            if not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
                values = yaml.load(text, yaml.BaseLoader)  # noqa: S506 (creates only text, lists and mappings)
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}
    document = values.get("asciidoc") if isinstance(values, dict) else None
    attributes = document.get("attributes") if isinstance(document, dict) else None
    if not isinstance(attributes, dict):
        return {}
    return {
        str(name).lower(): value.removesuffix("@")
        for name, value in attributes.items()
        if isinstance(value, str) and len(value) < _LONGEST
    }
