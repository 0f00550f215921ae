"""What makes an ask hard to answer, in each language that is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow import assembly
from recipflow.checking.answerable import Hardship, hardships
from recipflow.model import Act, ActType, Message, Party
from tests.ledgers import MONDAY, act

ASK = ActType.ASK
EASY = "Could you send me the map by Friday? No problem if not."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (EASY, set()),
        ("Here is the map.", {Hardship.NOTHING_ASKED}),
        ("Could you send me the map? No problem if not.", {Hardship.NO_DATE}),
        ("Could you send me the map by Friday?", {Hardship.NO_WAY_OUT}),
        (
            "Could you send me the map by Friday? Could you also book the room? No problem if not.",
            {Hardship.SEVERAL},
        ),
        ("What do you think about the map, by Friday? No problem if not.", {Hardship.OPEN}),
        ("It would be good to have the map by Friday, no problem if not.", {Hardship.UNCLEAR}),
    ],
)
def test_what_makes_an_ask_hard_to_answer(text: str, found: set[Hardship]) -> None:
    sentences = [one for one in text.replace("?", "?|").replace(".", ".|").split("|") if one.strip()]
    asks = [act(ASK, 1, quote=one.strip()) for one in sentences if "?" in one or one.startswith("It would")]
    asks = [
        replace(one, position=place, confidence=0.92 if "?" in one.quote else 0.7)
        for place, one in enumerate(asks)
    ]
    assert set(hardships(text, asks, date(2026, 3, 2))) == found


READER = assembly.reader()


def read(text: str, at: datetime = MONDAY) -> tuple[list[Act], str]:
    """The asks that the reader finds in a mail of mine, and its language."""
    mail = Message(
        id="draft", at=at, sender=Party("me@x.example"), to=(Party("dana@y.example", "Dana"),), text=text
    )
    found = READER.read(mail, frozenset({"me@x.example"}))
    return [one for one in found.acts if one.act is ASK and not one.remark], found.language


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("de", "Könntest du mir bis Freitag die Karte schicken? Kein Problem, wenn nicht.", set()),
        ("de", "Könntest du mir die Karte schicken? Kein Problem, wenn nicht.", {Hardship.NO_DATE}),
        ("de", "Könntest du mir bis Freitag die Karte schicken?", {Hardship.NO_WAY_OUT}),
        (
            "de",
            "Könntest du mir bis Freitag die Karte schicken? Könntest du außerdem den Raum buchen? "
            "Kein Problem, wenn es nicht geht.",
            {Hardship.SEVERAL},
        ),
        (
            "de",
            "Was denkst du über die Karte? Ich brauche deine Meinung bis Freitag; wenn nicht, kein Problem.",
            {Hardship.OPEN},
        ),
        ("de", "Hier ist die Karte, viel Spaß damit.", {Hardship.NOTHING_ASKED}),
        ("pt", "Podias mandar-me o mapa até sexta? Se não der, sem problema.", set()),
        ("pt", "Podias mandar-me o mapa? Se não der, sem problema.", {Hardship.NO_DATE}),
        ("pt", "Podias mandar-me o mapa até sexta?", {Hardship.NO_WAY_OUT}),
        (
            "pt",
            "Podias mandar-me o mapa até sexta? Podias também reservar a sala? Se não der, não faz mal.",
            {Hardship.SEVERAL},
        ),
        ("pt", "O que achas do mapa? Até sexta, se não der, sem problema.", {Hardship.OPEN}),
        ("es", "¿Podrías mandarme el mapa antes del viernes? Si no puedes, no pasa nada.", set()),
        ("es", "¿Podrías mandarme el mapa? Si no puedes, no pasa nada.", {Hardship.NO_DATE}),
        ("es", "¿Podrías mandarme el mapa antes del viernes?", {Hardship.NO_WAY_OUT}),
        (
            "es",
            "¿Podrías mandarme el mapa antes del viernes? ¿Podrías también reservar la sala? Si no, no pasa nada.",
            {Hardship.SEVERAL},
        ),
        ("es", "¿Qué opinas del mapa? Antes del viernes; si no, no pasa nada.", {Hardship.OPEN}),
        ("es", "¿Puedes presentarme a tu jefa antes del viernes? Dime que no con toda confianza.", set()),
    ],
)
def test_what_makes_an_ask_hard_to_answer_is_found_in_its_own_language(
    language: str, text: str, found: set[Hardship]
) -> None:
    asks, told = read(text)
    assert told == language
    assert set(hardships(text, asks, MONDAY.date(), told)) == found


@pytest.mark.parametrize(
    ("language", "quote"),
    [
        ("de", "Es wäre gut, die Karte bis Freitag zu haben, kein Stress."),
        ("pt", "Seria bom ter o mapa até sexta, sem pressa."),
        ("es", "Estaría bien tener el mapa antes del viernes, sin prisas."),
    ],
)
def test_a_wish_that_asks_nothing_plainly_is_named_in_each_language(language: str, quote: str) -> None:
    wish = replace(act(ASK, 1, quote=quote), confidence=0.7)
    assert Hardship.UNCLEAR in set(hardships(quote, [wish], MONDAY.date(), language))


@given(st.text(max_size=200), st.sampled_from(["en", "de", "pt", "es", "fr"]))
def test_no_draft_whatever_its_words_breaks_the_look_for_hardships(text: str, language: str) -> None:
    assert Hardship.NOTHING_ASKED not in set(
        hardships(text, [act(ASK, 1, quote=text)], MONDAY.date(), language)
    )
