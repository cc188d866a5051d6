"""What positions and lots say about an account: value, funding, concentration, gains, lots, what may be sold.

An unknown asset class makes the shares it touches unknown; a gain that one position
hides is hidden in the sum.
"""

from datetime import date, timedelta

import numpy as np

from households.facts.draft import NO_DAY, Draft, Floats, codes
from households.facts.reading import Holdings

CLASS_OF_SHARE = {
    "cash_share": ("cash",),
    "fund_share": ("fund",),
    "stock_share": ("stock",),
    "bond_share": ("bond",),
    "other_share": ("option", "other"),
}
FUNDING_SHARES = tuple(CLASS_OF_SHARE)
_ISSUED = ("stock", "bond")  # what counts toward a concentration; funds are none
FULL = 0.005
"""Lots that add up to their position within half a percent cover it; lots beyond that contradict it."""
LEAST_GAIN_SHARE = -20.0
"""The contract's domain; beyond it the value is too small for a share of it to mean anything."""


def long_term_from(acquired: date) -> date:
    """The first day on which a sale is long-term: more than one year after the day of purchase.

    The holding period begins the day after the purchase (IRC section 1222; Rev. Rul. 66-7, with its rule for
    purchases on the last day of a month).
    """
    start = acquired + timedelta(days=1)
    try:
        return start.replace(year=start.year + 1)
    except ValueError:  # February 29
        return date(start.year + 1, 3, 1)


def short_term_since(as_of: date) -> date:
    """The first purchase day whose lots are still short-term (held one year or less) on ``as_of``."""
    day = as_of - timedelta(days=370)
    while long_term_from(day) <= as_of:
        day += timedelta(days=1)
    return day


