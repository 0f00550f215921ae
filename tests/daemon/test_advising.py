"""A mail that came is advised upon at once, whatever else waits to be looked at."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recipflow.daemon.advising import BATCH
from tests.daemon.simulation import Computer, Provider, mail
from tests.letters import ANN, DANA

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HELP = "Hi Ann,\n\nI rewrote the two chapters about the shop for you. Attached is the new version.\n\nDana"
MANY = BATCH + 20


@pytest.fixture
def provider() -> Provider:
    asked = mail(1, ANN, DANA, "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn", MONDAY)
    others = [
        mail(100 + number, ANN, f"person{number}@x.example", "Hello, how is the shop?", MONDAY)
        for number in range(MANY)
    ]
    return Provider(items=[(one.at, one) for one in (asked, *others)])


@pytest.fixture
def computer(tmp_path: Path, provider: Provider) -> Computer:
    return Computer(tmp_path, provider, MONDAY, {"me.addresses": [ANN], "me.name": "Ann", "me.tz": "UTC"})


def all_due(computer: Computer) -> None:
    with computer.session() as session:
        session.store.ledgers.all_due()


def due(computer: Computer) -> list[str]:
    with computer.session() as session:
        return session.store.ledgers.due(computer.now)


def kinds(computer: Computer) -> set[str]:
    with computer.session() as session:
        return {life.kind for life in session.store.decisions.lives().values() if life.contact == DANA}


def stands(computer: Computer, kind: str) -> bool:
    with computer.session() as session:
        return any(one.kind.value == kind and one.contact == DANA for one in session.nudges(computer.now))


def arrives(computer: Computer) -> None:
    helped = mail(2, DANA, ANN, HELP, computer.now, answers=1)
    computer.provider.items.append((helped.at, helped))
    computer.now += timedelta(days=2)


def test_a_mail_is_advised_upon_though_everybody_else_waits_to_be_looked_at(computer: Computer) -> None:
    computer.work()
    all_due(computer)
    arrives(computer)
    assert computer.engine().pull("box")
    assert "thank" in kinds(computer)
    assert len(due(computer)) == MANY
    assert computer.engine().due().first is not None
    computer.engine().advise()
    assert due(computer) == []


def test_what_merely_falls_due_waits_for_what_is_being_read(computer: Computer) -> None:
    computer.work()
    all_due(computer)
    engine = computer.engine()
    with engine.advising.coming():
        advising = threading.Thread(target=engine.advise)
        advising.start()
        advising.join(1)
        assert len(due(computer)) == MANY + 1 - BATCH
    advising.join(10)
    assert due(computer) == []


def test_advice_that_another_program_left_to_be_renewed_is_due_at_once(computer: Computer) -> None:
    computer.work()
    all_due(computer)
    with computer.session() as session:
        session.catch_up(computer.now)
    first = computer.engine().due().advice
    assert first is not None
    assert first <= computer.now
    computer.engine().advise()
    again = computer.engine().due().advice
    assert again is None or again > computer.now


def test_what_the_daemon_read_first_is_not_read_anew_in_the_night(computer: Computer) -> None:
    computer.work()
    with computer.session() as session:
        assert session.derive(computer.now, rules=True).changed == ()


def by_other_rules(computer: Computer) -> None:
    """As after an update: what is stored was read by rules that hold no more."""
    with computer.session() as session:
        _, *rest = json.loads(session.store.noted("read_by") or "[]")
        session.store.note("read_by", json.dumps(["others", *rest]))


def test_after_other_rules_a_mail_is_advised_upon_before_all_is_read_anew(computer: Computer) -> None:
    computer.work()
    by_other_rules(computer)
    waited: list[bool] = []

    def comes() -> None:
        if not waited:
            arrives(computer)
            assert computer.engine().pull("box")
            waited.append("thank" not in kinds(computer))

    with computer.session() as session:
        assert session.derive(computer.now, rules=True, between=comes).folded > MANY
        assert not session.store.outdated.left()
    assert waited == [False]


def test_what_was_read_by_other_rules_stands_until_it_is_read_anew(computer: Computer) -> None:
    computer.work()
    arrives(computer)
    computer.work()
    by_other_rules(computer)
    stood: list[bool] = []
    with computer.session() as session:
        session.derive(computer.now, rules=True, between=lambda: stood.append(stands(computer, "thank")))
    assert len(stood) > MANY // BATCH
    assert all(stood)


def test_reading_anew_that_was_broken_off_goes_on_in_the_next_night(computer: Computer) -> None:
    class Killed(Exception):
        pass

    def dies() -> None:
        raise Killed

    computer.work()
    by_other_rules(computer)
    with computer.session() as session, pytest.raises(Killed):
        session.derive(computer.now, rules=True, between=dies)
    with computer.session() as session:
        assert session.store.outdated.left()
    computer.engine().reconcile()
    with computer.session() as session:
        assert not session.store.outdated.left()


def test_after_a_clock_that_was_ahead_all_is_advised_as_of_now(computer: Computer) -> None:
    computer.work()
    began = computer.now
    computer.now += timedelta(days=30)
    arrives(computer)
    assert computer.work()
    computer.now = began + timedelta(days=1)
    with computer.session() as session:
        assert [one for one in session.standpoints(computer.now) if one.contact.id == DANA]
        assert session.store.ledgers.due(computer.now) == [DANA]
    assert computer.work()
    assert due(computer) == []
    assert "thank" not in {kind for kind in kinds(computer) if stands(computer, kind)}


def test_who_is_looked_at_as_of_an_instant_before_their_last_mail_is_no_fault(computer: Computer) -> None:
    """One job has read a mail that came after the instant at which another one began."""
    computer.work()
    arrives(computer)
    began = computer.now - timedelta(days=2, seconds=1)
    assert computer.work()
    with computer.session() as session:
        assert session.standpoint(DANA, began)
