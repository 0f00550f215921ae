"""What answers an ask, and what only comes beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recipflow.ledger.relationship import OpenKind, OpenState
from recipflow.model import ActType, Channel, Flag, Kind, NudgeKind, Side
from tests.ledgers import act, advised, entry, folded

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO, PROMISE = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL, ActType.PROMISE
LOAN = entry(0, ME, act(ASK, 10, Kind.CASH, quote="Would you lend me the deposit until June?"))
WORDS = act(GIVE, 1, Kind.ADVICE, routine=True, quote="Get the bank to put it in writing.")


def test_advice_is_no_loan() -> None:
    rel = folded([LOAN, entry(1, THEM, WORDS)], 2)
    assert [item.state for item in rel.items] == [OpenState.HEARD]
    assert rel.standing.owed < 1
    assert rel.favours == ()


@pytest.mark.parametrize("kind", [Kind.ADVICE, Kind.INFO, Kind.RESOURCE])
def test_a_no_stays_one_beside_something_small_of_another_kind(kind: Kind) -> None:
    beside = act(GIVE, 1, kind, routine=True, quote="Here is the number of somebody else.")
    rel = folded([LOAN, entry(1, THEM, act(NO), beside)], 2)
    assert [item.state for item in rel.items] == [OpenState.REFUSED]


def test_a_thing_of_the_kind_i_asked_for_is_it_even_beside_a_no() -> None:
    asked = entry(0, ME, act(ASK, 2, Kind.RESOURCE))
    part = act(GIVE, 1, Kind.RESOURCE, routine=True)
    assert folded([asked, entry(1, THEM, act(NO), part)], 2).items == ()


def test_words_on_the_large_thing_i_asked_for_deliver_it_at_its_size() -> None:
    asked = entry(0, ME, act(ASK, 5, quote="Could you rework the pricing chapter?"))
    done = act(GIVE, 0.25, Kind.INFO, routine=True, quote="Pricing chapter is done.")
    passing = act(GIVE, 0.25, Kind.INFO, routine=True, quote="It rained all week here.")
    assert folded([asked, entry(1, THEM, done)], 1).standing.owed == 5.0
    assert folded([asked, entry(1, THEM, passing)], 1).standing.owed < 1


def test_two_promises_of_one_letter_with_a_day_each_are_two() -> None:
    days = date(2026, 3, 6), date(2026, 3, 9)
    acts = [replace(act(PROMISE, due=day, quote=f"Part {day}"), position=day.day) for day in days]
    assert [item.due for item in folded([entry(0, ME, *acts)], 1).items] == list(days)


@pytest.mark.parametrize("caller", [ME, THEM])
def test_a_meeting_keeps_the_promise_to_meet_or_to_ring_whoever_called_it(caller: Side) -> None:
    promised = [
        entry(0, ME, act(PROMISE, kind=Kind.MEETING, due=date(2026, 3, 4)), thread="a"),
        entry(0.1, ME, act(PROMISE, quote="I'll ring you on Wednesday."), thread="b"),
        entry(0.2, ME, act(PROMISE, quote="I'll mend the gate."), thread="c"),
    ]
    met = entry(2, caller, thread="m", channel=Channel.MEETING)
    assert [item.thread for item in folded([*promised, met], 3).items] == ["c"]


@pytest.mark.parametrize(
    "first",
    [
        replace(entry(0, THEM, act(ASK, 1, flags=[Flag.BY_VOICE])), interaction="call me"),
        replace(entry(0, THEM, act(ASK, 1)), interaction="to several", alone=False),
        replace(entry(0, THEM, replace(act(ASK, 1), confidence=0.7)), interaction="perhaps"),
    ],
    ids=lambda one: one.interaction,
)
def test_what_wants_no_letter_does_not_hide_the_plain_ask_that_follows(first: object) -> None:
    plain = entry(1, THEM, act(ASK, 1, quote="Could you send me the contract?"))
    found = [nudge for nudge in advised([first, plain], 5).nudges if nudge.kind is NudgeKind.REPLY_OWED]  # type: ignore[list-item]
    assert [nudge.quote for nudge in found] == ["Could you send me the contract?"]


def test_a_plain_ask_is_not_hidden_by_what_stands_before_it_in_the_letter() -> None:
    asked = entry(0, THEM, act(ASK, 1, flags=[Flag.OPTIONAL]), act(ASK, 1, quote="Could you sign it?"))
    assert NudgeKind.REPLY_OWED in {nudge.kind for nudge in advised([asked], 4).nudges}


def test_an_answer_elsewhere_answers_the_ask_it_speaks_of_not_the_last() -> None:
    asks = [
        entry(0, ME, act(ASK, 2, Kind.RESOURCE, quote="Would you send the lighting drawings?"), thread="a"),
        entry(1, ME, act(ASK, 2, Kind.ADVICE, quote="Which insurance would you take?"), thread="b"),
    ]
    answer = entry(2, THEM, act(GIVE, 1, Kind.RESOURCE, quote="The drawings of the lighting."), thread="c")
    left = folded([*asks, answer], 3).items
    assert [(item.kind, item.thread) for item in left] == [(OpenKind.MY_ASK, "b")]
