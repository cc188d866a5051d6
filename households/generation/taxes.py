"""Marginal tax rates from income, and required distributions from age: enough for a plausible tax unit.

Sources: federal brackets, capital gains thresholds and standard deductions of tax year 2026, Rev. Proc.
2025-32; net investment income tax, IRC section 1411; distribution periods, IRS Publication 590-B, Uniform
Lifetime Table (2022 on). State rates are rounded SAMPLE values for a high earner. None of this is tax advice.
"""

from __future__ import annotations

import numpy as np

SINGLE, JOINT, TRUST = 0, 1, 2

ORDINARY_RATES = np.array([0.10, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37])
# Upper bounds of taxable income in dollars, by filing status.
ORDINARY_BOUNDS = np.array(
    [
        [12_400, 50_400, 105_700, 201_775, 256_225, 640_600],
        [24_800, 100_800, 211_400, 403_550, 512_450, 768_700],
        [3_300, 3_300, 3_300, 11_700, 11_700, 16_000],
    ]
)
GAIN_RATES = np.array([0.0, 0.15, 0.20])
GAIN_BOUNDS = np.array([[49_450, 545_500], [98_900, 613_700], [3_300, 16_250]])
STANDARD_DEDUCTION = np.array([16_100, 32_200, 100])
NIIT_RATE = 0.038
NIIT_FROM = np.array([200_000, 250_000, 16_000])

# Office region, state, sample marginal rate (short- and long-term gains alike).
STATES = (
    ("Texas", 0.0),
    ("Florida", 0.0),
    ("Washington", 0.0),
    ("California", 0.093),
    ("New York", 0.0685),
    ("New Jersey", 0.0637),
    ("Massachusetts", 0.05),
    ("Illinois", 0.0495),
    ("North Carolina", 0.04),
    ("Colorado", 0.044),
    ("Pennsylvania", 0.0307),
    ("Minnesota", 0.0785),
)
STATE_RATES = np.array([rate for _, rate in STATES])

FIRST_DISTRIBUTION_AGE = 73
DISTRIBUTION_PERIODS = np.array([  # years, from age 73 to 95
    26.5, 25.5, 24.6, 23.7, 22.9, 22.0, 21.1, 20.2, 19.4, 18.5, 17.7, 16.8,
    16.0, 15.2, 14.4, 13.7, 12.9, 12.2, 11.5, 10.8, 10.1, 9.5, 8.9,
])  # fmt: skip


def marginal_rates(
    income: np.ndarray, filing: np.ndarray, state: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Marginal rates on short- and long-term gains: federal, state, and the surtax where it applies.

    Args:
        income: dollars a year before deductions.
        filing: SINGLE, JOINT or TRUST.
        state: index into STATES.

    Returns: short-term and long-term rate as fractions.
    """
    taxable = np.maximum(income - STANDARD_DEDUCTION[filing], 0.0)
    ordinary = ORDINARY_RATES[(taxable[:, None] > ORDINARY_BOUNDS[filing]).sum(axis=1)]
    gains = GAIN_RATES[(taxable[:, None] > GAIN_BOUNDS[filing]).sum(axis=1)]
    added = STATE_RATES[state] + np.where(income > NIIT_FROM[filing], NIIT_RATE, 0.0)
    return np.round(ordinary + added, 6), np.round(gains + added, 6)


def required_distribution(value: np.ndarray, age: np.ndarray) -> np.ndarray:
    """A year's required distribution in whole dollars; zero before age 73.

    Args:
        value: account value in dollars.
        age: the owner's age in years.
    """
    last = len(DISTRIBUTION_PERIODS) - 1
    period = DISTRIBUTION_PERIODS[np.clip(age - FIRST_DISTRIBUTION_AGE, 0, last)]
    return np.where(age >= FIRST_DISTRIBUTION_AGE, np.round(value / period), 0.0)
