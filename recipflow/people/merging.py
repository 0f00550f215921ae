"""Which addresses may belong to one person: suggestions with their evidence, for the user to decide.

Nothing here merges. Namesakes are common, and pretenders exist: a name alone suggests nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from recipflow.model import Message
from recipflow.people.addresses import is_role, looks_automatic
from recipflow.people.contacts import folded

#: Below this confidence nothing is suggested.
WORTH_ASKING = 0.3
_MOST_NAMESAKES = 20  # addresses of one name that are compared with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one address. Only what humans wrote counts here, not calendars and automatic replies."""

    address: str
    name: str  #: its display name, as `display_name` gives it
    first: datetime  #: the first message it wrote
    last: datetime
    threads: frozenset[str] = frozenset()  #: threads with a message from or to it
    announced: frozenset[str] = (
        frozenset()
    )  #: addresses it named as its new ones; its own, if it said "this one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two addresses that may be one person's. Confidence 0 to 1."""

    a: str
    b: str
    evidence: str
    confidence: float


@dataclass(slots=True)
class _Case:
    evidence: list[str] = field(default_factory=list)
    confidence: float = 0.0

    def argue(self, evidence: str, confidence: float) -> None:
        """Independent evidence adds up, and never beyond certainty."""
        self.evidence.append(evidence)
        self.confidence = 1 - (1 - self.confidence) * (1 - confidence)


def suggest_merges(people: Iterable[Known], me: frozenset[str] = frozenset()) -> tuple[Suggestion, ...]:
    """Pairs of addresses worth asking about, the surest first; none that involves the user's own."""
    by_name: dict[str, list[Known]] = defaultdict(list)
    for known in people:
        if known.address not in me and not looks_automatic(known.address) and " " in known.name:
            by_name[folded(known.name)].append(known)
    found = []
    for namesakes in by_name.values():
        for a, b in combinations(sorted(namesakes, key=lambda known: known.address)[:_MOST_NAMESAKES], 2):
            case = _case(a, b)
            if case.confidence >= WORTH_ASKING:
                said = f"both are called {a.name}; " + "; ".join(case.evidence)
                found.append(
                    Suggestion(a=a.address, b=b.address, evidence=said, confidence=round(case.confidence, 2))
                )
    return tuple(sorted(found, key=lambda each: (-each.confidence, each.a, each.b)))


def announced(message: Message) -> frozenset[str]:
    """The addresses that a message names as its sender's new ones; the sender's own when it says "this one"."""
    text = (message.text or message.body)[:4000]
    phrase = _NEW.search(text)
    if not phrase:
        return frozenset()
    named = _ADDRESS.findall(text[phrase.start() : phrase.end() + 120])
    return frozenset(address.lower().rstrip(".") for address in named) or frozenset({message.sender.address})


def _case(a: Known, b: Known) -> _Case:
    case = _Case()
    if shared := a.threads & b.threads:
        case.argue(f"a thread goes on from one to the other ({len(shared)})", 0.7)
    if {a.address, b.address} & (a.announced | b.announced):
        case.argue("one of them wrote that this is the new address", 0.7)
    if _local(a) == _local(b):
        case.argue("the part before the @ is the same", 0.2 if _spells_name(a) else 0.5)
    if case.confidence and not _interleaved(a, b):
        case.argue("one falls silent where the other begins", 0.2)
    if is_role(a.address) or is_role(b.address):
        case.confidence /= 2
    return case


def _local(known: Known) -> str:
    return re.sub(r"[._-]", "", known.address.partition("@")[0].partition("+")[0])


def _spells_name(known: Known) -> bool:
    """`luis.saraiva` of a Luís Saraiva: any namesake would have it."""
    return _local(known) in {folded(known.name).replace(" ", ""), *folded(known.name).split()}


def _interleaved(a: Known, b: Known) -> bool:
    return a.first <= b.last and b.first <= a.last


_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NEW = re.compile(
    r"\b(?:(?:my |mein[e]? |o meu |mi |mon |ma )(?:new|neue|novo|nueva|nuevo|nouvelle) "
    r"(?:e-?mail|mail|address|e-?mail[- ]?address|adresse|endere[cç]o|direcci[oó]n|correo)"
    r"|(?:use|write to|reach me (?:at|on)) (?:this (?:one|address|e-?mail)|my new)"
    r"|(?:changed|moved|switched) (?:my )?(?:e-?mail|address)|new (?:e-?mail )?address(?: is|:)"
    r"|this is my (?:new|other|private|personal) (?:e-?mail|address))\b",
    re.IGNORECASE,
)
