"""A sample of the master: well-known US symbols, every row marked. No CUSIPs: they are licensed."""

from pathlib import Path

SAMPLE = Path(__file__).parent / "securities.csv"
