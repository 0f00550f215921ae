"""What a detected give is worth: MODEL.md's value, times how sure the reader is."""

from __future__ import annotations

from dataclasses import replace

from recipflow import standing as model
from recipflow.ledger.echo import Echo
from recipflow.model import Act, Flag, Kind

LEAST_CHERISHED = 1.0
"""fu of a give they thanked for warmly, at least: they say themselves that it was no trifle."""


def cherished(act: Act) -> Act:
    """An unasked give that was thanked for warmly is not routine, however plainly it was worded."""
    return replace(act, routine=False, size=max(act.size or 0.0, LEAST_CHERISHED))


def given(act: Act, terms: model.Terms, echo: Echo, now: float, *, asked_for: bool, strangers: bool) -> float:
    """A give of mine: high if they had asked for it or say it helped, low if nothing came back, else medium.

    The user's word on it stands above both.
    """
    if Flag.LOW in act.flags:
        relevance = model.Relevance.LOW
    elif echo.thanked or Flag.HIGH in act.flags:
        relevance = model.Relevance.HIGH
    elif echo.ignored(now):
        relevance = model.Relevance.LOW
    elif asked_for:
        relevance = model.Relevance.HIGH
    else:
        relevance = model.Relevance.MEDIUM
    return _worth(act, terms, relevance, unexpected=not asked_for, first_contact=strangers)


def received(act: Act, terms: model.Terms) -> float:
    """A give of theirs; the same factors, and medium relevance as for any detected give."""
    relevance = model.Relevance.HIGH if Flag.HIGH in act.flags else model.Relevance.MEDIUM
    return _worth(act, terms, relevance, unexpected=True, first_contact=False)


def repaid(act: Act, terms: model.Terms) -> float:
    """What comes back after it was lent or laid out: as much to its owner as what was lent, however plain the words."""
    plain = replace(act, routine=False, flags=frozenset())
    return _worth(plain, terms, model.Relevance.HIGH, unexpected=False, first_contact=False)


def _worth(
    act: Act, terms: model.Terms, relevance: model.Relevance, *, unexpected: bool, first_contact: bool
) -> float:
    value, _ = model.value(
        act.size or 0.0,
        act.kind or Kind.HELP,
        terms,
        relevance=relevance,
        personal=Flag.PERSONAL in act.flags,
        unexpected=unexpected and Flag.UNEXPECTED in act.flags,
        effort=Flag.EFFORT in act.flags,
        bundled=Flag.BUNDLED in act.flags,
        first_contact=first_contact,
        routine=act.routine,
    )
    return value * act.confidence
