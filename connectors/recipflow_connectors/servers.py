"""A mail server to talk to: where it is, how it is secured, and the way to it past proxies and private authorities."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from recipflow.errors import TryLater
from recipflow_connectors.certificates import distrusted

CONNECT_SECONDS = 20.0
READ_SECONDS = 60.0
"""Longer than any answer should take: a server that is silent for a minute is gone."""

#: Seconds between the probes that tell a sleeping connection from a dead one; routers forget after some minutes.
_KEEPALIVE = (("TCP_KEEPIDLE", 120), ("TCP_KEEPALIVE", 120), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4))


class Security(StrEnum):
    TLS = "tls"  #: from the first byte on
    STARTTLS = "starttls"  #: asked for before anything else is said
    PLAIN = "plain"  #: not at all


@dataclass(frozen=True, slots=True)
class Server:
    """A host with its port, and how it is secured."""

    host: str
    port: int
    security: Security = Security.TLS

    @property
    def is_local(self) -> bool:
        """Whether what is sent stays on this computer."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:  # the name of a host, and be it 127.example.org
            return False

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(
    settings: Mapping[str, Any], ports: Mapping[Security, int], where: str, problems: list[str]
) -> Server:
    """The server that `host`, `port` and `security` name; what is wrong with them is added to `problems`."""
    host, port, given = settings.get("host", ""), settings.get("port"), settings.get("security", Security.TLS)
    if not isinstance(host, str) or not host.strip() or any(c.isspace() or c in "/@" for c in host.strip()):
        problems.append(f'{where}.host: name the server, like host = "mail.example.org".')
        host = ""
    try:
        security = Security(given)
    except ValueError:
        problems.append(f'{where}.security: must be "tls", "starttls" or "plain", is {given!r}.')
        security = Security.TLS
    if port is None:
        port = ports[security]
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65_536:
        problems.append(f"{where}.port: must be a number from 1 to 65535, is {port!r}.")
        port = ports[security]
    server = Server(host.strip(), port, security)
    if host and security is Security.PLAIN and not server.is_local and settings.get("insecure") is not True:
        problems.append(
            f"{where}.security: without encryption everybody on the way could read the password and the mail. "
            "If you must: insecure = true."
        )
    return server


def dial(server: Server, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """A connection, through the proxy that ALL_PROXY names unless NO_PROXY leaves the host out.

    It is encrypted if the server is so from the first byte on. OSError when none comes about, TryLater by the proxy's fault.
    """
    proxy = "" if server.is_local or proxy_bypass(server.host) else getproxies().get("all", "")
    line = _through(proxy, server, seconds) if proxy else _straight(server, seconds)
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE:
            if hasattr(socket, name):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        if server.security is Security.TLS:
            return tls(server).wrap_socket(line, server_hostname=server.host)
    except BaseException:
        line.close()
        raise
    return line


def trusting() -> ssl.SSLContext:
    """Certificates are checked against what the system, SSL_CERT_FILE, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE trusts."""
    context = ssl.create_default_context()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if file := os.environ.get(name):
            try:
                context.load_verify_locations(**{"capath" if Path(file).is_dir() else "cafile": file})
            except OSError as fault:
                raise TryLater(
                    f"{name}: the certificates in {file} cannot be read: {fault.strerror}."
                ) from fault
    return context


def tls(server: Server) -> ssl.SSLContext:
    """As `trusting`; of a server on this computer (a bridge, a tunnel) no certificate is asked."""
    context = trusting()
    if server.is_local:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def unreachable(server: Server, fault: OSError) -> TryLater:
    """What to say when a connection fails: all of it passes, or so one hopes."""
    if said := distrusted(fault):
        told = said
    elif isinstance(fault, ssl.SSLError) and fault.reason == "WRONG_VERSION_NUMBER":
        told = "no secure connection could be made: there it does not speak TLS from the first byte on (starttls?)"
    elif isinstance(fault, ssl.SSLError):
        told = f"no secure connection could be made ({fault.reason or 'TLS'})"
    elif isinstance(fault, TimeoutError):
        told = "it does not answer"
    elif isinstance(fault, socket.gaierror):
        told = "its name is not found (is the network away?)"
    else:
        told = (fault.strerror or str(fault) or "the connection was lost").lower()
    return TryLater(f"{server}: {told}.")


def _straight(server: Server, seconds: float) -> socket.socket:
    try:
        return socket.create_connection((server.host, server.port), seconds)
    except UnicodeError as fault:  # "mail..example", or a label that is longer than labels may be
        raise socket.gaierror(socket.EAI_NONAME, "no name a host can have") from fault


def _through(proxy: str, server: Server, seconds: float) -> socket.socket:
    """A tunnel by CONNECT (RFC 9110, 9.3.6), as for any other thing that is not HTTP."""
    found = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
    if found.scheme != "http" or not found.hostname:
        raise TryLater(
            f"The proxy in ALL_PROXY cannot be used: it must be like http://proxy.example:8080, is {found.scheme}:."
        )
    line = socket.create_connection((found.hostname, found.port or 8080), seconds)
    try:
        line.sendall(_connect(server, found.username, found.password))
        answer = _head(line)
    except BaseException:
        line.close()
        raise
    status = answer.split(b" ", 2)[1:2]
    if status != [b"200"]:
        line.close()
        raise TryLater(f"The proxy {found.hostname} does not let through to {server} ({_shown(answer)}).")
    return line


def _connect(server: Server, user: str | None, password: str | None) -> bytes:
    from base64 import b64encode

    lines = [f"CONNECT {server} HTTP/1.1", f"Host: {server}"]
    if user:
        pair = f"{unquote(user)}:{unquote(password or '')}"
        lines.append(f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}")
    return "\r\n".join((*lines, "", "")).encode("ascii", "replace")


def _head(line: socket.socket) -> bytes:
    """The proxy's answer up to the empty line; byte by byte, for what follows is the server's."""
    got = b""
    while not got.endswith(b"\r\n\r\n") and len(got) < 16_384:
        byte = line.recv(1)
        if not byte:
            break
        got += byte
    return got


def _shown(answer: bytes) -> str:
    return answer.partition(b"\r\n")[0].decode("ascii", "replace")[:80] or "it hung up"
