"""Asks whose answer mail cannot show, and those that time has overtaken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recipflow import assembly
from recipflow.advice.moot import answered_elsewhere, elsewhere, moot_from, unseen
from recipflow.ledger.answers import opened
from recipflow.ledger.relationship import OpenItem, OpenKind
from recipflow.model import ActType, Channel, Entry, Flag, Kind, Message, Party, Side

AT = datetime(2026, 3, 2, 9, 36, tzinfo=UTC)
MONDAY = 20_514.4  # 2 March 2026, in the morning
ME, DANA = "noor@haddad.example", "dana@ruiz.example"
READER = assembly.reader()


def asked(quote: str, what: Kind = Kind.MEETING, about: date | None = None) -> OpenItem:
    return OpenItem(
        kind=OpenKind.THEIR_ASK,
        what=what,
        at=MONDAY,
        last=MONDAY,
        thread="t",
        interaction="i",
        quote=quote,
        about=about,
    )


def read(text: str, subject: str = "") -> OpenItem:
    """What Dana's letter asks, as the rules read it."""
    message = Message(id="1", at=AT, sender=Party(DANA), to=(Party(ME),), subject=subject, text=text)
    act = next(one for one in READER.read(message, frozenset({ME})).acts if one.act is ActType.ASK)
    entry = Entry(interaction="1", at=AT, by=Side.THEM, thread="t", channel=Channel.MAIL, acts=(act,))
    return opened(OpenKind.THEIR_ASK, entry, act, MONDAY)


def test_an_ask_about_a_day_is_moot_when_that_day_is_over() -> None:
    assert moot_from(asked("Are you free on Tuesday?"), UTC) == 20_516.0


def test_advice_for_a_day_is_of_no_use_after_it() -> None:
    assert moot_from(asked("For Tuesday, should I wear a suit?", Kind.ADVICE), UTC) == 20_516.0


def test_a_look_asked_for_within_a_week_can_still_be_taken_after_it() -> None:
    assert moot_from(asked("Could Mo or you have a look at it this week?", Kind.ADVICE), UTC) is None


def test_an_ask_about_no_day_is_never_moot() -> None:
    assert moot_from(asked("Would you like to have lunch?"), UTC) is None


def test_a_thing_to_be_done_by_a_day_is_late_and_not_moot() -> None:
    assert moot_from(asked("Please send me the file on Tuesday.", Kind.RESOURCE), UTC) is None


def test_a_question_of_the_hour_is_moot_the_same_night() -> None:
    assert moot_from(read("Are you still there?"), UTC) == 20_515.0


def test_the_day_may_stand_in_another_sentence() -> None:
    item = read("We are on for Wednesday at ten. Can you let me know which number to call?")
    assert moot_from(item, UTC) == 20_517.0


def test_the_day_may_stand_in_the_subject() -> None:
    assert moot_from(read("When do you think you will make it?", subject="Re: Saturday"), UTC) == 20_520.0


def test_a_document_is_wanted_whatever_day_the_letter_speaks_of() -> None:
    assert moot_from(asked("Send me the file.", Kind.RESOURCE, date(2026, 3, 3)), UTC) is None


@pytest.mark.parametrize(
    "text", ["Please call me when you land.", "Please give me a ring.", "Please stop by any time."]
)
def test_what_is_asked_by_voice_is_answered_by_voice(text: str) -> None:
    assert Flag.BY_VOICE in read(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "If not please tell me.",
        "Please review the attached sheet. Please call if you have questions.",
        "Please consider my views on this.",
    ],
)
def test_silence_answers_what_is_asked_on_a_condition(text: str) -> None:
    assert answered_elsewhere(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Let me know if you agree.",
        "If you would please send the list.",
        "Can you come if it rains?",
        "Please review the attached sheet. I need your comments by Friday.",
    ],
)
def test_a_condition_of_courtesy_still_wants_an_answer(text: str) -> None:
    assert not answered_elsewhere(read(text))


@pytest.mark.parametrize("text", ["Please send him your resume.", "Would you mind letting Lena know?"])
def test_what_is_for_a_third_is_said_to_be(text: str) -> None:
    assert Flag.ELSEWHERE in read(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "Do we tell Lena first, or do you want to talk to them yourself?",
        "Could we have a short call next week?",
        "Would you mind a visit by somebody from our school on Tuesday?",
    ],
)
def test_what_their_own_word_answers_is_for_nobody_else(text: str) -> None:
    item = read(text)
    assert not elsewhere(replace(item, what=Kind.MEETING if "call" in text or "visit" in text else Kind.INFO))


def test_an_errand_to_a_third_is_for_somebody_else_though_it_is_a_question() -> None:
    assert elsewhere(replace(read("Could you ask her what it costs?"), what=Kind.INFO))


def test_an_ask_for_a_month_outlives_the_days_that_its_letter_names() -> None:
    item = read("We moved at the weekend and all went well. Is the old hall still open to us in April?")
    assert moot_from(item, UTC) == 20_574.0


def test_what_can_only_be_done_today_is_past_tomorrow() -> None:
    assert moot_from(asked("Can you include me in the meeting today?", Kind.HELP), UTC) == 20_515.0


def test_what_happened_today_does_not_say_when_it_is_wanted() -> None:
    assert moot_from(asked("Can you check the sums I sent today?", Kind.HELP), UTC) is None


def test_what_is_to_be_done_by_a_later_day_is_late_and_not_past() -> None:
    assert moot_from(asked("Could you paint it on Thursday?", Kind.HELP), UTC) is None


@pytest.mark.parametrize(
    "text",
    [
        "Could you sign it before 1:00 pm?",
        "We need to post two after the close today. Can you get that approved?",
        "There is a lunch today. Could you have the list ready by then?",
    ],
)
def test_what_was_for_an_hour_of_that_day_is_over_with_it(text: str) -> None:
    assert moot_from(read(text), UTC) == 20_515.0


def test_an_hour_of_another_day_is_not_of_this_one() -> None:
    assert moot_from(read("Could you sign it by noon on Friday?"), UTC) != 20_515.0


def test_what_goes_to_a_pager_is_of_that_day() -> None:
    assert moot_from(asked("Could you sign it?", Kind.HELP), UTC, hasty=True) == 20_515.0


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Please send two signed originals by courier.", Flag.BY_POST),
        ("Could you make a copy of the plan for me? You can interoffice mail it.", Flag.BY_POST),
        ("Please send the book to my home:\nNoor Haddad\n12 Harbour Street\nPorto", Flag.BY_POST),
        ("The auction is over. Can you mail this one for me?", Flag.BY_POST),
        ("Please add Bo to your mailing list.", Flag.ELSEWHERE),
        ("Could you come in May? If so, please let Lena know.", Flag.ELSEWHERE),
    ],
)
def test_an_ask_that_no_letter_answers_is_said_to_be_one(text: str, flag: Flag) -> None:
    item = read(text)
    assert flag in item.flags
    assert not answered_elsewhere(item)  # of theirs, the user is asked
    assert unseen(item) is (flag is Flag.BY_POST)
