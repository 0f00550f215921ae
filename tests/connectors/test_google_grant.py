"""What was granted at Google: kept secret, renewed, and what is said when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from recipflow_connectors.google import auth, gmail

from recipflow.errors import AuthNeeded
from recipflow.testing import NOW
from tests.fakes.google import Google

from .googling import a_google, granted, mailbox
from .letters import letter

ME = "noor@haddad.example"


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


@pytest.mark.parametrize("days", [3, 7])
def test_a_token_that_died_after_a_week_names_the_cause(google: Google, days: int) -> None:
    secrets = granted(google, auth.READ_MAIL, on=datetime.now(UTC) - timedelta(days=days))
    google.oauth.revoke_all()
    with pytest.raises(AuthNeeded) as raised:
        gmail.connect({"url": google.url, "address": ME}, secrets).pull(None, now=NOW)
    assert ("about seven days old" in str(raised.value)) == (days == 7)
    assert raised.value.command == f"recipflow connect gmail {ME}"


@pytest.mark.parametrize(("days", "named"), [(1, False), (6, False), (7, True), (8, True), (40, False)])
def test_only_a_grant_about_seven_days_old_is_taken_for_one_of_a_client_in_testing(
    google: Google, days: int, named: bool
) -> None:
    grant = auth.load(granted(google, auth.READ_MAIL, on=NOW - timedelta(days=days)))
    assert grant.died_young(NOW) == named


def test_no_secret_is_ever_in_a_text(google: Google) -> None:
    grant = auth.load(granted(google, auth.READ_MAIL))
    assert grant.refresh_token not in repr(grant)
    assert grant.client["client_secret"] not in repr(grant)


def test_an_access_token_that_is_over_is_renewed_on_the_way(google: Google) -> None:
    google.mail.deliver(letter(1), at=NOW)
    connector = mailbox(google)
    cursor = connector.pull(None, now=NOW).cursor
    google.oauth.expire_access()
    assert connector.pull(cursor, now=NOW)
