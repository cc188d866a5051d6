"""``manage.py import_positions FILE... --household H``: a staged import from the terminal, all or nothing.

Prints rows taken, rows rejected with line and reason, and warnings. Exit code 0: stored (or, with
``--dry-run``, could be); 1: not, and why; 2: wrong use.
"""

from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from households.foundation.errors import DomainError
from households.imports.commits import commit_import
from households.imports.formats import FORMATS, label_of
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.originals import packed
from households.imports.presenting import next_step, plan_view, problems_of
from households.imports.remembering import remembered
from households.imports.selectors import plans_of, rejected_rows
from households.imports.staging import map_accounts, store_files
from households.imports.uploads import FilesRefused, read_uploads
from households.models import Account, Household, Import, User
from households.securities.matching import hold_master

SHOWN = 200
"""Rejected rows printed; beyond them only their number."""


class WrongUse(CommandError):
    """The command was called with something that does not exist; exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class Command(BaseCommand):
    """See the module."""

    help = "Import custodian files (positions together with their lots) into a household's accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            metavar="FILE",
            help="files of a custodian; lot files beside their positions file",
        )
        parser.add_argument(
            "--household", required=True, metavar="H", help="id, external reference or exact name"
        )
        parser.add_argument(
            "--format", choices=sorted(FORMATS), metavar="F", help=f"one of {', '.join(sorted(FORMATS))}"
        )
        parser.add_argument(
            "--account",
            metavar="A",
            help="the account (id, reference, last digits or name) of a file with one",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="DIGITS=A",
            help="account of the section ending in DIGITS, or skip",
        )
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="DATE",
            help="date of the values, for files that do not say it (YYYY-MM-DD)",
        )
        parser.add_argument("--by", metavar="EMAIL", help="who imports; the household's advisor by default")
        parser.add_argument(
            "--only-good", action="store_true", help="commit although rows were rejected, without them"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check only; nothing is stored")

    def handle(self, *args: Any, **options: Any) -> None:
        household = _one(_households(options["household"]), "household", options["household"])
        by = _user(options["by"], household)
        try:
            with ExitStack() as stack:
                uploads = [stack.enter_context(path.open("rb")) for path in _paths(options["files"])]
                files = read_uploads(uploads, options["format"], dated=options["as_of"], known=remembered)
            originals = packed(files)
            with transaction.atomic():
                hold_master(shared=True)  # storing locks the household, and that comes after
                import_ = store_files(by=by, household=household, files=files, originals=originals)
                self._run(household, by, import_, options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except FilesRefused as refused:
            raise CommandError(f"{refused}{_where_to_map(refused, household)}") from None
        except DomainError as error:
            raise CommandError(str(error)) from None

    def _run(self, household: Household, by: User, import_: Import, options: dict[str, Any]) -> None:
        if import_.state == Import.State.COMMITTED:
            self.stdout.write(
                f"These files were imported on {import_.committed_at:%b %-d, %Y}. Nothing was changed."
            )
            return
        chosen = _chosen(import_, household, options)
        if chosen:
            import_ = map_accounts(by=by, import_=import_, account_map=chosen)
        self._report(import_)
        blocked = next_step(import_)
        if blocked:
            raise DomainError(blocked, remedy=_REMEDY if UNDECIDED in import_.account_map.values() else "")
        if options["dry_run"]:
            if import_.rejected and not options["only_good"]:
                raise DomainError(
                    f"{_rows(import_.rejected)} rejected.", remedy="Nothing was stored (dry run)."
                )
            self.stdout.write("Dry run: nothing was stored.")
            return
        commit_import(by=by, import_=import_, only_good=options["only_good"])
        self.stdout.write(self.style.SUCCESS(f"Committed. Import {import_.pk}."))

    def _report(self, import_: Import) -> None:
        for file in import_.files:
            as_of = f", as of {file['as_of']}" if file["as_of"] else ""
            self.stdout.write(f"{file['name']}: {label_of(file['format'])}{as_of}")
            if file.get("mapping"):
                told = file["mapping"]
                self.stdout.write(
                    f"  read with the mapping {told['name']}, made by {told['by']} on {told['on']}"
                )
            self.stdout.write(f"  rows taken {file['taken']:,}, rejected {file['rejected']:,}")
        if import_.rejected:
            self.stdout.write("Rejected rows:")
        for row in rejected_rows(import_)[:SHOWN]:
            for problem in problems_of(row):
                where = f"  {row.file}, line {row.line}, {problem['field']}"
                value = f' "{problem["value"]}"' if problem["value"] else ""
                self.stdout.write(f"{where}{value}: {problem['problem']} {problem['remedy']}")
        if import_.rejected > SHOWN:
            self.stdout.write(f"  and {import_.rejected - SHOWN:,} more")
        if import_.warnings:
            self.stdout.write("Warnings:")
        for warning in import_.warnings:
            line = f", line {warning['line']}" if warning["line"] else ""
            self.stdout.write(f"  {warning['file']}{line}: {warning['message']}")
        self._report_plans(import_)
        self.stdout.write(f"Rows taken: {import_.taken:,}. Rows rejected: {import_.rejected:,}.")

    def _report_plans(self, import_: Import) -> None:
        plans = plans_of(import_)
        names = {str(plan.account.pk): plan.account.name for plan in plans}
        for label, account in import_.account_map.items():
            goes = names.get(account, "left out" if account == SKIP else "no account yet")
            self.stdout.write(f"{label} -> {goes}")
        for plan in plans:
            self.stdout.write(f"{plan.account.name}: {plan_view(plan).summary}")
            for text in plan.warnings:
                self.stdout.write(f"  {text}")


_REMEDY = "Name it with --account or --map DIGITS=ACCOUNT, or leave it out with --map DIGITS=skip."


def _where_to_map(refused: FilesRefused, household: Household) -> str:
    """Where somebody can say what the columns of these files are; empty where that would not help."""
    if not any(reason.mappable and reason.field != "dated" for reason in refused.refused):
        return ""
    page = reverse("households:import_create", args=[household.pk])
    return f" Upload it once on the page {page} and map its columns there; the mapping is remembered."


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"


def _paths(given: Iterable[str]) -> list[Path]:
    paths = [Path(name) for name in given]
    for path in paths:
        if not path.is_file():
            raise WrongUse(f"There is no file {path}.")
    return paths


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _households(text: str) -> QuerySet[Household]:
    return Household.objects.filter(Q(pk=_uuid(text)) | Q(external_id=text) | Q(name=text))


def _one(found: QuerySet[Any], what: str, text: str) -> Any:
    listed = list(found[:2])
    if len(listed) == 1:
        return listed[0]
    raise WrongUse(f"There is no {what} {text}." if not listed else f"More than one {what} is called {text}.")


def _user(email: str | None, household: Household) -> User:
    if email is None:
        return household.advisor
    user: User = _one(User.objects.filter(email=email, is_active=True), "user", email)
    return user


def _chosen(import_: Import, household: Household, options: dict[str, Any]) -> dict[str, str]:
    """Labels of the files and the accounts named on the command line."""
    labels = list(import_.account_map)
    chosen: dict[str, str] = {}
    if options["account"]:
        if len(labels) != 1:
            raise WrongUse(
                f"The files hold {len(labels)} accounts ({', '.join(labels)}); name each with --map."
            )
        chosen[labels[0]] = str(_account(household, options["account"]).pk)
    for pair in options["map"]:
        ending, separator, account = pair.partition("=")
        found = [label for label in labels if ending and label.endswith(ending)]
        if not separator or len(found) != 1:
            raise WrongUse(f"--map {pair} names no account of the files ({', '.join(labels)}).")
        chosen[found[0]] = SKIP if account == SKIP else str(_account(household, account).pk)
    return chosen


def _account(household: Household, text: str) -> Account:
    fits = Q(pk=_uuid(text)) | Q(external_id=text) | Q(number_ending=text) | Q(name=text)
    account: Account = _one(household.accounts.filter(closed_on=None).filter(fits), "open account", text)
    return account
