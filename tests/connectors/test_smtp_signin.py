"""Connecting a server to send by: the mailbox's password where the server is its own, and no letter."""

from __future__ import annotations

from typing import Any

import pytest
from recipflow_connectors.servers import Server
from recipflow_connectors.smtp import connect
from recipflow_connectors.smtp.signin import sign_in

from recipflow.connector import MemorySecrets, Proposed
from recipflow.errors import AuthNeeded
from tests.connectors.test_smtp import ANN, LETTER, PASSWORD, Post, post, served
from tests.talk import Said

__all__ = ["post"]

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Vaults(dict[str, MemorySecrets]):
    """Every vault there is; the mailbox's holds this password."""

    def __init__(self, mailbox: str = "") -> None:
        super().__init__({f"mail:{ANN}": MemorySecrets(**({"password": mailbox} if mailbox else {}))})

    def __call__(self, name: str) -> MemorySecrets:
        return self.setdefault(name, MemorySecrets())


def signed_in(port: int, vaults: Vaults, *answers: str, **given: Any) -> Proposed:
    where = {"address": ANN, "host": "127.0.0.1", "port": port, "security": "plain"}
    (proposed,) = sign_in(Said([*answers]), vaults, where | given)
    return proposed


def test_signing_in_tries_everything_but_a_letter(post: Post) -> None:
    vaults = Vaults()
    with served(post) as port:
        proposed = signed_in(port, vaults, password=PASSWORD)
        assert post.letters == []
        assert connect(proposed.settings, vaults[proposed.vault]).send(LETTER)
    assert proposed.vault == f"smtp:{ANN}"
    assert "takes mail from you to you" in proposed.seen


def test_the_password_of_the_mailbox_is_tried_first(post: Post) -> None:
    with served(post) as port:
        assert signed_in(port, Vaults(PASSWORD))


def test_a_password_of_its_own_leaves_the_mailboxs_as_it_is(post: Post) -> None:
    vaults = Vaults("of the mailbox")
    with served(post) as port:
        proposed = signed_in(port, vaults, PASSWORD)
    assert vaults[proposed.vault].get("password") == PASSWORD
    assert vaults[f"mail:{ANN}"].get("password") == "of the mailbox"


def test_a_server_of_somebody_elses_is_not_given_the_mailboxs_password(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "is_local", False)
    with served(post) as port, pytest.raises(AssertionError, match="nobody answers: Password"):
        signed_in(port, Vaults(PASSWORD), "y")


def test_a_server_that_does_not_let_the_user_send_is_found_out(post: Post) -> None:
    post.fault = "sender"
    with served(post) as port, pytest.raises(AuthNeeded, match="not allowed to send"):
        signed_in(port, Vaults(), password=PASSWORD)
