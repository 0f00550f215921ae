"""What several sign-ins ask and tell alike: what may be written, drafts, and what sent mail shows of its writers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recipflow.connector import Talk, Writer
from recipflow.errors import UserError
from recipflow_connectors.headers import parties

SAMPLE = 1_000
"""The newest sent mails, which tell the user's addresses and people."""
_ALIAS_SHARE = 0.02
"""Of sent mail: below it, a sender in Sent is a slip."""
_DRAFTS = "May your drafts be looked at, for a word before an ask goes out? They are never stored."


def allowed(given: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What of `known` may be written, as `allow` says; a UserError for what there is no leave for."""
    wanted = list(dict.fromkeys(given.get("allow") or ()))
    if unknown := [one for one in wanted if one not in known]:
        raise UserError(f"--allow {unknown[0]}: here it may be {' or '.join(known)}.")
    return wanted


def may_see_drafts(talk: Talk, given: Mapping[str, Any]) -> bool:
    """As `drafts` says, else as is answered; without an answer, no."""
    if given.get("drafts") is not None:
        return bool(given["drafts"])
    return talk.confirm(_DRAFTS, default=False)


def before(given: Mapping[str, Any], key: str, one: str) -> bool:
    """Whether that one was chosen when the account was connected before."""
    return one in (given.get("before") or {}).get(key, ())


@dataclass(slots=True)
class Sent:
    """What sent mail shows: from which addresses it went out, to whom, and who wrote it in somebody else's name."""

    senders: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    writers: Counter[tuple[str, str]] = field(default_factory=Counter)  #: with the sender they wrote for

    def add(self, sender: str, to: Iterable[str], writer: str = "") -> None:
        """One message; the writer is whom its Sender names, an address or a header."""
        writer = next((one.address for one in parties(writer)), "")
        self.senders[sender] += 1
        self.people.update(one for one in to if "@" in one)
        if "@" in writer and writer != sender:
            self.writers[writer, sender] += 1

    def aliases(self, address: str) -> Iterator[str]:
        """Other addresses that mail was sent from."""
        total = self.senders.total()
        return (
            one for one, many in self.senders.most_common() if one != address and many >= _ALIAS_SHARE * total
        )

    def others(self) -> tuple[Writer, ...]:
        """Who wrote in another's name, and in none of their own."""
        return tuple(
            Writer(writer, sender, many)
            for (writer, sender), many in self.writers.most_common()
            if writer not in self.senders
        )

    def words(self, messages: int, since: date | None) -> str:
        """ "4,812 messages since 2025-11, 212 people you wrote to"."""
        said = f"{messages:,} message{'' if messages == 1 else 's'}"
        if since:
            said += f" since {since:%Y-%m}"
        people = len(self.people - self.senders.keys())
        return f"{said}, {people:,} {'person' if people == 1 else 'people'} you wrote to" if people else said


def calendars(count: int, total: int | None = None) -> str:
    """ "3 calendars", "2 of 3 calendars"."""
    of = "" if total is None else f" of {total:,}"
    return f"{count:,}{of} calendar{'' if total is None and count == 1 else 's'}"
