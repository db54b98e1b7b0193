"""Checks of the arguments of public calls. Each message names the argument, what was wanted and what came."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from recommender.articles import Article
from recommender.editors.rules import EditorRules
from recommender.encoders.multilingual import MultilingualEncoder
from recommender.progress import Progress, no_progress
from recommender.rules.policy import Policy
from recommender.scoring.model import Model
from recommender.scoring.weights import Weights

__all__ = [
    "check_encoder",
    "check_model",
    "check_rules",
    "checked_articles",
    "checked_flag",
    "checked_id",
    "checked_ids",
    "checked_k",
    "checked_n_jobs",
    "checked_path",
    "checked_progress",
    "checked_share",
    "checked_whole",
]


def checked_whole(name: str, value: Any, least: int = 1) -> int:
    """Return a whole number of at least `least`.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is below `least`.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r:.80}")
    if value < least:
        raise ValueError(f"{name} must be {least} or more, got {value}")
    return int(value)


def checked_share(name: str, value: Any) -> float:
    """Return a number from 0 to 1.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r:.80}")
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} must be from 0 to 1, got {value}")
    return number


def checked_k(k: Any) -> int | None:
    """Return the length of a list, 1 or more, or None for None."""
    return None if k is None else checked_whole("k", k)


def checked_n_jobs(n_jobs: Any) -> int | None:
    """Return a number of threads: any whole number but 0, or None for None."""
    if n_jobs is None:
        return None
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, Integral):
        raise TypeError(f"n_jobs must be a whole number or None, got {n_jobs!r:.80}")
    if n_jobs == 0:
        raise ValueError("n_jobs must be 1 or more, or -1 for all processors, got 0")
    return int(n_jobs)


def checked_flag(name: str, value: Any) -> bool:
    """Return True or False; any other value is a `TypeError`."""
    if not isinstance(value, bool) and type(value).__name__ != "bool_":  # a truth value of NumPy
        raise TypeError(f"{name} must be True or False, got {value!r:.80}")
    return bool(value)


def checked_path(value: Any) -> Path:
    """Return a path; `TypeError` for anything but text or a path object."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"path must be text or a path, got {value!r:.80}")
    return Path(value)


def checked_progress(progress: Any) -> Progress:
    """Return a callable for progress; `TypeError` if it cannot be called."""
    if progress is None:
        return no_progress
    if not callable(progress):
        raise TypeError(f"progress must be callable as progress(step, done, total), got {progress!r:.80}")
    return progress  # type: ignore[no-any-return]


def checked_id(name: str, article_id: Any) -> str:
    """Return an article id; `TypeError` if it is not text."""
    _check_type(name, article_id, str)
    return str(article_id)


def checked_ids(name: str, ids: Any) -> list[str]:
    """Return article ids as a list.

    Raises
    ------
    TypeError
        If they are not an iterable of text. One text is refused: it would be read letter by letter.
    """
    if isinstance(ids, str):
        raise TypeError(f"{name} must be a list of ids, got the text {ids!r:.80}; write {name}=[{ids!r:.80}]")
    if not isinstance(ids, Iterable):
        raise TypeError(f"{name} must be a list of ids, got {ids!r:.80}")
    found = list(ids)
    wrong = [each for each in found if not isinstance(each, str)]
    if wrong:
        raise TypeError(f"{name} must hold ids as text, got {wrong[0]!r:.80}")
    return [str(each) for each in found]


def checked_articles(articles: Any) -> Iterable[Article]:
    """Return articles as they are; each is checked when it is read.

    Raises
    ------
    TypeError
        If they are not an iterable of `Article`.
    """
    if isinstance(articles, str | bytes | Mapping) or not isinstance(articles, Iterable):
        raise TypeError(
            f"articles must be an iterable of Article, got {articles!r:.80}; read files with read_articles"
        )
    return articles


def check_rules(weights: Any, policy: Any, editors: Any) -> None:
    """Raise `TypeError` if weights, policy or editors have another type."""
    _check_type("weights", weights, Weights)
    _check_type("policy", policy, Policy)
    _check_type("editors", editors, EditorRules)


def check_model(model: Any, weights: Any, encoder: Any) -> None:
    """Raise an error if a model is none, or weights or the name of an encoder are given beside it."""
    if not isinstance(model, Model):
        raise TypeError(f"model must be a Model, such as other.model of a Recommender, got {model!r:.80}")
    if weights is not None or isinstance(encoder, str):
        raise ValueError("weights and the name of an encoder come with the model; leave them out, or relist")


def check_encoder(encoder: Any) -> None:
    """Raise `TypeError` if an encoder is neither a name nor an object with `fit_transform`."""
    if encoder is None or isinstance(encoder, str | MultilingualEncoder):
        return
    if not hasattr(encoder, "fit_transform"):
        raise TypeError(
            f"encoder must be the name of a model or an encoder with fit_transform, got {encoder!r:.80}"
        )


def _check_type(name: str, value: Any, wanted: type) -> None:
    """Raise `TypeError`, naming the argument, if a value has another type; None is fine for all types but text."""
    if isinstance(value, wanted) or (value is None and wanted is not str):
        return
    what = "text" if wanted is str else f"{'an' if wanted.__name__[0] in 'AEIOU' else 'a'} {wanted.__name__}"
    raise TypeError(f"{name} must be {what}, got {value!r:.80}")
