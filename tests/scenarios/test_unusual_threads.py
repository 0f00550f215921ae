"""Mail as people write it: follow-ups of one's own, several readers, answers in another place than the ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recipflow.model import NudgeKind
from recipflow.trial import trial
from tests.mailbox import ME, days, mail, write_folder

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
JANE = "Jane Roe <jane@roe.example>"

Kinds = Callable[..., set[NudgeKind]]


@pytest.fixture
def kinds(tmp_path: Path) -> Kinds:
    """What stands about Jane so many days later."""

    def run(*mails: EmailMessage, day: float) -> set[NudgeKind]:
        known = mail(ME, JANE, "Good to have met you, Jane.\n\nNoor", at=days(MONDAY, -30), subject="hi")
        folder = write_folder(tmp_path / "mail", [known, *mails])
        done = trial([folder], at=days(MONDAY, day), me=[ME], zone=ZoneInfo("Europe/Lisbon"))
        return {
            nudge.kind
            for nudge in done.nudges
            if "jane@roe.example" in done.contacts[nudge.contact].addresses
        }

    return run


def test_who_follows_up_on_mail_of_their_own_waits_for_an_answer(kinds: Kinds) -> None:
    asked = mail(JANE, ME, "Hi Noor,\n\nCould you send me the figures for the plan?\n\nJane", at=MONDAY)
    again = mail(JANE, ME, "Did you see this? I need them.\n\nJane", at=days(MONDAY, 4), answers=asked)
    assert NudgeKind.REPLY_OWED in kinds(asked, again, day=5)


def test_who_answers_mail_that_is_not_there_may_have_been_answered_there(kinds: Kinds) -> None:
    asked = mail(JANE, ME, "Hi Noor,\n\nCould you send me the figures for the plan?\n\nJane", at=MONDAY)
    unseen = mail(ME, JANE, "Hi Jane, tomorrow.\n\nNoor", at=days(MONDAY, 1), answers=asked)
    reply = mail(JANE, ME, "Fine with me.\n\nJane", at=days(MONDAY, 2), answers=unseen)
    assert NudgeKind.REPLY_OWED not in kinds(asked, reply, day=5)


def test_a_yes_or_no_by_a_day_is_owed_by_each_of_a_few(kinds: Kinds) -> None:
    few = [ME, "Petra Lind <petra@lind.example>", "Wendy Au <wendy@au.example>"]
    words = "Hi all,\n\nLet me know by Friday if you're keeping your pitch, yes or no.\n\nJane"
    asked = mail(JANE, few, words, at=MONDAY)
    petra = mail(few[1], [JANE, ME], "Yes, please do.\n\nPetra", at=days(MONDAY, 1), answers=asked)
    mine = mail(ME, JANE, "Yes.\n\nNoor", at=days(MONDAY, 5), answers=asked)
    assert NudgeKind.REPLY_OWED in kinds(asked, petra, day=4)
    assert NudgeKind.REPLY_OWED not in kinds(asked, petra, mine, day=6)


def test_what_any_of_several_can_do_is_owed_by_nobody(kinds: Kinds) -> None:
    few = [ME, "Petra Lind <petra@lind.example>", "Wendy Au <wendy@au.example>"]
    words = "Hi all,\n\nCould you send me the minutes by Friday?\n\nJane"
    assert NudgeKind.REPLY_OWED not in kinds(mail(JANE, few, words, at=MONDAY), day=4)
    many = [*few, *(f"someone{number}@club.example" for number in range(3))]
    words = "Hi all,\n\nLet me know by Friday if you're coming, yes or no.\n\nJane"
    assert NudgeKind.REPLY_OWED not in kinds(mail(JANE, many, words, at=MONDAY), day=4)
