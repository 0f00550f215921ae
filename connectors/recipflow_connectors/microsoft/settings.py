"""The settings an Outlook account has in config.toml, checked; mail and calendar share most of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recipflow.connector import Secrets
from recipflow.errors import UserError
from recipflow_connectors.given import problems_of, unsafe
from recipflow_connectors.microsoft.failures import CONNECT
from recipflow_connectors.microsoft.graph import BASE, Graph
from recipflow_connectors.microsoft.pace import REQUESTS, Pace
from recipflow_connectors.microsoft.tokens import LOGIN, READ_MAIL, READ_SHARED_MAIL, Tokens, authority

YEAR = 365
_KEYS: dict[str, type] = {
    "client_id": str,
    "tenant": str,
    "login_url": str,
    "graph_url": str,
    "address": str,
    "mailbox": str,
    "since_days": int,
    "requests_per_10_minutes": int,
    "drafts": bool,
    "allow": list,
    "tz": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one account."""

    client_id: str
    address: str = ""
    mailbox: str = ""  #: that of others which is read instead of one's own
    tenant: str = "common"
    login_url: str = LOGIN
    graph_url: str = BASE
    since_days: int = YEAR
    requests_per_10_minutes: int = REQUESTS
    drafts: bool = False
    allow: tuple[str, ...] = ()
    tz: str = ""

    @property
    def authority(self) -> str:
        return authority(self.tenant, self.login_url)

    def graph(self, secrets: Secrets, scopes: Iterable[str], pace: Pace, *, allow: str = "") -> Graph:
        """Requests with the permission for these scopes; `allow` is what `connect` must be told to get it."""
        command = self._command(allow)
        tokens = Tokens(secrets, scopes, client_id=self.client_id, authority=self.authority, command=command)
        return Graph(tokens, base=self.graph_url, pace=pace, command=command, mailbox=self.mailbox)

    @property
    def reading(self) -> str:
        """The permission this mailbox is read with."""
        return READ_SHARED_MAIL if self.mailbox else READ_MAIL

    def _command(self, allow: str) -> str:
        """What to type to sign in again, to the same and for the same."""
        given = {"--client-id": self.client_id, "--tenant": self.tenant}
        given |= {"--login-url": self.login_url, "--graph-url": self.graph_url, "--mailbox": self.mailbox}
        words = [
            f"{name} {value}" for name, value in given.items() if value not in ("common", LOGIN, BASE, "")
        ]
        words += [f"--allow {one}" for one in dict.fromkeys([*self.allow, allow]) if one]
        return " ".join([CONNECT, *([self.address] if self.address else []), *words])

    def pace(self) -> Pace:
        return Pace(self.requests_per_10_minutes)


def checked(given: Mapping[str, Any], connector: str, *, may: str = "") -> Settings:
    """The settings; a UserError with every problem. `may` is what can be allowed."""
    problems = problems_of(given, connector, _KEYS, may=may)
    if not given.get("client_id"):
        problems.append(
            f"{connector}.client_id: the id of your application in Entra is missing: {CONNECT} --explain"
        )
    if given.get("mailbox") and (
        connector == "outlook_calendar" or given.get("drafts") or given.get("allow")
    ):
        problems.append(f"{connector}.mailbox: of a shared mailbox the mail is read, and nothing else")
    problems += unsafe(given, connector, "login_url", "graph_url")
    if problems:
        raise UserError(sorted(problems))
    known = {key: value for key, value in given.items() if key != "allow"}
    return Settings(**known, allow=tuple(given.get("allow", ())))
