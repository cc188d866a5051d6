"""Who can cause a wash sale for whom, every basis and every negative case by hand from its source.

Ann (primary) and Ben (spouse) file jointly unless a test says otherwise; Cleo is Ann's adult child with a
return of her own; Dan is a minor.
"""

from typing import Any

import pytest

from households.facts.links import JUDGMENT, OPEN, SETTLED, Basis, Circle
from households.facts.parties import Standing, taxpayer, wash_group

PEOPLE = {
    "ann": ("primary", "joint return"),
    "ben": ("spouse", "joint return"),
    "cleo": ("child", "cleo's return"),
    "dan": ("child", None),
    "": (None, None),
}
APART = {**PEOPLE, "ann": ("primary", "ann's return"), "ben": ("spouse", "ben's return")}
UNTAXED = {
    "traditional_ira": "tax_deferred", "employer_plan": "tax_deferred", "roth_ira": "tax_free",
    "private_foundation": "tax_exempt", "public_charity": "tax_exempt", "donor_advised": "tax_exempt",
}  # fmt: skip


def an(registration: str, owner: str = "", unit: str | None = None, **more: Any) -> dict[str, Any]:
    return {"registration": registration, "owner": owner, "unit": unit, **more}


def circle(*accounts: dict[str, Any], people: dict[str, Any] = PEOPLE) -> Circle:
    standings = []
    for number, given in enumerate(accounts):
        relation, owner_unit = people[given["owner"]]
        standings.append(
            Standing(
                account=number,
                household="home",
                registration=given["registration"] or None,
                owner=given["owner"] or None,
                relation=relation,
                owner_unit=owner_unit,
                unit=given["unit"],
                controlled=given.get("controlled"),
            )
        )
    couple = {unit for relation, unit in people.values() if relation in ("primary", "spouse")}
    status = [UNTAXED.get(given["registration"], "taxable") for given in accounts]
    return Circle(standings, status, couple)


ANNS = an("individual", "ann", "joint return")
BENS = an("individual", "ben", "joint return")
JOINT = an("joint", "ann", "joint return")
TRUST = an("non_grantor_trust", unit="trust")
CORPORATION = an("entity", unit="company", controlled=True)
PARTNERSHIP = an("entity", unit="company", controlled=False)
UNSAID = an("entity", unit="company")


@pytest.mark.parametrize(
    ("loss", "purchase", "expected"),
    [
        # One taxpayer: section 1091 says "the taxpayer". A grantor trust is its grantor's (Rev. Rul. 85-13).
        (ANNS, an("individual", "ann", "joint return"), Basis.SAME_TAXPAYER),
        (ANNS, JOINT, Basis.SAME_TAXPAYER),
        (BENS, JOINT, Basis.SAME_TAXPAYER),
        (ANNS, an("grantor_trust", "ann", "joint return"), Basis.SAME_TAXPAYER),
        (an("grantor_trust", "ann", "joint return"), ANNS, Basis.SAME_TAXPAYER),
        (an("grantor_trust", "", "joint return"), ANNS, Basis.SAME_TAXPAYER),
        # An LLC whose gains land on the couple's own return is not seen at all.
        (ANNS, an("entity", "", "joint return"), Basis.SAME_TAXPAYER),
        # Own IRA or Roth IRA: Rev. Rul. 2008-5.
        (ANNS, an("traditional_ira", "ann"), Basis.OWN_IRA),
        (JOINT, an("roth_ira", "ben"), Basis.OWN_IRA),
        (an("grantor_trust", "ann", "joint return"), an("roth_ira", "ann"), Basis.OWN_IRA),
        # Spouse: IRS Publication 550.
        (ANNS, BENS, Basis.SPOUSE),
        (BENS, an("grantor_trust", "ann", "joint return"), Basis.SPOUSE),
        # A corporation that one controls: the same publication, and in that direction only.
        (ANNS, CORPORATION, Basis.CONTROLLED),
        (CORPORATION, ANNS, Basis.RELATED),
        (CORPORATION, an("entity", unit="second", controlled=True), Basis.RELATED),
        (ANNS, UNSAID, Basis.OPEN_CONTROL),
        (UNSAID, ANNS, Basis.RELATED),
        # No source names these.
        (ANNS, an("traditional_ira", "ben"), Basis.SPOUSES_IRA),
        (ANNS, an("employer_plan", "ann"), Basis.PLAN),
        (ANNS, an("employer_plan", "ben"), Basis.PLAN),
        (ANNS, TRUST, Basis.RELATED),
        (TRUST, ANNS, Basis.RELATED),
        (ANNS, an("estate", unit="estate"), Basis.RELATED),
        (ANNS, PARTNERSHIP, Basis.RELATED),
        (ANNS, an("custodial_minor", "dan"), Basis.RELATED),
        # Nobody has said who owns it.
        (ANNS, an("individual"), Basis.OPEN_OWNER),
        (an("individual"), ANNS, Basis.OPEN_OWNER),
        (an("individual"), CORPORATION, Basis.OPEN_OWNER),
    ],
)
def test_a_purchase_disallows_a_loss(loss: dict[str, Any], purchase: dict[str, Any], expected: Basis) -> None:
    assert circle(loss, purchase).basis(0, 1) is expected


