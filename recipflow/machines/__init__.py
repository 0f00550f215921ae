"""Which messages machines wrote, of which kind, and the person whose gift a machine carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from recipflow.addressed import addressed
from recipflow.machines.absence import away_until
from recipflow.machines.rules import MachineRule, Patterns, machine_rules
from recipflow.model import Message, Party
from recipflow.people.addresses import clean_name, domain_of, looks_automatic
from recipflow.rules.patterns import Matcher, matcher, plain

_LONGEST = 1000  # characters of any header or subject that rules look at
_TEXT = 800  # characters of a body that rules look at
_FEW_VALUES = {"from", "attachment", "header.x-mailer", "header.precedence", "header.auto-submitted"}
_REMEMBERED = 20_000
_BY_VALUE = ("attachment", "subject", "name", "text")  # cheapest first


class Machines:
    """Tells what kind of machine a message is from. The rules come parsed; a UserError lists their faults.

    The rules that may still hold are a set of bits, rule n being bit n. Each place of a message takes out
    those that it contradicts, cheap places first.
    """

    def __init__(self, pack: Mapping[str, object]) -> None:
        self._rules = machine_rules(pack)
        self._unless = [_conditions(rule.unless) for rule in self._rules]
        self._all = _bits(range(len(self._rules)))
        self._fresh = _bits(n for n, rule in enumerate(self._rules) if rule.fresh)
        self._impersonating = _bits(n for n, rule in enumerate(self._rules) if rule.impersonates)
        self._places = {place: _Place(place, self._rules) for place in _places(self._rules)}
        self._headers = [
            (place.removeprefix("header."), self._places[place]) for place in self._places if "." in place
        ]

    def kind(self, message: Message, me: frozenset[str]) -> str | None:
        """The kind of machine, None for a human. What the user sent is never a machine's."""
        rule = self.rule(message, me)
        return rule.kind if rule else None

    def rule(self, message: Message, me: frozenset[str]) -> MachineRule | None:
        """The rule that decides: the first of those that hold."""
        if message.sender.address in me:
            return None
        left = self._holding(message, me)
        while left:
            lowest = left & -left
            number = lowest.bit_length() - 1
            if self._stands(number, message):
                return self._rules[number]
            left ^= lowest
        return None

    def carried_for(self, message: Message) -> Party | None:
        """The person who shared what a service announces; the address is "" when only the name is told."""
        rule = self.rule(message, frozenset())
        return _giver(message) if rule and rule.carries else None

    def away_until(self, message: Message) -> date | None:
        """Until when an automatic reply says its sender is away (`absence.away_until`)."""
        return away_until(message)

    def _holding(self, message: Message, me: frozenset[str]) -> int:
        places = self._places
        left = self._all & places["from"].kept(message.sender.address)
        headers = message.headers
        for name, place in self._headers:
            if left & place.bits:
                value = headers.get(name)
                left &= place.kept(value) if value is not None else ~place.bits
        if left & self._fresh and not _is_fresh(message):
            left &= ~self._fresh
        if left & self._impersonating and not _impersonates(message, me):
            left &= ~self._impersonating
        for name in _BY_VALUE:
            if name in places and left & places[name].bits:
                left &= places[name].kept(_value(name, message))
        return left

    def _stands(self, number: int, message: Message) -> bool:
        return not any(
            _hits(patterns, value)
            for place, patterns in self._unless[number]
            if (value := _value(place, message))
        )


class _Place:
    """All patterns of all rules for one place of a message."""

    def __init__(self, place: str, rules: Sequence[MachineRule]) -> None:
        owned = [(n, pattern) for n, rule in enumerate(rules) for pattern in rule.conditions.get(place, ())]
        self.bits = _bits(n for n, _ in owned)  #: the rules that have a condition here
        self._owners = [1 << n for n, _ in owned]
        self._matcher = matcher([(pattern,) for _, pattern in owned])
        self._others = ~self.bits
        self._remembers = place in _FEW_VALUES
        self._known: dict[str, int] = {}

    def kept(self, value: str) -> int:
        """The rules that this value does not contradict."""
        known = self._known.get(value)
        if known is not None:
            return known
        kept = self._others
        for hit in _hits(self._matcher, value):
            kept |= self._owners[hit]
        if self._remembers and len(value) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[value] = kept
        return kept


