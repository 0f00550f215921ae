"""The way to a server: found by the domain, past a proxy, trusted by the authorities the user trusts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from recipflow_connectors import discovery, servers
from recipflow_connectors.admission import Key, Protocol, let_in, server_for, settings_of
from recipflow_connectors.imap.session import PORTS, connect, hang_up
from recipflow_connectors.providers import Way, of_domain, of_exchange
from recipflow_connectors.servers import Security, Server

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded, TryLater, UserError
from tests.connectors.dovecot import Dovecot
from tests.talk import Said

ANN = "ann@haven.example"


def _autoconfig(*servers: tuple[str, str, str, int, str]) -> bytes:
    """As Mozilla describes it: https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat"""
    told = "".join(
        f'<{direction}Server type="{kind}"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{security}</socketType></{direction}Server>"
        for direction, kind, host, port, security in servers
    )
    head = '<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="haven.example">'
    return f"{head}{told}</emailProvider></clientConfig>".encode()


AUTOCONFIG = _autoconfig(
    ("incoming", "pop3", "pop.haven.example", 995, "SSL"),
    ("incoming", "imap", "post.haven.example", 993, "SSL"),
    ("incoming", "imap", "post.haven.example", 143, "plain"),
    ("outgoing", "smtp", "post.haven.example", 587, "STARTTLS"),
)


def nothing(*_: object) -> list[Any]:
    return []


def no_page(_: str) -> bytes:
    return b""


def test_well_known_providers_are_known_by_domain_and_by_who_receives_the_mail() -> None:
    google, microsoft = of_domain("gmail.com"), of_domain("hotmail.com")
    assert google is not None
    assert google.imap == Server("imap.gmail.com", 993)
    assert microsoft is not None
    assert microsoft.way is Way.MICROSOFT
    assert of_exchange("ASPMX.L.Google.com.") is google
    assert of_exchange("haven-example.mail.protection.outlook.com.") is microsoft
    assert of_exchange("mx.notgoogle.com.") is None


def test_a_domain_whose_mail_google_receives_is_googles() -> None:
    def ask(name: str, kind: str) -> list[Any]:
        return (
            [SimpleNamespace(exchange="aspmx.l.google.com.")]
            if (name, kind) == ("haven.example", "MX")
            else []
        )

    assert discovery.provider("haven.example", ask) is of_domain("gmail.com")
    assert discovery.provider("elsewhere.example", ask) is None


def test_service_records_come_first_in_their_order() -> None:
    records = {
        "_imaps._tcp.haven.example": [
            SimpleNamespace(target="b.haven.example.", port=993, priority=20, weight=0),
            SimpleNamespace(target="a.haven.example.", port=1993, priority=10, weight=0),
        ],
        "_imap._tcp.haven.example": [
            SimpleNamespace(target=".", port=0, priority=0, weight=0)
        ],  # not offered
    }
    found = list(discovery.servers("haven.example", "imap", lambda name, _: records.get(name, []), no_page))
    assert found[:2] == [Server("a.haven.example", 1993), Server("b.haven.example", 993)]
    assert all(one.host for one in found)


@pytest.mark.parametrize(
    ("protocol", "first"),
    [
        ("imap", Server("post.haven.example", 993)),
        ("smtp", Server("post.haven.example", 587, Security.STARTTLS)),
    ],
)
def test_what_a_domain_publishes_for_thunderbird_is_understood(protocol: str, first: Server) -> None:
    asked: list[str] = []

    def get(url: str) -> bytes:
        asked.append(url)
        return AUTOCONFIG if "autoconfig.haven" in url else b""

    assert next(discovery.servers("haven.example", protocol, nothing, get)) == first
    assert all(url.startswith("https://") and "@" not in url for url in asked)


@pytest.mark.parametrize(
    "page",
    [
        b"<html>not found",
        b"",
        AUTOCONFIG.replace(b"post.haven.example", b"post haven/../x"),
        AUTOCONFIG.replace(b"993", b"-1"),
        AUTOCONFIG.replace(b"993", b"0"),
        AUTOCONFIG.replace(b"993", b"99300"),
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;&b;&b;&b;</x>',
    ],
)
def test_a_strange_page_names_no_server(page: bytes) -> None:
    names = list(discovery.servers("haven.example", "imap", nothing, lambda _: page))
    assert names == list(discovery.servers("haven.example", "imap", nothing, no_page))
    assert names[0] == Server("imap.haven.example", 993)


def test_a_page_that_is_no_http_is_none(monkeypatch: pytest.MonkeyPatch, imap_server: Dovecot) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(imap_server.certificate))
    assert discovery.page(f"https://localhost:{imap_server.secure}/mail/config-v1.1.xml") == b""


@pytest.mark.parametrize("host", ["post..haven.example", f"{'a' * 70}.example"])
def test_what_can_be_no_name_of_a_host_is_not_found(host: str) -> None:
    with pytest.raises(TryLater, match="its name is not found"):
        connect(Server(host, 993))


def test_only_this_computer_is_this_computer() -> None:
    assert all(Server(host, 993).is_local for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1"))
    assert not any(
        Server(host, 993).is_local for host in ("127.haven.example", "192.168.1.1", "haven.example")
    )


def test_nothing_is_told_to_anybody_but_the_domain() -> None:
    names: list[str] = []

    def noted(name: str, kind: str) -> list[Any]:
        names.append(name)
        return []

    def get(url: str) -> bytes:
        names.append(url.split("/")[2])
        return b""

    list(discovery.servers("haven.example", "imap", noted, get))
    assert all(name.endswith("haven.example") for name in names)


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


def test_a_wrong_password_is_asked_for_again_and_only_a_good_one_is_kept() -> None:
    kept, person = MemorySecrets(password="of last year"), Said(["mistyped", "sesame"])
    key, inside = let_in(person, kept, ANN, {}, Door(ANN, "sesame"))
    assert (key.password, inside, kept.get("password")) == ("sesame", "inside", "sesame")
    assert person.heard.count(f"{ANN} is not let in") == 2


def test_after_three_wrong_passwords_it_ends_and_nothing_is_kept() -> None:
    kept = MemorySecrets()
    with pytest.raises(AuthNeeded):
        let_in(Said(["a", "b", "c", "sesame"]), kept, ANN, {}, Door(ANN, "sesame"))
    assert kept.get("password") is None


def test_a_wrong_password_that_was_given_is_not_asked_for() -> None:
    with pytest.raises(AuthNeeded):
        let_in(Said(["sesame"]), MemorySecrets(), ANN, {"password": "mistaken"}, Door(ANN, "sesame"))


def test_the_name_before_the_at_is_tried_too() -> None:
    key, _ = let_in(Said(), MemorySecrets(), ANN, {"password": "sesame"}, Door("ann", "sesame"))
    settings = settings_of(
        ANN, Server("post.haven.example", 993), key, Protocol(name="imap", ports=PORTS, knock=print)
    )
    assert settings == {"address": ANN, "host": "post.haven.example", "user": "ann"}


def test_a_name_that_was_given_is_the_only_one_tried() -> None:
    door = Door("ann", "sesame")
    with pytest.raises(AuthNeeded):
        let_in(Said(), MemorySecrets(), ANN, {"password": "sesame", "user": "anna"}, door)
    assert [key.user for key in door.tried] == ["anna"]


@pytest.mark.parametrize("command", ["print 'token", " "])
def test_a_token_command_that_is_none_is_told(command: str) -> None:
    with pytest.raises(UserError, match="--token-command: "):
        let_in(Said(), MemorySecrets(), ANN, {"token_command": command}, Door(ANN, "sesame"))


def test_a_server_is_reached_through_the_proxy_and_trusted_by_the_users_own_authority(
    imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tunnel(imap_server.secure) as (port, asked):
        monkeypatch.setenv("ALL_PROXY", f"http://ann:se%40cret@127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "")
        far = Server("post.haven.example", 993)
        with pytest.raises(TryLater, match="certificate cannot be trusted"):
            connect(far)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(imap_server.certificate))
        client = connect(far)
        assert b"IMAP4REV1" in client.capabilities()
        hang_up(client)
    assert asked[0].startswith(b"CONNECT post.haven.example:993 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic YW5uOnNlQGNyZXQ=" in asked[0]


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with tunnel(0) as (port, _):
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(TryLater, match=r"does not let through to post.haven.example:993 \(HTTP/1.1 403"):
            connect(Server("post.haven.example", 993))


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_both_kinds_of_encryption_work(imap_server: Dovecot, security: Security) -> None:
    port = imap_server.secure if security is Security.TLS else imap_server.port
    client = connect(Server("localhost", port, security))
    assert type(client.socket()).__name__ == "SSLSocket"
    hang_up(client)


def test_a_server_without_encryption_is_not_talked_to_when_it_was_asked_for(imap_server: Dovecot) -> None:
    with pytest.raises(TryLater, match="secure connection"):
        connect(Server("127.0.0.1", imap_server.port, Security.TLS))


def test_a_sleeping_connection_is_probed(imap_server: Dovecot) -> None:
    line = servers.dial(Server("127.0.0.1", imap_server.port, Security.PLAIN))
    assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    line.close()


@contextmanager
def tunnel(port: int) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that leads everywhere to one port of this computer; 0 refuses."""
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            asked.append(line.recv(4_096))
            if not port:
                line.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                line.close()
                continue
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            there = socket.create_connection(("127.0.0.1", port))
            for one, other in ((line, there), (there, line)):
                Thread(target=_pass_on, args=(one, other), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], asked
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while said := one.recv(65_536):
            other.sendall(said)
    except OSError:
        pass
    finally:
        one.close()
        other.close()
