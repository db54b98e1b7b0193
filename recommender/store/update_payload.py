"""The bytes of an update: named plain arrays and JSON facts.

Eight bytes hold the length of the header, a JSON document with ``facts`` and, for each array in ``arrays``, its dtype,
shape and the place where its bytes start. The arrays follow, little-endian, each at a multiple of 16 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

__all__ = ["decode_payload", "encode_payload"]

_ALIGN = 16


def encode_payload(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> bytes:
    """Return arrays and facts as bytes. The same contents give the same bytes.

    Raises
    ------
    ValueError
        If an array holds objects.
    """
    parts: list[bytes] = []
    described: dict[str, Any] = {}
    end = 0
    for name, array in sorted(arrays.items()):
        if array.dtype.hasobject:
            raise ValueError(f"wanted plain numbers, got objects in the array {name!r}")
        plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        content = plain.tobytes()
        described[name] = [plain.dtype.str, list(array.shape), end]
        parts += [content, bytes(-len(content) % _ALIGN)]
        end += len(content) + len(parts[-1])
    header = orjson.dumps({"arrays": described, "facts": dict(facts)})
    header += b" " * (-(8 + len(header)) % _ALIGN)
    return b"".join((len(header).to_bytes(8, "little"), header, *parts))


def decode_payload(payload: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return arrays, which share the memory of `payload` and are read-only, and facts.

    Raises
    ------
    ValueError
        If the bytes are no payload.
    """
    start = 8 + int.from_bytes(payload[:8], "little")
    header = orjson.loads(payload[8:start])
    try:
        arrays = {
            name: np.ndarray(shape, dtype, payload, start + place)
            for name, (dtype, shape, place) in header["arrays"].items()
        }
        return arrays, dict(header["facts"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"the header does not describe arrays and facts ({error})") from error
