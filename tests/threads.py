"""Work that meets: real threads with database connections of their own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every piece in a thread of its own, all let go together; results or errors in order."""
    gate, found = threading.Barrier(len(work)), [None] * len(work)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = work[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return found
