"""``manage.py generate_book``: the demo firm, or a synthetic book of any size."""

import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from households.foundation.errors import DomainError
from households.generation.draw import DEMO_SEED
from households.generation.firm import DEMO_PASSWORD, demo_firm
from households.generation.loading import (
    LOTS,
    Loaded,
    book_is_empty,
    demo_is_there,
    load_demo,
    load_synthetic,
)

ROWS = (
    ("Office", "offices"), ("Team", "teams"), ("User", "users"), ("Household", "households"),
    ("Person", "people"), ("TaxUnit", "tax units"), ("Account", "accounts"), ("Intake", "intakes"),
    ("Position", "positions"), ("TaxLot", "tax lots"), ("AccountFacts", "rows of facts"),
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill an empty book with generated households: N accounts for measurements, or the demo firm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("accounts", nargs="?", type=_count, metavar="N", help="how many accounts")
        parser.add_argument("--seed", type=int, help="the same seed and date give the same book")
        parser.add_argument("--demo", action="store_true", help="the demo firm: 40 households, 150 accounts")
        parser.add_argument("--append", action="store_true", help="add to a book that is not empty")
        parser.add_argument(
            "--lots",
            choices=LOTS,
            default="none",
            help="which households get positions and tax lots; the others state what they would say",
        )
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day it is set on (today)")

    def handle(
        self,
        *args: Any,
        accounts: int | None,
        seed: int | None,
        demo: bool,
        append: bool,
        lots: str,
        as_of: date | None,
        **options: Any,
    ) -> None:
        if demo == (accounts is not None):
            raise CommandError("Say how many accounts, or --demo, and not both.", returncode=2)
        if demo and demo_is_there():
            self.stdout.write("The demo firm is there already; nothing was changed.")
            return
        if not append and not book_is_empty():
            raise CommandError("The book is not empty. Add --append to add to it.")
        day = as_of or timezone.localdate()
        try:
            if demo:
                loaded = load_demo(as_of=day, seed=DEMO_SEED if seed is None else seed)
            else:
                loaded = self._synthetic(accounts or 0, 1 if seed is None else seed, day, lots)
        except DomainError as error:
            raise CommandError(f"{error.problem} ({error.value}). {error.remedy}") from error
        if options["verbosity"] and loaded:
            self._report(loaded, day, demo)

    def _synthetic(self, accounts: int, seed: int, day: date, lots: str) -> Loaded:
        with tqdm(total=accounts, unit=" accounts", disable=not sys.stderr.isatty()) as bar:
            return load_synthetic(
                accounts,
                seed=seed,
                as_of=day,
                lots=lots,
                progress=lambda done: bar.update(done - bar.n) and None,
            )

    def _report(self, loaded: Loaded, day: date, demo: bool) -> None:
        for model, words in ROWS:
            if loaded.counts[model]:
                self.stdout.write(f"{loaded.counts[model]:>12,} {words}")
        self.stdout.write(f"Set on {day.isoformat()}.")
        if demo:
            self.stdout.write(f"Log-ins (password for all: {DEMO_PASSWORD}), for demonstrations only:")
            for login in demo_firm().logins:
                self.stdout.write(f"  {login.role:<14} {login.email}")


def _count(text: str) -> int:
    try:
        count = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        count = 0
    if count < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return count


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-20") from error
