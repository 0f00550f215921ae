"""`recipflow connect smtp`: the server, the password, and whether it takes mail from the user to the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recipflow.connector import Proposed, Secrets, Talk
from recipflow_connectors.admission import (
    Key,
    Protocol,
    address_of,
    let_in,
    server_for,
    settings_of,
    within,
)
from recipflow_connectors.credentials import PASSWORD
from recipflow_connectors.discovery import SECONDS
from recipflow_connectors.servers import Server, unreachable
from recipflow_connectors.smtp.session import PORTS, Line, accepted, entered


def sign_in(talk: Talk, vaults: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Walk through it. The password of the mailbox is tried first, where the server is its own; no letter is sent."""
    address = address_of(talk, given)
    server = server_for(talk, address, given, _SMTP)
    vault = f"smtp:{address}"
    kept = vaults(vault)

    def enter(key: Key) -> None:
        access = key.access(server, f"recipflow connect smtp {address}")
        with entered(access) as smtp:
            accepted(access, smtp.mail(address))
            accepted(access, smtp.rcpt(address))
            smtp.rset()

    own = not given.get("host") or server.is_local or within(server, address.partition("@")[2])
    mailbox = vaults(f"mail:{address}").get(PASSWORD) if own else None
    if mailbox:
        talk.say("The password of your mailbox is tried first.")
    key, _ = let_in(talk, [kept.get(PASSWORD), mailbox], address, given, enter)
    key.keep(kept)
    return [
        Proposed(
            name="sending",
            connector="smtp",
            vault="" if key.token_command else vault,
            settings=settings_of(address, server, key, _SMTP),
            seen=f"{server.host} takes mail from you to you; none was sent",
        )
    ]


def _knock(server: Server) -> None:
    try:
        Line(server, SECONDS).close()
    except OSError as fault:
        raise unreachable(server, fault) from fault


_SMTP = Protocol(name="smtp", ports=PORTS, knock=_knock)
