"""Introductions that no rule has words for: a letter to two people that tells each of them who the other is, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from recipflow.model import ActType, Flag, Kind, Message, Party
from recipflow.reading.deeds import Deed
from recipflow.reading.named import MOST_READERS, called
from recipflow.rules.letter import Letter

INTRODUCTION = "judge.introduction"
SURE = 0.86
"""As sure as the rules that hear an introduction in its words."""
SIZE = 3.0
"""fu, as of those."""
_SHORT = 3
"""Letters from which on a name may be cut short: Ro is no sure Rowena, Row is."""

_PRESENTS = re.compile(
    r"\b(?:[Mm]eet|[Tt]his is|[Dd]as ist|[Ii]sto é|[Ee]ste é|[Ee]sta é|[Ee]ste es|[Ee]sta es|[Tt]e presento a|apresento-te)"
    r" (?:[oa] )?(?P<who>[A-ZÀ-Þ][\w'’-]+)"
)
_TELLS = re.compile(
    r"(?:^|[.;:,!?–—] ?|\b(?:and|und|e|y) )(?P<who>[A-ZÀ-Þ][\w'’-]+) (?:is|has|runs|works|needs|leads|owns|makes|does|teaches"
    r"|manages|knows|wants|builds|sells|writes|heads|designs|ist|hat|sucht|leitet|macht|arbeitet|braucht|baut|é|tem|procura"
    r"|trabalha|dirige|gere|faz|precisa|es|tiene|busca|trabaja|lleva|necesita|hace)\b"
)
_TOGETHER = re.compile(
    r"\b(?:put|putting|bring|bringing|brought) (?:you|the two of you)(?: two| both)? (?:together|in touch)\b"
    r"|\bintroduc(?:e|ing) (?:you (?:two|both)|the two of you)\b|\byou (?:two|both) should (?:meet|talk|know each other)\b"
)


def with_introduction(deeds: list[Deed], message: Message, written: Letter, me: frozenset[str]) -> list[Deed]:
    """The deeds, and the introduction that the letter is by the names in it, where no other was read."""
    known = any(deed.act is ActType.GIVE and deed.kind is Kind.INTRO and deed.notable for deed in deeds)
    at = -1 if known else _presents(message, written, me)
    if at < 0:
        return deeds
    introduction = Deed(
        act=ActType.GIVE,
        at=at,
        rule=INTRODUCTION,
        certainty=SURE,
        kind=Kind.INTRO,
        size=SIZE,
        notable=True,
        flags=frozenset({Flag.PERSONAL, Flag.UNEXPECTED}),
        notable_certainty=SURE,
    )
    return [*(deed for deed in deeds if deed.act is not ActType.GIVE or deed.at != at), introduction]


def _presents(message: Message, written: Letter, me: frozenset[str]) -> int:
    """The sentence by which it brings its readers together; -1 where it does not."""
    readers = list({party.address: party for party in (*message.to, *message.cc)}.values())
    others = [party for party in readers if party.address not in me]
    if written.reply or not others or not 2 <= len(readers) <= MOST_READERS:
        return -1
    named = {
        party.address
        for word in re.findall(r"[A-ZÀ-Þ][\w'’-]+", message.text)
        for party in _of(word, readers)
    }
    if len(named) < 2:
        return -1
    told: dict[str, int] = {}
    for at, part in enumerate(written.parts):
        sentence = message.text[part.start : part.end]
        if _TOGETHER.search(sentence) or any(_who(_PRESENTS, sentence, readers)):
            return at
        for party in _who(_TELLS, sentence, readers):
            told.setdefault(party.address, at)
    return min(told.values()) if len(told) > 1 and _greets_both(message, written, readers) else -1


def _greets_both(message: Message, written: Letter, readers: list[Party]) -> bool:
    """Whether it begins with the names of both: who tells a third of two people greets neither."""
    start = " ".join(message.text[: written.parts[0].end + 20].split()[:6])
    return len({one.address for word in re.findall(r"\w+", start) for one in _of(word, readers)}) > 1


def _who(pattern: re.Pattern[str], sentence: str, readers: list[Party]) -> Iterator[Party]:
    for found in pattern.finditer(" ".join(sentence.split())):
        yield from _of(found["who"], readers)


def _of(word: str, readers: Iterable[Party]) -> Iterator[Party]:
    """Those of the readers who may be called so."""
    small = word.lower()
    for party in readers:
        names = called(party)
        if small in names or (len(small) >= _SHORT and any(name.startswith(small) for name in names)):
            yield party
