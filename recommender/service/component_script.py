"""The script of the web component that shows a list on any page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, Self

from recommender.rendering.headings import HEADINGS, SAME_LANGUAGE
from recommender.service.service_settings import ServiceSettings

__all__ = ["ComponentScript"]


@dataclass(frozen=True, slots=True)
class ComponentScript:
    """The script as it is served.

    Parameters
    ----------
    content : bytes
        JavaScript in UTF-8.
    digest : str
        16 hexadecimal digits of its SHA-256. A script with the same digest is the same.
    """

    content: bytes
    digest: str

    @classmethod
    def of(cls, settings: ServiceSettings) -> Self:
        """Return the script of a service."""
        return cls.with_share(0.0 if settings.clicks is None else settings.clicks.share)

    @classmethod
    def with_share(cls, share: float) -> Self:
        """Return the script for pages that report a share of the lists shown, 0 to 1.

        It has the headings of all languages. ``clicks`` of an element goes before `share`.

        Examples
        --------
        >>> b"const SHARE = 0.1;" in ComponentScript.with_share(0.1).content
        True
        """
        text = files(__package__).joinpath("related.js").read_text("utf-8")
        text = _with_constant(text, "HEADINGS", HEADINGS)
        text = _with_constant(text, "SAME_LANGUAGE", SAME_LANGUAGE)
        content = _with_constant(text, "SHARE", share).encode()
        return cls(content, sha256(content).hexdigest()[:16])

    @property
    def name(self) -> str:
        """The name of this very script, which caches may keep for ever."""
        return f"related-{self.digest}.js"


def _with_constant(text: str, name: str, value: Any) -> str:
    """Return JavaScript with the value of a constant replaced, whose declaration is at the start of a line."""
    start = text.index(f"  const {name} = ") + len(f"  const {name} = ")
    return text[:start] + json.dumps(value, ensure_ascii=False) + text[text.index(";", start) :]
