"""Two computers read one mailbox, and both are awake when the hour of the digest comes: one mail goes out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recipflow.daily.morning import PATIENCE
from recipflow.store import DeliveryForm, DeliveryState
from recipflow.store.moving import SENT_HERE
from recipflow.testing.memory import Fault
from tests.daemon.simulation import Computer, Provider, as_message, mail
from tests.letters import ANN

SUNDAY = datetime(2026, 3, 1, 20, tzinfo=UTC)
DAYS = 4
MINUTE = timedelta(minutes=1)
HELP = (
    "Hi Ann,\n\nI spent the whole weekend on your plan and rewrote the two chapters about the shop for you. "
    "Attached is the new version with my notes.\n\nPat"
)


def helped_day_by_day() -> Provider:
    """Every morning somebody is to be thanked who was not before."""
    mails = []
    for day in range(DAYS):
        friend, at = f"pat{day}@example.com", SUNDAY + timedelta(day - 4)
        mails += [
            mail(
                2 * day, ANN, friend, "Hi Pat,\n\nCould you have a look at my plan for the shop?\n\nAnn", at
            ),
            mail(2 * day + 1, friend, ANN, HELP, at + timedelta(2), answers=2 * day),
        ]
    return Provider(items=[(one.at, one) for one in mails])


def computers(root: Path, provider: Provider) -> tuple[Computer, Computer]:
    settings = {"me.addresses": [ANN], "me.name": "Ann", "me.tz": "UTC"}
    one, two = (Computer(root / name, provider, SUNDAY, settings) for name in ("one", "two"))
    two._seed = 1000  # chance is another one there
    return one, two


def morning(pair: tuple[Computer, ...], at: datetime) -> int:
    """Both decide in the same second; says how many of them would send in it. Then the quarter of an hour goes by."""
    for one in pair:
        one.now = at - MINUTE
        one.work()
        one.now = at
        one.engine().digest()
    ready = sum(one.engine().to_deliver(DeliveryForm.LETTER) for one in pair)
    for _ in range(15):
        for one in pair:
            one.engine().deliver()
            one.now += MINUTE
    return ready


def sent_by_day(provider: Provider) -> Counter[datetime]:
    return Counter(at.replace(hour=0, minute=0, second=0) for at, _ in provider.mailbox.letters)


def test_in_the_second_of_the_digest_no_more_than_one_of_them_sends(tmp_path: Path) -> None:
    provider = helped_day_by_day()
    pair = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    assert [morning(pair, at) for at in hours[:3]] == [0, 1, 1]  # who was first goes on being it
    assert list(sent_by_day(provider).values()) == [1, 1, 1]


def test_after_a_morning_on_which_both_sent_neither_goes_first(tmp_path: Path) -> None:
    provider = helped_day_by_day()
    pair = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    morning(pair, hours[0])
    ((at, letter),) = provider.mailbox.letters
    another = replace(as_message(letter, at + MINUTE), id="another@memory.example")
    provider.items.append((at + MINUTE, another))
    for one in pair:
        with one.session() as session, session.store.transaction():
            last = session.store.deliveries.last(DeliveryForm.LETTER, DeliveryState.DELIVERED)
            assert last
            session.store.note(SENT_HERE, last.key)
    assert morning(pair, hours[1]) == 0
    assert morning(pair, hours[2]) == 1
    assert list(sent_by_day(provider).values()) == [1, 1, 1]


def test_who_was_away_for_a_day_lets_the_other_go_first_and_nobody_waits_in_vain(tmp_path: Path) -> None:
    provider = helped_day_by_day()
    one, two = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    morning((one,), hours[0])
    assert morning((one,), hours[1]) == 1
    morning((two,), hours[2])  # the first one sleeps
    assert (
        morning((one, two), hours[3]) == 1
    )  # the first one sees in the mailbox that it was not the last to send
    assert list(sent_by_day(provider).values()) == [1] * 4


def test_a_computer_alone_does_not_wait_though_it_was_off_for_days(tmp_path: Path) -> None:
    provider = helped_day_by_day()
    one, _ = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    assert morning((one,), hours[0]) == 0  # of the first of all nobody knows whether it is alone
    assert morning((one,), hours[3]) == 1


def test_who_comes_back_does_not_go_first_where_the_other_sent_meanwhile(tmp_path: Path) -> None:
    provider = helped_day_by_day()
    one, two = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    morning((one,), hours[0])
    morning((two,), hours[1])
    assert morning((one,), hours[3]) == 0
    assert list(sent_by_day(provider).values()) == [1, 1, 1]


def test_who_could_not_read_the_mailbox_goes_first_only_if_it_was_there_the_day_before(
    tmp_path: Path,
) -> None:
    provider = helped_day_by_day()
    one, _ = computers(tmp_path, provider)
    hours = [SUNDAY.replace(hour=7) + timedelta(days) for days in range(1, DAYS + 1)]
    morning((one,), hours[0])
    one.faults = lambda call: Fault.BUSY if call == "pull" else Fault.NONE
    assert [later(one, at) for at in (hours[1], hours[3])] == [True, False]


def later(one: Computer, at: datetime) -> bool:
    """Whether it sends at once when it has waited in vain for its mail to be read."""
    one.now = at
    one.engine().digest()
    one.now += PATIENCE
    one.engine().digest()
    ready = one.engine().to_deliver(DeliveryForm.LETTER)
    one.now += timedelta(minutes=15)
    one.engine().deliver()
    return ready
