"""A letter that tells two people of one another by name brings them together, whatever its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recipflow import assembly
from recipflow.model import Act, ActType, Kind, Message, Party

ANN = Party("ann@haven.example", "Ann Haven")
BEA = Party("bea@mill.example", "Beatrix Mill")
TOM = Party("tom@yard.example", "Tom Yard")


def given(text: str, *readers: Party, answers: str = "") -> set[Act]:
    letter = Message(
        id="1@yard.example",
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        sender=TOM,
        to=readers,
        subject="You two",
        in_reply_to=answers,
        body=text,
        text=text,
    )
    acts = assembly.reader().read(letter, frozenset({ANN.address})).acts
    return {act for act in acts if act.act is ActType.GIVE and act.kind is Kind.INTRO and act.counts}


@pytest.mark.parametrize(
    "text",
    [
        "Bea, this is Ann from the harbour, we sailed together. Ann, Bea runs the mill and has your very problem.\n\nTom",
        "Dear Bea, dear Ann,\n\nAnn builds the big oven at the fair and needs flour. Bea leads the mill, a good soul.\n\nTom",
        "Bea, Ann,\n\nI put you together because both of you complain to me about the same thing.\n\nTom",
        "Hi both, Ann meet Beatrix, who grinds. Beatrix meet Ann, she bakes. Over to you\n\nTom",
    ],
)
def test_it_is_an_introduction_to_remember(text: str) -> None:
    (act,) = given(text, BEA, ANN)
    assert act.notable
    assert (act.size or 0.0) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "Hi all,\n\nBea is on holiday until Monday. Ann has the keys of the yard.\n\nTom",
        "Bea, Ann,\n\nThe meeting is moved to four o'clock, the room stays as it was.\n\nTom",
        "Bea, Ann,\n\nThis is the list for Saturday. Can you look at it?\n\nTom",
    ],
)
def test_news_for_two_is_none(text: str) -> None:
    assert not given(text, BEA, ANN)


def test_ones_own_introduction_is_for_whoever_is_in_copy_as_well() -> None:
    letter = Message(
        id="2@haven.example",
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        sender=ANN,
        to=(BEA,),
        cc=(TOM,),
        subject="You two",
        text="Bea, this is Tom, who needs your vat before July; Tom, this is Bea, who is about to scrap it.\n\nAnn",
    )
    acts = assembly.reader().read(letter, frozenset({ANN.address})).acts
    assert {act.contact for act in acts if act.kind is Kind.INTRO} == {BEA.address, TOM.address}


def test_an_answer_or_a_letter_to_one_is_none() -> None:
    text = "Bea, this is Ann from the harbour. Ann, Bea runs the mill.\n\nTom"
    assert not given(text, BEA, ANN, answers="0@mill.example")
    assert not given("Ann, Bea runs the mill and is a good soul.\n\nTom", ANN)
