"""Exceptions of the package.

A message states what was expected, what was found, where, and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

__all__ = [
    "ArtifactError",
    "BusyError",
    "ConflictError",
    "InputError",
    "MissingExtraError",
    "Problem",
    "RecommenderError",
    "UnknownArticleError",
]

_MAX_LISTED = 20  # problems in a message; the rest are only counted


class RecommenderError(Exception):
    """Base class of the errors that this package raises."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the input and its location.

    Parameters
    ----------
    what : str
        Description of the problem: ``"no id"``.
    got : str, default ""
        The value found, shortened to fit a terminal.
    next_move : str, default ""
        What the user can do about it.
    source : str, default ""
        File name, URL, or ``"-"`` for standard input.
    line : int or None, default None
        Line in the source, from 1. None if the source has no lines.
    """

    what: str
    got: str = ""
    next_move: str = ""
    source: str = ""
    line: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)

    def at(self, source: str, line: int | None = None) -> Problem:
        """Return a copy of the problem with another location."""
        return replace(self, source=source, line=line)

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        text = self.what + (f", got {self.got}" if self.got else "")
        text += f"; {self.next_move}" if self.next_move else ""
        return f"{place}: {text}" if place else text


class InputError(RecommenderError, ValueError):
    """The user's articles, judgements or settings are invalid. `problems` holds all problems."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        lines = [str(problem) for problem in self.problems[:_MAX_LISTED]]
        if len(self.problems) > _MAX_LISTED:
            lines.append(f"... and {len(self.problems) - _MAX_LISTED} more problems")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[Any, ...]:  # the inherited method passes the message to the constructor
        return type(self), (self.problems,)


class ArtifactError(RecommenderError):
    """A saved artifact is missing, damaged, of another schema version, or made with another encoder."""


class BusyError(ArtifactError):
    """Another process or thread is writing the artifact."""


class ConflictError(RecommenderError):
    """A change contradicts another one that was made before or meanwhile."""


class UnknownArticleError(RecommenderError, KeyError):
    """The artifact contains no article with this id."""

    def __str__(self) -> str:  # KeyError shows the repr of its argument
        return str(self.args[0]) if self.args else ""


class MissingExtraError(RecommenderError, ImportError):
    """A required package is missing or cannot be imported. The message gives the cause and a pip command.

    Parameters
    ----------
    feature, package : str
        The feature, and the package it needs.
    extra : str
        The extra of this project that installs the package.
    cause : ImportError, optional
        The error raised when the package was imported.

    Examples
    --------
    >>> print(MissingExtraError("Reading Parquet", "pyarrow", "parquet"))
    Reading Parquet needs the package pyarrow, which is not installed; run: pip install 'recommender[parquet]'
    """

    def __init__(self, feature: str, package: str, extra: str, cause: ImportError | None = None) -> None:
        what, move = "is not installed", f"pip install 'recommender[{extra}]'"
        missing = package if cause is None else _missing_module(cause)
        if missing != package:
            failure = f"the module {missing} is missing" if missing else " ".join(str(cause).split())
            what, move = f"cannot be imported: {failure}", f"pip install --upgrade 'recommender[{extra}]'"
        super().__init__(f"{feature} needs the package {package}, which {what}; run: {move}")

    def __reduce__(self) -> tuple[Any, ...]:  # the inherited method passes the message to the constructor
        return _with_message, (str(self),)


def _missing_module(error: BaseException | None) -> str:
    """Return the package of the first missing module; "" if the import failed for another reason."""
    missing = ""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name:
            missing = error.name.partition(".")[0]
        error = error.__cause__ or error.__context__
    return missing


def _with_message(message: str) -> MissingExtraError:
    error = MissingExtraError.__new__(MissingExtraError)
    ImportError.__init__(error, message)
    return error
