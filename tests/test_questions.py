"""Where reading is not sure enough for advice, the user is asked: seldom, briefly, and never again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from recipflow.advice import Advice
from recipflow.insight import Standpoint
from recipflow.insight.asking import MOST, questions
from recipflow.insight.lives import MOST_SHOWN, shown
from recipflow.ledger.text import from_text, to_text
from recipflow.model import (
    Act,
    ActType,
    Asking,
    Contact,
    Flag,
    Kind,
    NudgeKind,
    ProfileName,
    Question,
    Side,
    Tag,
)
from recipflow.store import Life, LifeState
from tests.ledgers import DANA, MONDAY, ZONE, act, advised, entry, folded

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, PROMISE, THANKS = ActType.ASK, ActType.GIVE, ActType.PROMISE, ActType.THANKS


def unsure(what: ActType, confidence: float, kind: Kind = Kind.HELP, **more: object) -> Act:
    return replace(act(what, 1, kind), confidence=confidence, counts=confidence >= 0.6, **more)  # type: ignore[arg-type]


def asked(advice: Advice) -> set[Asking]:
    return {one.kind for one in advice.questions}


@pytest.mark.parametrize("confidence", [0.55, 0.7])
def test_an_ask_that_may_be_none_is_asked_about_and_not_advised(confidence: float) -> None:
    advice = advised([entry(0, THEM, unsure(ASK, confidence))], 3)
    assert asked(advice) == {Asking.THEIR_ASK}
    assert NudgeKind.REPLY_OWED not in {nudge.kind for nudge in advice.nudges}


def test_a_sure_ask_is_advice_and_no_question() -> None:
    advice = advised([entry(0, THEM, unsure(ASK, 0.95))], 3)
    assert asked(advice) == set()
    assert NudgeKind.REPLY_OWED in {nudge.kind for nudge in advice.nudges}


@pytest.mark.parametrize("flag", [Flag.ELSEWHERE, Flag.BY_POST])
def test_what_no_mail_of_mine_shows_is_asked_about_however_sure_it_is(flag: Flag) -> None:
    aside = unsure(ASK, 0.95, flags=frozenset({flag}))
    assert asked(advised([entry(0, THEM, aside)], 3)) == {Asking.THEIR_ASK}


def test_a_promise_that_goes_by_post_is_asked_about() -> None:
    promised = unsure(PROMISE, 0.95, flags=frozenset({Flag.BY_POST}))
    assert asked(advised([entry(0, ME, promised)], 9)) == {Asking.MY_PROMISE}


@pytest.mark.parametrize("what", [Kind.MEETING, Kind.HELP])
def test_a_promise_to_meet_or_to_help_some_day_is_asked_about_and_stands_once_the_user_said_yes(
    what: Kind,
) -> None:
    read, said = (advised([entry(0, ME, unsure(PROMISE, sure, what))], 9) for sure in (0.97, 1.0))
    assert asked(read) == {Asking.MY_PROMISE}
    assert not asked(said)
    assert NudgeKind.KEEP_PROMISE in {nudge.kind for nudge in said.nudges}


def test_a_question_comes_when_the_advice_would() -> None:
    assert not advised([entry(0, THEM, unsure(ASK, 0.7))], 1).questions


@pytest.mark.parametrize("confidence", [0.55, 0.7])
def test_my_answer_settles_what_they_may_have_asked(confidence: float) -> None:
    assert not advised([entry(0, THEM, unsure(ASK, confidence)), entry(1, ME)], 3).questions


def test_a_promise_of_mine_that_may_be_none_is_asked_about() -> None:
    assert asked(advised([entry(0, ME, unsure(PROMISE, 0.7))], 9)) == {Asking.MY_PROMISE}


def test_whether_a_gift_helped_is_asked_once_they_wrote_again_without_a_word_of_it() -> None:
    gift = entry(0, ME, act(GIVE, 3, Kind.RESOURCE))
    assert not advised([gift], 5).questions
    assert asked(advised([gift, entry(2, THEM, thread="other")], 5)) == {Asking.MY_GIVE}
    assert not advised([gift, entry(2, THEM, act(THANKS))], 5).questions


def test_thanks_in_a_letter_of_their_own_say_that_it_helped_where_they_can_mean_nothing_else() -> None:
    gift = entry(0, ME, act(GIVE, 3, Kind.RESOURCE))
    other = entry(1, ME, act(GIVE, 1, Kind.INFO, routine=True), thread="more")
    thanks = entry(2, THEM, act(THANKS, quote="Thank you so much!"), thread="new")
    named = entry(2, THEM, act(THANKS, quote="Thanks for dinner last night!"), thread="new")
    late = entry(8, THEM, act(THANKS, quote="Thank you so much!"), thread="new")
    assert not advised([gift, thanks], 5).questions
    for entries, day in (([gift, other, thanks], 5), ([gift, named], 5), ([gift, late], 9)):
        assert asked(advised(entries, day)) == {Asking.MY_GIVE}


def test_whether_a_strangers_present_helped_is_not_asked_for_it_counts_nothing_anyway() -> None:
    present = entry(0, ME, act(GIVE, 3, Kind.GIFT, notable=True))
    heard = entry(2, THEM, thread="other")
    assert not advised([present, heard], 5).questions
    assert asked(advised([entry(-9, THEM), present, heard], 5)) == {Asking.MY_GIVE}


def test_whether_the_answer_to_what_may_be_my_ask_is_open_is_asked_when_a_reminder_would_come() -> None:
    mine = [entry(0, ME, unsure(ASK, 0.8, Kind.ADVICE))]
    assert not advised(mine, 1).questions
    advice = advised(mine, 9)
    assert asked(advice) == {Asking.MY_ASK}
    assert NudgeKind.FOLLOW_UP not in {nudge.kind for nudge in advice.nudges}


def test_of_a_sure_ask_of_mine_nothing_is_asked() -> None:
    advice = advised([entry(0, ME, unsure(ASK, 0.95, Kind.ADVICE))], 9)
    assert asked(advice) == set()
    assert NudgeKind.FOLLOW_UP in {nudge.kind for nudge in advice.nudges}


def test_an_ask_of_mine_is_asked_about_once_however_often_i_repeated_it() -> None:
    mine = unsure(ASK, 0.8, Kind.ADVICE)
    (before,) = advised([entry(0, ME, mine)], 9).questions
    (after,) = advised([entry(0, ME, mine), entry(9.1, ME, mine)], 20).questions
    assert after.key == before.key


def test_an_answer_of_theirs_leaves_nothing_to_ask_about_my_ask() -> None:
    assert not advised([entry(0, ME, unsure(ASK, 0.8, Kind.ADVICE)), entry(1, THEM)], 9).questions


def test_what_is_too_uncertain_to_count_moves_nothing() -> None:
    doubted = [entry(0, THEM, unsure(ASK, 0.55)), entry(0.1, ME, unsure(PROMISE, 0.55), thread="p")]
    plain = [entry(0, THEM), entry(0.1, ME, thread="p")]
    assert folded(doubted, 5).standing == folded(plain, 5).standing
    assert folded(doubted, 5).items == ()


def test_doubts_and_hopes_come_back_from_the_store() -> None:
    entries = [entry(0, THEM, unsure(ASK, 0.55)), entry(1, ME, act(GIVE, 3), thread="g")]
    relationship = folded([entries[1], replace(entries[0], at=MONDAY + timedelta(days=2))], 5)
    assert relationship.doubts
    assert relationship.hopes
    assert from_text(to_text(relationship)) == relationship


@pytest.mark.parametrize(
    "contact",
    [
        replace(DANA, tags=frozenset({Tag.NEVER})),
        replace(DANA, tags=frozenset({Tag.PRIVATE})),
        replace(DANA, profile=ProfileName.CLOSE),
    ],
    ids=["never", "private", "close"],
)
def test_nobody_is_asked_about_those(contact: Contact) -> None:
    assert not advised([entry(0, THEM, unsure(ASK, 0.7))], 3, contact).questions


def points(count: int, day: float = 3) -> list[Standpoint]:
    """So many people, of each of whom something is asked on that day."""
    found = []
    for number in range(count):
        contact = replace(DANA, id=f"{number}@x.example", addresses=(f"{number}@x.example",))
        entries = [entry(number * 0.01, THEM, unsure(ASK, 0.7))]
        found.append(
            Standpoint(
                contact=contact,
                relationship=folded(entries, day, contact),
                advice=advised(entries, day, contact),
            )
        )
    return found


def put(
    found: Iterable[Standpoint], lives: dict[str, Life], day: float, *, alone: bool = False
) -> list[Question]:
    """What is put to the user on that day; it is remembered."""
    now = MONDAY + timedelta(days=day)
    chosen = [one for one in questions(found, lives, now, ZONE, alone=alone) if one.shown]
    lives |= {life.key: life for life in shown(chosen, lives, now, ZONE)}
    return chosen


def test_a_digest_asks_two_questions_at_most_and_the_same_ones_all_day() -> None:
    lives: dict[str, Life] = {}
    first = put(points(5), lives, 3)
    assert len(first) == MOST
    assert put(points(5), lives, 3.2) == first


def test_an_answered_question_is_not_replaced_before_tomorrow_and_never_comes_back() -> None:
    lives: dict[str, Life] = {}
    first, second = put(points(5), lives, 3)
    lives[first.key] = replace(lives[first.key], state=LifeState.DONE)
    assert put(points(5), lives, 3.2) == [second]
    later = put(points(5), lives, 4)
    assert len(later) == MOST
    assert first not in later


def test_no_question_is_put_a_fourth_time() -> None:
    lives: dict[str, Life] = {}
    days = [put(points(1), lives, 3 + day) for day in range(6)]
    assert [len(one) for one in days] == [1] * MOST_SHOWN + [0] * (6 - MOST_SHOWN)


def test_without_advice_to_come_with_questions_come_once_a_week() -> None:
    lives: dict[str, Life] = {}
    days = [len(put(points(6, 3 + day), lives, 3 + day, alone=True)) for day in range(9)]
    assert days == [2, 0, 0, 0, 0, 0, 0, 2, 0]


def test_an_invitation_to_tender_asks_for_no_favour_and_nobody_is_asked_about_it() -> None:
    official = replace(act(ASK, 0.1, flags=[Flag.DECISION], quote="You are invited to quote."), counts=False)
    for confidence in (0.55, 0.7, 0.95):
        letter = entry(0, THEM, unsure(ASK, confidence), official)
        assert asked(advised([letter], 3)) == set()
        assert NudgeKind.REPLY_OWED not in {nudge.kind for nudge in advised([letter], 3).nudges}
    beside = replace(unsure(ASK, 0.95), position=4)
    assert NudgeKind.REPLY_OWED in {
        nudge.kind for nudge in advised([entry(0, THEM, beside, official)], 3).nudges
    }


def test_what_is_of_no_kind_in_particular_is_called_something() -> None:
    for kind, what in ((Kind.HELP, None), (Kind.INTRO, Kind.INTRO)):
        (question,) = advised([entry(0, THEM, unsure(ASK, 0.7, kind))], 3).questions
        assert question.facts.get("what") == what
