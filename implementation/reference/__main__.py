"""`python -m implementation.reference`: writes docs/reference; with `--check` it only says what is stale."""

from __future__ import annotations

import argparse
import sys

from implementation.reference import stale, write


def main(arguments: list[str]) -> int:
    """Write or check; 1 where a check finds something stale."""
    parser = argparse.ArgumentParser(prog="python -m implementation.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    if not parser.parse_args(arguments).check:
        for path in write():
            print(f"docs/reference/{path}")
        return 0
    found = stale()
    for path in found:
        print(f"stale: docs/reference/{path}", file=sys.stderr)
    if found:
        print("run: python -m implementation.reference", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
