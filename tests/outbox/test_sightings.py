"""The last digest that the mailbox showed is known, though digests are not stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recipflow.model import Message
from recipflow.outbox import digest_token, sightings
from recipflow.store import Store
from tests.daemon.simulation import mail
from tests.letters import ANN, DANA

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def digest(at: datetime, sender: str = ANN) -> Message:
    token = digest_token(ANN, at.date())
    return replace(mail(1, sender, ANN, "", at), subject=f"Today: one thing [{token}]")


@pytest.mark.parametrize(
    ("sender", "after", "counts"),
    [
        (ANN, timedelta(days=-1), False),
        (ANN, timedelta(hours=8), True),
        (ANN, timedelta(minutes=12, hours=9), True),
        (ANN, timedelta(days=365), False),
        (DANA, timedelta(hours=8), False),
    ],
    ids=["an older one", "a newer one", "by a clock that is ahead", "from another year", "somebody else's"],
)
def test_the_latest_of_the_users_own_counts(
    tmp_path: Path, sender: str, after: timedelta, *, counts: bool
) -> None:
    midnight = NOW.replace(hour=0)
    first, other = digest(midnight - timedelta(hours=1)), digest(midnight + after, sender)
    with Store(tmp_path / "recipflow.db") as store:
        sightings.look(store, 1, [first, mail(2, ANN, ANN, "", NOW)], {ANN}, NOW)
        sightings.look(store, 1, [other], {ANN}, NOW)
        seen = sightings.last(store)
    assert seen
    assert seen.token == digest_token(ANN, (other if counts else first).at.date())


def test_a_digest_that_is_read_again_was_sent_once_and_in_two_mails_twice(tmp_path: Path) -> None:
    first = digest(NOW - timedelta(hours=1))
    with Store(tmp_path / "recipflow.db") as store:
        for came, twice in (
            (first, False),
            (first, False),
            (replace(first, id="another@x"), True),
            (digest(NOW + timedelta(hours=20)), False),
        ):
            sightings.look(store, 1, [came], {ANN}, NOW)
            seen = sightings.last(store)
            assert seen
            assert seen.twice is twice
