"""One process tree: start children, restart the ones that die, stop them all together."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

STOP_SECONDS = 12.0
BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """On Linux the kernel ends a child whose supervisor was killed; elsewhere the terminal's group does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float = 0.0
    failures: int = 0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent)  # noqa: S603
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def schedule_restart(self, now: float) -> float:
        """Note a death; the seconds to wait before the next start grow while it keeps dying."""
        self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
        wait = BACK_OFF_SECONDS[min(self.failures, len(BACK_OFF_SECONDS)) - 1]
        self.process, self.restart_at = None, now + wait
        return wait


@dataclass
class Supervisor:
    """Runs children until told to stop by SIGINT or SIGTERM."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def run(self, *, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Start all, announce once ``ready`` answers true, then keep them alive."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for child in self.children:
            child.start()
        announced = False
        try:
            while not self.stopping:
                self._restart_the_dead()
                if not announced and ready():
                    announce()
                    announced = True
                time.sleep(0.2)
        finally:
            self._end()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.died():
                status = child.process.returncode if child.process else None
                wait = child.schedule_restart(now)
                self.say(f"{child.name} stopped (status {status}); starting it again in {wait:g} s")
            elif child.process is None and now >= child.restart_at:
                child.start()

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process and not child.died()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
