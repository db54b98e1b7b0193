"""The settings of a plug, checked by name, and what is made of them: a kept site and a template."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from recommender.articles import Article
from recommender.editors import EditorRules, read_editor_rules
from recommender.engine import Recommender
from recommender.errors import InputError, Problem
from recommender.kept_site import KeptSite
from recommender.rendering import ListTemplate
from recommender.rules.policy import Policy

__all__ = ["PlugSettings"]


@dataclass(frozen=True)
class PlugSettings:
    """The settings of the plugs for site generators.

    Parameters
    ----------
    k : int, default 5
        Longest list, 1 or more.
    heading, template : str or None
        As in `ListTemplate`. The path of a template counts from `folder`.
    thumbnails, excerpts : bool, default False
        Whether lists show pictures and descriptions.
    append : bool, default True
        Whether a page without a marker gets its list after its content.
    exclude : str or iterable of str
        Patterns of source paths that take no part, such as ``legal/*``. ``*`` matches ``/`` too.
    cache : str or None
        Folder that keeps the site between builds, from `folder`. By default the tool's own place.
    editors : str or None
        File of pins and blocks, from `folder`; see `recommender.editors`.
    encoder : str or None
        Name of a model, as in `Recommender.from_articles`.
    policy : Policy
        In the settings of a plug, those of the policy stand beside the others.
    folder : Path
        Folder of the configuration.
    """

    k: int = 5
    heading: str | None = None
    template: str | None = None
    thumbnails: bool = False
    excerpts: bool = False
    append: bool = True
    exclude: tuple[str, ...] = ()
    cache: str | None = None
    editors: str | None = None
    encoder: str | None = None
    policy: Policy = field(default_factory=Policy)
    folder: Path = Path()

    @classmethod
    def of(cls, values: Mapping[str, Any], folder: Path) -> Self:
        """Return the settings that a configuration names.

        Raises
        ------
        InputError
            Naming every setting that is unknown or wrong. The `source` of a problem is the name.
        """
        if not isinstance(values, Mapping):
            raise InputError(Problem("wanted settings by name", f"{values!r:.80}", source="the settings"))
        own = {name: value for name, value in values.items() if name in _CHECKS}
        rest = {name: value for name, value in values.items() if name not in _CHECKS}
        known = [*_CHECKS, *(each.name for each in fields(Policy))]
        wrong = {name: message for name in rest if (message := _unknown(name, known))}
        for name, value in own.items():
            wanted, is_right = _CHECKS[name]
            if not is_right(value):
                wrong[name] = f"wanted {wanted}, got {value!r:.80}"
        policy = Policy()
        for name in rest.keys() - wrong.keys():
            try:
                Policy.from_dict({name: rest[name]})
            except ValueError as error:
                wrong[name] = str(error)
        if not wrong:
            try:
                policy = Policy.from_dict(rest)
            except ValueError as error:  # settings that do not fit together
                wrong[", ".join(rest)] = str(error)
        if wrong:
            raise InputError(Problem(message, source=str(name)) for name, message in wrong.items())
        if "exclude" in own:
            own["exclude"] = (own["exclude"],) if isinstance(own["exclude"], str) else tuple(own["exclude"])
        return cls(**own, policy=policy, folder=folder)

    def excludes(self, path: str) -> bool:
        """Return whether a page takes no part, by its source path."""
        return any(fnmatchcase(path, pattern) for pattern in self.exclude)

    @cached_property
    def list_template(self) -> ListTemplate:
        """The template of lists. Raises `InputError` and `MissingExtraError`."""
        path = None if self.template is None else self.folder / self.template
        return ListTemplate(path, heading=self.heading, thumbnails=self.thumbnails, excerpts=self.excerpts)

    def place(self, path: Path) -> Path:
        """Return where the site is kept: at `path`, or under its name in the `cache` of the settings."""
        return path if self.cache is None else self.folder / self.cache / path.name

    def site_of(self, articles: Iterable[Article], path: Path, say: Callable[[str], object]) -> Recommender:
        """Return the site of these articles, which is kept at the `place` for `path`.

        Warnings are passed to `say`. Raises what `KeptSite.bring_up_to_date` does.
        """
        rules = EditorRules() if self.editors is None else read_editor_rules(self.folder / self.editors)
        kept = KeptSite(self.place(path), k=self.k, policy=self.policy, editors=rules, encoder=self.encoder)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            site = kept.bring_up_to_date(articles).site
        for each in caught:
            if issubclass(each.category, UserWarning):
                say(str(each.message))
        return site


def _unknown(name: str, known: list[str]) -> str | None:
    if name in known:
        return None
    close = get_close_matches(str(name), known, n=1)
    return f"no such setting; {f'did you mean {close[0]}?' if close else 'there are ' + ', '.join(known)}"


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(value.strip()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    )


_CHECKS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "k": ("a whole number of 1 or more", _is_count),
    "heading": ("text", _is_text),
    "template": ("the path of a file", _is_text),
    "thumbnails": ("true or false", _is_flag),
    "excerpts": ("true or false", _is_flag),
    "append": ("true or false", _is_flag),
    "exclude": ("a pattern of paths or a list of them", _are_texts),
    "cache": ("the path of a folder", _is_text),
    "editors": ("the path of a file", _is_text),
    "encoder": ("the name of a model", _is_text),
}