@pytest.mark.parametrize(
    ("loss", "purchase"),
    [
        # Charities are nobody's taxpayer, and nobody's purchase is theirs.
        (ANNS, an("public_charity")),
        (ANNS, an("donor_advised", "ann")),
        (ANNS, an("private_foundation")),
        (an("private_foundation"), ANNS),
        # An adult child's own account; a child is no spouse.
        (ANNS, an("individual", "cleo", "cleo's return")),
        (an("individual", "cleo", "cleo's return"), ANNS),
        (ANNS, an("roth_ira", "cleo")),
        (ANNS, an("individual", "dan")),
        # In an IRA or a plan there is no loss to disallow.
        (an("traditional_ira", "ann"), ANNS),
        (an("employer_plan", "ann"), ANNS),
        # Other taxpayers among themselves, and the couple's retirement accounts beside a trust.
        (TRUST, an("estate", unit="estate")),
        (TRUST, CORPORATION | {"controlled": False}),
        (TRUST, an("traditional_ira", "ann")),
        (TRUST, an("individual")),
        (an("individual"), PARTNERSHIP),
        (an("individual", "cleo", "cleo's return"), TRUST),
    ],
)
def test_a_purchase_disallows_no_loss(loss: dict[str, Any], purchase: dict[str, Any]) -> None:
    assert circle(loss, purchase).basis(0, 1) is None


def test_an_account_is_not_its_own_rival() -> None:
    assert circle(ANNS, BENS).basis(0, 0) is None


def test_an_account_of_unknown_tax_status_may_have_a_loss() -> None:
    found = circle(an("", "ann", "joint return"), BENS)
    assert Circle(found.standings, [None, "taxable"], found.couple).basis(0, 1) is Basis.SPOUSE


def test_spouses_who_file_apart_are_spouses() -> None:
    """Publication 550 asks who is married, not who signs one return; the joint account is both's."""
    found = circle(
        an("individual", "ann", "ann's return"),
        an("individual", "ben", "ben's return"),
        an("joint", "ann", "ann's return"),
        an("grantor_trust", "ann", "ann's return"),
        an("traditional_ira", "ben"),
        people=APART,
    )
    assert [found.basis(0, other) for other in (1, 2, 3, 4)] == [
        Basis.SPOUSE, Basis.SAME_TAXPAYER, Basis.SAME_TAXPAYER, Basis.SPOUSES_IRA,
    ]  # fmt: skip
    assert [found.basis(1, other) for other in (0, 2, 3, 4)] == [
        Basis.SPOUSE, Basis.SAME_TAXPAYER, Basis.SPOUSE, Basis.OWN_IRA,
    ]  # fmt: skip
    assert {wash_group(s, found.couple) for s in found.standings} == {("couple", "home")}


def test_an_adult_child_s_own_ira_is_own() -> None:
    found = circle(an("individual", "cleo", "cleo's return"), an("roth_ira", "cleo"))
    assert found.basis(0, 1) is Basis.OWN_IRA


def test_a_child_and_their_spouse_on_one_return_are_spouses() -> None:
    people = {**PEOPLE, "eve": ("other", "cleo's return")}
    found = circle(
        an("individual", "cleo", "cleo's return"), an("individual", "eve", "cleo's return"), people=people
    )
    assert found.basis(0, 1) is Basis.SPOUSE


def test_every_basis_is_settled_judged_or_open() -> None:
    assert set(Basis) == SETTLED | JUDGMENT | OPEN
    assert not SETTLED & JUDGMENT and not SETTLED & OPEN and not JUDGMENT & OPEN


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (ANNS, ("couple", "home")),
        (an("grantor_trust", "", "joint return"), ("couple", "home")),
        (an("traditional_ira", "cleo"), ("unit", "cleo's return")),
        (an("individual", "dan"), ("person", "dan")),
        (an("individual", "", "cleo's return"), ("unit", "cleo's return")),
        (an("individual"), None),
        # A custodial account is the child's: whoever signs for it, and though the parents' return is named.
        (an("custodial_minor", "dan", "joint return"), ("person", "dan")),
        (an("custodial_minor", "cleo"), ("unit", "cleo's return")),
        (an("custodial_minor", "ann", "dan's return"), ("unit", "dan's return")),
        (an("custodial_minor", "ann", "joint return"), ("account", 0)),
        (TRUST, ("unit", "trust")),
        (an("non_grantor_trust", "ann"), ("account", 0)),
        (an("estate", unit="estate"), ("unit", "estate")),
        (CORPORATION, ("couple", "home")),
        (PARTNERSHIP, ("unit", "company")),
        (an("entity", "", "joint return"), ("couple", "home")),
        (an("donor_advised", "ann", "joint return"), ("account", 0)),
        (an("employer_plan", "ann"), ("couple", "home")),
    ],
)
def test_whose_an_account_is(account: dict[str, Any], expected: tuple[str, Any] | None) -> None:
    found = circle(account)
    assert taxpayer(found.standings[0], found.couple) == expected


def test_a_number_does_not_rest_on_judgment_about_plans() -> None:
    found = circle(an("employer_plan", "ann"))
    assert wash_group(found.standings[0], found.couple) == ("account", 0)
