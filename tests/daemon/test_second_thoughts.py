"""The user answers a digest by mail, and thinks again: the last answer to the same advice holds, alone."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from recipflow.explain import judging, lookup
from recipflow.explain.telling import take_back
from recipflow.insight.lives import shown
from recipflow.store import Verb
from tests.daemon.simulation import Computer, to_oneself
from tests.daemon.test_engine import HELP, answer, letters, on
from tests.daemon.test_late_answers import ASK, FAVOUR, PROMISE, told
from tests.letters import ANN, DANA, KWAME

ANSWERS = ("done", "snooze", "wrong")
ORDERS = tuple(permutations(range(3), 2))
HANDLED = "It is done already."


def thanks_due(root: Path) -> Computer:
    computer = told(root, (ANN, DANA, ASK, 0), (DANA, ANN, HELP, 2))
    computer.until(on(4, 9), timedelta(hours=12))
    return computer


def promise_due(root: Path) -> Computer:
    computer = told(root, (KWAME, ANN, FAVOUR, 0), (ANN, KWAME, PROMISE, 0.2))
    computer.until(on(7, 9), timedelta(hours=12))
    return computer


DUE = {"thank": thanks_due, "keep_promise": promise_due}


def said(computer: Computer, kind: str, *answers: str) -> None:
    """These are sent one after the other, all from the first digest that tells of that advice."""
    for word in answers:
        verb, _, text = word.partition(": ")
        answer(computer, subject(computer, kind, verb), text)


def subject(computer: Computer, kind: str, verb: str) -> str:
    """That of a mail that says so of that advice, from the first digest that tells of it."""
    with computer.session() as session:
        (key,) = [one.key for one in session.store.decisions.lives().values() if one.kind == kind]
    first = next(letter for letter in letters(computer) if key in letter.html)
    token = re.findall(rf"recipflow%20done%20{key}%20(\w+)", first.html)[0]
    return f"recipflow {verb} {key} {token}"


def done_by_command(computer: Computer, kind: str) -> None:
    with computer.session() as session:
        (key,) = [one.key for one in session.store.decisions.lives().values() if one.kind == kind]
        point, nudge = lookup.nudge(session, key, computer.now)
        judging.done(session, point, nudge, computer.now)
        session.refresh()
        session.derive(computer.now)


def words(computer: Computer) -> list[tuple[Verb, str]]:
    with computer.session() as session:
        return [(one.verb, one.target) for one in session.store.decisions.standing()]


def outcome(computer: Computer, kind: str) -> tuple[list[tuple[Verb, str]], str, set[str]]:
    """What the user has said, what became of the advice, and what stands."""
    with computer.session() as session:
        (life,) = [one for one in session.store.decisions.lives().values() if one.kind == kind]
        standing = {one.key for one in session.nudges(computer.now) if one.shown}
    return words(computer), life.state.value, standing


@pytest.mark.parametrize("kind", DUE)
@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_the_later_answer_holds_as_if_it_had_been_the_only_one(
    tmp_path: Path, kind: str, first: int, second: int
) -> None:
    once, twice = DUE[kind](tmp_path / "once"), DUE[kind](tmp_path / "twice")
    said(once, kind, ANSWERS[second])
    said(twice, kind, ANSWERS[first], ANSWERS[second])
    kept = [one for one in words(twice) if one[0] is Verb.SNOOZE] if ANSWERS[first] == "snooze" else []
    alone, state, standing = outcome(once, kind)
    assert outcome(twice, kind) == ([*kept, *alone], state, standing)


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_undo_of_the_later_answer_lets_the_earlier_one_hold_again(
    tmp_path: Path, first: int, second: int
) -> None:
    kind, computer = "keep_promise", promise_due(tmp_path)
    said(computer, kind, ANSWERS[first])
    before = outcome(computer, kind)
    said(computer, kind, ANSWERS[second])
    with computer.session() as session:
        take_back(session.store, computer.now)
        session.refresh()
        session.derive(computer.now)
    assert outcome(computer, kind) == before


def test_another_reason_for_which_it_is_wrong_holds_in_the_place_of_the_first(tmp_path: Path) -> None:
    computer = thanks_due(tmp_path)
    said(computer, "thank", "wrong", f"wrong: {HANDLED}")
    with computer.session() as session:
        (word,) = session.store.decisions.standing(Verb.WRONG)
        assert word.payload["because"] == "already-handled"
        assert not session.store.decisions.standing(Verb.CORRECT)


@pytest.mark.parametrize("kind", DUE)
@pytest.mark.parametrize("by", ["mail", "command"])
def test_what_was_written_before_the_last_word_and_is_read_after_it_changes_nothing(
    tmp_path: Path, kind: str, by: str
) -> None:
    computer = DUE[kind](tmp_path)
    computer.now += timedelta(hours=2)
    if by == "mail":
        said(computer, kind, "done")
    else:
        done_by_command(computer, kind)
    before, late = outcome(computer, kind), timedelta(hours=1)
    letter = subject(computer, kind, "snooze")
    computer.provider.items.append((computer.now, to_oneself(ANN, computer.now - late, letter, "")))
    computer.now += timedelta(minutes=1)
    computer.work()
    assert outcome(computer, kind) == before


def test_of_two_mails_the_one_written_later_holds_though_the_other_was_read_after_that(
    tmp_path: Path,
) -> None:
    computer = promise_due(tmp_path)
    wrote = [computer.now + timedelta(minutes=number) for number in range(3)]
    mails = [
        to_oneself(ANN, at, subject(computer, "keep_promise", word), "")
        for at, word in zip(wrote, ("snooze", "done", "snooze"), strict=True)
    ]
    read_at = computer.now + timedelta(hours=1)
    for number, read in enumerate((1, 0, 2)):
        computer.now = read_at + timedelta(hours=number)
        computer.provider.items.append((computer.now, mails[read]))
        computer.now += timedelta(minutes=1)
        computer.work()
    assert words(computer)[-1][0] is Verb.SNOOZE
    with computer.session() as session:
        (word,) = session.store.decisions.standing(Verb.SNOOZE)
        assert word.payload["written"] == wrote[2].isoformat()


def test_never_counts_after_an_answer_and_an_answer_after_never(tmp_path: Path) -> None:
    computer = thanks_due(tmp_path)
    said(computer, "thank", "snooze", "never", "never", "done")
    assert [verb for verb, _ in words(computer)] == [Verb.SNOOZE, Verb.NEVER, Verb.LOG, Verb.DONE]


def test_a_look_before_the_digest_takes_nothing_from_it_on_the_day_something_comes_back(
    tmp_path: Path,
) -> None:
    computer = thanks_due(tmp_path)
    said(computer, "thank", "snooze")
    computer.until(on(11, 6), timedelta(hours=12))
    before = len(letters(computer))
    with computer.session() as session:
        nudges = [one for one in session.nudges(computer.now) if one.shown]
        lives = session.store.decisions.lives()
        session.store.decisions.put_lives(shown(nudges, lives, computer.now, session.zone))
    computer.until(on(11, 9), timedelta(hours=1))
    assert ["Dana helped you" in letter.text for letter in letters(computer)[before:]] == [True]
    computer.until(on(14, 9), timedelta(hours=12))
    assert len(letters(computer)) == before + 1


def test_what_comes_back_from_a_snooze_can_be_put_off_again_by_the_same_digest(tmp_path: Path) -> None:
    computer = thanks_due(tmp_path)
    said(computer, "thank", "snooze")
    computer.until(on(12), timedelta(hours=12))
    said(computer, "thank", "snooze")
    assert [verb for verb, _ in words(computer)] == [Verb.SNOOZE, Verb.SNOOZE]
