"""Getting into a mail server for the first time: which one it is, and a password that it takes."""

from __future__ import annotations

import pytest
from recipflow_connectors import discovery
from recipflow_connectors.admission import Key, Protocol, let_in, server_for, settings_of
from recipflow_connectors.imap.session import PORTS
from recipflow_connectors.servers import Security, Server

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded, TryLater, UserError
from tests.talk import Said

ANN = "ann@haven.example"


def test_a_named_server_is_tried_and_no_other() -> None:
    tried: list[Server] = []
    protocol = Protocol(name="imap", ports=PORTS, knock=tried.append)
    server = server_for(
        Said(), "ann@haven.example", {"host": "post.haven.example", "security": "starttls"}, protocol
    )
    assert server == Server("post.haven.example", 143, Security.STARTTLS)
    assert tried == [server]


def test_the_first_server_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "provider", lambda domain: None)
    monkeypatch.setattr(
        discovery,
        "servers",
        lambda *_: iter([Server("imap.haven.example", 993), Server("mail.haven.example", 993)]),
    )

    def knock(server: Server) -> None:
        if server.host.startswith("imap"):
            raise TryLater("nobody at home")

    protocol = Protocol(name="imap", ports=PORTS, knock=knock)
    assert server_for(Said(), "ann@haven.example", {}, protocol).host == "mail.haven.example"


def test_a_server_of_another_domain_gets_the_password_only_when_the_user_knows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discovery, "provider", lambda domain: None)
    monkeypatch.setattr(discovery, "servers", lambda *_: iter([Server("imap.notmyhaven.example", 993)]))
    protocol = Protocol(name="imap", ports=PORTS, knock=lambda _: None)
    with pytest.raises(UserError, match="--host"):
        server_for(Said(["n"]), ANN, {}, protocol)
    assert server_for(Said(["y"]), ANN, {}, protocol).host == "imap.notmyhaven.example"


def test_when_nobody_answers_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "provider", lambda domain: None)
    monkeypatch.setattr(discovery, "servers", lambda *_: iter(()))
    with pytest.raises(UserError, match=r"--host mail\.haven\.example"):
        server_for(Said(), "ann@haven.example", {}, Protocol(name="imap", ports=PORTS, knock=print))


def test_mail_at_microsoft_is_not_even_knocked_at() -> None:
    with pytest.raises(AuthNeeded) as raised:
        server_for(Said(), "ann@hotmail.com", {}, Protocol(name="imap", ports=PORTS, knock=print))
    assert raised.value.command == "recipflow connect outlook ann@hotmail.com"


def test_plain_is_refused_unless_it_is_meant() -> None:
    given = {"host": "post.haven.example", "security": "plain"}
    with pytest.raises(UserError, match="--security tls"):
        server_for(Said(), "ann@haven.example", given, Protocol(name="imap", ports=PORTS, knock=print))


class Door:
    """Opens for one name with one password."""

    def __init__(self, user: str, password: str) -> None:
        self.opens = Key(user=user, password=password)
        self.tried: list[Key] = []

    def __call__(self, key: Key) -> str:
        self.tried.append(key)
        if key != self.opens:
            raise AuthNeeded(f"{key.user} is not let in", command="recipflow connect imap ann@haven.example")
        return "inside"


def test_what_is_kept_is_tried_first_and_a_wrong_password_is_asked_for_again() -> None:
    person, door = Said(["mistyped", "sesame"]), Door(ANN, "sesame")
    key, inside = let_in(person, ["of last year", None, "of last year"], ANN, {}, door)
    assert (key.password, inside) == ("sesame", "inside")
    assert person.heard.count(f"{ANN} is not let in") == 2
    assert [one.password for one in door.tried if one.user == ANN] == ["of last year", "mistyped", "sesame"]


def test_after_three_wrong_passwords_it_ends() -> None:
    with pytest.raises(AuthNeeded):
        let_in(Said(["a", "b", "c", "sesame"]), (), ANN, {}, Door(ANN, "sesame"))


def test_a_password_is_kept_and_a_token_is_not() -> None:
    kept = MemorySecrets()
    Key(user=ANN, token_command=("print-token",)).keep(kept)
    assert kept.get("password") is None
    Key(user=ANN, password="sesame").keep(kept)
    assert kept.get("password") == "sesame"


def test_a_wrong_password_that_was_given_is_not_asked_for() -> None:
    with pytest.raises(AuthNeeded):
        let_in(Said(["sesame"]), (), ANN, {"password": "mistaken"}, Door(ANN, "sesame"))


def test_the_name_before_the_at_is_tried_too() -> None:
    key, _ = let_in(Said(), (), ANN, {"password": "sesame"}, Door("ann", "sesame"))
    settings = settings_of(
        ANN, Server("post.haven.example", 993), key, Protocol(name="imap", ports=PORTS, knock=print)
    )
    assert settings == {"address": ANN, "host": "post.haven.example", "user": "ann"}


def test_a_name_that_was_given_is_the_only_one_tried() -> None:
    door = Door("ann", "sesame")
    with pytest.raises(AuthNeeded):
        let_in(Said(), (), ANN, {"password": "sesame", "user": "anna"}, door)
    assert [key.user for key in door.tried] == ["anna"]


@pytest.mark.parametrize("command", ["print 'token", " "])
def test_a_token_command_that_is_none_is_told(command: str) -> None:
    with pytest.raises(UserError, match="--token-command: "):
        let_in(Said(), (), ANN, {"token_command": command}, Door(ANN, "sesame"))
