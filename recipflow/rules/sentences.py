"""Cutting a new text into sentences and telling greeting, body and closing apart."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

SHORT_LINE = 48
"""A line shorter than this was ended by its writer, not by a mailer's wrapping."""

_BREAK = re.compile(r"\n(?:[^\S\n]*\n)*|[.!?…]+[\"'”’)\]*]*(?=\s|$)")
_BULLET = re.compile(r"\s*(?:[-*•–—>]|\(?\d{1,2}[.)]|[a-z][.)])\s")
_ABBREVIATED = """
mr mrs ms dr prof st jr sr vs etc approx appt dept ext fig inc ltd corp nos tel attn cf e.g i.e eg ie
jan feb apr jul aug sep sept oct nov dec a.m p.m u.s incl excl hrs
z.b d.h u.a o.ä z.t u.u i.d.r v.a bzw ca evtl ggf inkl exkl zzgl vgl bspw sog nr hr okt dez
ex sra srs dra srta exmo exma ud uds vd vds pág págs pag núm núms aprox ej lda ltda profa eng s.a ene dic fev
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_FIGURED = "no max min mar art av str tel seg ter qua qui sex sáb sab dom mo di mi do fr sa so"
_BEFORE_FIGURES = frozenset(_FIGURED.split())
"""Words that are abbreviations before a figure alone: "no. 7", "Sa. 14.3."."""
_SHORT_DAYS = frozenset({"mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun"})
_WORDS_TOO = frozenset({"wed", "sat", "sun"})
"""Short names of days that are words besides: "we sat", "in the sun"."""
_BEFORE_DAYS = frozenset({"on", "by", "until", "till", "before", "this", "next", "from", "for", "and", "or"})
_GOES_ON = re.compile(
    r" (?:[^\W\d_A-ZÀ-Þ]|[\d(–-]|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b)"
)
_LEADS_ON = re.compile(
    r" (?:in|at|before|after|from|to|through|until|till|and|or|with|noon|morning|afternoon|evening|night|if|when|as|\d)\b"
)
"""What goes on after a short day where nothing is written with capitals."""
_ORDINAL = re.compile(
    r"\s(?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"
    r"|(?:Mal|Quartal|Halbjahr|Stock|Entwurf|Teil|Kapitel|Platz|Runde|Klasse|Woche)\b)"
)
"""A number before it has a full stop in German: "am 23. Oktober", "zum 2. Mal"."""
_DATED = re.compile(r"\b(?:am|bis|zum|den|dem|der|vom|ab|seit) \d{1,2}$")
"""What a day of the month stands after in German, so that a full stop and a small letter end nothing: "am 27. das Brett"."""
_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|morning|howdy|greetings|gentlemen|ladies|all"
    r"|everyone|folks|team|hej|hallo|hola|ol[áa]|oi|salut|bonjour|ciao|lieber?|sehr geehrter?|guten (?:morgen|tag|abend)"
    r"|moin|servus|grüezi|grüß (?:gott|dich)|bom dia|boa (?:tarde|noite)|car[oa]|querid[oa]s?|prezad[oa]s?"
    r"|exm[oa]s?\.?|buen(?:os)? d[ií]as?|buenas(?: tardes| noches)?|estimad[oa]s?)\b"
    r"(?:[ ,]+[\w.'’&/()-]+){0,4}\s*[,:!.–—-]*$",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’-]*(?:,| and| &|/)? ?){1,4}[,:;–—-]+$")
_AFTER_NAMES = ",:;-–—"
_CLOSING = re.compile(
    r"(?:(?:many |kind |best |warm |kindest |warmest |with )*(?:thanks|thank you|thx|tks|thanx|ty|regards|wishes|cheers"
    r"|best|sincerely|yours|love|xo+|xx*|ciao|later|take care|talk (?:to you )?soon|see (?:you|ya)(?: soon| then)?"
    r"|respectfully|cordially|rgds|br|ily|ta)\b)(?:(?: so much| a lot| again| very much| truly| in advance| everyone| all)*)"
    r"[\s,.!–—-]*(?:[^\W\d_][\w.'’-]*[\s,.!]*){0,3}$",
    re.IGNORECASE,
)
_FAREWELLS = (
    r"(?:(?:mit |beste?n? |viele?n? |liebe?n? |schöne?n? |herzliche?n? |freundliche?n? |danke und |vielen dank und )*"
    r"(?:grü(?:ß|ss)e?n?|gru(?:ß|ss))|herzlichst?|alles (?:liebe|gute)|lg|vg|mfg|bg|bis (?:bald|dann|später)|tschüss?"
    r"|danke(?: im voraus| schon mal)?|vielen dank(?: im voraus| vorab)?|hochachtungsvoll"
    r"|(?:um |grande |forte )*abraços?|(?:um |muitos |mil )?beij(?:o|os|inho|inhos)|bjs?"
    r"|(?:com os )?(?:melhores |os )?cumprimentos"
    r"|atenciosamente|cordialmente|saudações|att|obrigad[oa](?: desde já| pela atenção)?|desde já,? (?:muito )?obrigad[oa]"
    r"|até (?:já|logo|breve)"
    r"|(?:un |fuerte |gran )*abrazos?|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|bes(?:o|os|itos)|atentamente"
    r"|(?:muchas )?gracias(?: de antemano| por adelantado)?|hasta (?:pronto|luego))"
)
_PARTING = re.compile(
    rf"(?i:{_FAREWELLS})(?: (?:aus|de|desde|nach) [A-ZÀ-Þ]\w*)?[\s,.!–—-]*(?:[A-ZÀ-Þ][\w.'’-]*[\s,.!]*){{0,3}}$"
)
"""As `_CLOSING`, in German, Portuguese and Spanish; names are capitalised, or "Danke für alles" would be a farewell."""
_SIGNED = re.compile(r"[-–—~]*\s*(?:[A-ZÀ-Þ][\w.'’-]*\s*){1,3}[.!]?(?:\s*x+)?$|[a-z]{1,12}\s*$|[-–—_*=]{2,}$")


class Zone(IntEnum):
    """Where in a mail a sentence stands."""

    GREETING = 0
    BODY = 1
    CLOSING = 2


class Sentence(NamedTuple):
    """A stretch of the text, `text[start:end]`, without the white space around it."""

    start: int
    end: int
    zone: Zone


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text`, in order, none empty. Linear in the text.

    A line end is a sentence's end where the line is short, blank, or followed by a list item.
    """
    spans = _spans(text)
    first = _first_of_body(text, spans)
    last = _end_of_body(text, spans, first)
    return [Sentence(start, end, _zone(index, first, last)) for index, (start, end) in enumerate(spans)]


