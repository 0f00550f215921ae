"""What answers an ask, and what only comes beside it."""

from __future__ import annotations

import pytest

from recipflow.ledger.relationship import OpenState
from recipflow.model import ActType, Kind, Side
from tests.ledgers import act, entry, folded

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL
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
