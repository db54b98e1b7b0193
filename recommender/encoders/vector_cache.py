"""A folder that keeps vectors between builds, by encoder and by the content of the text.

Files are ``FOLDER/<fingerprint of the encoder>/<digest of the file>.npy``. Each file is an array of records,
the key of a text and its vector, and never changes. It is written under a temporary name and renamed, so
concurrent builds can write, and a killed build leaves complete files. A file whose digest does not match its
name is ignored, so files need not be synced to disk.
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
_WRITE_INTERVAL = 30.0  # seconds; an interrupted build loses at most this much work
_MAX_PENDING = 2**26  # bytes of vectors before a write
_OPEN_FILES = 64


def text_key(title: str, body: str) -> bytes:
    """Return a 16-byte key of a title and a body."""
    head, rest = (part.encode("utf-8", "surrogatepass") for part in (title, body))
    return hashlib.blake2b(b"%d\n%b%b" % (len(head), head, rest), digest_size=_KEY).digest()


class VectorCache:
    """Vectors of one encoder, by `text_key`. Used as a context manager, it writes pending vectors on exit.

    Parameters
    ----------
    folder : str or Path
        Folder shared by all encoders. Created if missing.
    fingerprint : str
        Fingerprint of the encoder. Vectors of other encoders are not used.
    n_dimensions : int

    Raises
    ------
    RecommenderError
        If the folder cannot be created or written to.

    Warns
    -----
    UserWarning
        For each damaged file, which is ignored, and for the first failed write, after which the build
        continues without writing.

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
        self._pending: list[NDArray[Any]] = []
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
        """Return the vector of a text, float32 of shape (n_dimensions,), or None if no file contains it."""
        if key not in self._places:
            return None
        file, record = self._places[key]
        if file not in self._mapped:
            if len(self._mapped) == _OPEN_FILES:
                self._mapped.clear()
            try:
                self._mapped[file] = np.load(file, mmap_mode="r", allow_pickle=False)
            except OSError:  # the folder was cleared meanwhile
                return None
        return np.array(self._mapped[file]["vector"][record])

    def put(self, keys: list[bytes], vectors: NDArray[np.float32]) -> None:
        """Add vectors, float32 of shape (n_keys, n_dimensions). They are written about every 30 seconds."""
        records = np.empty(len(keys), dtype=self._record)
        records["key"] = np.frombuffer(b"".join(keys), dtype=f"V{_KEY}")
        records["vector"] = vectors
        self._pending.append(records)
        size = sum(records.nbytes for records in self._pending)
        if size > _MAX_PENDING or time.monotonic() - self._written > _WRITE_INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Write all pending vectors to one file."""
        records = np.concatenate(self._pending) if self._pending else np.empty(0, dtype=self._record)
        self._pending, self._written = [], time.monotonic()
        if not len(records) or not self._writes:
            return
        try:
            self._write(records)
        except OSError as error:
            self._writes = False
            warnings.warn(
                f"{self.folder}: vectors cannot be written ({error.strerror or error}); this build continues, "
                "and the next build encodes these texts again; free some space or use another folder",
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
                f"{self.folder}: the cache folder is not writable ({error.strerror or error}); "
                "use another folder, or build without a cache"
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
        """Add the keys of a valid file to the index."""
        try:
            if _digest(file) != file.stem:
                raise ValueError("its content does not match its name")
            records = np.load(file, mmap_mode="r", allow_pickle=False)
            if records.dtype != self._record:
                raise ValueError("it contains other data")
        except (OSError, ValueError) as error:
            warnings.warn(
                f"{file}: ignored ({error}); its texts are encoded again; remove the file", stacklevel=2
            )
            return
        for record, key in enumerate(records["key"].tolist()):
            self._places[key] = file, record


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=_DIGEST)).hexdigest()
