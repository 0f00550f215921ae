"""Among many things said, those alike are found as by comparing each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recipflow.ledger.likeness import Sayings, alike

WORDS = ("harbour", "lantern", "printer", "proofs", "the", "could", "ferry", "archive", "harbours", "we")
SAID = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@given(st.lists(SAID, max_size=12), SAID)
def test_those_alike_are_found_in_the_order_in_which_they_were_said(said: list[str], one: str) -> None:
    sayings: Sayings[int] = Sayings()
    for number, quote in enumerate(said):
        sayings.add(quote, number)
    assert list(sayings.alike(one)) == [number for number, quote in enumerate(said) if alike(one, quote)]
