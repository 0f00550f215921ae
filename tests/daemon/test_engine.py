"""A mail comes, and the digest, the reminder and its removal follow; what the user answers is taken in."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from recipflow import config
from recipflow.connector import Letter, Page
from recipflow.daily import morning
from recipflow.errors import AuthNeeded
from recipflow.explain import judging
from recipflow.model import Meeting, Message, NudgeKind
from recipflow.store import DeliveryForm, DeliveryState, LifeState, Verb
from recipflow.testing.memory import NEVER, Fault
from tests.daemon.simulation import Computer, MemoryAccount, Provider, mail, to_oneself
from tests.letters import ANN, DANA, KWAME

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HELP = (
    "Hi Ann,\n\nI spent the whole weekend on your plan and rewrote the two chapters about the shop for you. "
    "Attached is the new version with my notes.\n\nDana"
)


def settings(**more: Any) -> dict[str, Any]:
    return {"me.addresses": [ANN], "me.name": "Ann", "me.tz": "UTC", **more}


@pytest.fixture
def provider() -> Provider:
    asked = mail(1, ANN, DANA, "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn", MONDAY)
    helped = mail(2, DANA, ANN, HELP, MONDAY + timedelta(days=2), answers=1)
    return Provider(items=[(asked.at, asked), (helped.at, helped)])


@pytest.fixture
def computer(tmp_path: Path, provider: Provider) -> Computer:
    return Computer(tmp_path, provider, MONDAY, settings())


THANK = "Dana helped you on 4 March. A word of thanks?"


def on(day: int, hour: int = 7, minute: int = 5) -> datetime:
    """So many days after the first Monday."""
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=day)


def letters(computer: Computer) -> list[Letter]:
    return [letter for _, letter in computer.provider.mailbox.letters]


def reply(letter: Letter, label: str) -> str:
    """The subject of the mail that the first such link in the digest begins."""
    links = re.findall(r'href="(mailto:[^"]+)"[^>]*>([^<]+)<', letter.html)
    href = next(href for href, text in links if text == label).replace("&amp;", "&")
    return str(parse_qs(urlsplit(href).query)["subject"][0])


def answer(computer: Computer, subject: str, text: str = "", *labels: str) -> None:
    one = to_oneself(ANN, computer.now, subject, text, *labels)
    computer.provider.items.append((computer.now, one))
    computer.now += timedelta(minutes=1)
    computer.work()


def test_a_favour_is_in_the_digest_of_the_next_mornings_until_it_is_thanked(computer: Computer) -> None:
    computer.until(on(3, 12), timedelta(hours=3))
    letter = letters(computer)[-1]
    assert THANK in letter.text
    assert letter.address == ANN
    assert letter.subject.startswith("Today: one thing [rf")
    thanks = mail(3, ANN, DANA, "Thank you so much, Dana! That was a great help.", on(3, 13), answers=2)
    computer.provider.items.append((thanks.at, thanks))
    computer.until(on(10), timedelta(hours=3))
    assert [letter for letter in letters(computer) if THANK in letter.text] == [letter]


def before_the_thanks(computer: Computer) -> None:
    """To the morning on which thanks are due for the first time: at the hour of the digest before they were not."""
    computer.until(on(3, 8), timedelta(hours=1))
    computer.until(on(3, 20), timedelta(hours=6))
    assert not any(THANK in letter.text for letter in letters(computer))


def test_one_digest_a_day_however_often_the_daemon_wakes(computer: Computer) -> None:
    before_the_thanks(computer)
    before = len(letters(computer))
    computer.until(on(4, 9), timedelta(minutes=5))
    assert len(letters(computer)) == before + 1


def test_before_its_hour_there_is_no_digest(computer: Computer) -> None:
    before_the_thanks(computer)
    before = len(letters(computer))
    computer.until(on(4, 6, 59), timedelta(minutes=30))
    assert len(letters(computer)) == before
    computer.until(on(4, 7), timedelta(minutes=1))
    assert len(letters(computer)) == before + 1


def test_the_same_advice_is_said_on_three_mornings_a_week_apart_when_there_is_no_news(
    computer: Computer,
) -> None:
    computer.until(on(40), timedelta(hours=6))
    told = [at.date() for at, letter in computer.provider.mailbox.letters if THANK in letter.text]
    assert told == [on(day).date() for day in (3, 10, 17)]


def test_what_was_said_before_rides_along_with_news(computer: Computer) -> None:
    asked = mail(5, KWAME, ANN, "Hi Ann,\n\nCould you send me the drawings of the door?\n\nKwame", on(3, 9))
    mine = mail(4, ANN, KWAME, "Hello Kwame, how is the shop?", on(0, 10))
    computer.provider.items += [(mine.at, mine), (asked.at, asked)]
    computer.until(on(9), timedelta(hours=6))
    told = [at.date() for at, letter in computer.provider.mailbox.letters if THANK in letter.text]
    news = [at.date() for at, letter in computer.provider.mailbox.letters if "Kwame" in letter.text]
    assert news == told[1:2]


def test_an_account_that_came_to_need_the_user_makes_one_digest_go_with_what_stands(
    tmp_path: Path, provider: Provider
) -> None:
    class Locked(MemoryAccount):
        def pull(self, cursor: str | None, *, now: datetime) -> Page:
            raise AuthNeeded("the password was changed.", command="recipflow connect imap")

    computer = Computer(tmp_path, provider, MONDAY, settings())
    computer.until(on(3, 20), timedelta(hours=4))
    before = len(letters(computer))
    computer.account = lambda: Locked(provider, lambda: computer.now, computer.faults)  # type: ignore[method-assign]
    computer.until(on(9), timedelta(hours=4))
    (letter,) = letters(computer)[before:]
    assert "box needs you: The password was changed. Then: recipflow connect imap" in " ".join(
        letter.text.split()
    )


def test_a_connection_lost_while_reading_calls_nobody_and_makes_no_digest_go(
    tmp_path: Path, provider: Provider
) -> None:
    sent = []
    for wrong in (Fault.NONE, Fault.LOST_BEFORE):
        computer = Computer(tmp_path / wrong.name, provider, MONDAY, settings())
        computer.until(on(3, 20), timedelta(hours=4))
        computer.faults = lambda call, wrong=wrong: wrong if call == "pull" else Fault.NONE  # type: ignore[misc]
        computer.until(on(4, 12), timedelta(hours=4))
        with computer.session() as session:
            assert not any(one.command for one in session.store.accounts.troubles().values())
        sent.append(len(letters(computer)))
    assert sent[0] == sent[1]


def test_no_word_that_all_is_well_while_mail_is_not_read(tmp_path: Path) -> None:
    computer = Computer(tmp_path, Provider(), MONDAY, settings())
    computer.until(on(1), timedelta(hours=12))
    computer.faults = lambda call: Fault.BUSY if call == "pull" else Fault.NONE
    computer.until(on(8, 12), timedelta(hours=12))
    (letter,) = letters(computer)
    assert "as far as your mail could be read" in letter.text
    assert "all is well" not in letter.text


def test_after_three_weeks_of_sleep_one_digest_comes_and_says_since_when(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=6))
    computer.now = on(25)
    other = mail(9, KWAME, ANN, "Hi Ann,\n\nCould you send me the drawings by Friday?\n\nKwame", on(22))
    mine = mail(8, ANN, KWAME, "Hello Kwame, how is the shop?", on(21))
    computer.provider.items += [(mine.at, mine), (other.at, other)]
    for _ in range(10):
        computer.work()
        computer.now += timedelta(minutes=1)
    (last,) = [one for at, one in computer.provider.mailbox.letters if at >= on(25)]
    assert "The last one was made on 5 March" in last.text  # on the 6th nothing was worth one


def test_a_gap_before_the_first_digest_of_all_names_none_that_came_before(computer: Computer) -> None:
    computer.until(on(0, 12), timedelta(hours=1))  # there was nothing to say
    computer.now = on(4)
    computer.until(on(4, 8), timedelta(minutes=5))
    (first,) = letters(computer)
    assert THANK in first.text
    assert "The last one" not in first.text


def test_nothing_to_say_sends_nothing_but_a_sign_of_life_each_week(tmp_path: Path) -> None:
    computer = Computer(tmp_path, Provider(), MONDAY, settings())
    computer.until(on(15, 12), timedelta(hours=12))
    assert [letter.subject.partition(" [")[0] for letter in letters(computer)] == [
        "Today: nothing needs you",
        "Today: nothing needs you",
    ]
    assert [at.date() for at, _ in computer.provider.mailbox.letters] == [on(7).date(), on(14).date()]


def test_a_quiet_day_holds_back_all_but_thanks_and_promises(tmp_path: Path) -> None:
    asked = mail(5, KWAME, ANN, "Hi Ann,\n\nCould you send me the drawings of the door?\n\nKwame", on(2, 9))
    mine = mail(4, ANN, KWAME, "Hello Kwame, how is the shop?", on(0, 10))
    mine_too = mail(1, ANN, DANA, "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn", MONDAY)
    helped = mail(2, DANA, ANN, HELP, on(4, 2), answers=1)
    provider = Provider(items=[(one.at, one) for one in (mine_too, mine, asked, helped)])
    computer = Computer(tmp_path, provider, MONDAY, settings())
    computer.until(on(5, 6), timedelta(hours=6))  # Saturday morning
    before = len(letters(computer))
    computer.until(on(5, 8), timedelta(hours=1))
    (saturday,) = letters(computer)[before:]
    assert "Dana helped you on 6 March. A word of thanks?" in saturday.text
    assert "give back" not in saturday.text
    assert "Kwame" not in saturday.text
    assert any("Kwame" in letter.text for letter in letters(computer)[:before])


def event(summary: str, begins: datetime, hours: float) -> Meeting:
    ends = begins + timedelta(hours=hours)
    return Meeting(
        id=summary, uid=summary, version="1", known=begins, starts=begins, ends=ends, summary=summary
    )


@pytest.mark.parametrize(
    ("away", "quiet"),
    [
        (event("Out of office", on(3, 9), 8), True),
        (event("Vacation planning", on(3, 11), 2), False),
        (event("Workshop", on(3, 9), 8), False),
        (event("Our OOO", on(3, 9), 8), True),
        (event("Brooooom", on(3, 9), 8), False),
        (event("Sommerurlaub", on(3, 9), 8), True),
        (replace(event("Lisbon", on(3, 9), 8), away=True), True),
        (replace(event("Dentist", on(3, 11), 2), away=True), False),
        (
            replace(mail(8, ANN, KWAME, "Back on Monday.", on(2, 15)), subject="Automatic reply: the shop"),
            True,
        ),
        (
            replace(mail(8, ANN, KWAME, "Back on Monday.", on(1, 8)), subject="Automatic reply: the shop"),
            False,
        ),
        (
            replace(mail(8, KWAME, ANN, "Back on Monday.", on(2, 15)), subject="Automatic reply: the shop"),
            False,
        ),
    ],
    ids=[
        "a day's event",
        "two hours",
        "another event",
        "a word",
        "within a word",
        "the end of a German word",
        "marked",
        "marked for two hours",
        "an answer",
        "an old one",
        "somebody else's",
    ],
)
def test_a_day_on_which_the_user_is_away_is_quiet(
    tmp_path: Path, provider: Provider, away: Message | Meeting, quiet: bool
) -> None:
    provider.items.append((MONDAY, away))
    computer = Computer(tmp_path, provider, MONDAY, settings())
    computer.now = on(3, 9)
    computer.work()
    with computer.session() as session:
        assert morning.prepare(session, computer.now).quiet is quiet


def test_done_by_mail_enters_the_thanks_and_ends_the_advice(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=3))
    answer(computer, reply(letters(computer)[-1], "Thanked"))
    with computer.session() as session:
        assert [one.verb for one in session.store.decisions.standing()] == [Verb.LOG, Verb.DONE]
        (life,) = [one for one in session.store.decisions.lives().values() if one.kind == "thank"]
        assert life.state is LifeState.DONE
        assert not [one for one in session.nudges(computer.now) if one.kind is NudgeKind.THANK]


def test_the_same_answer_counts_once_and_any_only_from_the_users_own_sent_mail(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=3))
    subject = reply(letters(computer)[-1], "Snooze")
    answer(computer, subject, "", "inbox")
    answer(computer, subject.replace(subject[-4:], "aaaa"))
    with computer.session() as session:
        assert session.store.decisions.standing() == ()
    answer(computer, subject)
    answer(computer, subject)
    with computer.session() as session:
        assert [one.verb for one in session.store.decisions.standing()] == [Verb.SNOOZE]


def test_never_by_mail_counts_though_the_advice_is_over(
    computer: Computer,
) -> None:
    computer.until(on(4), timedelta(hours=3))
    first = letters(computer)[-1]
    thanked = mail(
        7,
        ANN,
        DANA,
        "Dear Dana, thank you so much for the new plan, it is wonderful!",
        computer.now,
        answers=2,
    )
    computer.provider.items.append((computer.now, thanked))
    computer.now += timedelta(minutes=5)
    computer.work()
    answer(computer, reply(first, "Never"))
    with computer.session() as session:
        assert [(one.verb, one.target) for one in session.store.decisions.standing()] == [(Verb.NEVER, DANA)]


def test_wrong_by_mail_takes_the_one_reason_that_was_left(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=3))
    answer(computer, reply(letters(computer)[-1], "Wrong"), "It was somebody else.\n")
    with computer.session() as session:
        (word,) = [one for one in session.store.decisions.standing() if one.verb is Verb.WRONG]
        assert word.payload["because"] == "wrong-person"


def test_a_note_to_oneself_is_entered_as_log_would(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=3))
    answer(computer, "thanked Dana by phone")
    answer(computer, "", "Dana helped me 1h with the move\nsomething else entirely\n")
    with computer.session() as session:
        words = session.store.decisions.standing(Verb.LOG)
        assert [(one.target, one.payload["by"], one.payload["act"]) for one in words] == [
            (DANA, "me", "thanks"),
            (DANA, "them", "give"),
        ]
        assert words[1].payload["size"] == 4.0


def test_a_note_nobody_can_place_is_said_in_the_next_digest(computer: Computer) -> None:
    computer.until(on(4), timedelta(hours=3))
    answer(computer, "thanked Zacharias by phone")
    computer.until(on(11), timedelta(hours=3))
    assert "Your note “thanked Zacharias by phone” was not entered" in letters(computer)[-1].text


def test_the_digest_itself_is_no_note_and_no_letter_to_anybody(computer: Computer) -> None:
    computer.until(on(8), timedelta(hours=3))
    with computer.session() as session:
        assert session.store.decisions.standing() == ()
        assert [person.id for person in session.store.people.all()] == [DANA]


def with_a_window(tmp_path: Path) -> tuple[Provider, Computer]:
    """Ann gave, Dana was glad of it, and reminders go to the calendar."""
    gave = mail(
        1,
        ANN,
        DANA,
        "Hi Dana,\n\nI went through your whole plan on Sunday and wrote six pages of notes for you, attached.\n\nAnn",
        MONDAY,
    )
    warm = mail(2, DANA, ANN, "Thank you so much Ann, this helps me a lot!", on(1, 9), answers=1)
    provider = Provider(items=[(gave.at, gave), (warm.at, warm)])
    contacts = [{"addresses": [DANA], "watched": True, "profile": "business"}]
    computer = Computer(tmp_path, provider, MONDAY, settings(contacts=contacts, **{"reminders.via": "box"}))
    return provider, computer


def test_a_window_becomes_an_event_and_goes_when_the_ask_is_made(tmp_path: Path) -> None:
    provider, computer = with_a_window(tmp_path)
    computer.until(on(4), timedelta(hours=3))
    (event,) = provider.events.events.values()
    assert event.title == "Dana (note to self)"
    assert event.starts.weekday() < 5
    ask = mail(3, ANN, DANA, "Hi Dana, could you introduce me to your printer?", computer.now)
    provider.items.append((ask.at, ask))
    computer.until(computer.now + timedelta(hours=1), timedelta(minutes=20))
    assert provider.events.events == {} or event.ends < computer.now


@pytest.mark.parametrize("days", [2, 60])
def test_what_is_snoozed_does_not_ring_before_it_is_back(tmp_path: Path, days: int) -> None:
    provider, computer = with_a_window(tmp_path)
    computer.until(on(1, 6), timedelta(hours=3))
    back = computer.now + timedelta(days=days)
    with computer.session() as session:
        (nudge,) = [one for one in session.nudges(computer.now) if one.kind is NudgeKind.ASK_NOW]
        judging.snooze(session, nudge, back, computer.now)
    computer.now += timedelta(minutes=20)
    computer.work()
    assert all(one.starts >= back for one in provider.events.events.values())
    assert len(provider.events.events) == (days == 2)


def test_deleting_the_event_is_a_dismissal_and_dragging_it_a_snooze(tmp_path: Path) -> None:
    provider, computer = with_a_window(tmp_path)
    computer.until(on(1, 6), timedelta(hours=3))
    (id_,) = provider.events.events
    provider.events.drag(id_, on(8, 15, 0))
    computer.now += timedelta(minutes=20)
    computer.work()
    with computer.session() as session:
        (snoozed,) = [one for one in session.store.decisions.lives().values() if one.until]
        assert (snoozed.state, snoozed.until) == (LifeState.SNOOZED, on(8, 15, 0))
    provider.events.delete(id_)
    computer.now += timedelta(minutes=20)
    computer.work()
    with computer.session() as session:
        lives = session.store.decisions.lives()
        assert lives[snoozed.key].state is LifeState.DISMISSED
        assert session.store.deliveries.of(DeliveryForm.REMINDER)[0].state is DeliveryState.DELETED


@pytest.mark.parametrize("deleted", [False, True])
def test_what_the_user_does_to_the_event_of_a_window_that_opens_soon_is_said_of_the_window(
    tmp_path: Path, *, deleted: bool
) -> None:
    provider, computer = with_a_window(tmp_path)
    computer.until(MONDAY + timedelta(hours=2), timedelta(hours=1))
    (id_,) = provider.events.events
    if deleted:
        provider.events.delete(id_)
    else:
        provider.events.drag(id_, on(4, 15, 0))
    computer.now += timedelta(minutes=20)
    computer.work()
    assert shown(computer) == {NudgeKind.ASK_SOON: False}
    computer.until(on(2), timedelta(hours=3))
    assert shown(computer) == {NudgeKind.ASK_NOW: False}
    computer.until(on(4, 16), timedelta(hours=3))
    assert shown(computer) == {NudgeKind.ASK_NOW: not deleted}


def shown(computer: Computer) -> dict[NudgeKind, bool]:
    """The kinds of advice that stand, and whether the user is told of them."""
    with computer.session() as session:
        return {one.kind: one.shown for one in session.nudges(computer.now)}


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOST_BEFORE])
def test_a_calendar_out_of_reach_is_not_tried_again_at_once(tmp_path: Path, fault: Fault) -> None:
    provider, computer = with_a_window(tmp_path)
    computer.faults = lambda call: Fault.BUSY if call == "write" else Fault.NONE
    computer.until(on(1, 6), timedelta(hours=3))
    computer.now += timedelta(hours=2)
    computer.faults = lambda call: fault if call == "written" else Fault.NONE
    assert not computer.engine().remind()
    again = computer.engine().due().outbox
    assert again is not None
    assert again > computer.now
    computer.faults, computer.now = NEVER, again
    assert computer.engine().remind()
    assert len(provider.events.events) == 1


class Closed(Computer):
    """An account that cannot even be opened, for a reason nobody thought of."""

    closed = False

    def account(self) -> MemoryAccount:
        if self.closed:
            raise OSError
        return super().account()


def test_a_digest_without_a_way_to_go_is_not_tried_again_at_once(tmp_path: Path, provider: Provider) -> None:
    computer = Closed(tmp_path, provider, MONDAY, settings())
    before_the_thanks(computer)
    computer.now = on(4)
    computer.engine().pull("box")
    computer.engine().digest()
    before = len(letters(computer))
    computer.closed = True
    computer.engine().deliver()
    again = computer.engine().due().outbox
    assert again is not None
    assert again > computer.now
    computer.closed, computer.now = False, again
    computer.engine().deliver()
    assert len(letters(computer)) == before + 1


def test_a_hook_is_told_though_no_digest_is_sent(tmp_path: Path, provider: Provider) -> None:
    told = tmp_path / "told"
    script = tmp_path / "hook.py"
    script.write_text(f"open({str(told)!r}, 'a').write('told\\n')\n")
    hook = [{"on": ["thanks.due"], "run": [sys.executable, str(script)]}]
    computer = Computer(tmp_path / "home", provider, MONDAY, settings(hook=hook, **{"digest.via": ""}))
    computer.until(on(6), timedelta(hours=3))
    assert told.read_text() == "told\n"


def test_a_hook_is_told_of_each_piece_of_advice_once(tmp_path: Path, provider: Provider) -> None:
    told = tmp_path / "told.jsonl"
    script = tmp_path / "hook.py"
    script.write_text(
        f"import sys\nwith open({str(told)!r}, 'a') as file: file.write(sys.stdin.read() + '\\n')\n"
    )
    hook = [{"on": ["thanks.due"], "run": [sys.executable, str(script)]}]
    computer = Computer(tmp_path / "home", provider, MONDAY, settings(hook=hook))
    computer.until(on(6), timedelta(hours=3))
    (line,) = told.read_text().splitlines()
    event = json.loads(line)
    assert (event["schema"], event["event"]) == (1, "thanks.due")
    assert event["nudge"]["contact"]["name"] == "Dana"


@pytest.mark.parametrize("program", [["/no/such/program"], ["false"], ["sleep", "30"]])
def test_a_hook_that_fails_harms_nothing(tmp_path: Path, provider: Provider, program: list[str]) -> None:
    hook = [{"on": ["*"], "run": program, "seconds": 0.2}]
    computer = Computer(tmp_path, provider, MONDAY, settings(hook=hook))
    computer.until(on(4), timedelta(hours=3))
    assert len(letters(computer)) == 2
    with computer.session() as session:
        events = session.store.deliveries.of(DeliveryForm.EVENT)
        assert events
        assert {(one.state, one.next_try) for one in events} == {(DeliveryState.FAILED, None)}


def test_two_laptops_on_one_mailbox_send_one_digest_a_day(tmp_path: Path, provider: Provider) -> None:
    one = Computer(tmp_path / "one", provider, MONDAY, settings())
    two = Computer(tmp_path / "two", provider, MONDAY, settings())
    for _ in range(60):
        for laptop in (one, two):
            laptop.now += timedelta(hours=4)
            laptop.work()
    tokens = provider.mailbox.tokens()
    assert tokens
    assert len(tokens) == len(set(tokens))


def test_a_connector_that_fails_is_named_in_the_footer_with_what_mends_it(
    tmp_path: Path, provider: Provider
) -> None:
    computer = Computer(tmp_path, provider, MONDAY, settings())
    computer.until(on(4), timedelta(hours=6))
    computer.faults = lambda call: Fault.BUSY if call == "pull" else Fault.NONE
    computer.until(on(12), timedelta(hours=6))
    assert "box does not go on: Busy." in letters(computer)[-1].text


def test_the_next_digest_hour_is_found_on_both_nights_the_clock_changes(tmp_path: Path) -> None:
    computer = Computer(
        tmp_path, Provider(), MONDAY, settings(**{"me.tz": "Europe/Lisbon", "digest.hour": 1})
    )
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    with computer.session() as session:
        for start in (spring, autumn):
            due = morning.next_hour(session, start)
            assert due
            assert due.astimezone(session.zone).date() == (start + timedelta(days=1)).date()


@pytest.mark.parametrize("first", [datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 10, 21, tzinfo=UTC)])
@pytest.mark.parametrize("hour", [0, 1, 2, 7])
def test_neither_night_the_clock_changes_loses_or_doubles_a_digest(
    tmp_path: Path, first: datetime, hour: int
) -> None:
    computer = Computer(
        tmp_path, Provider(), first, settings(**{"me.tz": "Europe/Lisbon", "digest.hour": hour})
    )
    computer.mornings(first + timedelta(days=8), timedelta(minutes=30))
    with computer.session() as session:
        rows = session.store.deliveries.of(DeliveryForm.LETTER)
    for what in ("digest ", "late digest "):
        days = [row.key.rpartition(" ")[2] for row in rows if row.key.startswith(what)]
        assert len(days) == len(set(days))
        assert len(days) in (8, 9)


def test_a_change_of_time_zone_neither_loses_nor_doubles_a_digest(tmp_path: Path) -> None:
    computer = Computer(tmp_path, Provider(), MONDAY, settings())
    for zone in ("Asia/Tokyo", "America/Los_Angeles", "UTC", "Pacific/Auckland", "Europe/Lisbon"):
        config.change(computer.home.config, {"me.tz": zone})
        computer.mornings(computer.now + timedelta(days=1), timedelta(minutes=30))
    with computer.session() as session:
        rows = session.store.deliveries.of(DeliveryForm.LETTER)
    days = [row.key.rpartition(" ")[2] for row in rows if row.key.startswith("digest ")]
    assert len(days) == len(set(days))
    assert {f"2026-03-0{day}" for day in range(3, 8)} <= set(days)


class WithDrafts(MemoryAccount):
    """An account whose drafts may be looked at."""

    kept: dict[str, tuple[str, Message]] = {}  # noqa: RUF012

    def drafts(self, known: Mapping[str, str]) -> Mapping[str, tuple[str, Message | None]]:
        return {
            ref: (version, None if known.get(ref) == version else mail)
            for ref, (version, mail) in self.kept.items()
        }


def drafting(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """A computer that runs since Monday, tells by notices, and is let to see drafts."""
    computer = Computer(tmp_path, provider, MONDAY, settings(**{"notices.enabled": True}))
    monkeypatch.setattr(
        computer, "account", lambda: WithDrafts(provider, lambda: computer.now, computer.faults)
    )
    computer.until(on(3), timedelta(hours=6))
    return computer


@pytest.mark.parametrize("blind", [False, True], ids=["to them", "in blind copy"])
def test_a_draft_that_ties_an_ask_to_a_gift_is_told_of_once_and_never_stored(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch, blind: bool
) -> None:
    computer = drafting(tmp_path, provider, monkeypatch)
    text = (
        "Hi Dana,\n\nHere is the checklist I put together for you last night, six pages of it. "
        "Could you introduce me to your printer?\n\nAnn"
    )
    written = mail(50, ANN, DANA, text, computer.now)
    written = replace(written, to=(), bcc=written.to) if blind else written
    monkeypatch.setattr(WithDrafts, "kept", {"d1": ("v1", written)})
    computer.until(computer.now + timedelta(hours=1), timedelta(minutes=5))
    (told,) = computer.shown
    assert "Dana" in told or "gift" in told or "same" in told
    with computer.session() as session:
        assert session.store.interactions.by_ext(["50@memory.example"]) == {}


def test_a_draft_that_is_saved_again_and_again_is_told_of_once_with_all_there_is_to_say(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer = drafting(tmp_path, provider, monkeypatch)
    text = (
        "Hi Dana,\n\nHere is the checklist I put together for you last night, six pages of it. "
        "Could you lend me 5000 euros until March, and review the whole of my book next week?\n\nAnn"
    )
    for number in range(3):  # by IMAP each save is another draft
        written = replace(mail(50 + number, ANN, DANA, text, computer.now), subject="Two things")
        monkeypatch.setattr(WithDrafts, "kept", {f"Drafts {number}": ("1", written)})
        computer.until(computer.now + timedelta(minutes=10), timedelta(minutes=5))
    (told,) = computer.shown
    assert "in one breath" in told
    assert "much to ask" in told


def test_without_notices_no_draft_is_looked_at(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer = Computer(tmp_path, provider, MONDAY, settings())
    monkeypatch.setattr(WithDrafts, "drafts", lambda *_: pytest.fail("nobody asked for that"))
    monkeypatch.setattr(
        computer, "account", lambda: WithDrafts(provider, lambda: computer.now, computer.faults)
    )
    computer.until(on(1), timedelta(hours=12))


def test_an_account_that_needs_the_user_is_told_of_once(tmp_path: Path, provider: Provider) -> None:
    class Locked(MemoryAccount):
        def pull(self, cursor: str | None, *, now: datetime) -> Page:
            raise AuthNeeded("the password was changed.", command="recipflow connect imap")

    computer = Computer(tmp_path, provider, MONDAY, settings(**{"notices.enabled": True}))
    computer.account = lambda: Locked(provider, lambda: computer.now, computer.faults)  # type: ignore[method-assign]
    computer.until(on(1), timedelta(hours=3))
    (told,) = computer.shown
    assert told.startswith("box needs you: The password was changed.")
    assert told.endswith("recipflow connect imap")


def test_a_digest_that_is_due_waits_two_hours_for_a_network_and_no_longer(
    tmp_path: Path, provider: Provider
) -> None:
    computer = Computer(tmp_path, provider, MONDAY, settings())
    before_the_thanks(computer)
    before = len(letters(computer))
    computer.now = on(4, 7)
    computer.faults = lambda call: Fault.BUSY if call == "pull" else Fault.NONE
    computer.until(on(4, 8, 55), timedelta(minutes=15))
    assert len(letters(computer)) == before
    computer.until(on(4, 9, 30), timedelta(minutes=15))
    assert len(letters(computer)) == before + 1
    assert "last read on 5 March" in letters(computer)[-1].text


def test_a_digest_that_waited_comes_as_soon_as_mail_was_read(tmp_path: Path, provider: Provider) -> None:
    computer = Computer(tmp_path, provider, MONDAY, settings())
    before_the_thanks(computer)
    before = len(letters(computer))
    computer.now = on(4, 7)
    computer.faults = lambda call: Fault.BUSY if call == "pull" else Fault.NONE
    computer.until(on(4, 7, 30), timedelta(minutes=15))
    computer.faults = lambda _: Fault.NONE
    computer.work()
    assert len(letters(computer)) == before + 1
    assert "last read today at 07:30" in letters(computer)[-1].text
