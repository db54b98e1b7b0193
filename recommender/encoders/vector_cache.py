"""A folder that keeps vectors between builds: by the content of a text, and apart for each encoder.

``FOLDER/<fingerprint of the encoder>/<digest of the file>.npy``: each file is an array of records, a text's key
and its vector, written once and never changed. A new file is written aside and renamed, so two builds may write
at once and a killed one leaves whole files. A file whose bytes are not those of its name is passed over, which
is also why none is synced to the disk.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import RecommenderError

__all__ = ["VectorCache", "text_key"]

_KEY = 16  # bytes
_DIGEST = 16
_WRITTEN_EVERY = 30.0  # seconds; what an interrupted build loses
_HELD = 2**26  # bytes of vectors that wait to be written
_OPEN_FILES = 64


def text_key(title: str, body: str) -> bytes:
    """Return 16 bytes that differ where title or body do."""
    head, rest = (part.encode("utf-8", "surrogatepass") for part in (title, body))
    return hashlib.blake2b(b"%d\n%b%b" % (len(head), head, rest), digest_size=_KEY).digest()


class VectorCache:
    """Vectors of one encoder, by `text_key`; a context that writes what is left when it ends, however it ends.

    Parameters
    ----------
    folder : str or Path
        Of all encoders; made where it is missing.
    fingerprint : str
        Of the encoder; vectors of another one are never seen.
    n_dimensions : int

    Raises
    ------
    RecommenderError
        If the folder can be neither made nor written to.

    Warns
    -----
    UserWarning
        For each damaged file, which is ignored; and when the disk refuses a file: the build goes on without.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with VectorCache(folder, "f1", n_dimensions=2) as cache:
    ...     cache.put([text_key("Rain", "")], np.array([[0.6, 0.8]], dtype=np.float32))
    >>> VectorCache(folder, "f1", n_dimensions=2).get(text_key("Rain", ""))
    array([0.6, 0.8], dtype=float32)
    >>> VectorCache(folder, "f2", n_dimensions=2).get(text_key("Rain", "")) is None
    True
    """

    def __init__(self, folder: str | Path, fingerprint: str, n_dimensions: int) -> None:
        self.folder = Path(folder).expanduser() / fingerprint
        self._record = np.dtype([("key", f"V{_KEY}"), ("vector", "<f4", (n_dimensions,))])
        self._waiting: list[NDArray[Any]] = []
        self._written = time.monotonic()
        self._writes = True
        self._mapped: dict[Path, NDArray[Any]] = {}
        self._places: dict[bytes, tuple[Path, int]] = {}
        self._prepare()
        for file in sorted(self.folder.glob("*.npy")):
            self._read(file)

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()

    def get(self, key: bytes) -> NDArray[np.float32] | None:
        """Return the vector of a text, float32 of shape (n_dimensions,), or None where no file has it."""
        if key not in self._places:
            return None
        file, record = self._places[key]
        if file not in self._mapped:
            if len(self._mapped) == _OPEN_FILES:
                self._mapped.clear()
            try:
                self._mapped[file] = np.load(file, mmap_mode="r", allow_pickle=False)
            except OSError:  # somebody cleared the folder meanwhile
                return None
        return np.array(self._mapped[file]["vector"][record])

    def put(self, keys: list[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors, float32 of shape (n_keys, n_dimensions); they are written every half minute or so."""
        records = np.empty(len(keys), dtype=self._record)
        records["key"] = np.frombuffer(b"".join(keys), dtype=f"V{_KEY}")
        records["vector"] = vectors
        self._waiting.append(records)
        held = sum(records.nbytes for records in self._waiting)
        if held > _HELD or time.monotonic() - self._written > _WRITTEN_EVERY:
            self.flush()

    def flush(self) -> None:
        """Write the vectors that wait, as one file."""
        records = np.concatenate(self._waiting) if self._waiting else np.empty(0, dtype=self._record)
        self._waiting, self._written = [], time.monotonic()
        if not len(records) or not self._writes:
            return
        try:
            self._write(records)
        except OSError as error:
            self._writes = False
            warnings.warn(
                f"{self.folder}: takes no more vectors ({error.strerror or error}); this build goes on, and the next "
                "one encodes again what was not written; make room or name another folder",
                stacklevel=2,
            )

    def _prepare(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self._aside()
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise RecommenderError(
                f"{self.folder}: vectors cannot be kept here ({error.strerror or error}); "
                "name a folder that can be written, or none"
            ) from error

    def _aside(self) -> Path:
        return self.folder / f".{secrets.token_hex(6)}.partial"

    def _write(self, records: NDArray[Any]) -> None:
        partial = self._aside()
        try:
            with partial.open("wb") as out:
                np.save(out, records, allow_pickle=False)
            partial.replace(self.folder / f"{_digest(partial)}.npy")
        finally:
            partial.unlink(missing_ok=True)

    def _read(self, file: Path) -> None:
        """Note which keys a whole file holds."""
        try:
            if _digest(file) != file.stem:
                raise ValueError("its bytes are not those that were written")
            records = np.load(file, mmap_mode="r", allow_pickle=False)
            if records.dtype != self._record:
                raise ValueError("it holds something else")
        except (OSError, ValueError) as error:
            warnings.warn(f"{file}: ignored ({error}), its texts are encoded again; remove it", stacklevel=2)
            return
        for record, key in enumerate(records["key"].tolist()):
            self._places[key] = file, record


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=_DIGEST)).hexdigest()
