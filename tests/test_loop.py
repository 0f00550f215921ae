"""The five steps, each from the ledger alone, and the patterns that are said aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.advice import Hold, advise
from recipflow.loop import Place, Step, patterns, place
from recipflow.model import ActType, Contact, Entry, Flag, Kind, ProfileName, Side
from tests.ledgers import DANA, MONDAY, act, entry, folded, viewed
from tests.test_ledger import LEDGERS

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL
THANKS, PROMISE = ActType.THANKS, ActType.PROMISE
GIFT = entry(0, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="gift")
THANKED = entry(0.5, THEM, act(THANKS), thread="gift")
ASKED = entry(4, ME, act(ASK, 3, quote="Would you write a testimonial?"), thread="ask")
NEED = replace(
    act(ASK, 1, Kind.INTRO, quote="We're looking for an illustrator.", flags=[Flag.IN_PASSING]), counts=False
)


def stands(entries: Iterable[Entry], day: float, contact: Contact = DANA) -> Place:
    view = viewed(folded(entries, day, contact), day, contact)
    return place(view, advise(view))


def seen(entries: Iterable[Entry], day: float, contact: Contact = DANA) -> list[str]:
    known = [one for one in entries if one.at <= MONDAY + timedelta(days=day)]
    return [one.key for one in patterns(viewed(folded(known, day, contact), day, contact), known)]


@pytest.mark.parametrize(
    ("step", "key", "entries", "day"),
    [
        (Step.IDENTIFY, "new", [], 0),
        (Step.IDENTIFY, "identify", [entry(0, THEM)], 5),
        (Step.IDENTIFY, "silent", [entry(0, THEM)], 120),
        (Step.GIVE, "need", [entry(0, THEM, NEED)], 2),
        (Step.GIVE, "asked", [entry(0, THEM, act(ASK, 2))], 2),
        (Step.GIVE, "promised", [entry(0, ME, act(PROMISE))], 2),
        (Step.MATURE, "mature", [GIFT], 0.2),
        (Step.ASK, "window", [GIFT, THANKED], 3),
        (Step.ASK, "pending", [GIFT, THANKED, ASKED], 5),
        (Step.ASK, "remind", [GIFT, THANKED, ASKED], 8),
        (Step.ASK, "heard", [ASKED, entry(5, THEM, thread="ask")], 6),
        (
            Step.ASK,
            "granted",
            [replace(ASKED, acts=(act(ASK, 1),)), entry(5, THEM, act(GRANT), thread="ask")],
            6,
        ),
        (Step.ASK, "step_back", [ASKED, entry(5, THEM, act(NO), thread="ask")], 5.1),
        (Step.ASK, "refused", [ASKED, entry(5, THEM, act(NO), thread="ask")], 12),
        (Step.REINFORCE, "thank", [ASKED, entry(5, THEM, act(GIVE, 3, notable=True), thread="ask")], 7),
        (
            Step.IDENTIFY,
            "again",
            [ASKED, entry(5, THEM, act(GIVE, 3, notable=True), thread="ask"), entry(6, ME, act(THANKS))],
            7,
        ),
    ],
)
def test_each_step_is_told_from_the_ledger(step: Step, key: str, entries: list[Entry], day: float) -> None:
    found = stands(entries, day)
    assert (found.step, found.key) == (step, key)


def test_of_two_favours_the_step_names_the_one_that_the_advice_names() -> None:
    """A yes, and what came of it; a trifle, and something larger before it."""
    yes = entry(5, THEM, act(GRANT, quote="Yes, gladly."), thread="ask")
    came = entry(7, THEM, act(GIVE, 3, notable=True, quote="Here it is."), thread="ask")
    assert stands([ASKED, yes, came], 9).quote == "Here it is."
    large = entry(0, THEM, act(GIVE, 5, notable=True, quote="I built you a shelf."))
    small = entry(2, THEM, act(GIVE, 1, notable=True, quote="A jar of jam."))
    assert stands([large, small], 4).quote == "I built you a shelf."


def test_a_whole_round_goes_through_all_five_steps_and_begins_again() -> None:
    entries = [
        entry(-3, THEM, NEED, thread="need"),
        entry(0, ME, act(GIVE, 6, Kind.INTRO, notable=True), thread="need"),
        entry(0.5, THEM, act(THANKS), thread="need"),
        ASKED,
        entry(6, THEM, act(GRANT), thread="ask"),
        entry(8, THEM, act(GIVE, 3, notable=True), thread="ask"),
        entry(9, ME, act(THANKS), thread="ask"),
    ]
    days = (-4, -2, 0.2, 3, 5, 8.5, 10)
    steps = [
        stands([one for one in entries if one.at <= MONDAY + timedelta(days=day)], day).step for day in days
    ]
    assert steps == [Step.IDENTIFY, Step.GIVE, Step.MATURE, Step.ASK, Step.ASK, Step.REINFORCE, Step.IDENTIFY]


def test_among_close_friends_there_are_no_steps_but_thanks_and_answers() -> None:
    friend = replace(DANA, profile=ProfileName.CLOSE)
    assert stands([GIFT, THANKED], 3, friend).key == "close"
    assert stands([entry(0, THEM, act(GIVE, 4, notable=True))], 2, friend).key == "thank"


@given(LEDGERS, st.floats(31, 90))
@settings(deadline=None, max_examples=60)
def test_every_ledger_stands_somewhere_and_nothing_changes_before_it_says_so(
    entries: list[Entry], day: float
) -> None:
    found = stands(entries, day)
    assert found.until is None or found.until > (MONDAY + timedelta(days=day)).timestamp() / 86_400 - 1e-9


def test_a_gift_and_an_ask_in_one_breath_are_named_with_the_sentence_that_could_have_waited() -> None:
    gift = act(GIVE, 4, Kind.GIFT, notable=True, flags=[Flag.BUNDLED])
    both = entry(0, ME, gift, act(ASK, 1, quote="Would you see me?"))
    known = [entry(-5, THEM), both]
    (found,) = patterns(viewed(folded(known, 1), 1), known)
    assert (found.key, found.quote) == ("bundled", "Would you see me?")
    free = replace(gift, flags=frozenset({Flag.BUNDLED, Flag.FREELY}))
    assert seen([known[0], replace(both, acts=(free, both.acts[1]))], 1) == []


def test_a_present_to_somebody_who_never_wrote_is_named_as_what_it_does() -> None:
    gift = entry(0, ME, act(GIVE, 2, Kind.GIFT, notable=True))
    assert seen([gift], 1) == ["first_contact"]
    assert seen([gift, entry(0.5, THEM)], 1) == ["first_contact"]  # why it counts nothing stays true
    assert seen([entry(-5, THEM), entry(0, ME, act(GIVE, 2, Kind.GIFT, notable=True))], 1) == []


def test_two_rounds_of_give_and_ask_are_a_pattern_and_a_gift_with_nothing_after_it_ends_it() -> None:
    def one_round(start: float) -> list[Entry]:
        return [
            entry(start, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread=f"g{start}"),
            entry(start + 1, THEM, act(THANKS), thread=f"g{start}"),
            entry(start + 4, ME, act(ASK, 2), thread=f"a{start}"),
            entry(start + 5, THEM, act(GIVE, 2), thread=f"a{start}"),
            entry(start + 6, ME, act(THANKS), thread=f"a{start}"),
        ]

    two = [*one_round(0), *one_round(30)]
    assert "rounds" in seen(two, 37)
    third = one_round(60)[:2]
    assert stands([*two, *third], 63).key == "held"
    assert stands([*two, *third], 63).facts["reason"] == Hold.ROUNDS
    fourth = one_round(110)[:2]
    assert stands([*two, *third, *fourth], 113).key == "window"


def test_growing_asks_are_named_on_both_sides() -> None:
    mine = [entry(day, ME, act(ASK, size), thread=f"m{day}") for day, size in ((0, 1), (5, 2), (9, 5))]
    theirs = [entry(day, THEM, act(ASK, size), thread=f"t{day}") for day, size in ((0, 1), (5, 2), (9, 5))]
    assert "growing" in seen(mine, 10)
    assert "growing_theirs" in seen(theirs, 10)
    assert "growing" not in seen([*mine[:2], replace(mine[0], at=mine[2].at, thread="x")], 10)
    assert "growing" in seen([replace(one, thread="one") for one in mine], 10)


def test_the_same_ask_after_a_no_is_named_and_a_smaller_one_is_not() -> None:
    asked = [ASKED, entry(5, THEM, act(NO), thread="ask")]
    again = entry(20, ME, act(ASK, 3, quote="Would you write that testimonial after all?"), thread="again")
    assert "repeated" in seen([*asked, again], 21)
    smaller = replace(again, acts=(replace(again.acts[0], size=1.0),))
    assert "repeated" not in seen([*asked, smaller], 21)


def test_their_large_ask_and_then_a_small_one_leave_the_user_as_free_as_before() -> None:
    large = entry(0, THEM, act(ASK, 8), thread="t")
    no = entry(1, ME, act(NO), thread="t")
    small = entry(2, THEM, act(ASK, 1), thread="t")
    assert "stepped_down" in seen([large, no, small], 3)
    assert "stepped_down" not in seen([large, no, replace(small, acts=(act(ASK, 8),))], 3)
    elsewhere = replace(small, thread="t2", acts=(act(ASK, 1, quote="Could you water the plants?"),))
    assert "stepped_down" not in seen([large, no, elsewhere], 3)


def test_a_concession_counts_as_given_whoever_made_it() -> None:
    assert seen([entry(0, ME, act(GIVE, 2, Kind.CONCESSION))], 1) == ["conceded"]
    assert seen([entry(0, THEM, act(GIVE, 2, Kind.CONCESSION))], 1) == ["conceded_theirs"]


def test_a_gift_of_theirs_with_an_ask_attached_leaves_nothing_to_return() -> None:
    gift = act(GIVE, 3, Kind.GIFT, notable=True, flags=[Flag.BUNDLED])
    assert seen([entry(-5, ME), entry(0, THEM, gift, act(ASK, 1))], 1) == ["stringed"]


def test_a_yes_to_a_plain_question_is_no_step_and_one_that_nobody_waits_for_any_more_is_over() -> None:
    def granted(size: float, due: date | None = None) -> list[Entry]:
        return [
            entry(0, ME, act(ASK, size)),
            entry(1, THEM, act(GRANT, size, due=due)),
            entry(1.5, ME, act(THANKS)),
        ]

    assert stands(granted(2), 20).key == "granted"
    assert stands(granted(2), 32).key != "granted"
    assert stands(granted(2, date(2026, 4, 1)), 55).key == "granted"
    assert stands(granted(2, date(2026, 4, 1)), 62).key != "granted"
    assert stands(granted(0.5), 2).key != "granted"
