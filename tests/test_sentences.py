"""Cutting a new text into sentences and zones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.rules.sentences import Zone, sentences


def _cut(text: str) -> list[tuple[str, str]]:
    return [(part.zone.name.lower(), text[part.start : part.end]) for part in sentences(text)]


def test_greeting_body_and_closing_are_told_apart() -> None:
    assert _cut("Hi Dana,\n\nHere is the list. Do you need more?\n\nBest,\nNoor") == [
        ("greeting", "Hi Dana,"),
        ("body", "Here is the list."),
        ("body", "Do you need more?"),
        ("closing", "Best,"),
        ("closing", "Noor"),
    ]


def test_a_hard_wrapped_line_does_not_end_a_sentence() -> None:
    text = "This is a long line that a mailer wrapped in the middle of\nits only sentence."
    assert _cut(text) == [("body", text)]


def test_a_short_line_and_a_list_item_do() -> None:
    assert [quote for _, quote in _cut("Two things\n- the sign\n- the chairs")] == [
        "Two things",
        "- the sign",
        "- the chairs",
    ]


def test_abbreviations_initials_and_list_numbers_do_not_end_a_sentence() -> None:
    text = "Ask Mr. Brook, e.g. on p. 4, or J. Smith."
    assert _cut(text) == [("body", text)]


def test_an_ellipsis_ends_a_sentence_only_before_a_capital() -> None:
    assert [quote for _, quote in _cut("well... i think so. Hm... We will see.")] == [
        "well... i think so.",
        "Hm...",
        "We will see.",
    ]


def test_thanks_with_a_name_closes_and_thanks_that_stand_alone_do_not() -> None:
    assert _cut("Please send it. Thanks, Kim.")[-1] == ("closing", "Thanks, Kim.")
    assert _cut("It works. Thank you.")[-1] == ("body", "Thank you.")
    assert _cut("Thanks!") == [("body", "Thanks!")]


def test_greetings_and_farewells_are_known_in_the_languages_that_are_read() -> None:
    for text in (
        "Sehr geehrte Frau Haddad,\n\nDie Liste ist da.\n\nMit freundlichen Grüßen\nJonas Weidner",
        "Hallo Noor\n\nDie Liste ist da.\n\nDanke und Gruß\nJonas",
        "Bom dia Noor,\n\nA lista chegou.\n\nObrigada desde já,\nInês",
        "Boa noite Noor,\n\nA lista chegou.\n\nUm abraço,\nInês",
        "Buenos días Noor:\n\nLa lista llegó.\n\nUn saludo,\nRosa",
        "Estimada Noor:\n\nLa lista llegó.\n\nGracias,\nRosa",
    ):
        zones = [zone for zone, _ in _cut(text)]
        assert zones == ["greeting", "body", "closing", "closing"], text


def test_thanks_that_say_what_for_are_no_farewell() -> None:
    for text in ("Es passt.\nDanke für alles.", "Chegou.\nObrigado pela lista.", "Llegó.\nGracias por todo."):
        assert [zone for zone, _ in _cut(text)] == ["body", "body"], text


def test_a_german_date_does_not_end_a_sentence() -> None:
    assert _cut("Bis zum 23. Oktober ist es fertig.") == [("body", "Bis zum 23. Oktober ist es fertig.")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Can you bring the list on Sat. before the fair opens?",
        "I will drop it off on sat. in the morning.",
        "On Thurs. I'll bring it.",
        "We meet Tues. 14 April and again on Wed. at noon.",
        "It is no. 7 on the list, for approx. 30 people, max. 40.",
        "Bis zum 27. das Brett, am 3. dann die Nägel.",
        "Es ist schon zum 12. Mal und der 11. Entwurf.",
        "Das kostet ca. 30 Euro, evtl. mehr, z.B. mit Holz, inkl. Nägel, Hr. Weidner weiß es.",
        "Fale com a Sra. Lopes, pág. 4, p. ex. amanhã, aprox. às três.",
        "Llame a la Sra. Ruiz, p. ej. mañana, núm. 12, aprox. 3 horas.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence_that_goes_on(sentence: str) -> None:
    assert _cut(sentence) == [("body", sentence)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("See you on Sat.", "I'll bring the cake."),
        ("somebody brings it thurs.", "you are always so quick"),
        ("We sat.", "then it rained."),
        ("It stood in the sun.", "nice place."),
        ("I said no.", "Then we left."),
        ("Wir treffen uns am 27.", "Danke dir!"),
        ("There were 27.", "we counted them."),
        ("Quero ver o mar.", "Depois falamos."),
    ],
)
def test_the_same_word_at_the_end_of_a_sentence_does(first: str, second: str) -> None:
    assert _cut(f"{first} {second}") == [("body", first), ("body", second)]


@given(st.text(alphabet="aB .,!?\n-*1…’\t", max_size=200))
def test_sentences_are_in_order_stripped_and_cover_every_letter(text: str) -> None:
    end = 0
    for part in sentences(text):
        assert part.start >= end
        assert text[part.start : part.end] == text[part.start : part.end].strip() != ""
        assert not text[end : part.start].strip()
        end = part.end
    assert not text[end:].strip()


def test_five_megabytes_of_full_stops_take_no_time_to_speak_of() -> None:
    for hostile in ("a. " * 30_000, "?" * 500_000, "\n" * 500_000, "Hi " * 100_000, "x" * 1_000_000):
        began = time.process_time()
        assert all(part.zone in Zone for part in sentences(hostile))
        assert time.process_time() - began < 1
