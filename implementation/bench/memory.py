"""The peak memory of this process, from the system."""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_PEAK = "5"


def reset_peak() -> int:
    """Forget the peak so far where the system can, and give what counts as used now, in bytes."""
    with contextlib.suppress(OSError):
        _CLEAR.write_text(_PEAK)
    return peak_bytes()


def peak_bytes() -> int:
    """The most that this process has held in memory, in bytes.

    On Linux from the process itself: what `getrusage` says there includes the parent at the time of the fork.
    """
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
