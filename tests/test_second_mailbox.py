"""The second mailbox, written blind to the rules: built from its sources, and what stands at some of its instants."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from recipflow.trial import trial
from tests.data.building import build, expectations
from tests.data.second_mailbox.build import MAILBOX
from tests.data.sources import threads

INSTANTS = expectations(MAILBOX, threads(MAILBOX)[1])
TRIED = INSTANTS[::6]
"""Some, for the time it takes; `bench/gold.py` takes them all."""


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("second")
    build(MAILBOX, directory)
    return directory


def test_the_same_sources_give_the_same_bytes(mailbox: Path, tmp_path: Path) -> None:
    build(MAILBOX, tmp_path)
    assert [
        one.name for one in mailbox.iterdir() if one.read_bytes() != (tmp_path / one.name).read_bytes()
    ] == []


def test_it_expects_enough_of_either_kind() -> None:
    clear = {
        side: sum(row["strength"] == "clear" for one in INSTANTS for row in one[side])
        for side in ("must", "must_not")
    }
    assert clear["must"] >= 45
    assert clear["must_not"] >= 70


@pytest.mark.parametrize("instant", TRIED, ids=lambda one: one["at"][:10])
def test_what_must_stand_does_and_what_must_not_does_not(mailbox: Path, instant: dict[str, Any]) -> None:
    files = [mailbox / "mail.mbox", mailbox / "calendar.ics"]
    done = trial(files, people=mailbox / "people.json", at=datetime.fromisoformat(instant["at"]))
    stands = {
        (nudge.kind.value, address)
        for nudge in done.nudges
        for address in done.contacts[nudge.contact].addresses
    }
    clear = {
        side: [row for row in instant[side] if row["strength"] == "clear"] for side in ("must", "must_not")
    }
    assert [row for row in clear["must"] if not _stands(row, stands)] == []
    assert [row for row in clear["must_not"] if _stands(row, stands)] == []


def _stands(row: dict[str, Any], stands: set[tuple[str, str]]) -> bool:
    return any((kind, row["contact"]) in stands for kind in (row["kind"], *row.get("or", ())))
