"""The words a pattern needs."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from recipflow.rules.needed import needed, words
from recipflow.rules.patterns import plain


def asked(pattern: str) -> list[set[str]]:
    return sorted(({word.decode() for word in one_of} for one_of in needed(pattern)), key=sorted)


def test_of_each_stretch_between_gaps_a_word_is_needed() -> None:
    assert asked(r"\b(?:send|mail) (?:\w+ )*the .*\bfiles?\b") == [
        {"file", "files"},
        {"mail", "send"},
        {"the"},
    ]


def test_a_word_that_may_go_on_is_not_asked_for() -> None:
    assert asked(r"\bintro\w* .*thank") == []
    assert asked(r"\bthank(?:s| you)\b.*") == [{"thank", "thanks"}]


def test_of_branches_each_needs_its_own_or_none_is_asked_for() -> None:
    assert asked(r"(?:^please|\bkindly\b) .*") == [{"kindly", "please"}]
    assert asked(r"(?:^please .*|\S+@)x") == []


def test_what_may_be_missing_is_not_asked_for_and_ends_no_word() -> None:
    assert asked(r"^(?:(?:ok|well)[ ,]+)*send .*") == [{"send"}]
    assert asked(r"a{0,3}b .*") == []


def test_a_question_is_a_word_and_any_digit_stands_for_all() -> None:
    assert asked(r"\bat \d{1,2}\b.*\?") == [{"0", "00"}, {"?"}, {"at"}]
    assert words(b"free at 15, or 9?") == [b"free", b"at", b"00", b"or", b"0", b"?"]


_LEAVES = r"a|b|ab|\b|.|\w|\d|1|[ab]|[^a]|[ ,]|[a-b]|\?|;|\W|\s|^|$|é| "
LEAVES = st.sampled_from(_LEAVES.split("|"))
PATTERNS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "+?"])).map(
            lambda both: f"(?:{both[0]}){both[1]}"
        ),
    ),
    max_leaves=12,
)
TEXTS = st.text("ab 1,?;_\u00e9", max_size=14).map(plain)


@given(PATTERNS, TEXTS)
def test_whatever_a_pattern_hits_has_the_words_that_it_needs(pattern: str, text: str) -> None:
    if re.search(pattern, text, re.ASCII):
        said = set(words(text.encode()))
        assert all(not said.isdisjoint(one_of) for one_of in needed(pattern))