def _zone(index: int, first: int, last: int) -> Zone:
    if index < first:
        return Zone.GREETING
    return Zone.BODY if index < last else Zone.CLOSING


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = line = 0
    for found in _BREAK.finditer(text):
        at, end = found.span()
        if text[at] == "\n":
            long, line = at - line >= SHORT_LINE, end
            if long and end - at == 1 and not _opens_paragraph(text, end):
                continue
        elif text[at] == "." and not _ends_sentence(text, start, at, end):
            continue
        if part := text[start:end].strip():
            first = text.index(part[0], start)
            spans.append((first, first + len(part)))
        start = end
    if part := text[start:].strip():
        first = text.index(part[0], start)
        spans.append((first, first + len(part)))
    return spans


def _opens_paragraph(text: str, at: int) -> bool:
    following = text[at : at + 12]
    return not following.strip() or following[:1] == "\n" or _BULLET.match(following) is not None


def _ends_sentence(text: str, start: int, at: int, end: int) -> bool:
    """Whether the full stop at `at` ends the sentence that began at `start`."""
    if end - at > 1 and text[at : at + 2] == "..":
        return text[end : end + 2].strip()[:1].isupper() or text[end : end + 1] == "\n"
    before = text[max(0, at - 12) : at]
    word = before[max(before.rfind(" "), before.rfind("\n"), before.rfind("(")) + 1 :]
    if word.isdigit():
        return not (len(word) == 1 or _counts_on(text, before, end))
    if (len(word) == 1 and word.isalpha()) or word.lower() in _ABBREVIATIONS:
        return False
    return not _shortened(word, before, text, start, end)


def _counts_on(text: str, before: str, end: int) -> bool:
    """A German number in order: "am 23. Oktober", "bis zum 27. das Brett"."""
    if _ORDINAL.match(text, end):
        return True
    return text[end + 1 : end + 2].islower() and _DATED.search(before) is not None


def _shortened(word: str, before: str, text: str, start: int, end: int) -> bool:
    """Words that are abbreviations by what stands around them: "no. 7", "on Sat. at noon", "On Sat. I will"."""
    low = word.lower()
    if low in _BEFORE_FIGURES and text[end : end + 2].strip().isdigit():
        return True
    if low not in _SHORT_DAYS:
        return False
    led = before[: -len(word)].split()[-1:]
    if low in _WORDS_TOO and not (word[0].isupper() or (led and led[0].lower() in _BEFORE_DAYS)):
        return False
    more = _LEADS_ON if word.islower() else _GOES_ON
    return more.match(text, end) is not None or len(text[start:end].split()) <= 2


def _first_of_body(text: str, spans: list[tuple[int, int]]) -> int:
    if len(spans) < 2:
        return 0
    start, end = spans[0]
    if end - start > 70:
        return 0
    opening = text[start:end]
    if opening[-1] in _AFTER_NAMES:
        return int(_GREETING.match(opening) is not None or _NAMES.match(opening) is not None)
    return int(text[end : end + 1] == "\n" and _GREETING.match(opening) is not None)


def _end_of_body(text: str, spans: list[tuple[int, int]], first: int) -> int:
    """A closing is a word of parting and names after it; what stands alone is never one."""
    last = len(spans)
    while last > first + 1 and len(spans) - last < 5:
        start, end = spans[last - 1]
        line = text[start:end]
        if end - start > 60 or "?" in line or not (_parts(line, text, start) or _signs(line, text, start)):
            break
        last -= 1
    return last


def _parts(line: str, text: str, start: int) -> bool:
    """Words of parting stand on a line of their own, or name their writer: "Thanks, Ann"."""
    if _CLOSING.match(line) is None and _PARTING.match(line) is None:
        return False
    return text[max(0, start - 1) : start] in ("\n", "") or "," in line[:-1]


def _signs(line: str, text: str, start: int) -> bool:
    return (
        len(line) <= 40 and text[max(0, start - 1) : start] in ("\n", "") and _SIGNED.match(line) is not None
    )
