"""A message as the rules see it: sentences in plain form, and the few facts around them."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from recipflow.model import Side
from recipflow.rules.days import ENGLISH
from recipflow.rules.patterns import plain
from recipflow.rules.sentences import Zone, sentences

READ = 20_000
"""Characters of a new text that are read: a favour does not hide on page ten, and nothing takes long."""

_SOME_DAY = date(2001, 1, 1)

_ADDRESSED = re.compile(
    r"(?:(?:Hi|Hello|Hey|Dear|HI|hi|hey|hello|Hallo|Lieber?|Guten (?:Morgen|Tag|Abend)|Moin|Ol[áa]|Oi|Caro|Cara"
    r"|Bom dia|Boa (?:tarde|noite)|Hola|Querid[oa]|Estimad[oa]|Buen(?:os)? d[ií]as?|Buenas (?:tardes|noches))\s+"
    r"(?:(?:Herr|Frau|Dra?\.|Sra?\.|Don|Doña|Prof\.)\s+)*)?(?P<name>[A-ZÀ-Þ][\w'’.-]*)(?:\s[A-ZÀ-Þ][\w'’.-]*)?"
    r"\s*(?:[,:;!]|\s[-–—]+|\.{2,})\s+(?=\S)"
)
_OPENING_WORDS = """
yes no yeah yep sure ok okay also so well please thanks thank sorry great perfect good fine hey hi hello
oh but and then now however finally first second today tomorrow right alright unfortunately hopefully
nevermind nvm anyway actually again otherwise therefore agreed done monday tuesday wednesday thursday friday saturday
sunday nope absolutely definitely congratulations excellent fyi ps meanwhile basically honestly
obviously apparently afraid if i understood noted regarding re attached
danke merci ja nein bitte leider gerne gern klar natürlich super prima toll schade also dann gut genau perfekt sicher
heute morgen montag dienstag mittwoch donnerstag freitag samstag sonntag selbstverständlich einverstanden entschuldigung
obrigado obrigada sim não nao claro perfeito ótimo certo combinado infelizmente desculpa desculpe hoje amanhã segunda
terça quarta quinta sexta sábado domingo tenho posso pode consigo vou temos podemos boa parabéns
gracias sí si perdona perdón disculpa lamentablemente desafortunadamente perfecto vale genial estupendo hoy mañana lunes
martes miércoles jueves viernes encantado encantada puedo tengo bueno entonces
"""
_NOT_NAMES = frozenset(_OPENING_WORDS.split())


class Part(NamedTuple):
    """A sentence of the new text, `text[start:end]`, and its plain form without whom it calls by name."""

    start: int
    end: int
    zone: Zone
    plain: str
    question: bool
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a rule may look at."""

    parts: tuple[Part, ...]
    plain: str  #: the sentences in plain form, a line for each
    by: Side
    reply: bool
    subject: str  #: in plain form
    attachments: tuple[str, ...]  #: names in plain form
    on: date
    language: str
    first: int  #: index of the first sentence of the body, -1 in an empty text
    last: int
    words: int  #: of the body

    def rest(self, explained: AbstractSet[int]) -> tuple[int, int]:
        """How many words of the body's statements are not explained, and where the longest such statement is."""
        words = most = 0
        longest = self.first
        for index in range(max(0, self.first), self.last + 1):
            part = self.parts[index]
            if part.question or index in explained:
                continue
            words += part.words
            if part.words > most:
                most, longest = part.words, index
        return words, longest


def letter(
    text: str,
    *,
    by: Side = Side.ME,
    reply: bool = False,
    subject: str = "",
    attachments: tuple[str, ...] = (),
    on: date = _SOME_DAY,
    language: str = ENGLISH,
) -> Letter:
    """Cut a new text into what the rules see."""
    parts = tuple(_part(text, *span) for span in sentences(text[:READ]))
    body = [index for index, part in enumerate(parts) if part.zone is Zone.BODY]
    return Letter(
        parts=parts,
        plain="\n".join([part.plain for part in parts]),
        by=by,
        reply=reply,
        subject=plain(subject),
        attachments=tuple(map(plain, attachments)),
        on=on,
        language=language,
        first=body[0] if body else -1,
        last=body[-1] if body else -1,
        words=sum(parts[index].words for index in body),
    )


def _part(text: str, start: int, end: int, zone: Zone) -> Part:
    raw = text[start:end]
    said = plain(_without_name(raw) if zone is Zone.BODY else raw)
    return Part(start, end, zone, said, "?" in raw[-4:], said.count(" ") + 1)


def _without_name(sentence: str) -> str:
    """ "Jean, can you help?" is "can you help?" to a rule."""
    if sentence[:1].islower() and not sentence.startswith(("hi ", "hey ", "hello ")):
        return sentence
    called = _ADDRESSED.match(sentence)
    if called is None or called["name"].lower() in _NOT_NAMES:
        return sentence
    return sentence[called.end() :]
