"""The month that is over comes in the first digest of the next one: once, in counts, and no mail goes out for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from recipflow.connector import Letter
from tests.daemon.simulation import Computer, Provider, mail
from tests.daemon.test_engine import HELP, MONDAY, letters, on, settings
from tests.letters import ANN, DANA

TITLE = "March 2026, in counts"


@pytest.fixture
def provider() -> Provider:
    asked = mail(1, ANN, DANA, "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn", MONDAY)
    helped = mail(2, DANA, ANN, HELP, MONDAY + timedelta(days=2), answers=1)
    return Provider(items=[(asked.at, asked), (helped.at, helped)])


def looking_back(computer: Computer) -> list[tuple[str, Letter]]:
    found = zip(computer.provider.mailbox.letters, letters(computer), strict=True)
    return [(at.date().isoformat(), letter) for (at, _), letter in found if TITLE in letter.text]


def test_the_first_digest_of_a_month_counts_the_one_before_and_the_next_does_not(
    tmp_path: Path, provider: Provider
) -> None:
    computer = Computer(tmp_path, provider, MONDAY, settings())
    computer.until(on(50), timedelta(hours=6))
    ((day, letter),) = looking_back(computer)
    assert day.startswith("2026-04-0")
    assert "Thanks within a week: 0 of 1, too few to say." in letter.text
    assert TITLE in letter.html
    counts = letter.text.partition(TITLE)[2].partition("box: last read")[0]
    assert "Dana" not in counts


def test_no_mail_goes_out_for_it_alone(tmp_path: Path, provider: Provider) -> None:
    def days(home: str, **more: object) -> list[str]:
        computer = Computer(tmp_path / home, Provider(items=list(provider.items)), MONDAY, settings(**more))
        computer.until(on(50), timedelta(hours=6))
        return [at.date().isoformat() for at, _ in computer.provider.mailbox.letters]

    assert days("with") == days("without", **{"digest.review": False})


def test_of_a_month_before_the_first_digest_nothing_is_counted(tmp_path: Path, provider: Provider) -> None:
    computer = Computer(tmp_path, provider, on(30), settings())
    computer.until(on(45), timedelta(hours=6))
    assert letters(computer)
    assert looking_back(computer) == []