def _places(rules: Iterable[MachineRule]) -> list[str]:
    return ["from", *sorted({place for rule in rules for place in rule.conditions} - {"from"})]


def _conditions(conditions: Mapping[str, Patterns]) -> tuple[tuple[str, Matcher], ...]:
    return tuple((place, matcher([patterns])) for place, patterns in conditions.items())


def _bits(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def _value(place: str, message: Message) -> str:
    if place == "subject":
        return message.subject
    if place == "text":
        return (message.text or message.body)[:_TEXT]
    if place == "from":
        return message.sender.address
    if place == "name":
        return message.sender.name
    if place == "attachment":
        return next((kind for _, kind, _ in message.attachments if kind.startswith("text/calendar")), "")
    return message.headers.get(place.removeprefix("header."), "")


def _hits(patterns: Matcher, value: str) -> Sequence[int]:
    """Against the packs' plain form."""
    folded = plain(value[:_LONGEST])
    try:
        return patterns.hits(folded)
    except UnicodeEncodeError:  # lone surrogates: hostile mail holds them, and RE2 refuses them
        return patterns.hits(folded.encode("utf-8", "replace").decode("utf-8"))


def _is_fresh(message: Message) -> bool:
    return not (message.in_reply_to or message.references or message.subject[:3].lower() == "re:")


def _impersonates(message: Message, me: frozenset[str]) -> bool:
    """Whether the sender's name is the user's: as the message spells it, or as the user's addresses do."""
    name = message.sender.name.casefold()
    if not name or message.sender.address in me:
        return False
    if any(party.address in me and party.name.casefold() == name for party in (*message.to, *message.cc)):
        return True
    letters = "".join(filter(str.isalpha, name))
    return " " in name and any(letters in _spellings(address) for address in me)


def _spellings(address: str) -> tuple[str, str]:
    """What `noor.haddad@x.example` and `noor@haddad.example` spell: their owner's name."""
    local, _, domain = address.partition("@")
    local = "".join(filter(str.isalpha, local))
    return local, local + domain.partition(".")[0]


_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SHARER = re.compile(
    r"(.{2,80}?) (?:\([^()]*\) )?(?:has |hat |have |ha |a )?"
    r"(?:shared|sent|invited|transferred|compartilhou|partilhou|compartió|compartido|partagé|geteilt|freigegeben)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 3000  # characters of a share


def _giver(message: Message) -> Party | None:
    name = _shared_by(message)
    for shown, address in addressed(message.headers.get("reply-to", "")[:_LOOKED_AT]):
        if address and not looks_automatic(address):
            return Party(address.lower(), clean_name(shown) or name)
    address = _address_told(message)
    return Party(address, name) if address or name else None


def _shared_by(message: Message) -> str:
    """The name in "Dana Ruiz (via Google Drive)", else in "Dana Ruiz shared a file with you"."""
    service = domain_of(message.sender.address)
    shown = clean_name(message.sender.name)
    if shown and " " in shown and shown.split()[0].lower() not in service:
        return shown
    for line in (message.subject[:300], (message.text or message.body)[:300]):
        told = _SHARER.search(line)
        if told and (name := clean_name(told[1])):
            return name
    return ""


def _address_told(message: Message) -> str:
    service = domain_of(message.sender.address)
    theirs = {party.address for party in (*message.to, *message.cc)}
    told: list[str] = _ADDRESS.findall(
        f"{message.subject[:300]}\n{(message.text or message.body)[:_LOOKED_AT]}"
    )
    for found in told:
        address = found.lower().rstrip(".")
        if address not in theirs and domain_of(address) != service and not looks_automatic(address):
            return address
    return ""
