"""What must hold of a standing whatever the acts: time composes, order is all that counts, windows stay put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow import standing as model
from recipflow.model import NormName, ProfileName, Side
from recipflow.packs import read_toml
from recipflow.standing import Outcome, Standing, Terms

PROFILES = model.read_profiles(read_toml("profiles.toml"))
NORMS = model.read_norms(read_toml("norms.toml"))
TERMS = [model.terms(PROFILES[profile], NORMS[norm]) for profile in ProfileName for norm in NormName]

every_terms = st.sampled_from(TERMS)
sizes = st.one_of(st.floats(0.0, 10.0), st.sampled_from([0.0, 1e-9, 0.25, 0.5, 1.0, 1e6]))
times = st.one_of(st.floats(0.0, 400.0), st.integers(0, 60).map(float))
spans = st.lists(st.floats(0.0, 200.0), min_size=1, max_size=5)
DOINGS = (
    "give",
    "routine",
    "receive",
    "thank",
    "thanked",
    "ask",
    "follow_up",
    "granted",
    "refused",
    "lapsed",
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One act, in the order a ledger keeps: by time, then by what tells acts of one instant apart."""

    at: float
    interaction: int
    doing: str
    size: float

    def apply(self, now: Standing, terms: Terms) -> Standing:
        match self.doing:
            case "give" | "routine":
                return model.give(now, self.at, min(self.size, 10.0), terms, routine=self.doing == "routine")
            case "receive":
                return model.receive(now, self.at, min(self.size, 10.0), terms)
            case "thank" | "thanked":
                return model.thanks(now, self.at, Side.ME if self.doing == "thank" else Side.THEM, terms)
            case "ask" | "follow_up":
                return model.ask(now, self.at, self.size, terms, followup=self.doing == "follow_up")
            case answer:
                return model.outcome(now, self.at, Outcome(answer), terms)


def steps(doings: Iterable[str] = DOINGS) -> st.SearchStrategy[list[Step]]:
    step = st.builds(
        Step, at=times, interaction=st.integers(0, 10**9), doing=st.sampled_from(list(doings)), size=sizes
    )
    return st.lists(step, max_size=25, unique_by=lambda one: one.interaction)


def fold(acts: Iterable[Step], terms: Terms) -> Standing:
    now = Standing()
    for act in sorted(acts):
        now = act.apply(now, terms)
    return now


def numbers(standing: Standing) -> list[float]:
    return [*standing.theirs, *standing.mine, standing.asked, standing.given]


@given(steps(), every_terms, spans)
def test_advancing_in_steps_equals_advancing_at_once(
    acts: list[Step], terms: Terms, days: list[float]
) -> None:
    start = fold(acts, terms)
    slow = start
    for span in days:
        slow = model.advance(slow, slow.at + span, terms)
    fast = model.advance(start, slow.at, terms)
    assert numbers(slow) == pytest.approx(numbers(fast), rel=1e-9, abs=1e-12)


@given(steps(), every_terms)
def test_folding_acts_one_by_one_equals_refolding(acts: list[Step], terms: Terms) -> None:
    now = Standing()
    for count, act in enumerate(sorted(acts), start=1):
        now = model.from_list(model.to_list(act.apply(now, terms)))
        assert now == fold(sorted(acts)[:count], terms)


@given(steps(), every_terms, st.data())
def test_late_and_corrected_acts_end_where_those_in_order_end(
    acts: list[Step], terms: Terms, data: st.DataObject
) -> None:
    arrived = data.draw(st.permutations(acts))
    assert fold(arrived, terms) == fold(acts, terms)
    if acts:
        wrong = data.draw(st.sampled_from(acts))
        misread = Step(wrong.at, wrong.interaction, "give", 3.0)
        known = [misread if act is wrong else act for act in arrived]
        corrected = [wrong if act is misread else act for act in known]
        assert fold(corrected, terms) == fold(acts, terms)


@given(steps(), every_terms, st.floats(0.0, 1000.0))
def test_nothing_goes_negative(acts: list[Step], terms: Terms, days: float) -> None:
    now = Standing()
    for act in sorted(acts):
        now = act.apply(now, terms)
        assert min(numbers(now)) >= 0.0
        assert now.given_since >= 0.0
        assert all(number >= 0.0 for number in (now.readiness, now.goodwill, now.owed, now.pressure))
        assert now.theirs.fresh <= now.goodwill * (1 + 1e-12)
    later = model.advance(now, now.at + days, terms)
    assert min(numbers(later)) >= 0.0
    assert model.check(later, later.at, 1.0, terms).pressure_after >= 0.0


