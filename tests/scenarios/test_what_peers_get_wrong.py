"""The seven cases the closest peers get wrong, from .eml files to advice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recipflow.model import Nudge, NudgeKind
from recipflow.trial import Trial, trial
from tests.mailbox import ME, days, mail, write_folder

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOWS = {NudgeKind.ASK_NOW, NudgeKind.ASK_SOON}

Advise = Callable[[Sequence[EmailMessage], datetime], Trial]


@pytest.fixture
def advise(tmp_path: Path) -> Advise:
    def run(mails: Sequence[EmailMessage], at: datetime) -> Trial:
        return trial([write_folder(tmp_path / "mail", mails)], at=at, me=[ME], zone=ZoneInfo("Europe/Lisbon"))

    return run


def about(done: Trial, address: str) -> dict[NudgeKind, Nudge]:
    return {nudge.kind: nudge for nudge in done.nudges if address in done.contacts[nudge.contact].addresses}


def test_a_give_warmly_acknowledged_owes_no_reply_and_has_a_window_in_sight(advise: Advise) -> None:
    ann = "Ann Lee <ann@lee.example>"
    gift = mail(ME, ann, "Hi Ann,\n\nHere is the checklist I made for your launch, no reply needed.\n\nNoor",
                at=MONDAY, attach=["launch-checklist.pdf"])  # fmt: skip
    thanks = mail(ann, ME, "Thank you so much, I owe you one!\n\nAnn", at=days(MONDAY, 0.2), answers=gift)
    later = about(advise([gift, thanks], days(MONDAY, 3)), "ann@lee.example")
    assert NudgeKind.REPLY_OWED not in later
    assert NudgeKind.THANK not in later
    assert WINDOWS & set(later)


def test_a_refusal_cools_off_and_is_not_a_reply_owed(advise: Advise) -> None:
    jane = "Jane Roe <jane@roe.example>"
    ask = mail(ME, jane, "Hi Jane, would you introduce me to your CFO?\n\nNoor", at=MONDAY)
    no = mail(
        jane, ME, "Hi Noor,\n\nSorry, I can't do that right now.\n\nJane", at=days(MONDAY, 1), answers=ask
    )
    for after in (1.5, 4, 8):
        found = about(advise([ask, no], days(MONDAY, after)), "jane@roe.example")
        assert not {NudgeKind.REPLY_OWED, NudgeKind.FOLLOW_UP, *WINDOWS} & set(found)


def test_an_out_of_office_answers_nothing_and_pauses_until_the_date_it_names(advise: Advise) -> None:
    sam = "Sam Poe <sam@poe.example>"
    ask = mail(ME, sam, "Sam, could you review the attached proposal in detail by the end of the month, please?",
               at=MONDAY, attach=["proposal.pdf"])  # fmt: skip
    away = mail(sam, ME, "I am out of office until 12 March 2026.", at=days(MONDAY, 0.01), answers=ask,
                Auto_Submitted="auto-replied")  # fmt: skip
    paused = about(advise([ask, away], days(MONDAY, 5)), "sam@poe.example")
    assert NudgeKind.FOLLOW_UP not in paused
    back = about(advise([ask, away], days(MONDAY, 11.5)), "sam@poe.example")
    assert NudgeKind.FOLLOW_UP in back


def test_five_asks_in_five_days_and_nothing_given_mean_stop(advise: Advise) -> None:
    jane = "jane@roe.example"
    asks = [
        mail(ME, jane, text, at=days(MONDAY, day), subject=f"question {day}")
        for day, text in enumerate(
            (
                "Could you introduce me to Peter at Northwind?",
                "Would you have a look at my deck and tell me what you think?",
                "Can you send me the template you used for the workshop?",
                "Could you also write me a short recommendation?",
                "Would you put in a good word for me with your director?",
            )
        )
    ]
    assert NudgeKind.HOLD_BACK in about(advise(asks, days(MONDAY, 4.5)), jane)
    assert NudgeKind.FOLLOW_UP not in about(advise(asks, days(MONDAY, 4.5)), jane)


def test_a_newsletter_and_a_strangers_out_of_office_are_nobody(advise: Advise) -> None:
    news = mail("Weekly <hello@weekly.example>", ME, "Here is your weekly digest. Could you rate it?", at=MONDAY,
                List_Unsubscribe="<mailto:out@weekly.example>")  # fmt: skip
    away = mail("bob@stranger.example", ME, "I am away until 20 March.", at=MONDAY, Auto_Submitted="auto-replied",
                subject="Automatic reply: hello")  # fmt: skip
    done = advise([news, away], days(MONDAY, 6))
    assert done.nudges == ()
    assert done.counts.people == 0


def test_a_thank_you_that_ends_a_thread_asks_for_nothing(advise: Advise) -> None:
    kim = "kim@day.example"
    ask = mail(kim, ME, "Could you send me the slides?", at=MONDAY)
    slides = mail(ME, kim, "Here they are.", at=days(MONDAY, 0.5), answers=ask, attach=["slides.pdf"])
    thanks = mail(kim, ME, "Perfect, thank you!", at=days(MONDAY, 0.6), answers=slides)
    assert about(advise([ask, slides, thanks], days(MONDAY, 6)), kim).keys() <= WINDOWS


def test_my_own_follow_up_leaves_it_their_turn(advise: Advise) -> None:
    lee = "lee@poe.example"
    ask = mail(ME, lee, "Lee, could you write me a reference for the residency, one page?", at=MONDAY)
    again = mail(
        ME, lee, "Just following up on this, could you let me know?", at=days(MONDAY, 4), answers=ask
    )
    found = about(advise([ask, again], days(MONDAY, 12)), lee)
    assert NudgeKind.REPLY_OWED not in found
    assert NudgeKind.FOLLOW_UP in found
    assert found[NudgeKind.FOLLOW_UP].facts["count"] == 2
