"""The mailboxes written blind to the rules, built from their sources; what stands at some instants of the second."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from recipflow.trial import trial
from tests.data.building import build, expectations
from tests.data.mailboxes import MAILBOXES, SECOND
from tests.data.sources import Mailbox, threads

TRIED = expectations(SECOND, threads(SECOND)[1])[::6]
"""Some, for the time it takes; `bench/gold.py` takes them all."""


EVERY = pytest.mark.parametrize("box", MAILBOXES.values(), ids=list(MAILBOXES))


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("second")
    build(SECOND, directory)
    return directory


@EVERY
def test_the_same_sources_give_the_same_bytes(box: Mailbox, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    build(box, one)
    build(box, other)
    assert [
        file.name for file in one.iterdir() if file.read_bytes() != (other / file.name).read_bytes()
    ] == []


@EVERY
def test_it_expects_enough_of_either_kind(box: Mailbox) -> None:
    clear = {side: _clear(box, side) for side in ("must", "must_not")}
    assert len(clear["must"]) >= 45
    assert len(clear["must_not"]) >= 70


@EVERY
def test_nothing_is_expected_and_forbidden_at_once(box: Mailbox) -> None:
    assert [row for row in _clear(box, "must") if row in _clear(box, "must_not")] == []


def _clear(box: Mailbox, side: str) -> list[tuple[str, str, str]]:
    return [
        (one["at"], row["kind"], row["contact"])
        for one in expectations(box, threads(box)[1])
        for row in one[side]
        if row["strength"] == "clear"
    ]


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
