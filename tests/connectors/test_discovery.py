"""Where a mailbox lives, by its domain alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from recipflow_connectors import discovery
from recipflow_connectors.providers import Way, of_domain, of_exchange
from recipflow_connectors.servers import Security, Server

from tests.connectors.dovecot import Dovecot


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
