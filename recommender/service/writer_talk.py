"""What the service and its writer say to each other: lines of JSON over a socket."""

from __future__ import annotations

from typing import Any

from recommender.errors import ArtifactError, BusyError, InputError, Problem

__all__ = ["BEGUN", "SOCKET", "answer_of", "result_of"]

SOCKET = "writer.socket"
"""Name of the socket in the folder that the processes of a service share."""

BEGUN = b"begun\n"
"""The line before an answer. Until then a question may be asked again."""


def answer_of(error: ArtifactError | InputError) -> dict[str, Any]:
    """Return an error as an answer."""
    if isinstance(error, InputError):
        return {"error": "InputError", "problems": [each.to_dict() for each in error.problems]}
    return {"error": "BusyError" if isinstance(error, BusyError) else "ArtifactError", "message": str(error)}


def result_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the result that an answer holds, or raise its error."""
    if "result" in answer:
        found: dict[str, Any] = answer["result"]
        return found
    if answer["error"] == "InputError":
        raise InputError(Problem(**each) for each in answer["problems"])
    raise (BusyError if answer["error"] == "BusyError" else ArtifactError)(answer["message"])