class HeldFacts:
    """Per-account results of the holdings that later steps read.

    Attributes:
        held: accounts with positions.
        day: the oldest position's day, NO_DAY without positions.
        free_gain: cents, gross gains over lots that are neither restricted nor retained, NaN unknown.
        flagged_restricted, flagged_retained: accounts with such a mark on a position.
        largest_free: share, the unmarked part of the largest issuer, NaN where the largest is unknown.
        least, most: fact -> share, between which it lies whatever unknown positions are; NaN where a short
            makes that unknown, or without positions.
    """

    def __init__(self, draft: Draft, holdings: Holdings) -> None:
        self._draft, self._h, self.rows = draft, holdings, draft.rows
        positions = np.bincount(holdings.account, minlength=self.rows)
        self.held = positions > 0
        self.day = np.full(self.rows, NO_DAY, dtype=np.int32)
        np.minimum.at(self.day, holdings.account, holdings.as_of)
        self.total = self._sum(holdings.value)
        self._kind = {
            kind: holdings.asset_class == kind for kind in ("cash", "fund", *_ISSUED, "option", "other")
        }
        self._unknown = holdings.asset_class == "unknown"
        self._restricted = holdings.restricted != np.array(None)
        self._blocked = self._restricted | holdings.retained
        self.flagged_restricted = self._any(self._restricted)
        self.flagged_retained = self._any(holdings.retained)
        self._covered, self._known_part = self._coverage()
        self._quality = np.where(
            self._any(~self._covered), draft.word("partial", ""), draft.word("complete", "")
        )
        self.least: dict[str, Floats] = {}
        self.most: dict[str, Floats] = {}
        self._fill_value_and_shares()
        self._fill_concentration()
        self._fill_gains()
        self._fill_lots()
        self._fill_marks()

    def _sum(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self._h.account, weights=values, minlength=self.rows))

    def _any(self, marks: np.ndarray) -> np.ndarray:
        return np.asarray(self._sum(marks.astype(np.float64)) > 0)

    def _share(self, cents: Floats) -> Floats:
        return np.divide(cents, self.total, out=np.full(self.rows, np.nan), where=self.total > 0)

    def _bound(self, name: str, least: Floats, most: Floats) -> None:
        """Keep the limits of a share, from cents."""
        bounded = self.held & ~self._any(self._h.value < 0)
        self.least[name] = np.where(bounded, self._share(least), np.nan)
        self.most[name] = np.where(bounded, self._share(most), np.nan)

    def _fill(self, name: str, values: np.ndarray, where: np.ndarray | None = None) -> None:
        where = self.held if where is None else self.held & where
        self._draft.fill(name, values, "imported", self.day, self._quality, where)

    def _coverage(self) -> tuple[np.ndarray, Floats]:
        """Which positions' lots are known in full, and the part of each position's value whose lots are."""
        h = self._h
        by_quantity = (h.quantity > 0) & (h.lot_quantity > 0)
        whole = np.where(by_quantity, h.quantity, h.value)
        part = np.where(by_quantity, h.lot_quantity, h.lot_value)
        ratio = np.divide(part, whole, out=np.zeros(len(h.value)), where=(whole > 0) & (h.value > 0))
        ratio = np.round(ratio, 9)
        ratio = np.where(ratio > 1 + FULL, 0.0, np.where(ratio >= 1 - FULL, 1.0, ratio))
        ratio[self._kind["cash"]] = 1.0
        return (ratio == 1.0) & (h.lots_without_basis == 0), ratio

    def _fill_value_and_shares(self) -> None:
        self._fill("account_value", np.where(self.total >= 0, self.total, np.nan))
        sums = {
            name: self._sum(self._h.value * np.logical_or.reduce([self._kind[kind] for kind in kinds]))
            for name, kinds in CLASS_OF_SHARE.items()
        }
        sound = ~self._any(self._unknown) & np.logical_and.reduce([values >= 0 for values in sums.values()])
        unknown = self._sum(self._h.value * self._unknown)
        for name, values in sums.items():
            self._fill(name, self._share(values), sound)
            self._bound(name, values, values + unknown)

    def _fill_concentration(self) -> None:
        h = self._h
        issued = self._kind["stock"] | self._kind["bond"]
        count = int(h.issuer.max()) + 1 if len(h.issuer) else 0
        value = np.bincount(h.issuer, weights=h.value * issued, minlength=count)
        perhaps = np.bincount(h.issuer, weights=h.value * (issued | self._unknown), minlength=count)
        free = np.bincount(h.issuer, weights=h.value * (issued & ~self._blocked), minlength=count)
        account = np.zeros(count, dtype=np.int64)
        account[h.issuer] = h.account
        most = np.zeros(self.rows)
        np.maximum.at(most, account, perhaps)
        largest, largest_free = np.zeros(self.rows), np.zeros(self.rows)
        # Of issuers that are equally large, the one with more to sell stands for them.
        order = np.lexsort((free, value, account))
        largest[account[order]], largest_free[account[order]] = value[order], free[order]
        settled = (most <= np.maximum(largest, 0.0)) & self._named_enough(largest, issued)
        self._fill("largest_position_share", self._share(np.maximum(largest, 0.0)), settled)
        self._bound("largest_position_share", largest, self._sum(h.value * (issued | self._unknown)))
        self.largest_free = np.where(settled, self._share(np.maximum(largest_free, 0.0)), np.nan)

    def _named_enough(self, largest: Floats, issued: np.ndarray) -> np.ndarray:
        """Whether no securities whose issuer nobody named could together make a larger one.

        Any of them may be of one issuer, named or not (GOOG and GOOGL); within half a percent of the account
        that does not matter.
        """
        h, count = self._h, int(self._h.issuer.max(initial=-1)) + 1
        held = np.maximum(h.value, 0.0) * (issued | self._unknown)
        unnamed = self._sum(held * ~h.named)
        by_issuer = np.bincount(h.issuer, weights=held * h.named, minlength=count)
        most_named = np.zeros(self.rows)
        np.maximum.at(most_named, h.account, by_issuer[h.issuer])
        return np.asarray(most_named + unnamed <= np.maximum(largest, 0.0) + FULL * self.total)

    def _fill_gains(self) -> None:
        h, cash = self._h, self._kind["cash"]
        from_basis = np.where(h.value >= 0, h.value - h.basis, np.nan)
        net = np.where(cash, 0.0, np.where(self._covered, h.gain - h.loss, from_basis))
        hidden = ~cash & ~self._covered
        gain = np.where(hidden, np.nan, np.where(cash, 0.0, h.gain))
        loss = np.where(hidden, np.nan, np.where(cash, 0.0, h.loss))
        short = np.where(hidden | (h.undated_gains > 0), np.nan, np.where(cash, 0.0, h.short_gain))
        stock = np.where(self._unknown, np.nan, np.where(self._kind["stock"], net, 0.0))
        for name, values in (("unrealized_gain_share", net), ("stock_gain_share", stock)):
            share = self._share(self._sum(values))
            share = np.where(self.held & (self.total == 0), 0.0, share)
            self._fill(name, np.where((share >= LEAST_GAIN_SHARE) & (share <= 1), share, np.nan))
        self._fill("unrealized_gain", self._sum(gain))
        self._fill("unrealized_loss", self._sum(loss))
        self._fill("short_term_gain", self._sum(short))
        self.free_gain = np.where(self.held, self._sum(np.where(self._blocked, 0.0, gain)), np.nan)

    def _fill_lots(self) -> None:
        h = self._h
        lots = self._sum(h.lots)
        none_needed = ~self._any(~self._kind["cash"])
        self._fill("lot_count", lots, (lots > 0) | none_needed)
        self._fill("lots_known_share", self._share(self._sum(self._known_part * np.maximum(h.value, 0.0))))

    def _fill_marks(self) -> None:
        """Restricted and retained shares, where a mark says so; no mark at all is not yet an answer."""
        restricted = self._share(self._sum(self._h.value * self._restricted))
        retained = self._share(self._sum(self._h.value * (self._h.retained & ~self._restricted)))
        self._fill("restricted_share", np.clip(restricted, 0, 1), self.flagged_restricted)
        self._fill("legacy_retention_share", np.clip(retained, 0, 1), self.flagged_retained)
        self._fill("restriction_reason", self._reasons(), self.flagged_restricted)

    def _reasons(self) -> np.ndarray:
        """The reason that holds back most value, by account; equal ones by name."""
        sums: dict[int, dict[str, float]] = {}
        for position in np.flatnonzero(self._restricted).tolist():
            reasons = sums.setdefault(int(self._h.account[position]), {})
            reason = str(self._h.restricted[position])
            reasons[reason] = reasons.get(reason, 0.0) + float(self._h.value[position])
        chosen: list[str | None] = [None] * self.rows
        for account, reasons in sums.items():
            chosen[account] = min(reasons, key=lambda reason: (-reasons[reason], reason))
        return codes(chosen)
