"""Profiles and norms, and the rates a standing is folded with under the two."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Etiquette of timing. The values and their sources stand in profiles.toml of the built-in rules."""

    small_half_life_days: float  #: of F, small favours
    substantial_half_life_days: float  #: of S, substantial help
    half_substantial_fu: float  #: the give of which half is substantial: φ = v / (v + this)
    freshness_minutes: float  #: τ: how long a give still looks like a string attached
    pace_half_life_days: float
    gap_after_grant_days: float
    gap_after_refusal_days: float
    followup_days: tuple[float, ...]  #: earliest follow-ups: after the ask, then each after the one before
    lapse_days: float
    credit_half_life_minutes: float  #: of concession credit; 0 where a retreat earns none
    framing: float  #: ω: what a give counts in this setting, of one among friends
    communal: bool

    def __post_init__(self) -> None:
        freshness_rate = MINUTES_PER_DAY / self.freshness_minutes
        if (
            math.log(2) * (1 / self.small_half_life_days - 1 / self.substantial_half_life_days)
            > freshness_rate
        ):
            raise ValueError(
                "freshness must be shorter: small favours fade before they have stopped being fresh"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Cultural norm, chosen by the user. The values and their sources stand in norms.toml of the built-in rules."""

    half_life_factor: float  #: on the half-lives of F and S, on both sides
    settles: float  #: κ: the share of a balance that a return of its whole worth settles
    growth: float  #: how many times the last granted size an ask may be
    warns_small_gifts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A profile under a norm, ready to be folded with. Rates are per day, spans in days."""

    small_rate: float
    substantial_rate: float
    freshness_rate: float
    pace_rate: float
    half_substantial: float  #: fu
    settles: float
    growth: float
    framing: float
    gap_after_grant: float
    gap_after_refusal: float
    followups: tuple[float, ...]
    lapse: float
    credit_rate: float | None  #: None: a retreat earns no credit
    communal: bool
    warns_small_gifts: bool
    latest_best: float  #: no window is at its best longer than this after its anchor


def terms(profile: Profile, norm: Norm) -> Terms:
    """The rates of a profile under a norm. Nine pairs exist: keep the result."""
    substantial_rate = math.log(2) / (profile.substantial_half_life_days * norm.half_life_factor)
    tau = profile.freshness_minutes / MINUTES_PER_DAY
    credit_half_life = profile.credit_half_life_minutes / MINUTES_PER_DAY
    return Terms(
        small_rate=math.log(2) / (profile.small_half_life_days * norm.half_life_factor),
        substantial_rate=substantial_rate,
        freshness_rate=1.0 / tau,
        pace_rate=math.log(2) / profile.pace_half_life_days,
        half_substantial=profile.half_substantial_fu,
        settles=norm.settles,
        growth=norm.growth,
        framing=profile.framing,
        gap_after_grant=profile.gap_after_grant_days,
        gap_after_refusal=profile.gap_after_refusal_days,
        followups=profile.followup_days,
        lapse=profile.lapse_days,
        credit_rate=math.log(2) / credit_half_life if credit_half_life else None,
        communal=profile.communal,
        warns_small_gifts=norm.warns_small_gifts,
        latest_best=tau * math.log1p(1.0 / (substantial_rate * tau)),
    )
