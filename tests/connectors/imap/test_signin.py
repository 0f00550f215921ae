"""`recipflow connect imap`: what a mailbox shows at first sight, and what is asked about others in it."""

from __future__ import annotations

from typing import Any

import pytest
from recipflow_connectors.imap import connect
from recipflow_connectors.imap.signin import sign_in

from recipflow.connector import Connector, MemorySecrets, Proposed, Writer
from recipflow.errors import UserError
from recipflow.testing import NOW, ids, pull_all
from tests.connectors.dovecot import PASSWORD
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.talk import Said


def signed_in(account: ServerMailbox, person: Said, **given: Any) -> Proposed:
    where = {"host": "127.0.0.1", "port": account.server.port, "security": "plain", "user": account.user}
    address = {"address": f"{account.user}@haven.example", "password": PASSWORD, "since_days": 20_000}
    (proposed,) = sign_in(person, lambda _: MemorySecrets(), where | address | given)
    return proposed


def opened(proposed: Proposed) -> Connector:
    connector = connect(proposed.settings, MemorySecrets(password=PASSWORD))
    assert isinstance(connector, Connector)
    return connector


def test_folders_that_others_use_too_are_asked_about_and_read_when_wanted(account: ServerMailbox) -> None:
    account.add(1)
    for number, folder in ((50, "Team/Clients"), (51, "Team/Jobs")):
        account.append(folder, letter(number))
    person = Said()
    assert ids(pull_all(opened(signed_in(account, person)))) == {"1@ana.example"}
    assert sum("not yours alone" in said for said in person.heard) == 2
    proposed = signed_in(account, Said(["y", "n", "n"]))
    assert proposed.settings["shared"] == ["Team/Clients"]
    assert ids(pull_all(opened(proposed))) == {"1@ana.example", "50@ana.example"}


def test_what_was_answered_before_is_proposed_again(account: ServerMailbox) -> None:
    account.add(1)
    for number, folder in ((50, "Team/Clients"), (51, "Team/Jobs")):
        account.append(folder, letter(number))
    proposed = signed_in(account, person := Said(), drafts=True, before={"shared": ["Team/Jobs"]})
    assert (proposed.settings["shared"], proposed.settings["drafts"]) == (["Team/Jobs"], True)
    assert not any("drafts" in said for said in person.heard)


def test_a_shared_folder_that_is_no_more_is_named_with_its_key(account: ServerMailbox) -> None:
    proposed = signed_in(account, Said())
    settings = {**proposed.settings, "shared": ["Team/Gone"]}
    connector = connect(settings, MemorySecrets(password=PASSWORD))
    assert isinstance(connector, Connector)
    with pytest.raises(UserError, match=r"imap\.shared: the server has no folder 'Team/Gone'"):
        connector.pull(None, now=NOW)


def test_aliases_people_and_who_writes_in_the_users_name_are_seen_in_sent_mail(
    account: ServerMailbox,
) -> None:
    me = f"{account.user}@haven.example"
    for number, head in enumerate(
        (
            f"From: <{me}>\r\nTo: <bo@x.example>, <me@alias.example>",
            "From: <me@alias.example>\r\nTo: <cy@x.example>",
            f"From: <{me}>\r\nSender: Pat <Pat@haven.example>\r\nCc: <bo@x.example>",
            f"From: <{me}>\r\nSender: <me@alias.example>\r\nTo: <bo@x.example>",
        )
    ):
        raw = f"Message-ID: <s{number}@x.example>\r\nDate: Thu, 15 Jan 2026 09:0{number}:00 +0000\r\n{head}\r\n\r\nHi.\r\n"
        account.append("Sent", raw.encode())
    proposed = signed_in(account, Said())
    assert proposed.mine == (me, "me@alias.example")
    assert proposed.writers == (Writer("pat@haven.example", me, 1),)
    assert proposed.seen.endswith("2 people you wrote to")


def test_the_password_is_kept_only_once_all_is_answered(account: ServerMailbox) -> None:
    class Leaving(Said):
        def confirm(self, question: str, *, default: bool) -> bool:
            raise KeyboardInterrupt

    kept = MemorySecrets()
    where = {"host": "127.0.0.1", "port": account.server.port, "security": "plain", "user": account.user}
    given = where | {"address": f"{account.user}@haven.example"}
    with pytest.raises(KeyboardInterrupt):
        sign_in(Leaving([PASSWORD]), lambda _: kept, given)
    assert kept.get("password") is None
    sign_in(Said([PASSWORD]), lambda _: kept, given)
    assert kept.get("password") == PASSWORD
