"""The limits of what may be sent, as the description of the service gives them.

Tools that make requests from a description try what is just above each limit, and cannot make a text of ten million
characters. So large limits are told in words.
"""

from __future__ import annotations

from typing import Any

__all__ = ["tell_large_limits"]

_LARGE = {
    "maxLength": (5_000, "characters"),
    "maxItems": (1_000, "entries"),
    "maxProperties": (1_000, "names"),
}


def tell_large_limits(schema: Any) -> None:
    """Turn the large limits of a schema, and of all schemas in it, into a sentence of its description.

    Examples
    --------
    >>> schema = {"properties": {"text": {"type": "string", "maxLength": 10_000, "description": "Plain or HTML."}}}
    >>> tell_large_limits(schema)
    >>> schema
    {'properties': {'text': {'type': 'string', 'description': 'Plain or HTML. At most 10,000 characters.'}}}
    """
    if isinstance(schema, list):
        for each in schema:
            tell_large_limits(each)
    if not isinstance(schema, dict):
        return
    for name, (large, what) in _LARGE.items():
        most = schema.get(name)
        if isinstance(most, int) and most >= large:
            del schema[name]
            told = schema.get("description", "").rstrip()
            told += "" if not told or told.endswith((".", "!", "?")) else "."
            schema["description"] = f"{told} At most {most:,} {what}.".lstrip()
    for each in schema.values():
        tell_large_limits(each)
