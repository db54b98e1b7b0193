"""The setting RECOMMENDER."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from recommender.argument_checks import checked_path, checked_whole
from recommender.errors import InputError, Problem
from recommender.plugins.django.listed_model import ListedModel
from recommender.plugins.django.model_settings import listed_model
from recommender.rules.policy import Policy
from recommender.rules.policy_settings import tidied

__all__ = ["Configuration", "configuration", "read_setting"]

_KEYS = ("site", "models", "k", "policy", "editors", "encoder", "heading", "queue")


@dataclass(frozen=True, eq=False)
class Configuration:
    """What the setting RECOMMENDER says.

    Parameters
    ----------
    site : Path
        Folder of the site.
    models : tuple of ListedModel
    k : int
        Longest list.
    policy : Policy
    editors : Path or None
        File of pins and blocks.
    encoder : str or None
        Name of a model of language.
    heading : str or None
        The heading of all lists. None for "Related articles" in the language of each article.
    queue : callable or None
        Takes the alias of a database whose changes wait, and lets `update_related` be called with it elsewhere. None
        applies changes in the process that made them.
    """

    site: Path
    models: tuple[ListedModel, ...]
    k: int = 10
    policy: Policy = field(default_factory=Policy)
    editors: Path | None = None
    encoder: str | None = None
    heading: str | None = None
    queue: Callable[[str], object] | None = None

    def listed(self, model: type) -> ListedModel | None:
        """Return the listed model that the rows of a model belong to, or None."""
        return next((each for each in self.models if issubclass(model, each.model)), None)

    @property
    def by_label(self) -> dict[str, ListedModel]:
        """The listed models by their names, such as "blog.post"."""
        return {each.label: each for each in self.models}

    @property
    def databases(self) -> list[str]:
        """Aliases of the databases that are followed."""
        return sorted({each.alias for each in self.models})


@lru_cache(maxsize=1)
def configuration() -> Configuration:
    """Return what the setting RECOMMENDER says.

    Raises
    ------
    ImproperlyConfigured
        With everything that is wrong in it.
    """
    try:
        return read_setting(getattr(settings, "RECOMMENDER", None))
    except InputError as error:
        raise ImproperlyConfigured(str(error)) from error


def read_setting(given: Any) -> Configuration:
    """Return what a value of the setting says.

    Raises
    ------
    InputError
        With everything that is wrong in it.
    """
    if not isinstance(given, Mapping):
        move = 'such as {"site": BASE_DIR / "site.rec", "models": {"blog.Post": {"body": "text"}}}'
        raise InputError(Problem("the setting RECOMMENDER must be a dictionary", repr(given)[:80], move))
    problems = [*_unknown(given)]
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        if name not in given and name not in ("site", "models"):
            continue
        try:
            found[name] = read(given.get(name))
        except InputError as error:
            problems += error.problems
        except (TypeError, ValueError, ImportError) as error:
            problems.append(Problem(f'RECOMMENDER["{name}"]: {error}'))
    if problems:
        raise InputError(problems)
    found["policy"] = _with_defaults(found.get("policy", Policy()), given.get("policy", {}), found["models"])
    return Configuration(**found)


def _with_defaults(policy: Policy, given: Any, models: tuple[ListedModel, ...]) -> Policy:
    """Return the policy with what follows from the models, unless the setting says otherwise."""
    if all(each.is_page for each in models) and not policy.same:
        policy = policy.changed(same=("site",))  # visitors of one site of several stay there
    is_said = isinstance(given, Policy) or "translations" in given
    if any("translation" in each.places for each in models) and not is_said:
        policy = policy.changed(translations="apart")
    return policy


def _unknown(given: Mapping[str, Any]) -> Iterator[Problem]:
    for name in given:
        if name not in _KEYS:
            close = get_close_matches(str(name), _KEYS, n=1)
            move = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(_KEYS)}"
            yield Problem(f'RECOMMENDER: no such key "{name}"', next_move=move)


def _site(value: Any) -> Path:
    if not value:
        raise ValueError("name the folder that holds the lists")
    return checked_path(value)


def _models(value: Any) -> tuple[ListedModel, ...]:
    if not isinstance(value, Mapping) or not value:
        raise TypeError('name the models that are listed, such as {"blog.Post": {"body": "text"}}')
    found: list[ListedModel] = []
    problems: list[Problem] = []
    for name, options in value.items():
        try:
            found.append(listed_model(name, options))
        except InputError as error:
            problems += error.problems
    for one in found:
        for other in found:
            if one is not other and issubclass(one.model, other.model):
                what = f'RECOMMENDER["models"]: rows of {one.label} are rows of {other.label} too'
                problems.append(Problem(what, next_move="list one of the two"))
    if problems:
        raise InputError(problems)
    return tuple(found)


def _policy(value: Any) -> Policy:
    if isinstance(value, Policy):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"wanted settings of Policy by name, got {value!r:.80}")
    found, wrong = tidied(value)
    if wrong:
        raise InputError(Problem(f'RECOMMENDER["policy"]: {each}') for each in wrong.values())
    return Policy(**found)


def _queue(value: Any) -> Callable[[str], object] | None:
    found = import_string(value) if isinstance(value, str) else value
    if found is not None and not callable(found):
        raise TypeError(f"wanted a function, or where to import it from, got {value!r:.80}")
    return found  # type: ignore[no-any-return]


def _optional_text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"wanted text, got {value!r:.80}")
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "site": _site,
    "models": _models,
    "k": lambda value: checked_whole("k", value),
    "policy": _policy,
    "editors": lambda value: None if value is None else checked_path(value),
    "encoder": _optional_text,
    "heading": _optional_text,
    "queue": _queue,
}
