"""The people of the firm: the named demo firm with its log-ins, and firms of any size for benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from households.generation.names import FIRST_NAMES, SURNAMES, pick_names

DEMO_PASSWORD = "sleevewise-demo"  # noqa: S105 - demo log-ins only; the embedded demo prints it on start
DEMO_DOMAIN = "demo.example"
ACCOUNTS_AN_ADVISOR, ADVISORS_AN_OFFICE = 400, 40  # house judgment


@dataclass(frozen=True)
class Login:
    """Somebody of the firm.

    Attributes:
        role: advisor, assistant, supervisor, compliance, operations, administrator or examiner.
        office, team: row of the firm's offices and teams, -1 for none.
        supervisor: row of the firm's log-ins, -1 for none.
    """

    email: str
    first_name: str
    last_name: str
    role: str
    office: int = -1
    team: int = -1
    supervisor: int = -1


@dataclass(frozen=True)
class Firm:
    """Offices, teams as (name, office row), and log-ins; `advisors` are rows of the log-ins.

    Only a firm with a password lets anybody log in by it.
    """

    name: str
    offices: tuple[str, ...]
    teams: tuple[tuple[str, int], ...]
    logins: tuple[Login, ...]
    password: str = ""

    @property
    def advisors(self) -> tuple[int, ...]:
        """Rows of the log-ins who have clients."""
        return tuple(row for row, login in enumerate(self.logins) if login.role == "advisor")


def demo_firm() -> Firm:
    """Quillfeather Private Wealth: three offices, six advisors, and everybody else a tour needs."""

    def login(local: str, first: str, last: str, role: str, office: int = -1, **more: int) -> Login:
        return Login(f"{local}@{DEMO_DOMAIN}", first, last, role, office, **more)

    return Firm(
        name="Quillfeather Private Wealth",
        offices=("Harbor Office", "Lakeside Office", "Summit Office"),
        teams=(("Harbor Family Team", 0), ("Summit Executive Team", 2)),
        logins=(
            login("supervisor", "Philippa", "Glenfallow", "supervisor", 0),
            login("supervisor2", "Desmond", "Adeyinka", "supervisor", 1),
            login("supervisor3", "Ingrid", "Rosenkilde", "supervisor", 2),
            login("advisor", "Imogen", "Thornbury", "advisor", 0, team=0, supervisor=0),
            login("advisor2", "Kofi", "Ashgrove", "advisor", 0, team=0, supervisor=0),
            login("advisor3", "Solveig", "Hazelrigg", "advisor", 1, supervisor=1),
            login("advisor4", "Rufus", "Venkatarama", "advisor", 1, supervisor=1),
            login("advisor5", "Marisol", "Corvane", "advisor", 2, team=1, supervisor=2),
            login("advisor6", "Magnus", "Okaforth", "advisor", 2, team=1, supervisor=2),
            login("compliance", "Verity", "Haverstock", "compliance"),
            login("compliance2", "Emeka", "Loxleigh", "compliance"),
            login("operations", "Tamsin", "Birkensnaw", "operations"),
            login("administrator", "Nadia", "Kilbrandon", "administrator"),
            login("examiner", "Quentin", "Marchbanks", "examiner", 0),
            login("assistant", "Juniper", "Castellane", "assistant", 0, team=0),
        ),
        password=DEMO_PASSWORD,
    )


def synthetic_firm(accounts: int, seed: int) -> Firm:
    """A firm with enough advisors for a book of that many accounts; nobody can log in by password."""
    count = max(1, -(-accounts // ACCOUNTS_AN_ADVISOR))
    offices = -(-count // ADVISORS_AN_OFFICE)
    domain = f"book{seed}.example"
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 0xF1])))
    first, last = pick_names(
        np.floor(rng.random(count + offices) * len(FIRST_NAMES)).astype(np.int64),
        np.floor(rng.random(count + offices) * len(SURNAMES)).astype(np.int64),
    )
    staff = [
        Login(f"supervisor{office + 1:03d}@{domain}", first[office], last[office], "supervisor", office)
        for office in range(offices)
    ]
    staff += [
        Login(
            f"advisor{row + 1:04d}@{domain}",
            first[offices + row],
            last[offices + row],
            "advisor",
            row // ADVISORS_AN_OFFICE,
            supervisor=row // ADVISORS_AN_OFFICE,
        )
        for row in range(count)
    ]
    names = tuple(f"Office {office + 1:03d} of book {seed}" for office in range(offices))
    return Firm(f"Synthetic book {seed}", names, (), tuple(staff))
