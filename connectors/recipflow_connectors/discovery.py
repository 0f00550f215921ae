"""Where a mailbox lives, by its domain: well-known providers, what the domain publishes, the usual names.

What is found is a guess until the server was tried. Only the domain itself and its name servers are asked, and they
learn nothing but that somebody asked.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from itertools import chain
from typing import Any
from xml.etree import ElementTree

from recipflow_connectors.providers import Provider, of_domain, of_exchange
from recipflow_connectors.servers import Security, Server, trusting

SECONDS = 5.0
_LONGEST = 64_000
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_SOCKETS = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_SERVICES = {
    "imap": (("_imaps", Security.TLS), ("_imap", Security.STARTTLS)),
    "smtp": (("_submissions", Security.TLS), ("_submission", Security.STARTTLS)),
}
"""RFC 6186 and 8314."""
_PORTS = {"imap": (993, 143), "smtp": (465, 587)}

Ask = Callable[[str, str], list[Any]]
Page = Callable[[str], bytes]


def asked(name: str, kind: str) -> list[Any]:
    """The records of a name; none when the name servers do not answer."""
    from dns.exception import DNSException
    from dns.resolver import resolve

    try:
        return list(resolve(name, kind, lifetime=SECONDS))
    except (DNSException, OSError, ValueError):
        return []


def page(url: str) -> bytes:
    """A short page over a connection that is checked; nothing when it cannot be had."""
    try:
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting()))
        with opener.open(url, timeout=SECONDS) as answer:
            found: bytes = answer.read(_LONGEST + 1)
    except (OSError, ValueError, HTTPException):
        return b""
    return found if len(found) <= _LONGEST else b""


def provider(domain: str, ask: Ask = asked) -> Provider | None:
    """The well-known provider of a domain: its own, or the one that receives the domain's mail."""
    if found := of_domain(domain):
        return found
    return next((one for record in ask(domain, "MX") if (one := of_exchange(str(record.exchange)))), None)


def servers(domain: str, protocol: str, ask: Ask = asked, get: Page = page) -> Iterator[Server]:
    """Where "imap" or "smtp" of a domain may be, the likeliest first, each once."""
    told: set[Server] = set()
    ways = (
        _by_service(domain, protocol, ask),
        _by_autoconfig(domain, protocol, get),
        _by_name(domain, protocol),
    )
    for server in chain.from_iterable(ways):
        if server not in told:
            told.add(server)
            yield server


def _by_service(domain: str, protocol: str, ask: Ask) -> Iterator[Server]:
    for service, security in _SERVICES[protocol]:
        for one in sorted(
            ask(f"{service}._tcp.{domain}", "SRV"), key=lambda one: (one.priority, -one.weight)
        ):
            if host := str(one.target).rstrip("."):
                yield Server(host, one.port, security)


def _by_autoconfig(domain: str, protocol: str, get: Page) -> Iterator[Server]:
    """What the domain publishes for Thunderbird."""
    for url in (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ):
        yield from _named(get(url), protocol)


def _named(config: bytes, protocol: str) -> Iterator[Server]:
    try:
        root = ElementTree.fromstring(config)  # noqa: S314  (short, and expat bounds what entities may grow to)
    except ElementTree.ParseError:
        return
    for one in root.iter("incomingServer" if protocol == "imap" else "outgoingServer"):
        host, port, kind = (one.findtext(tag, "").strip() for tag in ("hostname", "port", "socketType"))
        if one.get("type") == protocol and kind in _SOCKETS and _is_port(port) and _HOST.fullmatch(host):
            yield Server(host, int(port), _SOCKETS[kind])


def _is_port(text: str) -> bool:
    return text.isdecimal() and len(text) <= 5 and 0 < int(text) < 65_536


def _by_name(domain: str, protocol: str) -> Iterator[Server]:
    secure, plain = _PORTS[protocol]
    for host in (f"{protocol}.{domain}", f"mail.{domain}", domain):
        yield Server(host, secure)
    yield Server(f"mail.{domain}", plain, Security.STARTTLS)
