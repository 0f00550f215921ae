"""The way to a server: past a proxy, trusted by the authorities the user trusts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from recipflow_connectors import servers
from recipflow_connectors.imap.session import connect, hang_up
from recipflow_connectors.servers import Security, Server

from recipflow.errors import TryLater
from tests.connectors.dovecot import Dovecot


@pytest.mark.parametrize("host", ["post..haven.example", f"{'a' * 70}.example"])
def test_what_can_be_no_name_of_a_host_is_not_found(host: str) -> None:
    with pytest.raises(TryLater, match="its name is not found"):
        connect(Server(host, 993))


def test_only_this_computer_is_this_computer() -> None:
    assert all(Server(host, 993).is_local for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1"))
    assert not any(
        Server(host, 993).is_local for host in ("127.haven.example", "192.168.1.1", "haven.example")
    )


def test_a_server_is_reached_through_the_proxy_and_trusted_by_the_users_own_authority(
    imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tunnel(imap_server.secure) as (port, asked):
        monkeypatch.setenv("ALL_PROXY", f"http://ann:se%40cret@127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "")
        far = Server("post.haven.example", 993)
        with pytest.raises(TryLater, match=r"certificate cannot be trusted .* variable REQUESTS_CA_BUNDLE"):
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
