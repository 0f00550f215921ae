"""Rule packs: what the loader refuses, what examples prove, and one dialect in two engines."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.errors import UserError
from recipflow.model import Side
from recipflow.rules.automata import LINEAR
from recipflow.rules.loading import load
from recipflow.rules.patterns import LoopMatcher, SetMatcher, plain, problem
from recipflow.rules.proving import proven

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "rules" / "recipflow_rules"
HAND = ROOT.parent / "shared" / "data" / "acts_dev" / "hand_dev.jsonl"

GUIDE = r"""
language = "en"

[words]
thing = '''(?:guide|checklist)'''

[[rule]]
id = "sent-guide"
act = "give"
by = "me"
kind = "resource"
size = 2
text = ['''\bhere(?:'s| is) the {thing}\b''']
subject = ['''^for you''']
attachments = ['''guide\.pdf$''']
unless = ['''\binvoice\b''']
because = "you sent something they can use"
matches = ["Here's the checklist we talked about", { subject = "For you", attachments = ["guide.pdf"] }]
not = ["Here is the invoice for May", { text = "Here is the guide", by = "them" }]
"""


def _tables(**files: str) -> dict[str, Mapping[str, object]]:
    return {f"{name}.toml": tomllib.loads(text) for name, text in files.items()}


def _installed() -> dict[str, Mapping[str, object]]:
    paths = [*sorted(PACKS.glob("??/*.toml")), PACKS / "meeting.toml"]
    return {
        f"{path.parent.name}/{path.name}": tomllib.loads(path.read_text(encoding="utf-8")) for path in paths
    }


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(UserError) as caught:
        proven(_tables(mine=text))
    return caught.value.problems


def test_a_piece_of_pattern_may_be_a_list_of_its_alternatives() -> None:
    listed = GUIDE.replace("'''(?:guide|checklist)'''", "['guide', 'checklist']")
    assert listed != GUIDE
    proven({"x.toml": tomllib.loads(listed)})
    with pytest.raises(UserError, match=r"words\.thing must be a piece of pattern, or a list of them"):
        load({"x.toml": tomllib.loads(listed.replace("['guide', 'checklist']", "[]"))})


def test_the_design_document_s_rule_loads_and_proves_itself() -> None:
    packs = proven(_tables(mine=GUIDE))
    assert packs[0].rules[0].text == (r"\bhere(?:'s| is) the (?:(?:guide|checklist))\b",)


def test_every_installed_pack_keeps_to_the_dialect_and_to_its_examples() -> None:
    proven(_installed())


def test_every_problem_of_a_pack_is_reported_at_once_with_file_and_rule() -> None:
    problems = _problems(
        r"""
colour = "red"
[[rule]]
id = "one"
act = "donate"
text = ['''(?<=a)b''', '''(''', '''x*''']
because = "x"
matches = []
[[rule]]
id = "two"
act = "ask"
kind = "elephant"
size = 90
flags = ["shiny"]
confidence = 2
routine = true
notable = true
patterns = ["y"]
because = 3
not = ["a"]
"""
    )
    text = "\n".join(problems)
    assert all(problem.startswith("mine.toml") for problem in problems)
    for expected in (
        "unknown key 'colour'",
        "one: act = 'donate'",
        "one: text: '(?<=a)b'",
        "one: text: '('",
        "one: text: 'x*': it hits the empty text",
        "one: matches must list",
        "one: not is missing",
        "two: kind = 'elephant'",
        "two: size",
        "two: flags: 'shiny'",
        "two: confidence",
        "two: routine and notable",
        "two: unknown key 'patterns'",
        "two: because must be a text",
        "two: matches is missing",
        "two: it needs text",
    ):
        assert expected in text


def test_a_rule_that_fails_its_examples_does_not_load() -> None:
    problems = _problems(
        """
