"""A plan: worked backwards from its day, and followed by the ledger alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recipflow.model import ActType, Entry, Flag, Kind, Plan, ProfileName, Side
from recipflow.plans import IdeaKind, Progress, Stage, asks_in, ideas, progress, still_open, timing
from recipflow.plans.ideas import generic
from tests.ledgers import DANA, MONDAY, ZONE, act, entry, folded, terms_of, viewed

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO, THANKS = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL, ActType.THANKS
PLAN = Plan(id="1", at=MONDAY, ask="a testimonial for the website", size=2.0)
ASKED = entry(1, ME, act(ASK, 2, quote="Would you write a testimonial for my website?"), thread="t")


def came(entries: list[Entry], day: float, plan: Plan = PLAN, *others: Plan) -> Progress:
    now = (MONDAY + timedelta(days=day)).timestamp() / 86_400
    return progress(plan, asks_in(entries), folded(entries, day), terms_of(DANA), now, ZONE, others)


@pytest.mark.parametrize(
    ("stage", "entries", "day"),
    [
        (Stage.INTENDED, [], 3),
        (Stage.ASKED, [ASKED], 2),
        (Stage.FOLLOWED_UP, [ASKED, entry(5, ME, act(ASK, 2), thread="t")], 6),
        (Stage.HEARD, [ASKED, entry(2, THEM, thread="t")], 3),
        (Stage.GRANTED, [ASKED, entry(2, THEM, act(GRANT, due=date(2026, 3, 10)), thread="t")], 4),
        (Stage.OVERDUE, [ASKED, entry(2, THEM, act(GRANT, due=date(2026, 3, 10)), thread="t")], 12),
        (Stage.DELIVERED, [ASKED, entry(2, THEM, act(GIVE, 2), thread="t")], 3),
        (
            Stage.DELIVERED,
            [ASKED, entry(2, THEM, act(GRANT), thread="t"), entry(4, THEM, act(GIVE, 2), thread="t")],
            5,
        ),
        (Stage.REFUSED, [ASKED, entry(2, THEM, act(NO), thread="t")], 3),
        (Stage.LAPSED, [ASKED], 16),
    ],
)
def test_the_plan_follows_the_mail(stage: Stage, entries: list[Entry], day: float) -> None:
    assert came(entries, day).stage is stage


def test_what_was_asked_before_the_plan_or_is_something_small_else_is_not_its_ask() -> None:
    before = replace(ASKED, at=MONDAY - timedelta(days=2))
    assert came([before], 1).stage is Stage.INTENDED
    assert came([entry(1, ME, act(ASK, 0.5, quote="Is Tuesday good?"))], 2).stage is Stage.INTENDED


def test_a_day_that_went_by_without_an_ask_is_said() -> None:
    plan = replace(PLAN, by=date(2026, 3, 6))
    assert came([], 3, plan).stage is Stage.INTENDED
    assert came([], 6, plan).stage is Stage.PASSED


def test_a_larger_ask_that_was_meant_comes_first_and_after_its_no_the_smaller_one() -> None:
    plan = replace(PLAN, first="a paid pilot with your team", first_size=8.0)
    large = entry(1, ME, act(ASK, 8, quote="Would your team do a paid pilot with us?"), thread="p")
    assert came([large], 2, plan).stage is Stage.FIRST_ASKED
    no = entry(2, THEM, act(NO), thread="p")
    assert came([large, no], 2.1, plan).stage is Stage.STEP_BACK
    smaller = replace(ASKED, at=MONDAY + timedelta(days=2.2))
    assert came([large, no, smaller], 3, plan).stage is Stage.ASKED


SPEAK = Plan(id="2", at=MONDAY, ask="a talk at our meetup", size=4.0)


def test_of_two_plans_with_one_person_each_follows_its_own_ask() -> None:
    entries = [ASKED, entry(2, THEM, act(GIVE, 2), thread="t")]
    assert came(entries, 3, PLAN, SPEAK).stage is Stage.DELIVERED
    assert came(entries, 3, SPEAK, PLAN).stage is Stage.INTENDED


def test_an_ask_in_words_of_its_own_is_that_of_the_plan_that_comes_nearest_to_its_size() -> None:
    other_words = entry(1, ME, act(ASK, 4, quote="Would you do us the honour in May?"), thread="may")
    assert came([other_words], 2, SPEAK, PLAN).stage is Stage.ASKED
    assert came([other_words], 2, PLAN, SPEAK).stage is Stage.INTENDED


def test_which_plans_are_at_their_end_is_known_without_the_whole_ledger() -> None:
    def left(entries: list[Entry], day: float, *plans: Plan) -> list[str]:
        now = (MONDAY + timedelta(days=day)).timestamp() / 86_400
        known = folded(entries, day)
        return [one.id for one in still_open(plans, known, terms_of(DANA), now, ZONE)]

    came = entry(2, THEM, act(GIVE, 2), thread="t")
    assert left([ASKED], 2, PLAN, SPEAK) == ["1", "2"]
    assert left([ASKED, came], 3, PLAN, SPEAK) == ["2"]
    assert left([ASKED], 16, PLAN) == []  # it lapsed
    assert left([], 6, replace(PLAN, by=date(2026, 3, 6)), SPEAK) == ["2"]


def test_worked_backwards_there_is_a_last_day_to_give_and_after_it_an_honest_ask_is_better() -> None:
    view = viewed(folded([], 0), 0)
    roomy = timing(view, 2.0, date(2026, 3, 23))
    assert roomy.ask_by == date(2026, 3, 20)
    assert roomy.give_by is not None
    assert roomy.ask_from - view.today == roomy.ask_by - roomy.give_by
    assert not roomy.too_late_to_give(view.today)
    tight = timing(view, 2.0, date(2026, 3, 3))
    assert tight.ask_by == view.today
    assert tight.too_late_to_give(view.today)
    assert timing(view, 2.0, None).give_by is None


def test_a_gift_given_on_the_last_day_has_its_window_open_when_the_ask_is_due() -> None:
    view = viewed(folded([], 0), 0)
    when = timing(view, 2.0, date(2026, 3, 23))
    assert when.give_by is not None
    assert when.ask_by is not None
    days = (when.give_by - view.today).days
    gift = entry(days, ME, act(GIVE, 6, Kind.ADVICE, notable=True))
    asked_on = (when.ask_by - view.today).days
    from recipflow import standing as model

    window = model.window(folded([gift], asked_on).standing, terms_of(DANA))
    assert window is not None
    assert window.opens <= (MONDAY + timedelta(days=asked_on)).timestamp() / 86_400 <= window.closes


def test_the_profile_decides_how_long_a_gift_takes_to_settle() -> None:
    def settles(profile: ProfileName) -> timedelta:
        contact = replace(DANA, profile=profile)
        view = viewed(folded([], 0, contact), 0, contact)
        return timing(view, 2.0, None).ask_from - view.today

    assert settles(ProfileName.SALES) <= settles(ProfileName.BUSINESS) < settles(ProfileName.CLOSE)


def test_ideas_are_what_they_said_they_need_what_they_asked_for_and_what_they_thanked_for() -> None:
    need = act(ASK, 1, Kind.INTRO, quote="We're looking for an illustrator.", flags=[Flag.IN_PASSING])
    entries = [
        entry(0, ME, act(GIVE, 3, Kind.ADVICE, notable=True, quote="Six pages of notes."), thread="a"),
        entry(1, THEM, act(THANKS), thread="a"),
        entry(2, THEM, act(ASK, 2, Kind.RESOURCE, quote="Could you send me the template?"), thread="b"),
        entry(3, THEM, replace(need, counts=False), thread="c"),
    ]
    found = ideas(entries, folded(entries, 4))
    assert [(one.kind, one.what) for one in found] == [
        (IdeaKind.NEED, Kind.INTRO),
        (IdeaKind.ASKED, Kind.RESOURCE),
        (IdeaKind.THANKED, Kind.ADVICE),
    ]


def test_a_need_that_was_met_is_no_idea_any_more() -> None:
    need = act(ASK, 1, Kind.INTRO, quote="We're looking for an illustrator.", flags=[Flag.IN_PASSING])
    met = entry(1, ME, act(GIVE, 2, Kind.INTRO, notable=True), thread="c")
    entries = [entry(0, THEM, replace(need, counts=False), thread="c"), met]
    assert ideas(entries, folded(entries, 2)) == ()


def test_what_went_to_many_at_once_is_generic() -> None:
    mass = entry(0, ME, act(GIVE, 1, Kind.MASS))
    own = entry(1, ME, act(GIVE, 1, Kind.ADVICE))
    assert generic([mass])
    assert not generic([mass, own])
    assert not generic([])
