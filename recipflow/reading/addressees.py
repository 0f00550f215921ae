"""Whom a message concerns, and whether it is meant for them or only passes by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from recipflow.model import CROWD, Message, Party, Side
from recipflow.rules.letter import Letter
from recipflow.rules.sentences import Zone

OWN_WORDS = 400
"""Letters at the head of a forwarded mail in which its sender speaks; what comes after may be anybody's."""
_FORWARDED = ("fw:", "fwd:", "[fwd", "[fw:", "wg:", "enc:", "rv:")
_TO_ALL = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|attention|attn|to|good (?:morning|afternoon|evening))\W+"
    r"(?:all|everyone|everybody)\b|(?:all|everyone|everybody)(?=\s*(?:[,:;!\n–—-]|$))"
    r"|(?:(?:hi|hello|hey|dear|attention|attn|to|good (?:morning|afternoon|evening))\W+)?(?:all )?(?:\w+ )?"
    r"(?:employees|colleagues|friends|folks|members|customers|team members)\b)"
    r"|^\W*(?:hallo (?:alle|zusammen|an alle|liebe)|liebe (?:alle|kolleg|freunde)|moin zusammen|guten (?:morgen|tag) zusammen"
    r"|(?:ol[áa]|oi|bom dia|boa tarde|caros|car[ao]s?) (?:a )?tod[oa]s|(?:ol[áa]|bom dia),? (?:pessoal|malta|equipa)"
    r"|(?:hola|buenos d[ií]as|buenas tardes|estimad[oa]s),? (?:a )?(?:tod[oa]s|equipo))"
)
"""How a letter to many greets, though each has it to himself."""
_YES_OR_NO = re.compile(r"\byes or no\b|\b(?:ja oder nein|sim ou n[ãa]o|s[íi] o no)\b|\beither way\b")
"""What silence does not answer."""
_EACH = re.compile(
    r"\b(?:if|whether) you(?:'re|'ll| are| will| can| could| plan)\b|\bob (?:du|ihr|sie)\b"
    r"|\bse (?:voc[êe]s?|vens|vêm|vem|vais|vão|vai)\b|\bsi (?:vienes|vien|ven[íi]s|vas|va|van|pod[ée]is|puedes)\b"
)
"""What each of several can only answer for themselves."""
_CALLING = (",", ":", "-", "–", "—")
_DASHES = ("-", "–", "—")


def concerned(message: Message, written: Letter, me: frozenset[str]) -> list[tuple[str, bool]]:
    """The counterparts' addresses; with each, whether the message is directly between me and them."""
    if written.by is Side.THEM:
        return [(message.sender.address, _meant_for_me(message, written, me))]
    others = [party for party in message.to if party.address not in me]
    others = others or _blind(message, me)
    named = list(_named(others, _greeting(message, written)))
    chosen = named or others
    return [(party.address, len(others) <= CROWD) for party in dict.fromkeys(chosen)]


def _blind(message: Message, me: frozenset[str]) -> list[Party]:
    """Those in blind copy; some programs repeat there everybody who is in open copy."""
    open_copy = {party.address for party in message.cc}
    return [party for party in message.bcc if party.address not in me and party.address not in open_copy]


def passes_by(message: Message, quote: str, position: int, meant: frozenset[str]) -> bool:
    """Whether a sentence is not for these addresses: it calls another reader by name, or was only forwarded."""
    if message.subject[:4].lower().startswith(_FORWARDED) and position > OWN_WORDS:
        return True
    first, _, rest = quote.partition(" ")
    if not rest or not (first[-1:] in _CALLING or rest[:1] in _DASHES):
        return False
    if quote[:13].lower() == "everyone else":
        return True
    called = first.strip(",:-–—").lower()
    readers = (*message.to, *message.cc)
    others = {_first_name(party) for party in readers if party.address not in meant}
    return called in others - {_first_name(party) for party in readers if party.address in meant}


def thanked(message: Message, quote: str) -> str | None:
    """The address of the one reader in copy whom a word of thanks calls by name: it is theirs, whoever the letter is to."""
    words = [word.strip(",.:;!?-–—()").lower() for word in quote.split()]
    after = [name for word, name in pairwise(words) if word in ("thanks", "you")]
    called = {*words[:1], *after}
    found = {party.address for party in (*message.cc, *message.bcc) if _first_name(party) in called}
    meant = {party.address for party in message.to if _first_name(party) in called}
    return found.pop() if len(found) == 1 and not meant else None


def yes_or_no(sentence: str) -> bool:
    """Whether a sentence (in plain form) wants to hear a no as well."""
    return _YES_OR_NO.search(sentence) is not None


def each_asked(message: Message, written: Letter, sentence: str, me: frozenset[str]) -> bool:
    """Whether a sentence (in plain form) wants the own answer of each of a few readers, me among them."""
    few = 1 < len(message.to) <= CROWD and any(party.address in me for party in message.to)
    if not few or not (yes_or_no(sentence) or _EACH.search(sentence)):
        return False
    called = list(_named(message.to, _greeting(message, written)))
    return not called or any(party.address in me for party in called)


def _meant_for_me(message: Message, written: Letter, me: frozenset[str]) -> bool:
    if len(message.to) > CROWD or not any(party.address in me for party in message.to):
        return False
    greeting = _greeting(message, written)
    if _TO_ALL.search(greeting):
        return False
    if len(message.to) == 1:
        return True
    named = list(_named(message.to, greeting))
    return not named or any(party.address in me for party in named)


def _greeting(message: Message, written: Letter) -> str:
    if not written.parts:
        return ""
    first = written.parts[0]
    end = first.end if first.zone is Zone.GREETING else first.start + 40
    return message.text[first.start : end].lower()


def _named(parties: list[Party] | tuple[Party, ...], greeting: str) -> Iterator[Party]:
    """Those of several whom the greeting calls by their first name."""
    if len(parties) < 2 or not greeting:
        return
    called = {word.strip(",.:;!-–—") for word in greeting.replace("/", " ").split()[:6]}
    for party in parties:
        name = _first_name(party)
        if len(name) > 1 and name in called:
            yield party


def _first_name(party: Party) -> str:
    name = party.name.split()[0] if party.name else party.address.partition("@")[0].partition(".")[0]
    return name.lower()
