"""What the model makes of one relationship, in numbers: shown only to those who ask for them."""

from __future__ import annotations

from datetime import date
from math import log

from recipflow import standing as model
from recipflow.advice import View
from recipflow.advice.days import local_date

Figure = float | date
_HALF = log(2)

_STEP_BACK = "half-life of the room for a step back, days"
GRADES = {
    "half-life of small favours, days": "moderate",
    "half-life of lasting help, days": "moderate",
    "freshness, days": "sign only",
    "half-life of the pace, days": "ours",
    "gap after a yes, days": "moderate",
    "gap after a no, days": "moderate",
    _STEP_BACK: "sign only",
    "an ask lapses after days": "ours",
    "follow-up 1 after days": "weak",
    "follow-up 2 after days": "weak",
}
"""How far the studies behind each constant carry, for what they measured (docs/the-model.md)."""


def figures(view: View) -> dict[str, Figure]:
    """The standing now in favour units, the window's days, and the constants both rest on; nothing of a close friend."""
    return {} if view.close else {**_standing(view.standing), **_window(view), **_constants(view.terms)}


def _standing(now: model.Standing) -> dict[str, Figure]:
    return {
        "goodwill": now.goodwill,
        "readiness": now.readiness,
        "owed": now.owed,
        "pressure": now.pressure,
    }


def _window(view: View) -> dict[str, Figure]:
    window = model.window(view.standing, view.terms)
    if window is None:
        return {}
    return {f"window {name}": local_date(at, view.zone) for name, at in window._asdict().items()}


def _constants(terms: model.Terms) -> dict[str, Figure]:
    followups = {f"follow-up {n} after days": days for n, days in enumerate(terms.followups, 1)}
    step_back = {} if terms.credit_rate is None else {_STEP_BACK: _HALF / terms.credit_rate}
    return {
        "half-life of small favours, days": _HALF / terms.small_rate,
        "half-life of lasting help, days": _HALF / terms.substantial_rate,
        "freshness, days": 1.0 / terms.freshness_rate,
        "half-life of the pace, days": _HALF / terms.pace_rate,
        "gap after a yes, days": terms.gap_after_grant,
        "gap after a no, days": terms.gap_after_refusal,
        **step_back,
        "an ask lapses after days": terms.lapse,
        **followups,
    }