[[rule]]
id = "hello"
act = "thanks"
text = ["hello"]
because = "x"
matches = ["Goodbye"]
not = ["Hello there, friend of mine"]
"""
    )
    assert problems == (
        "mine.toml: hello: must match, and does not: 'Goodbye'",
        "mine.toml: hello: must not match, and does: 'Hello there, friend of mine'",
    )


def test_examples_are_tried_though_other_rules_have_problems_of_their_own() -> None:
    rule = GUIDE.partition("[[rule]]")[2]
    others = [
        rule.replace("sent-guide", "sent-map").replace("size = 2", 'size = "2"'),
        rule.replace("sent-guide", "sent-note").replace("Here's the checklist", "Bring the checklist"),
    ]
    assert _problems("[[rule]]".join([GUIDE, *others])) == (
        "mine.toml: sent-map: size must be a number",
        "mine.toml: sent-note: must match, and does not: 'Bring the checklist we talked about'",
    )


@pytest.mark.parametrize("name", ["words", "words-of-thanks", "words.thing", "words must be kind"])
def test_a_rule_that_is_called_like_the_pieces_of_patterns_hides_no_example_of_another(name: str) -> None:
    rule = GUIDE.partition("[[rule]]")[2]
    wrong = rule.replace("sent-guide", name).replace("size = 2", 'size = "2"')
    failing = GUIDE.replace("Here's the checklist", "Bring the checklist")
    assert _problems(f"{failing}[[rule]]{wrong}") == (
        f"mine.toml: {name}: size must be a number",
        "mine.toml: sent-guide: must match, and does not: 'Bring the checklist we talked about'",
    )


def test_where_a_piece_of_pattern_is_wrong_no_example_is_blamed_for_it() -> None:
    assert _problems(GUIDE.replace("'''(?:guide|checklist)'''", "5")) == (
        "mine.toml: words.thing must be a piece of pattern, or a list of them",
    )


def test_an_example_that_names_no_writer_is_by_whom_the_rule_is_about() -> None:
    """The guide that they send: its plain examples need no `by`, and the one by somebody else stays so."""
    theirs = GUIDE.replace('by = "me"', 'by = "them"').replace('guide", by = "them"', 'guide", by = "me"')
    packs = proven(_tables(mine=theirs))
    assert [one.by for one in packs[0].rules[0].not_] == [Side.THEM, Side.ME]


def test_an_id_taken_in_another_file_is_refused() -> None:
    with pytest.raises(UserError, match=r"b\.toml: sent-guide: this id is taken in a\.toml"):
        load(_tables(a=GUIDE, b=GUIDE))


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b",
        "(?!a)b",
        "(?<!a)b",
        r"(a)\1",
        "(?P<n>a)",
        "(?i)a",
        "a++",
        "(?>a)b",
        r"a\Z",
        r"\p{L}",
        "[[:alpha:]]",
    ],
)
def test_what_re2_or_re_alone_would_understand_is_not_in_the_dialect(pattern: str) -> None:
    assert problem(pattern) is not None


@pytest.mark.parametrize("pattern", [r"\?+", r"a\+\+", r"\\p", "(?:a|b)+c", "[+*]+x", r"\(\?=", "a{2,3}"])
def test_what_only_looks_foreign_is_in_the_dialect(pattern: str) -> None:
    assert problem(pattern) is None


def test_case_curly_quotes_and_line_ends_never_matter() -> None:
    assert plain("I’ll\nSEND  it") == "i'll send it"
    assert SetMatcher([[r"\bI'll send\b"]]).hits(plain("I’LL\nsend it")) == (0,)


def test_phrases_and_patterns_with_gaps_of_one_rule_are_one_group() -> None:
    groups = [[r"\bthe (?:\w+ ){0,3}checklist\b", r"\bthank you\b"], [r"a.*b|c"]]
    for text, hits in (("the list", ()), ("the long checklist", (0, 1)), ("thank you", (0,)), ("arab", (1,))):
        assert SetMatcher(groups).hits(text) == LoopMatcher(groups).hits(text) == hits


def test_a_gap_with_bounds_is_counted_exactly() -> None:
    groups = [[r"\bseat.{2,4}you\b"], [r"^(?:\w+ ){2}now.*$"], [r"x[{2}]\{2}.*y"]]
    for text, hits in (
        ("seat you", ()),
        ("seat a you", (0,)),
        ("seat for all of you", ()),
        ("not now", ()),
        ("do it now", (1,)),
        ("x2{2}y", (2,)),
        ("x22y", ()),
    ):
        assert SetMatcher(groups).hits(text) == LoopMatcher(groups).hits(text) == hits


WORD = st.sampled_from(
    ["a", "the", "guide", "please", "send", "i'll", "?", "é", "12", "don't", "thank", "you", "ſ", ","]
)
TEXT = st.lists(WORD, max_size=12).map(" ".join)
GROUPS = (
    (r"\bthe\b.*\bguide\b", r"^please"),
    (r"\b(?:i'll|you) send\b",),
    (r"\w+ (?:\w+ ){0,2}you\b", r"\d{2}"),
    (r"é", r"don't$"),
    (),
    (r"[^a-z ]\?", r"\bTHANK you\b"),
    (r"\bplease.{2,9}\bthe\b.{0,5}[,?]",),
)


@given(TEXT)
def test_both_engines_find_the_same(text: str) -> None:
    if not LINEAR:
        pytest.skip("RE2 has no wheel here: there is only one engine")
    assert SetMatcher(GROUPS).hits(plain(text)) == LoopMatcher(GROUPS).hits(plain(text))


def test_both_engines_find_the_same_in_real_mail() -> None:
    if not LINEAR:
        pytest.skip("RE2 has no wheel here: there is only one engine")
    if not HAND.exists():
        pytest.skip("the labelled mail is not beside the repository")
    groups = [rule.text for pack in load(_installed(), proven=True) for rule in pack.rules]
    one, other = SetMatcher(groups), LoopMatcher(groups)
    with HAND.open(encoding="utf-8") as lines:
        for _, line in zip(range(60), lines, strict=False):
            text = plain(json.loads(line)["text"][:1500])
            assert one.hits(text) == other.hits(text)


def test_without_re2_the_packs_prove_themselves_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recipflow.rules.patterns.LINEAR", False)
    proven(_installed())


NEIGHBOURS = r"""
language = "en"

[[rule]]
id = "sent-on"
act = "give"
text = ['''^it is {what}''']
before = ['''\bparcel\b''']
after = ['''\bstreet\b''']
because = "you sent it on"
matches = ["The parcel came. It is on its way. To Bo. Number 12. Harbour Street."]
not = [
    "It is on its way. To Harbour Street.",
    "The parcel came. It is on its way.",
    "The parcel came. You know. It is on its way. To Harbour Street.",
    "The parcel came. It is on its way. To Bo. At number 12. You know. Harbour Street.",
]
""".replace("{what}", "on its way")


def test_a_rule_may_look_at_the_sentences_around_its_own() -> None:
    proven(_tables(mine=NEIGHBOURS))
