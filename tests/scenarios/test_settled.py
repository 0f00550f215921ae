"""From mail to advice: what mail outside the ledger of two makes of an ask or a promise that seems to wait there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from recipflow.model import NudgeKind
from recipflow.trial import trial
from tests.mailbox import ME, days, mail, write_folder

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
JANE = "Jane Roeburn <jane.roeburn@quarry.example>"
WILL = "Will Tarn <will@haddad.example>"  # of the user's own house
PETRA = "Petra Lind <petra@lind.example>"

Kinds = Callable[..., set[NudgeKind]]


@pytest.fixture
def kinds(tmp_path: Path) -> Kinds:
    """What stands about Jane so many days later."""

    def run(
        *mails: EmailMessage, day: float, people: list[dict[str, object]] | None = None
    ) -> set[NudgeKind]:
        known = mail(ME, JANE, "Good to have met you, Jane.\n\nNoor", at=days(MONDAY, -30), subject="hi")
        there = tmp_path / str(len(list(tmp_path.iterdir())))
        folder = write_folder(there, [known, *mails])
        said = tmp_path / "people.json"
        said.write_text(json.dumps({"me": {"addresses": [ME]}, "contacts": people or []}))
        done = trial([folder], at=days(MONDAY, day), me=[ME], people=said)
        return {
            nudge.kind
            for nudge in done.nudges
            if "jane.roeburn@quarry.example" in done.contacts[nudge.contact].addresses
        }

    return run


def asked_of_jane(cc: str = "") -> EmailMessage:
    words = "Hi Jane,\n\nCould you please send me the drawings of the north pier?\n\nNoor"
    return mail(ME, JANE, words, at=MONDAY, subject="north pier", Cc=cc)


def asked_of_me(text: str = "Could you please send me the survey of the harbour wall?") -> EmailMessage:
    return mail(JANE, ME, f"Hi Noor,\n\n{text}\n\nJane", at=MONDAY, subject="harbour wall")


def promised(text: str, *, subject: str = "Re: harbour wall") -> EmailMessage:
    return mail(ME, JANE, f"Hi Jane,\n\n{text}\n\nNoor", at=MONDAY, subject=subject)


def test_who_was_asked_and_is_silent_is_reminded(kinds: Kinds) -> None:
    assert NudgeKind.FOLLOW_UP in kinds(asked_of_jane(), day=8)


@pytest.mark.parametrize(
    "sender",
    [
        "jane.roeburn@elsewhere.example",
        "Jane Roeburn <kite77@mailbox.example>",
        "J Roeburn <jroeburn@mail.quarry.example>",
        "A colleague <tom@quarry.example>",
    ],
)
def test_an_answer_from_another_address_or_a_colleague_is_one(kinds: Kinds, sender: str) -> None:
    answer = mail(sender, ME, "Here they come.", at=days(MONDAY, 1), subject="Re: north pier")
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(), answer, day=8)


def test_a_strangers_mail_under_the_same_subject_is_no_answer(kinds: Kinds) -> None:
    other = mail(PETRA, ME, "Lovely walk there on Sunday.", at=days(MONDAY, 1), subject="north pier")
    assert NudgeKind.FOLLOW_UP in kinds(asked_of_jane(), other, day=8)


def test_whoever_the_user_named_as_another_contact_answers_for_nobody_of_the_same_name(kinds: Kinds) -> None:
    namesake = "jane.roeburn@elsewhere.example"
    other = mail(f"Jane Roeburn <{namesake}>", ME, "Lunch?", at=days(MONDAY, 1), subject="soon")
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(), other, day=8)
    told_apart = [{"addresses": [namesake]}, {"addresses": ["jane.roeburn@quarry.example"]}]
    assert NudgeKind.FOLLOW_UP in kinds(asked_of_jane(), other, day=8, people=told_apart)


def test_who_read_the_ask_in_copy_may_answer_it(kinds: Kinds) -> None:
    answer = mail(PETRA, ME, "I have them, here they are.", at=days(MONDAY, 1), subject="Re: north pier")
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(cc=PETRA), answer, day=8)


def test_my_thanks_to_another_address_of_theirs_show_that_they_answered(kinds: Kinds) -> None:
    thanks = mail(
        ME, "jane.roeburn@quarries.example", "Got them.", at=days(MONDAY, 1), subject="Re: north pier"
    )
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(), thanks, day=8)


def test_who_wrote_since_on_something_else_is_not_silent(kinds: Kinds) -> None:
    words = "Hi Noor,\n\nThe road to the quarry is open again.\n\nJane"
    other = mail(JANE, ME, words, at=days(MONDAY, 2), subject="road")
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(), other, day=8)
    crowd = [ME, WILL, PETRA, *(f"someone{number}@quarry.example" for number in range(3))]
    circular = mail(JANE, crowd, words, at=days(MONDAY, 2), subject="road")
    assert NudgeKind.FOLLOW_UP in kinds(asked_of_jane(), circular, day=8)


@pytest.mark.parametrize(
    ("subject", "failed"),
    [("Undeliverable: north pier", ""), ("Returned mail", "jane.roeburn@quarry.example")],
)
def test_what_came_back_was_never_received(kinds: Kinds, subject: str, failed: str) -> None:
    report = mail(
        "mailer-daemon@mx.example",
        ME,
        "",
        at=days(MONDAY, 0.1),
        subject=subject,
        X_Failed_Recipients=failed,
    )
    assert NudgeKind.FOLLOW_UP not in kinds(asked_of_jane(), report, day=8)


def test_a_delay_or_what_did_not_reach_another_says_nothing(kinds: Kinds) -> None:
    late = mail("mailer-daemon@mx.example", ME, "", at=days(MONDAY, 0.1), subject="(Delay): north pier")
    other = mail(
        "mailer-daemon@mx.example",
        ME,
        "",
        at=days(MONDAY, 0.2),
        subject="Returned mail",
        X_Failed_Recipients="petra@lind.example",
    )
    assert NudgeKind.FOLLOW_UP in kinds(asked_of_jane(), late, other, day=8)


def test_a_new_version_under_another_subject_takes_the_place_of_the_draft(kinds: Kinds) -> None:
    words = (
        "Hi Jane,\n\nCould you please review the draft memo on dredging and send me your comments?\n\nNoor"
    )
    draft = mail(ME, JANE, words, at=MONDAY, subject="draft memo")
    circular = mail(
        ME,
        [PETRA, JANE],
        "Attached is the memo on dredging, now final.",
        at=days(MONDAY, 2),
        subject="dredging memo",
    )
    assert NudgeKind.FOLLOW_UP in kinds(draft, day=8)
    assert NudgeKind.FOLLOW_UP not in kinds(draft, circular, day=8)


def test_an_ask_that_was_passed_on_at_work_is_not_claimed_to_wait(kinds: Kinds) -> None:
    assert NudgeKind.REPLY_OWED in kinds(asked_of_me(), day=8)
    forward = mail(ME, WILL, "Can you look into this?", at=days(MONDAY, 1), subject="FW: harbour wall")
    assert NudgeKind.REPLY_OWED not in kinds(asked_of_me(), forward, day=8)
    abroad = mail(ME, PETRA, "Look at this!", at=days(MONDAY, 1), subject="FW: harbour wall")
    assert NudgeKind.REPLY_OWED in kinds(asked_of_me(), abroad, day=8)


def test_asked_again_after_it_was_passed_on_it_waits_for_me(kinds: Kinds) -> None:
    asked = asked_of_me()
    forward = mail(ME, WILL, "Can you look into this?", at=days(MONDAY, 1), subject="FW: harbour wall")
    again = mail(JANE, ME, "Could you please send me the survey?\n\nJane", at=days(MONDAY, 2), answers=asked)
    assert NudgeKind.REPLY_OWED in kinds(asked, forward, again, day=8)


def test_who_turns_to_somebody_else_with_it_waits_no_more_for_me(kinds: Kinds) -> None:
    turned = mail(JANE, WILL, "Do you have the survey?", at=days(MONDAY, 1), subject="harbour wall", Cc=ME)
    assert NudgeKind.REPLY_OWED not in kinds(asked_of_me(), turned, day=8)


def test_a_letter_sent_on_in_its_own_words_was_dealt_with(kinds: Kinds) -> None:
    notice = (
        "Dear members, the harbour committee thanks everybody who painted railings, carried timber and cooked "
        "chowder during Saturday's storm; without volunteers the northern breakwater would certainly be gravel."
    )
    asked = asked_of_me(f"Could you please send me your comments on this by Thursday?\n\n{notice}")
    crowd = [f"member{number}@club.example" for number in range(12)]
    sent = mail(ME, crowd, notice, at=days(MONDAY, 0.1), subject="A word of thanks")
    assert NudgeKind.REPLY_OWED in kinds(asked, day=8)
    assert NudgeKind.REPLY_OWED not in kinds(asked, sent, day=8)


def test_a_promise_is_kept_in_copy_or_among_several(kinds: Kinds) -> None:
    made = promised("I will send you the survey of the breakwater on Friday.")
    assert NudgeKind.KEEP_PROMISE in kinds(made, day=6)
    sent = mail(
        ME, PETRA, "Attached: the breakwater survey.", at=days(MONDAY, 0.2), subject="breakwater", Cc=JANE
    )
    assert NudgeKind.KEEP_PROMISE not in kinds(made, sent, day=6)
    other = mail(ME, PETRA, "Lunch at noon?", at=days(MONDAY, 0.2), subject="lunch", Cc=JANE)
    assert NudgeKind.KEEP_PROMISE in kinds(made, other, day=6)


def test_a_word_to_whom_the_promise_names_keeps_it_when_they_read_it_too(kinds: Kinds) -> None:
    made = promised("I will send Petra an update today and you will get a copy by tomorrow.")
    sent = mail(ME, PETRA, "All is well here.", at=days(MONDAY, 0.1), subject="news", Cc=JANE)
    assert NudgeKind.KEEP_PROMISE not in kinds(made, sent, day=3)


def test_the_same_mail_under_two_clocks_asks_once(tmp_path: Path) -> None:
    words = "Hi Noor,\n\nCould you please send me the survey of the harbour wall?\n\nJane"
    mails = [
        mail(ME, JANE, "Good to have met you, Jane.\n\nNoor", at=days(MONDAY, -30), subject="hi"),
        mail(JANE, ME, words, at=MONDAY, subject="harbour wall"),
        mail(ME, JANE, "Here it is.\n\nNoor", at=days(MONDAY, 0.2), subject="Re: harbour wall"),
        mail(JANE, ME, words, at=days(MONDAY, 10 / 24), subject="harbour wall"),
    ]
    done = trial([write_folder(tmp_path / "mail", mails)], at=days(MONDAY, 8), me=[ME])
    assert not [nudge for nudge in done.nudges if nudge.kind is NudgeKind.REPLY_OWED]
