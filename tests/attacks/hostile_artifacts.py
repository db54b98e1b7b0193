"""Artifacts that somebody made to do harm: all checksums are right, and some array or fact is not what a site has."""

from __future__ import annotations

import hashlib
import json
import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.store.manifest import MANIFEST

__all__ = ["changed_copy", "hostile_copy", "put_array"]

_VALUES = (
    None, True, -1, 0, 1, 3, 2**31 - 1, 2**31, 2**40, 2**63, -(2**63), 1e308, float("nan"), "", "x", "../../outside", [],
    {}, [None], {"a": 1}, [[1, 2]],
)  # fmt: skip
_NEURAL = {
    "name": "neural",
    "settings": {"model": "nobody/nothing", "download": True, "cache": "../outside", "device": "cpu"},
    "fingerprint": "0" * 32,
}


def hostile_copy(site: Path, copy: Path, rng: random.Random) -> str:
    """Make a copy of an artifact with one thing changed at random, and return what."""
    changes = (_change_array,) * 6 + (_change_fact,) * 3 + (_change_record, _change_name, _name_model)
    change = rng.choice(changes)
    return changed_copy(site, copy, lambda manifest, data: change(manifest, data, rng))


def changed_copy(site: Path, copy: Path, change: Callable[[dict[str, Any], Path], str]) -> str:
    """Make a copy of an artifact with what `change` does to its manifest and its data. Files that stay are shared."""
    manifest = json.loads((site / MANIFEST).read_bytes())
    data = copy / manifest["data"]
    data.mkdir(parents=True)
    for file in (site / manifest["data"]).iterdir():
        os.link(file, data / file.name)
    for file in site.glob("updates-*"):
        os.link(file, copy / file.name)
    what = change(manifest, data)
    content = {name: manifest.get(name) for name in ("version", "files", "facts")}
    if manifest.get("base") is not None and manifest.get("journal") is None:
        manifest["base"] = _sha256_of(content)
    manifest.pop("sha256", None)
    manifest["sha256"] = _sha256_of(manifest)
    (copy / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return what


def _sha256_of(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _change_array(manifest: dict[str, Any], data: Path, rng: random.Random) -> str:
    name = rng.choice(sorted(manifest["files"]))
    change = rng.choice(_ARRAY_CHANGES)
    put_array(manifest, data, name, change(np.load(data / f"{name}.npy"), rng))
    return f"{name}: {change.__name__}"


def put_array(manifest: dict[str, Any], data: Path, name: str, changed: NDArray[Any]) -> None:
    """Write another array in place of one, with its right checksums."""
    file = data / f"{name}.npy"
    file.unlink()
    np.save(file, changed)
    content = file.read_bytes()
    manifest["files"][name] |= {
        "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "crc32": zlib.crc32(content),
        "dtype": str(changed.dtype), "shape": list(changed.shape),
    }  # fmt: skip


def _odd_values(array: NDArray[Any], rng: random.Random) -> NDArray[Any]:
    changed = array.copy()
    flat = changed.reshape(-1)
    for _ in range(rng.choice((1, 1, 5, len(flat)))):
        if len(flat):
            flat[rng.randrange(len(flat))] = _odd(array, rng)
    return changed


def _odd(array: NDArray[Any], rng: random.Random) -> Any:
    if array.dtype.kind == "f":
        return rng.choice((np.nan, np.inf, -np.inf, 1e30, -1e30, -1, 0))
    if array.dtype.kind == "b":
        return rng.random() < 0.5
    ends = np.iinfo(array.dtype)
    odd = (-1, -2, len(array), len(array) + 1, 10**6, 2**31 - 1, ends.max, ends.min, ends.max // 2)
    return min(max(rng.choice(odd), int(ends.min)), int(ends.max))


def _other_dtype(array: NDArray[Any], rng: random.Random) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        return array.astype(
            rng.choice(("int8", "int16", "int32", "int64", "uint64", "float16", "float32", "float64"))
        )


def _other_shape(array: NDArray[Any], rng: random.Random) -> NDArray[Any]:
    shapes: tuple[Callable[[], NDArray[Any]], ...] = (
        lambda: array.reshape(-1), lambda: array[None], lambda: array[:0], lambda: array[: len(array) // 2],
        lambda: np.concatenate([array, array]), lambda: np.zeros((), array.dtype),
        lambda: array.T, lambda: array[..., :0],
    )  # fmt: skip
    return np.ascontiguousarray(rng.choice(shapes)())


def _shuffled(array: NDArray[Any], rng: random.Random) -> NDArray[Any]:
    return np.random.default_rng(rng.randrange(2**32)).permutation(array)


def _random_bytes(array: NDArray[Any], rng: random.Random) -> NDArray[Any]:
    return np.frombuffer(rng.randbytes(array.nbytes), array.dtype).reshape(array.shape)


_ARRAY_CHANGES = (_odd_values, _odd_values, _odd_values, _other_dtype, _other_shape, _shuffled, _random_bytes)


def _change_fact(manifest: dict[str, Any], _: Path, rng: random.Random) -> str:
    place: Any = manifest["facts"]
    path = []
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = rng.choice(keys)
        path.append(str(key))
        if not isinstance(place[key], dict | list) or not place[key] or rng.random() < 0.2:
            break
        place = place[key]
    if rng.random() < 0.2:
        del place[key]
        return f"facts {'.'.join(path)} deleted"
    place[key] = value = rng.choice(_VALUES)
    return f"facts {'.'.join(path)} = {value!r}"


def _change_record(manifest: dict[str, Any], _: Path, rng: random.Random) -> str:
    name = rng.choice(sorted(manifest["files"]))
    record = manifest["files"][name]
    part = rng.choice(sorted(record))
    odd = (*_VALUES, "../manifest.json", "/etc/passwd", "O", "<U10", "V8", [-1], [2**40, 2**40], [2**62])
    record[part] = value = rng.choice(odd)
    return f"files {name}.{part} = {value!r}"


def _change_name(manifest: dict[str, Any], _: Path, rng: random.Random) -> str:
    part = rng.choice(("data", "journal", "base", "version", "files", "facts", "schema", "format"))
    odd = (*_VALUES, "../outside", "/etc", "data-0000000000000000/../..", "updates-../../x.sqlite", ".")
    manifest[part] = value = rng.choice(odd)
    return f"{part} = {value!r}"


def _name_model(manifest: dict[str, Any], _: Path, rng: random.Random) -> str:
    neural = json.loads(json.dumps(_NEURAL))
    for name in rng.sample(sorted(neural["settings"]), rng.randrange(3)):
        del neural["settings"][name]
    manifest["facts"]["model"]["neural"] = neural
    return f"neural {neural['settings']}"
