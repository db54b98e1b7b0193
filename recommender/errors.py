"""What can go wrong, as types: one base, few leaves.

A message says what was wanted, what came, where, and the next move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

__all__ = [
    "ArtifactError",
    "InputError",
    "MissingExtraError",
    "Problem",
    "RecommenderError",
    "UnknownArticleError",
]

_LISTED = 20  # problems spelled out in a message; the rest are counted


class RecommenderError(Exception):
    """Any error that this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the input, and where.

    Parameters
    ----------
    what : str
        What is wrong, in words: ``"no id"``.
    got : str
        What came instead, shortened to something a terminal can show; may be empty.
    next_move : str
        What the user can do about it; may be empty.
    source : str
        File name, URL or ``"-"`` for standard input; empty where there is none.
    line : int or None
        Line in the source, counted from 1; None where lines mean nothing.
    """

    what: str
    got: str = ""
    next_move: str = ""
    source: str = ""
    line: int | None = None

    def at(self, source: str, line: int | None = None) -> Problem:
        """Return the same problem with its place filled in."""
        return replace(self, source=source, line=line)

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        said = self.what + (f", got {self.got}" if self.got else "")
        said += f"; {self.next_move}" if self.next_move else ""
        return f"{place}: {said}" if place else said


class InputError(RecommenderError, ValueError):
    """Articles, judgements or settings given by the user cannot be used; all problems are in `problems`."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        lines = [str(problem) for problem in self.problems[:_LISTED]]
        if len(self.problems) > _LISTED:
            lines.append(f"... and {len(self.problems) - _LISTED} more problems")
        super().__init__("\n".join(lines))


class ArtifactError(RecommenderError):
    """A saved artifact is missing, damaged, of another schema, or made by another encoder."""


class UnknownArticleError(RecommenderError, KeyError):
    """An article id that the artifact does not hold."""

    def __str__(self) -> str:  # KeyError would show the repr
        return str(self.args[0]) if self.args else ""


class MissingExtraError(RecommenderError, ImportError):
    """A feature needs a package that is not installed, or whose import fails; the message has the cause and the pip line.

    Parameters
    ----------
    feature, package, extra : str
        What needs which package, and the extra of this project that installs it.
    cause : ImportError, optional
        What the import of the package raised.

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

    def __reduce__(self) -> tuple[Any, ...]:  # ImportError's own calls the constructor with the message
        return _with_message, (str(self),)


def _missing_module(error: BaseException | None) -> str:
    """Return the package of the module that was not found first of all; empty where an import failed otherwise."""
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