@given(steps(), every_terms, spans)
def test_goodwill_never_rises_without_an_act(acts: list[Step], terms: Terms, days: list[float]) -> None:
    now = fold(acts, terms)
    for span in days:
        later = model.advance(now, now.at + span, terms)
        assert later.goodwill <= now.goodwill
        assert later.owed <= now.owed
        assert later.pressure <= now.pressure * (1 + 1e-12)
        now = later


@given(steps(), every_terms, spans)
def test_a_window_does_not_slide_as_time_passes(acts: list[Step], terms: Terms, days: list[float]) -> None:
    now = fold(acts, terms)
    window, stale = model.window(now, terms), model.stale_at(now, terms)
    for span in days:
        now = model.advance(now, now.at + span, terms)
        assert model.window(now, terms) == window
        assert model.stale_at(now, terms) == stale


@given(
    steps(),
    every_terms,
    steps(["receive", "thank", "thanked", "ask", "follow_up", "granted", "refused", "routine"]),
)
def test_a_window_hangs_on_the_anchor_which_only_gives_move_and_settlements_scale(
    acts: list[Step], terms: Terms, others: list[Step]
) -> None:
    before = fold(acts, terms)
    after = before
    for act in sorted(others):
        after = Step(before.at + act.at if acts else act.at, 0, act.doing, act.size).apply(after, terms)
    assert after.anchored_at == before.anchored_at
    if before.anchor is None or after.anchor is None:
        return
    scale = (
        after.anchor.pools.goodwill / before.anchor.pools.goodwill if before.anchor.pools.goodwill else 0.0
    )
    assert scale <= 1.0 + 1e-9
    assert tuple(after.anchor.pools) == pytest.approx(tuple(before.anchor.pools.scaled(scale)), abs=1e-9)
    now, then = model.window(after, terms), model.window(before, terms)
    assert now is None or now == pytest.approx(then, abs=1e-5)


@given(steps(), every_terms)
def test_a_window_opens_before_its_best_and_closes_after_it(acts: list[Step], terms: Terms) -> None:
    now = fold(acts, terms)
    window = model.window(now, terms)
    if window is None or now.anchor is None:
        return
    assert now.anchor.at <= window.opens <= window.best <= window.closes

    def ready(t: float) -> float:
        assert now.anchor is not None
        return now.anchor.pools.after(t - now.anchor.at, terms).readiness

    peak = ready(window.best)
    assert ready(window.closes) == pytest.approx(0.6 * peak, rel=1e-4)
    assert ready(window.opens) >= 0.8 * peak * (1 - 1e-4)
    assert all(ready(now.anchor.at + days / 7) <= peak * (1 + 1e-9) for days in range(300))


@given(st.lists(st.tuples(times, sizes), max_size=60), every_terms)
def test_routine_gives_however_many_open_no_window(gives: list[tuple[float, float]], terms: Terms) -> None:
    now = fold((Step(at, n, "routine", size) for n, (at, size) in enumerate(gives)), terms)
    assert now.anchor is None
    assert model.window(now, terms) is None


@given(steps(), every_terms, st.floats(0.1, 20.0), st.booleans())
def test_a_warning_is_gone_at_the_instant_it_names(
    acts: list[Step], terms: Terms, size: float, followup: bool
) -> None:
    now = fold(acts, terms)
    for warning, until in model.check(now, now.at, size, terms, followup=followup).cautions:
        if until is not None:
            assert until > now.at
            later = model.check(now, until, size, terms, followup=followup)
            assert warning not in later.warnings


@given(steps(), every_terms)
def test_owing_changes_at_the_instant_foreseen_and_not_before(acts: list[Step], terms: Terms) -> None:
    now = fold(acts, terms)
    turns = model.owing_changes_at(now, terms)
    if turns is None:
        assert not model.owes(now)
        return
    assert model.owes(model.advance(now, turns, terms)) is not model.owes(now)
    for part in (0.0, 0.3, 0.6, 0.9):
        between = model.advance(now, now.at + part * (turns - now.at), terms)
        assert model.owes(between) is model.owes(now)
