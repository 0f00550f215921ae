"""Getting into a mail server for the first time: which one it is, and a password that it takes."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from recipflow.connector import Secrets, Talk
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow_connectors import discovery
from recipflow_connectors.credentials import PASSWORD, Access, token_of
from recipflow_connectors.providers import Provider, Way
from recipflow_connectors.servers import Security, Server, server_of

Client = TypeVar("Client")

ATTEMPTS = 3
_ELSEWHERE = "connect outlook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What there is to know of "imap" or "smtp" here."""

    name: str
    ports: Mapping[Security, int]
    knock: Callable[[Server], None]  #: raises TryLater when nobody answers there


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is tried at the door: a password, or a program that prints a token."""

    user: str
    password: str = ""
    token_command: tuple[str, ...] = ()

    def access(self, server: Server, again: str) -> Access:
        """The way in with it; `again` is what to type when it is no longer good."""
        secret = token_of(list(self.token_command)) if self.token_command else lambda: self.password
        return Access(
            server=server, user=self.user, secret=secret, oauth=bool(self.token_command), again=again
        )

    def keep(self, vault: Secrets) -> None:
        """Put the password there, if it is one."""
        if self.password:
            vault.put(PASSWORD, self.password)


def address_of(talk: Talk, given: Mapping[str, Any]) -> str:
    address = str(given.get("address") or talk.ask("The address of the mailbox")).strip().lower()
    if not all(address.partition("@")) or any(c.isspace() for c in address):
        raise UserError(f"{address!r} is no address like you@example.org.")
    return address


def server_for(talk: Talk, address: str, given: Mapping[str, Any], protocol: Protocol) -> Server:
    """The server that was named, that the account is known to be at, or that is found by the address: one that answers."""
    if given.get("host"):
        server = _named(talk, given, protocol)
        protocol.knock(server)
        return server
    if known := _known(given, protocol):
        return known
    domain = address.partition("@")[2]
    talk.say(f"Looking for the server of {domain} …")
    provider = discovery.provider(domain)
    if provider:
        _tell(talk, provider, address)
        server = provider.imap if protocol.name == "imap" else provider.smtp
        protocol.knock(server)
        return server
    for server in discovery.servers(domain, protocol.name):
        try:
            protocol.knock(server)
        except TryLater:
            continue
        _confirm(talk, server, domain)
        return server
    raise UserError(
        f"No {protocol.name.upper()} server answers for {domain}. Is the network away? Else name it: --host mail.{domain}"
    )


def _known(given: Mapping[str, Any], protocol: Protocol) -> Server | None:
    """The server that stands in config.toml, unless nobody answers there any more."""
    known, problems = given.get("known", {}), list[str]()
    server = server_of(known, protocol.ports, protocol.name, problems) if known.get("host") else None
    try:
        if server and not problems:
            protocol.knock(server)
            return server
    except TryLater:
        pass
    return None


def _confirm(talk: Talk, server: Server, domain: str) -> None:
    """What the name servers say of another domain anybody on the way may have said (RFC 6186, 6)."""
    if within(server, domain):
        return
    question = (
        f"The mail of {domain} seems to be at {server.host}. Is that so, and may it have your password?"
    )
    if not talk.confirm(question, default=True):
        raise UserError("Nothing was connected. Name the server that it is: --host")


def within(server: Server, domain: str) -> bool:
    """Whether its name alone says that it is the domain's own."""
    return f".{server.host}".lower().endswith(f".{domain}")


def let_in(
    talk: Talk,
    kept: Iterable[str | None],
    address: str,
    given: Mapping[str, Any],
    enter: Callable[[Key], Client],
) -> tuple[Key, Client]:
    """What opened the door, and what is behind it. Passwords that are `kept` already are tried before one is asked for."""
    user = given.get("user") or given.get("known", {}).get("user")
    users = [str(user)] if user else [address, address.partition("@")[0]]
    if given.get("token_command"):
        key = Key(user=users[0], token_command=_words(given["token_command"]))
        return key, enter(key)
    for password, last in _passwords(talk, kept, given):
        try:
            return _tried([Key(user=user, password=password) for user in users], enter)
        except AuthNeeded as fault:
            if last or _ELSEWHERE in fault.command:
                raise
            talk.say(str(fault))
    raise AssertionError


def _passwords(
    talk: Talk, kept: Iterable[str | None], given: Mapping[str, Any]
) -> Iterator[tuple[str, bool]]:
    """What to try, one after the other, and whether it is the last."""
    if given.get("password"):
        yield str(given["password"]), True
        return
    yield from ((one, False) for one in dict.fromkeys(kept) if one)
    for attempt in range(1, ATTEMPTS + 1):
        yield talk.ask("Password (or app password)", secret=True), attempt == ATTEMPTS


def _words(command: str) -> tuple[str, ...]:
    """As a shell would take it apart."""
    try:
        words = tuple(shlex.split(command))
    except ValueError as fault:
        raise UserError(f"--token-command: it cannot be taken apart: {fault}.") from fault
    if not words:
        raise UserError("--token-command: name a program that prints a token.")
    return words


def _tried(keys: Sequence[Key], enter: Callable[[Key], Client]) -> tuple[Key, Client]:
    """The first key that opens. Servers of one's own, and iCloud, often want the name before the @ alone."""
    first: AuthNeeded | None = None
    for key in keys:
        try:
            return key, enter(key)
        except AuthNeeded as fault:
            first = first or fault
            if _ELSEWHERE in fault.command:
                break
    assert first is not None  # noqa: S101  (there is a key)
    raise first


def settings_of(address: str, server: Server, key: Key, protocol: Protocol) -> dict[str, Any]:
    """What stands in config.toml of it: what is not the default."""
    found: dict[str, Any] = {"address": address, "host": server.host}
    if server.port != protocol.ports[server.security]:
        found["port"] = server.port
    if server.security is not Security.TLS:
        found["security"] = server.security.value
    if server.security is Security.PLAIN and not server.is_local:
        found["insecure"] = True
    if key.user != address:
        found["user"] = key.user
    if key.token_command:
        found["token_command"] = list(key.token_command)
    return found


def _named(talk: Talk, given: Mapping[str, Any], protocol: Protocol) -> Server:
    settings = {key: given[key] for key in ("host", "port", "security") if given.get(key)}
    problems: list[str] = []
    server = server_of(settings | {"insecure": True}, protocol.ports, protocol.name, problems)
    if problems:
        raise UserError(problems)
    if server.security is Security.PLAIN and not server.is_local:
        question = "Everybody on the way could read the password and the mail. Go on without encryption?"
        if not talk.confirm(question, default=False):
            raise UserError("Nothing was connected. With encryption: --security tls, or starttls")
    return server


def _tell(talk: Talk, provider: Provider, address: str) -> None:
    """What the user has to prepare, by the way the provider lets programs in."""
    match provider.way:
        case Way.MICROSOFT:
            raise AuthNeeded(
                f"Mail of {address} is at Microsoft, where passwords no longer let programs in.",
                command=f"recipflow connect outlook {address}",
            )
        case Way.APP_PASSWORD:
            talk.say(
                f"{provider.imap.host} wants an app password: one made for recipflow alone, which you can take back at "
                f"any time. It is made here: {provider.page or 'in the settings of your mailbox'}"
            )
        case Way.BRIDGE:
            talk.say(
                "Proton Mail is read through its Bridge, a program of theirs on this computer. Start it; the "
                "password is the one that Bridge shows, not your own."
            )
