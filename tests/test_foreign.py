"""Whatever a stranger puts into a name or a subject, it comes out as one harmless line."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from recipflow.foreign import QUOTE_LENGTH, harmless, name_line, one_line


def test_plain_words_pass_as_they_are() -> None:
    assert (
        one_line("Thanks, Adèle — it was 3° and sunny. ありがとう!")
        == "Thanks, Adèle — it was 3° and sunny. ありがとう!"
    )


def test_line_ends_and_tabs_become_spaces() -> None:
    assert one_line("one\r\ntwo\u2028three\tfour\x0bfive") == "one two three four five"


def test_terminal_escapes_lose_their_escape() -> None:
    assert "\x1b" not in one_line("\x1b[31mred\x1b[0m \x9b31m")


def test_lines_stay_lines_where_nothing_is_cut() -> None:
    assert (
        harmless("Do this:\n\n    recipflow  sync\x1b[2J\u202e\n") == "Do this:\n\n    recipflow  sync [2J\n"
    )


def test_overrides_of_the_writing_direction_are_dropped() -> None:
    assert one_line("invoice\u202egpj.exe\u2066\u200f") == "invoicegpj.exe"


def test_words_written_from_right_to_left_pass() -> None:
    assert name_line("نور حداد") == "نور حداد"


def test_joined_letters_and_emoji_stay_joined() -> None:
    assert one_line("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_a_heap_of_accents_is_thinned_and_real_accents_stay() -> None:
    assert len(one_line("Z" + "\u0335" * 500)) <= 5
    assert one_line("e\u0301") == "e\u0301"


def test_a_long_quote_is_cut_at_a_word() -> None:
    shortened = one_line("word " * 100)
    assert len(shortened) <= QUOTE_LENGTH
    assert shortened.endswith("word…")


@given(st.text(max_size=3000), st.integers(min_value=10, max_value=300))
def test_any_text_becomes_one_short_printable_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in line)
    assert one_line(line, limit) == line
