"""A question that wants no answer is no ask, and a last ask is one however it is put."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from recipflow import assembly
from recipflow.model import ActType, Message, Party
from recipflow.reading import Reader, Reading

ANN, DANA = Party("ann@haven.example"), Party("dana@harbour.example")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return assembly.reader()


def _read(reader: Reader, text: str) -> Reading:
    at = datetime(2026, 3, 11, 12, tzinfo=UTC)
    letter = Message(id="1", at=at, sender=DANA, to=(ANN,), subject="Hello", in_reply_to="0", text=text)
    return reader.read(letter, frozenset({ANN.address}))


def _asks(found: Reading) -> list[str]:
    return [one.quote for one in found.acts if one.act is ActType.ASK]


@pytest.mark.parametrize(
    "text",
    [
        "Nice quarter. Who knew people would queue for soup in the rain, eh? Well done all\n\nD",
        "Hi Ann,\n\nThe printer broke again on the morning of the fair. Isn't it always like that?\n\nDana",
        "Hi Ann,\n\nWe sold out by noon. Who would have thought?\n\nDana",
        "Hi Ann,\n\nWhere does the time go? It is March already.\n\nDana",
        "Hallo Ann,\n\nder Drucker ist am Morgen vor dem Markt kaputt. Ist das nicht immer so?\n\nJonas",
        "Olá Ann,\n\na feira esgotou ao meio-dia, não sobrou nada do que levámos. Quem diria?\n\nInês",
        "Hola Ann:\n\nla feria se agotó al mediodía y no quedó nada. ¿Quién lo diría?\n\nRosa",
    ],
)
def test_a_question_that_wants_no_answer_is_no_ask_and_makes_none_of_its_neighbours(
    reader: Reader, text: str
) -> None:
    found = _read(reader, text)
    assert _asks(found) == []
    assert not found.question


def test_an_ask_beside_it_is_still_one(reader: Reader) -> None:
    text = "Hi Ann,\n\nWho would have thought? Could you send me the list of names?\n\nDana"
    assert _asks(_read(reader, text)) == ["Could you send me the list of names?"]


@pytest.mark.parametrize(
    "ask",
    [
        "One last thing from me: could you send the list of names?",
        "Last one from me: do you know who has the key?",
        "One last ask from me, then I am quiet: the list of names, if you have it.",
        "If there's a chance of a table in May, shout, and if not I'll cook at home.",
    ],
)
def test_a_last_ask_is_one_however_it_is_put(reader: Reader, ask: str) -> None:
    assert _asks(_read(reader, f"Hi Ann,\n\n{ask}\n\nDana")) == [ask]
