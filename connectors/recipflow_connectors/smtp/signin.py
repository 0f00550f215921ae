"""`recipflow connect smtp`: the server, the password, and whether it takes mail from the user to the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recipflow.connector import Proposed, Secrets, Talk
from recipflow_connectors.admission import Key, Protocol, address_of, let_in, server_for, settings_of
from recipflow_connectors.discovery import SECONDS
from recipflow_connectors.servers import Server, unreachable
from recipflow_connectors.smtp.session import PORTS, Line, accepted, entered


def sign_in(talk: Talk, vaults: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Walk through it. The password of the mailbox is tried first; no letter is sent."""
    address = address_of(talk, given)
    server = server_for(talk, address, given, _SMTP)
    vault = f"mail:{address}"

    def enter(key: Key) -> None:
        access = key.access(server, f"recipflow connect smtp {address}")
        with entered(access) as smtp:
            accepted(access, smtp.mail(address))
            accepted(access, smtp.rcpt(address))
            smtp.rset()

    key, _ = let_in(talk, vaults(vault), address, given, enter)
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
