"""JSON that may stand in a script element."""

from __future__ import annotations

import orjson

__all__ = ["safe_json"]

_ESCAPES = {sign.encode(): b"\\u%04x" % ord(sign) for sign in "<>&\u2028\u2029"}


def safe_json(value: object) -> bytes:
    r"""Return JSON that cannot end a script element, begin a comment or break a line of JavaScript.

    It is the same JSON, in which five characters are escaped.

    Examples
    --------
    >>> safe_json("</script>")
    b'"\\u003c/script\\u003e"'
    """
    text = orjson.dumps(value)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text
