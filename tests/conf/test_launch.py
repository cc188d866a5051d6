"""``make run``'s process tree: starts from nothing, stops whole, keeps its data, survives a dead child."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.stack import Stack, embedded_stack

pytestmark = [pytest.mark.xdist_group("launch")]


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    found = [int(word) for word in listed.stdout.split()]
    return found + [grandchild for child in found for grandchild in _children(child)]


def _gone(pids: list[int], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _households(var: Path) -> int:
    with sqlite3.connect(var / "sleevewise.sqlite3") as connection:
        return int(connection.execute("SELECT count(*) FROM households_household").fetchone()[0])


def _printed(var: Path, words: str, seconds: float = 30) -> str:
    """What the launcher has printed once the words are among it; a page may answer a moment before."""
    deadline = time.monotonic() + seconds
    while words not in (text := (var / "stack.log").read_text()):
        assert time.monotonic() < deadline, text
        time.sleep(0.1)
    return text


def _page(stack: Stack) -> str:
    with urllib.request.urlopen(f"{stack.url}/login/", timeout=5) as answer:
        return str(answer.read().decode())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to count processes")
def test_from_nothing_to_a_page_and_back(tmp_path: Path) -> None:
    with embedded_stack(tmp_path) as stack:
        assert "Log in" in _page(stack)
        printed = _printed(tmp_path, "Ctrl-C stops everything")
        tree = _children(stack.processes[0].pid)
        assert len(tree) >= 3  # granian, its worker, ours
        stack.processes[0].send_signal(signal.SIGINT)
        assert stack.processes[0].wait(timeout=30) == 0
    assert _gone(tree), "a child outlived Ctrl-C"
    assert _households(tmp_path) == 40
    assert "advisor@demo.example" in printed
    assert "sleevewise-demo" in printed
    with embedded_stack(tmp_path):
        pass
    assert _households(tmp_path) == 40


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to count processes")
def test_a_dead_child_is_started_again(tmp_path: Path) -> None:
    with embedded_stack(tmp_path) as stack:
        supervisor = stack.processes[0].pid
        before = set(_children(supervisor))
        worker = next(
            pid for pid in before if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")[1:4]
        )
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and len(set(_children(supervisor)) - {worker}) < len(before):
            time.sleep(0.2)
        assert len(set(_children(supervisor)) - {worker}) == len(before)


def test_a_taken_port_is_told(tmp_path: Path) -> None:

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "manage.py", "launch", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"SLEEVEWISE_VAR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert f"Port {port}" in answer.stderr
    assert "make run PORT=" in answer.stderr
