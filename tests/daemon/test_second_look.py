"""What begins after the morning's digest and is over before the next one is told in the afternoon, or at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recipflow.connector import Letter, Page
from recipflow.daily.hearing import UNPLACED
from recipflow.errors import AuthNeeded
from recipflow.store import DeliveryForm, DeliveryState
from tests.daemon.simulation import Computer, MemoryAccount, Provider, mail
from tests.letters import ANN, DANA

OFFICIAL = "rui@planeamento.gov.pt"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
ASK = "Hi Dana,\n\nCould you bring your drawings and help us at our stand at the fair in May?\n\nAnn"
NO = "Hi Ann,\n\nI'd love to, but I can't travel anywhere in May, sorry.\n\nDana"
GIFT = (
    "Dear Mr Falcão,\n\nI would love to send you a bottle of olive oil from our farm as a thank-you.\n\nAnn"
)


@pytest.fixture
def provider() -> Provider:
    asked = mail(1, ANN, DANA, ASK, MONDAY)
    refused = mail(2, DANA, ANN, NO, TUESDAY.replace(hour=12), answers=1)
    return Provider(items=[(one.at, one) for one in (asked, refused)])


def played(
    root: Path,
    provider: Provider,
    changes: Mapping[str, Any] | None = None,
    until: datetime = MONDAY + timedelta(days=3),
) -> Computer:
    settings = {"me.addresses": [ANN], "me.name": "Ann", "me.tz": "UTC", **(changes or {})}
    computer = Computer(root, provider, MONDAY, settings)
    computer.until(until, timedelta(hours=1))
    return computer


def late(computer: Computer) -> list[tuple[datetime, Letter]]:
    return [(at, one) for at, one in computer.provider.mailbox.letters if "Before tomorrow" in one.subject]


def test_a_step_back_that_is_of_use_until_the_night_is_told_in_the_afternoon(
    tmp_path: Path, provider: Provider
) -> None:
    computer = played(tmp_path, provider)
    ((at, letter),) = late(computer)
    # the first letter of all waits for its turn
    assert TUESDAY.replace(hour=17) <= at <= TUESDAY.replace(hour=18)
    assert letter.subject.startswith("Before tomorrow: one thing [rf")
    assert "Dana said no on 3 March. If something smaller would truly help, you may ask once" in " ".join(
        letter.text.split()
    )
    told = [one for _, one in computer.provider.mailbox.letters if "Dana said no" in one.text]
    assert told == [letter]


def test_it_counts_as_told_once_and_is_not_sent_again_whoever_wakes(
    tmp_path: Path, provider: Provider
) -> None:
    computer = played(tmp_path, provider, until=TUESDAY.replace(hour=17))
    for _ in range(5):
        computer.now += timedelta(minutes=5)
        computer.work()
    assert len(late(computer)) == 1
    with computer.session() as session:
        lives = session.store.decisions.lives().values()
    assert [life.shown_count for life in lives if life.kind == "retreat"] == [1]


@pytest.mark.parametrize(
    "setting", [{"digest.late_hour": 0}, {"digest.quiet_days": ["tuesday"]}, {"digest.hour": 18}]
)
def test_there_is_none_for_who_wants_none_and_none_on_a_quiet_day(
    tmp_path: Path, provider: Provider, setting: dict[str, Any]
) -> None:
    assert late(played(tmp_path, provider, setting)) == []


def test_what_only_a_morning_says_besides_its_advice_still_waits_for_one(
    tmp_path: Path, provider: Provider
) -> None:
    computer = played(tmp_path, provider, until=TUESDAY.replace(hour=16))
    with computer.session() as session, session.store.transaction():
        session.store.note(UNPLACED, '["thanked Zacharias by phone"]')
    computer.until(MONDAY + timedelta(days=3), timedelta(hours=1))
    ((_, letter),) = late(computer)
    assert "Zacharias" not in letter.text
    with computer.session() as session:
        assert session.store.noted(UNPLACED) == '["thanked Zacharias by phone"]'


class Locked(MemoryAccount):
    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        raise AuthNeeded("the password was changed.", command="recipflow connect imap")


def test_an_account_that_needs_the_user_stands_at_its_top(tmp_path: Path, provider: Provider) -> None:
    computer = played(tmp_path, provider, until=TUESDAY.replace(hour=15))
    computer.account = lambda: Locked(provider, lambda: computer.now, computer.faults)  # type: ignore[method-assign]
    computer.until(TUESDAY.replace(hour=18), timedelta(hours=1))
    ((_, letter),) = late(computer)
    assert "box needs you: The password was changed. Then: recipflow connect imap" in " ".join(
        letter.text.split()
    )


def test_what_the_next_morning_still_can_tell_waits_for_it(tmp_path: Path, provider: Provider) -> None:
    """A refusal in the evening is told of the morning after: no second mail for that."""
    provider.items[1] = (
        TUESDAY.replace(hour=18),
        mail(2, DANA, ANN, NO, TUESDAY.replace(hour=18), answers=1),
    )
    computer = played(tmp_path, provider)
    assert late(computer) == []
    assert any("Dana said no" in one.text for _, one in computer.provider.mailbox.letters)


def test_most_days_nothing_is_found_and_that_is_noted_once(tmp_path: Path) -> None:
    computer = played(tmp_path, Provider())
    with computer.session() as session:
        rows = session.store.deliveries.of(DeliveryForm.LETTER)
    found = [row.state for row in rows if row.key.startswith("late digest ")]
    assert found == [DeliveryState.NOTHING] * 3


def test_a_gift_to_an_official_is_a_notice_at_once_and_once(tmp_path: Path) -> None:
    given = mail(3, ANN, OFFICIAL, GIFT, TUESDAY)
    provider = Provider(items=[(given.at, given)])
    computer = played(tmp_path, provider, {"notices.enabled": True})
    (shown,) = computer.shown
    assert shown.startswith("On 3 March you gave or offered Rui ")


def test_a_gift_of_before_recipflow_began_is_no_notice(tmp_path: Path) -> None:
    given = mail(3, ANN, OFFICIAL, GIFT, MONDAY - timedelta(hours=2))
    provider = Provider(items=[(given.at, given)])
    assert played(tmp_path, provider, {"notices.enabled": True}).shown == []


def test_without_notices_it_waits_for_the_digest(tmp_path: Path) -> None:
    given = mail(3, ANN, OFFICIAL, GIFT, TUESDAY)
    computer = played(tmp_path, Provider(items=[(given.at, given)]))
    assert computer.shown == []
    assert any("you gave or offered Rui" in one.text for _, one in computer.provider.mailbox.letters)
