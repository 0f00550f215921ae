"""A server whose certificate cannot be trusted is told as that, with the way out, in one line."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import requests
import trustme
from google.auth.exceptions import TransportError
from recipflow_connectors import caldav, ics
from recipflow_connectors.caldav.client import Client
from recipflow_connectors.certificates import distrusted
from recipflow_connectors.google.auth import Grant
from recipflow_connectors.google.refusals import translated
from recipflow_connectors.microsoft.graph import unreached

from recipflow import config, secrets
from recipflow.connector import Connector, MemorySecrets
from recipflow.errors import TryLater
from recipflow.home import find
from recipflow.testing import NOW
from tests.cli.connected import home, shell
from tests.cli.running import Shell
from tests.fakes.served import Served

__all__ = ["home", "shell"]
GRANT = Grant(client={}, refresh_token="", scopes=(), granted_at="")
AUTHORITY = "name that one's file in the variable REQUESTS_CA_BUNDLE"


@contextmanager
def served(name: str = "localhost", trusted_in: Path | None = None) -> Iterator[str]:
    """A server on this computer, under a certificate made out to that name by an authority of its own."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    if trusted_in:
        authority.cert_pem.write_to_path(str(trusted_in))
    server = Served(0, BaseHTTPRequestHandler)
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    with server:
        yield f"https://localhost:{server._server.server_port}/"


def account(kind: str, url: str) -> Connector:
    if kind == "caldav":
        return caldav.connect({"url": url, "user": "ann"}, MemorySecrets(password="secret"))
    return ics.connect({}, MemorySecrets(address=url))


@pytest.mark.parametrize("kind", ["caldav", "ics"])
def test_an_authority_nobody_knows_is_named_in_a_variable(kind: str) -> None:
    with served() as url, pytest.raises(TryLater, match="certificate cannot be trusted") as wrong:
        account(kind, url).pull(None, now=NOW)
    assert AUTHORITY in str(wrong.value)


def test_nothing_was_written_where_the_certificate_was_not_trusted() -> None:
    with served() as url, pytest.raises(TryLater, match="certificate cannot be trusted"):
        Client(url, "ann", "secret", 5).put(url, "1.ics", "", None)


@pytest.mark.parametrize("kind", ["caldav", "ics"])
def test_a_certificate_for_another_name_sends_to_the_servers_name(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / f"{kind}.pem"))
    with served("post.haven.example", tmp_path / f"{kind}.pem") as url, pytest.raises(TryLater) as wrong:
        account(kind, url).pull(None, now=NOW)
    assert "the name it was made out to as the server's in config.toml" in str(wrong.value)


def test_a_certificate_out_of_date_is_for_who_runs_the_server() -> None:
    old = ssl.SSLCertVerificationError(1, "certificate verify failed: certificate has expired")
    old.verify_code, old.verify_message = 10, "certificate has expired"
    assert "who runs the server has to renew it" in distrusted(old)


def test_google_and_microsoft_are_told_of_in_the_same_way() -> None:
    with served() as url, pytest.raises(requests.exceptions.SSLError) as wrong:
        requests.get(url, timeout=5)
    wrapped = TransportError(wrong.value)  # type: ignore[no-untyped-call]
    for told in (
        unreached(wrong.value, writing=True),
        translated(wrapped, GRANT, writes=True, command=""),
    ):
        assert isinstance(told, TryLater)
        assert AUTHORITY in str(told)


def test_what_is_wrong_besides_is_no_certificate() -> None:
    assert distrusted(ssl.SSLError("WRONG_VERSION_NUMBER")) == ""


def test_sync_and_doctor_say_it_in_one_line(home: Path, shell: Shell) -> None:
    found = find({"RECIPFLOW_HOME": str(home)})
    with served() as url:
        config.change(found.config, {"secrets": "file", "me.addresses": ["ann@haven.example"]})
        table = {"name": "work", "connector": "caldav", "vault": "work", "url": url, "user": "ann"}
        config.append(found.config, "accounts", table)
        secrets.vault("work", found.tokens, config.load(found.config).secrets).put("password", "secret")
        shell.run("sync", code=1)
        (line,) = [one for one in shell.err.splitlines() if "certificate" in one]
        said = " ".join(shell.run("doctor", code=1).split())
    assert AUTHORITY in line
    assert AUTHORITY in said
