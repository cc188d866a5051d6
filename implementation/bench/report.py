"""A report of the bench as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_WORDS = ("engine", "gives")
_HEAD = (*_WORDS, "accounts", "cpu s", "wall s", "accounts/s", "extra MB", "times", "compared", "differ")
_CALLS = (("score", "outcome, fits, costs"), ("explain", "the same with its full explanation"))
_TIMES = "times: processor time per account over Sleevewise's for as much: everything, or the outcome alone."


def table(report: Mapping[str, Any]) -> str:
    """The whole report, a table a size."""
    machine, policy, shelf = report["machine"], report["policy"]["version"], report["shelf"]["version"]
    lines = [
        f"Engine {report['engine']}, policy {policy}, shelf {shelf}; book of seed {report['seed']};",
        f"{_rounds(report['rounds'])}.",
        f"{machine['system']}, {machine['cores']} cores,"
        f" Python {machine['python']}, numpy {machine['numpy']}.",
    ]
    for size in report["sizes"]:
        lines += ["", f"{size['accounts']:,} accounts", *_aligned([_HEAD, *map(_cells, size["engines"])])]
        if size["core_times_numpy"] is not None:
            lines.append(f"Sleevewise takes {size['core_times_numpy']:.2f} times the numpy by hand.")
        for row in size["engines"]:
            lines += _differences(row)
    lines += ["", _TIMES]
    if report["one_account"]:
        lines += ["", *_singles(report["one_account"])]
    for one in report["missing"]:
        lines.append(f"{one['label']}: not here; install {one['package']} to have it compared.")
    return "\n".join(lines)


def _rounds(rounds: int) -> str:
    times = "one round" if rounds == 1 else f"median of {rounds} rounds"
    return f"{times}, engines in turn, each in its own process"


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    times = row["times_core"]
    return (
        row["label"],
        row["gives"],
        f"{row['accounts']:,}",
        f"{row['cpu_s']:.3f}",
        f"{row['wall_s']:.3f}",
        f"{row['accounts_per_s']:,.0f}",
        f"{row['extra_mb']:.0f}",
        "" if times is None else f"{times:.2f}",
        f"{row['compared']:,}" if row["compared"] else "",
        f"{row['differ']:,}" if row["compared"] else "",
    )


def _differences(row: Mapping[str, Any]) -> list[str]:
    if not row["differ"]:
        return []
    what = ", ".join(f"{name} {count:,}" for name, count in row["differ_in"].items())
    first = ", ".join(str(place) for place in row["first_that_differ"])
    return [f"{row['label']} DIFFERS in {row['differ']:,} accounts ({what}); first rows: {first}"]


def _singles(found: Mapping[str, Any]) -> list[str]:
    rows = [("one account", "processor ms", "median", "p99")]
    for label in ("complete", "some unknown"):
        for name, words in _CALLS:
            spread = found[label][name]
            rows.append((f"facts {label}", words, f"{spread['median_ms']:.2f}", f"{spread['p99_ms']:.2f}"))
    return [f"{found['accounts']:,} accounts, one at a time", *_aligned(rows)]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if place < len(_WORDS) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return lines
