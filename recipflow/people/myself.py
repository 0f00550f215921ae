"""Which addresses are the user's: guessed from a mailbox, for the user to confirm."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from recipflow.counted import counted
from recipflow.model import Message
from recipflow.people.addresses import clean_name, looks_automatic
from recipflow.people.contacts import folded

SENT = "sent"  # the label that connectors give mail from a Sent folder, in any language
_ALIAS_SHARE = 0.02  # of sent mail: below it, a From in Sent is a slip, or somebody else's mail kept there
_FEWEST = 5  # messages that a guess without sent mail needs
_RECEIVED_SHARE = 0.3  # of received mail that is addressed to the user by name, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An address that may be the user's, and why. Confidence 0 to 1."""

    address: str
    name: str
    evidence: str
    confidence: float


class MeTally:
    """Counts, over messages in any order, what tells the user's own addresses."""

    def __init__(self) -> None:
        self._sent: Counter[str] = Counter()
        self._from: Counter[str] = Counter()
        self._to: Counter[str] = Counter()
        self._names: dict[str, Counter[str]] = {}
        self._messages = 0

    def add(self, message: Message) -> None:
        sender = message.sender.address
        self._messages += 1
        self._from[sender] += 1
        if message.sender.name:
            self._names.setdefault(sender, Counter())[message.sender.name] += 1
        if SENT in message.labels:
            self._sent[sender] += 1
        elif "list-id" not in message.headers:
            self._to.update({party.address for party in (*message.to, *message.cc)})

    def guesses(self) -> tuple[Guess, ...]:
        """The likeliest first; several when mail was sent from each. Empty when nothing tells."""
        found = self._from_sent() or self._from_traffic()
        return tuple(sorted(found, key=lambda guess: (-guess.confidence, guess.address)))

    def _from_sent(self) -> list[Guess]:
        total = sum(self._sent.values())
        return [
            self._guess(
                address, f"sender of {count} of {counted(total, 'sent message')}", 0.5 + 0.5 * count / total
            )
            for address, count in self._sent.items()
            if count >= max(1, _ALIAS_SHARE * total) and not looks_automatic(address)
        ]

    def _from_traffic(self) -> list[Guess]:
        """Without a Sent folder: the address that most of the mail is from or to, and those that bear its name."""
        both = {address: self._from[address] + count for address, count in self._to.items()}
        ranked = sorted(both, key=lambda address: (-both[address], address))
        first = next((address for address in ranked if not looks_automatic(address)), None)
        if first is None or both[first] < min(_FEWEST, self._messages):
            return []
        share = both[first] / self._messages
        if share < _RECEIVED_SHARE:
            return []
        found = [
            self._guess(
                first,
                f"from or to it: {both[first]} of {counted(self._messages, 'message')}",
                0.8 * min(share, 1),
            )
        ]
        return found + self._namesakes(first, both)

    def _namesakes(self, first: str, both: dict[str, int]) -> list[Guess]:
        """Aliases: both written from and to, under the same name. One who only writes *to* the user may pretend."""
        name = folded(self._name(first))
        return [
            self._guess(address, f"bears the name of {first}, and mail goes from and to it", 0.3)
            for address in sorted(both)
            if address != first and name and self._from[address] and folded(self._name(address)) == name
        ]

    def _name(self, address: str) -> str:
        seen = self._names.get(address, Counter())
        return clean_name(min(seen, key=lambda name: (-seen[name], name))) if seen else ""

    def _guess(self, address: str, evidence: str, confidence: float) -> Guess:
        return Guess(
            address=address, name=self._name(address), evidence=evidence, confidence=round(confidence, 3)
        )
