"""What a detected give is worth: MODEL.md's value, times how sure the reader is."""

from __future__ import annotations

from recipflow import standing as model
from recipflow.model import Act, Flag, Kind


def given(
    act: Act, terms: model.Terms, *, asked_for: bool, thanked: bool, ignored: bool, strangers: bool
) -> float:
    """A give of mine: high if they had asked for it or thanked for it, low if nothing came back, else medium."""
    if ignored or Flag.LOW in act.flags:
        relevance = model.Relevance.LOW
    elif asked_for or thanked or Flag.HIGH in act.flags:
        relevance = model.Relevance.HIGH
    else:
        relevance = model.Relevance.MEDIUM
    return _worth(act, terms, relevance, unexpected=not asked_for, first_contact=strangers)


def received(act: Act, terms: model.Terms) -> float:
    """A give of theirs; the same factors, and medium relevance as for any detected give."""
    relevance = model.Relevance.HIGH if Flag.HIGH in act.flags else model.Relevance.MEDIUM
    return _worth(act, terms, relevance, unexpected=True, first_contact=False)


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
