"""The controlled list of reasons for a decision, as data; *other* demands more text and goes to review."""

from dataclasses import dataclass

from advisory.recommendations.models import Decision

Kind = Decision.Kind
OTHER = "other"


@dataclass(frozen=True)
class Reason:
    """One entry; codes are stable and never reused for another meaning."""

    code: str
    label: str
    kinds: tuple[str, ...]


REASONS = (
    Reason("reasons_apply", "The reasons shown apply to this client", (Kind.ACCEPT,)),
    Reason("lower_cost", "It costs this client less", (Kind.ACCEPT, Kind.OVERRIDE)),
    Reason("tax_work", "The tax work this account needs", (Kind.ACCEPT, Kind.OVERRIDE)),
    Reason("customization", "The customization this client wants", (Kind.ACCEPT, Kind.OVERRIDE)),
    Reason("household_view", "How the household's accounts work together", (Kind.ACCEPT, Kind.OVERRIDE)),
    Reason("client_preference", "The client's stated preference", (Kind.ACCEPT, Kind.OVERRIDE, Kind.DECLINE)),
    Reason("fact_not_asked", "A fact that the intake does not ask for", (Kind.OVERRIDE,)),
    Reason("existing_relationship", "An existing manager or platform relationship", (Kind.OVERRIDE,)),
    Reason("transition_timing", "The timing of the transition", (Kind.OVERRIDE, Kind.DEFER)),
    Reason("sponsor_exception", "An exception granted by the program's sponsor", (Kind.OVERRIDE,)),
    Reason("facts_awaited", "Facts are still awaited", (Kind.DEFER,)),
    Reason("client_considering", "The client is considering it", (Kind.DEFER,)),
    Reason("event_expected", "A change in the client's situation is expected", (Kind.DEFER,)),
    Reason("client_keeps", "The client wants to keep what is there", (Kind.DECLINE,)),
    Reason("client_cost", "The client finds it too expensive", (Kind.DECLINE,)),
    Reason("client_elsewhere", "The client has chosen another firm or product", (Kind.DECLINE,)),
    Reason(OTHER, "Other (say what, it goes to review)", tuple(Kind.values)),
)
BY_CODE = {reason.code: reason for reason in REASONS}

ACCEPTED: dict[str, tuple[str, ...]] = {
    "SMA": ("SMA",),
    "UMA": ("UMA",),
    "EITHER": ("SMA", "UMA"),
    "NEITHER": ("stay",),
    "INDETERMINATE": (),
}
"""Outcome -> what accepting it can mean."""
CHOICES = ("SMA", "UMA", "stay")


def overriding(outcome: str) -> tuple[str, ...]:
    """What overriding an outcome can mean: everything that accepting it does not."""
    return tuple(choice for choice in CHOICES if choice not in ACCEPTED[outcome])
