"""From mail to advice: what may not wait any more is no advice, whatever was read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from recipflow.insight.lying import MUCH
from recipflow.model import NudgeKind
from recipflow.trial import trial
from tests.mailbox import ME, days, mail, write_folder

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
JANE = "Jane Roeburn <jane.roeburn@quarry.example>"
WILL = "Will Tarn <will@haddad.example>"  # of the user's own house
PETRA = "Petra Lind <petra@lind.example>"
PROMISED = "Hi Jane,\n\nI will send you the survey of the harbour wall by Thursday, 12 March.\n\nNoor"

Kinds = Callable[..., set[NudgeKind]]


@pytest.fixture
def kinds(tmp_path: Path) -> Kinds:
    """What stands about somebody so many days later."""

    def run(*mails: EmailMessage, day: float, of: str = JANE) -> set[NudgeKind]:
        known = mail(ME, of, "Good to have met you.\n\nNoor", at=days(MONDAY, -30), subject="hi")
        there = tmp_path / str(len(list(tmp_path.iterdir())))
        done = trial([write_folder(there, [known, *mails])], at=days(MONDAY, day), me=[ME])
        who = {nudge.contact: done.contacts[nudge.contact].addresses for nudge in done.nudges}
        return {one.kind for one in done.nudges if any(address in of for address in who[one.contact])}

    return run


def much_else(day: float, to: str = PETRA) -> list[EmailMessage]:
    """So many mails of the user's to somebody else on that day."""
    return [
        mail(ME, to, f"Page {number} is done.", at=days(MONDAY, day + number / 100), subject=f"p{number}")
        for number in range(MUCH)
    ]


def test_a_promise_given_in_an_answer_is_told_and_one_in_a_letter_of_its_own_is_not(kinds: Kinds) -> None:
    asked = mail(JANE, ME, "Hi Noor, how is the wall?\n\nJane", at=days(MONDAY, -1), subject="wall")
    answer = mail(ME, JANE, PROMISED, at=MONDAY, answers=asked)
    own = mail(ME, JANE, PROMISED, at=MONDAY, subject="wall")
    assert NudgeKind.KEEP_PROMISE in kinds(asked, answer, day=9)
    assert NudgeKind.KEEP_PROMISE not in kinds(own, day=9)


def test_mails_to_oneself_as_answers_to_a_digest_are_do_not_tell_that_something_was_left(
    kinds: Kinds,
) -> None:
    promise = mail(ME, JANE, PROMISED, at=MONDAY, subject="Re: wall")
    assert NudgeKind.KEEP_PROMISE in kinds(promise, *much_else(5, ME), day=9)


def test_what_lay_for_a_week_in_which_much_else_was_written_is_not_told_of(kinds: Kinds) -> None:
    promise = mail(ME, JANE, PROMISED, at=MONDAY, subject="Re: wall")
    asked = mail(
        ME, JANE, "Hi Jane,\n\nCould you please send me the drawings of the pier?\n\nNoor", at=MONDAY
    )
    assert NudgeKind.KEEP_PROMISE in kinds(promise, *much_else(3)[1:], day=9)
    assert NudgeKind.KEEP_PROMISE not in kinds(promise, *much_else(3), day=9)
    assert NudgeKind.FOLLOW_UP in kinds(asked, *much_else(3), day=6.9)
    assert NudgeKind.FOLLOW_UP not in kinds(asked, *much_else(3), day=7.1)


def test_a_colleagues_ask_in_an_answer_takes_more_to_wait_plainly(kinds: Kinds) -> None:
    words = "Hi Noor,\n\nWhat is the price of the third pump?\n\nWill"
    mine = mail(ME, WILL, "The pumps are here.\n\nNoor", at=days(MONDAY, -1), subject="pumps")
    asking = mail(WILL, ME, words, at=MONDAY, subject="pumps")
    answering = mail(WILL, ME, words, at=MONDAY, answers=mine)
    theirs = "Hi Noor,\n\nCould you please send me the price of the third pump?\n\nWill"
    plain = mail(WILL, ME, theirs, at=MONDAY, answers=mine)
    assert NudgeKind.REPLY_OWED in kinds(asking, day=4, of=WILL)
    assert NudgeKind.REPLY_OWED not in kinds(mine, answering, day=4, of=WILL)
    assert NudgeKind.REPLY_OWED in kinds(mine, plain, day=4, of=WILL)
