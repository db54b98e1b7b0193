"""Says that code is being compiled: each function once for each machine, when it is first needed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["tell_of_compiling"]

_PATIENCE_S = 2.0
_PAUSE_S = 10.0


def tell_of_compiling(tell: Callable[[str], None]) -> None:
    """Call `tell` with a message when compiling has taken two seconds, and then every ten seconds.

    Code that was compiled before is loaded, and nothing is said. Later calls replace `tell`. numba is not imported by this.
    """
    is_first = _Watch.tell is None
    _Watch.tell = tell
    if is_first:
        if "numba" in sys.modules:
            _listen()
        else:
            sys.meta_path.insert(0, _Numba())


class _Numba(MetaPathFinder):
    """Finds no module: it notices when numba imports what compiles."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "numba.core.dispatcher" and self in sys.meta_path:
            sys.meta_path.remove(self)
            _listen()
        return None


class _Watch:
    """Counts functions and seconds. One function may be compiled while another is."""

    tell: Callable[[str], None] | None = None

    def __init__(self) -> None:
        self._depth, self._n, self._is_told = 0, 0, False
        self._spent_s, self._began, self._next_s = 0.0, 0.0, _PATIENCE_S

    def begin(self) -> None:
        self._began = time.monotonic() if self._depth == 0 else self._began
        self._depth += 1

    def end(self) -> None:
        self._depth, self._n = self._depth - 1, self._n + 1
        spent_s = self._spent_s + time.monotonic() - self._began
        if self._depth == 0:
            self._spent_s = spent_s
        if spent_s >= self._next_s and _Watch.tell is not None:
            first = "compiling what runs here for the first time, which takes up to a minute: "
            _Watch.tell(("" if self._is_told else first) + f"{self._n} functions in {spent_s:.0f} s")
            self._is_told, self._next_s = True, spent_s + _PAUSE_S


def _listen() -> None:
    from numba.core import event

    watch = _Watch()

    class Compiled(event.Listener):
        def on_start(self, event: object) -> None:
            watch.begin()

        def on_end(self, event: object) -> None:
            watch.end()

    event.register("numba:compile", Compiled())  # type: ignore[no-untyped-call]
