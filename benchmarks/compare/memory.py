"""Memory of this process as reported by Linux; on other systems its peak."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from pathlib import Path

from benchmarks.processes import own_peak_rss_bytes

__all__ = ["forget_peak", "held_bytes", "peak_bytes"]


def held_bytes() -> int:
    """Return the resident bytes, including mapped file pages, after freed memory was returned to the system."""
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL(None).malloc_trim(0)
    return _status("VmRSS") or own_peak_rss_bytes()


def forget_peak() -> None:
    """Reset the count of `peak_bytes`."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """Return the peak of resident bytes."""
    return _status("VmHWM") or own_peak_rss_bytes()


def _status(field: str) -> int:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    return 0
