"""Read the settings of a site generator in YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["settings_values"]

_LONGEST = 2**20


def settings_values(file: Path) -> Any:
    """Return what a file holds: mappings, lists and text. None if it cannot be read, is long, or has aliases."""
    import yaml

    try:
        if file.stat().st_size > _LONGEST:
            return None
        text = file.read_text("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
            return None  # aliases can expand without limit
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 (the base loader creates only text, lists and mappings)
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None
