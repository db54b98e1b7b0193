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
    """A feature needs a package that is not installed; the message has the pip line.

    Where the package is there and its import fails, the message names the module that is missing, or shows the failure.
    """

    def __init__(self, feature: str, package: str, extra: str, cause: ImportError | None = None) -> None:
        self._arguments = (feature, package, extra)
        missing = getattr(cause, "name", None)
        if cause is None or missing == package:
            what = f"{feature} needs the package {package}, which is not installed"
            move = f"pip install 'recommender[{extra}]'"
        else:
            what = f"{feature} needs the package {package}, whose import fails: {cause}"
            move = f"pip install --upgrade 'recommender[{extra}]'" + (
                f" {missing.partition('.')[0]}" if missing else ""
            )
        super().__init__(f"{what}; run: {move}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_remade, (type(self), self.args, self._arguments))


def _remade(
    kind: type[MissingExtraError], args: tuple[Any, ...], arguments: tuple[str, str, str]
) -> MissingExtraError:
    error = kind.__new__(kind, *args)
    error.args = args
    error._arguments = arguments
    return error
