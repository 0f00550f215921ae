"""An answer by mail counts for what it was given to, though that is over by now, or only a question is left of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recipflow.explain.telling import Said, take_back, tell
from recipflow.model import Asking, Interaction, NudgeKind
from recipflow.store import LifeState, Verb
from tests.daemon.simulation import Computer, Provider, mail
from tests.daemon.test_engine import HELP, MONDAY, answer, letters, on, reply, settings
from tests.letters import ANN, DANA, KWAME

ASK = "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn"
THANKS = "Dear Dana, thank you so much for the new plan, it is wonderful!"
FAVOUR = "Hi Ann,\n\nCould you send me the drawings of the door for my workshop?\n\nKwame"
PROMISE = "Hello Kwame,\n\nI'll send you the drawings by Thursday.\n\nAnn"


def told(root: Path, *mails: tuple[str, str, str, float]) -> Computer:
    """The mails, each from, to, words and day, and an answer to the one before where the same two write."""
    items: list[tuple[datetime, Interaction]] = []
    for number, (sender, to, text, day) in enumerate(mails, 1):
        before = [n for n, one in enumerate(mails[: number - 1], 1) if {*one[:2]} == {sender, to}]
        at = MONDAY + timedelta(days=day)
        items.append((at, mail(number, sender, to, text, at, answers=before[-1] if before else None)))
    return Computer(root, Provider(items=items), MONDAY, settings())


def thanked_since(root: Path) -> Computer:
    """The digest asked for thanks, and the user wrote them before they answered it."""
    computer = told(root, (ANN, DANA, ASK, 0), (DANA, ANN, HELP, 2), (ANN, DANA, THANKS, 3.98))
    computer.until(on(4, 9), timedelta(hours=1))
    return computer


@pytest.mark.parametrize(
    ("label", "verbs", "state"),
    [
        ("Thanked", {Verb.LOG, Verb.DONE}, LifeState.DONE),
        ("Snooze", {Verb.SNOOZE}, LifeState.SNOOZED),
        ("Wrong", {Verb.CORRECT, Verb.WRONG}, LifeState.DISMISSED),
    ],
)
def test_what_is_over_takes_its_answer(
    tmp_path: Path, label: str, verbs: set[Verb], state: LifeState
) -> None:
    computer = thanked_since(tmp_path)
    with computer.session() as session:
        assert not [one for one in session.nudges(computer.now) if one.kind is NudgeKind.THANK]
    answer(computer, reply(letters(computer)[-1], label), "It was no such thing.\n")
    with computer.session() as session:
        assert {one.verb for one in session.store.decisions.standing()} == verbs
        (life,) = [one for one in session.store.decisions.lives().values() if one.kind == "thank"]
        assert life.state is state
        take_back(session.store, computer.now)
        assert session.store.decisions.standing() == ()


def left_lying(root: Path) -> Computer:
    """A promise was pointed out; then the user wrote so much else that it is only asked about."""
    computer = told(root, (KWAME, ANN, FAVOUR, 0), (ANN, KWAME, PROMISE, 0.2))
    computer.until(on(7, 9), timedelta(hours=6))
    busy = [
        mail(50 + n, ANN, f"pat{n}@example.com", "Hi Pat,\n\nSee you.\n\nAnn", on(7, 10, n))
        for n in range(26)
    ]
    computer.provider.items += [(one.at, one) for one in busy]
    computer.until(on(8, 9), timedelta(hours=6))
    return computer


@pytest.mark.parametrize(
    ("label", "verbs"),
    [("Done", {Verb.LOG, Verb.DONE}), ("Snooze", {Verb.SNOOZE}), ("Wrong", {Verb.CORRECT, Verb.WRONG})],
)
def test_what_became_a_question_takes_its_answer_and_is_not_asked(
    tmp_path: Path, label: str, verbs: set[Verb]
) -> None:
    computer = left_lying(tmp_path)
    (asked,) = questions(computer)
    assert asked is Asking.MY_PROMISE
    answer(computer, reply(letters(computer)[0], label), "It was no such thing.\n")
    assert questions(computer) == []
    with computer.session() as session:
        assert {one.verb for one in session.store.decisions.standing()} == verbs
        take_back(session.store, computer.now)
        session.derive(computer.now)
    assert questions(computer) == [asked]


def questions(computer: Computer) -> list[Asking]:
    with computer.session() as session:
        points = list(session.standpoints(computer.now))
        return [one.kind for one in session.questions(points, computer.now)]


def of_one_person_by_now(root: Path) -> Computer:
    """The digest asked to thank Dana, who is found to be Kwame."""
    computer = told(root, (ANN, DANA, ASK, 0), (DANA, ANN, HELP, 2), (ANN, KWAME, PROMISE, 2.5))
    computer.until(on(4, 9), timedelta(hours=1))
    with computer.session() as session:
        one_person = Said(Verb.MERGE, KWAME, {"addresses": [DANA]})
        tell(session.store, one_person, computer.now, touched=(KWAME, DANA))
    return computer


@pytest.mark.parametrize("word", ["done", "snooze", "wrong"])
def test_an_answer_holds_for_the_same_advice_under_the_name_that_two_contacts_have_by_now(
    tmp_path: Path, word: str
) -> None:
    computer = of_one_person_by_now(tmp_path)
    thanks = next(one for one in letters(computer) if ">Thanked<" in one.html)
    answer(computer, reply(thanks, "Thanked").replace(" done ", f" {word} "))
    with computer.session() as session:
        assert NudgeKind.THANK not in {one.kind for one in session.nudges(computer.now) if one.shown}


def test_what_was_said_of_somebody_who_is_another_ones_second_address_by_now_is_entered(
    tmp_path: Path,
) -> None:
    computer = of_one_person_by_now(tmp_path)
    answer(computer, reply(letters(computer)[-1], "Thanked"))
    with computer.session() as session:
        assert [one.verb for one in session.store.decisions.standing()] == [Verb.MERGE, Verb.LOG, Verb.DONE]
        assert not [one for one in session.nudges(computer.now) if one.kind is NudgeKind.THANK]
