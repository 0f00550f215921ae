"""How each language names days and sets deadlines, in the plain form that rules see.

All patterns have the same named groups, which `due` knows how to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recipflow.rules.patterns import Finder


@dataclass(frozen=True, slots=True)
class Days:
    """The words of one language for days: patterns, to be `compiled`."""

    day: str
    deadline: str  #: what stands before a day by which something is wanted
    in_month: str  #: a month in which something is to be, as its `name`
    delivers: str  #: the verbs by which something reaches the other side
    weekdays: Mapping[str, int]  #: by their first three letters; Monday is 0
    months: Mapping[str, int]  #: by their first three letters
    numbers: Mapping[str, int]
    hint: tuple[str, ...] = ()  #: one of them hits whatever `day` may hit

    def may_name(self, text: str) -> bool:
        """Whether a day may be named: asked of every letter, it takes a tenth of the time of looking for one."""
        return not self.hint or not text.isascii() or _hits(self.hint)(text)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """When first asked for: a day takes up to 4 ms, and most languages are those of nobody's mail."""
    return re.compile(pattern)


@cache
def _hits(hint: tuple[str, ...]) -> Finder:
    from recipflow.rules.patterns import finder  # takes 10 ms, and who gives advice reads no letters

    return finder(hint)


def _numbered(words: str, first: int) -> dict[str, int]:
    return {word: number for number, words in enumerate(words.split(), first) for word in words.split("/")}


_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"

_EN_MONTH = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_EN_ENDING = "(?:uary|ruary|ch|il|ust|tember|ober|ember)?"
_EN_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sat|sun)(?:day)?"
_EN_SHORT = (
    "(?:"
    + "|".join(rf"(?<=\b{word} )" for word in ("on", "by", "this", "next", "until", "till", "before"))
    + r")(?:sat|sun)|(?:sat|sun)(?=\.? (?:morning|afternoon|evening|night)\b)"
)
"""Short names of days that are words besides, where a day is meant: "on sat", not "we sat in the sun"."""
_ENGLISH = Days(
    day=(
        rf"\b(?:{_ISO}"
        r"|(?P<today>today|tonight|eod|cob|close of business|end of (?:the )?day|this (?:morning|afternoon|evening|[ap]\.?m)"
        r"|in an hour|right away)"
        r"|(?P<tomorrow>tomorrow|tomorow|first thing|in the morning)"
        rf"|(?:(?:{_EN_WEEKDAY}),? )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<name>{_EN_MONTH}){_EN_ENDING}"
        rf"|(?:(?:{_EN_WEEKDAY}),? )?(?P<name2>{_EN_MONTH}){_EN_ENDING}\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"|(?:(?:{_EN_WEEKDAY}),? \(?(?:the )?|the )(?P<ordinal>\d{{1,2}})(?:st|nd|rd|th)"
        rf"|(?:{_EN_WEEKDAY}),? (?P<ordinal2>\d{{1,2}})(?=[.,;!?)](?!\d)|$)"
        r"|(?P<next>next )?(?<!on the )(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sun(?=day)"
        rf"|{_EN_SHORT})(?:day)?"
        rf"(?:,? (?:the )?(?P<monthday>\d{{1,2}})(?![\d:.%]?\d| ?(?:[ap]\.?m|h|%|to|o'clock|people|of us)\b))?"
        r"|(?P<week>(?:end of (?:the |this )?|this |later (?:this |in the )?)(?:week|wk)|eow"
        r"|(?:by|before|until|till) the weekend|(?:the|this) week (?:is|will be) (?:out|over|up))"
        r"|(?P<weekend>(?:the|this) weekend)"
        r"|(?P<nextweekend>next weekend)"
        r"|(?P<nextweek>(?:early |late |end of )?next (?:week|wk))"
        r"|(?P<part>early|mid|middle of|late|beginning of|start of|end of|end(?![ -]may))(?: in)?[ -]"
        rf"(?P<name3>{_EN_MONTH}){_EN_ENDING}"
        r"|(?P<month>(?:end of (?:the |this )?|this )month|eom|month-?end|the month (?:is|will be) (?:out|over|up))"
        r"|(?P<nextmonth>next month)"
        r"|(?P<year>(?:end of (?:the |this )?|this )year|year-?end|the year (?:is|will be) (?:out|over|up))"
        r"|(?:in|within) (?:a )?(?P<count>\d{1,2}|an?|one|two|three|four|five|couple|few) (?:of )?(?P<unit>day|week|month)s?"
        r")\b"
    ),
    deadline=r"\b(?:by|before|until|till|no later than|not later than|deadline|due|latest)\b",
    in_month=rf"\bin (?:early |late |mid-? ?)?(?P<name>{_EN_MONTH}){_EN_ENDING}\b",
    delivers=(
        r"\b(?:send(?:ing)?|tell|giv(?:e|ing)|bring(?:ing)?|get (?:it|them|this|that|these|you|back)|let you|mail|e-?mail"
        r"|post|forward|report|reply|answer|return|deliver|share|drop|hand|pass|submit|come back|back to you"
        r"|write (?:to )?you|you(?:'ll| will)? (?:have|get|hear|receive|see)"
        r"|(?:it|them|this|that) (?:ready|done|back|for you|with you))\b"
    ),
    weekdays=_numbered("mon tue wed thu fri sat sun", 0),
    months=_numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1),
    numbers={"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple": 2, "few": 3},
    hint=(
        (
            rf"week|\bwk\b|month|(?:end|start|beginning|middle) of (?:the |this )?(?:year|{_EN_MONTH})|year-?end|this year"
            r"|the year (?:is|will)",
            rf"\b(?:early|mid|late|end)(?: in)?[ -](?:{_EN_MONTH})",
            rf"\d{{4}}-\d\d-\d\d|\d(?:st|nd|rd|th)\b|\d(?: of)? (?:{_EN_MONTH})|\b(?:{_EN_MONTH})[a-z]*\.? \d",
            r"\b(?:today|tonight|eod|cob|close of|this (?:morning|afternoon|evening|[ap]\.?m)|in an hour|right away|tomor"
            r"|first thing|in the morning|mon|tue|wed|thu|fri|satur|sat\b|sun|eow|eom|days?\b)",
        )
    ),
)

_DE_WEEKDAY = r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
_DE_COUNT = "zwei|drei|vier|fuenf|sechs|sieben|acht|zehn|vierzehn"
_GERMAN = Days(
    day=(
        rf"\b(?:{_ISO}"
        r"|(?P<today>heute?|in einer (?:halben )?stunde)"
        r"|(?P<overmorrow>uebermorgen)"
        r"|(?<!guten )(?<!am )(?<!jeden )(?P<tomorrow>morgen)"
        rf"|(?:(?:{_DE_WEEKDAY}),? )?(?:(?:am|de[nmr]) )?(?P<day>\d{{1,2}})\. ?"
        r"(?P<name>jan|feb|maerz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]*"
        rf"|(?:(?:am|bis|zum|den|dem|vom|ab|{_DE_WEEKDAY}),? ){{1,3}}(?P<day2>\d{{1,2}})\.(?P<number>\d{{1,2}})\b"
        rf"|(?:(?:am|bis|zum|de[nmr]|{_DE_WEEKDAY}),? ){{1,3}}(?P<ordinal>\d{{1,2}})(?=\.(?!\d))"
        rf"|(?:(?P<next>(?:naechste|kommende)r? woche) (?:am )?)?(?P<weekday>{_DE_WEEKDAY})"
        r"(?P<next2> (?:der )?(?:naechsten?r?|kommenden?r?) woche)?"
        r"|(?P<week>ende (?:der|dieser) woche|dieser? woche|(?:vor (?:dem|diesem)|bis zum) wochenende)"
        r"|(?P<nextweekend>naechste[ns]? wochenende)"
        r"|(?P<weekend>wochenende)"
        r"|(?P<nextweek>(?:naechste|kommende)[nr]? woche)"
        r"|(?P<part>anfang|mitte|ende) (?P<name3>jan|feb|maerz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]*"
        r"|(?P<month>ende (?:des monats|dieses monats|monat)|monatsende|diesen monat)"
        r"|(?P<nextmonth>naechste[nrs]? monats?)"
        r"|(?P<year>ende (?:des|dieses) jahres|jahresende|dieses jahr)"
        r"|(?:in|innerhalb(?: von)?|binnen) "
        rf"(?P<count>\d{{1,2}}|eine[mr]?|{_DE_COUNT}) "
        r"(?P<unit>tag|woche|monat)(?:en|e|n)?)\b"
    ),
    deadline=r"\b(?:bis|vor|spaetestens|frist|faellig)\b",
    in_month=(
        r"\b(?:im|anfang|mitte) (?P<name>januar|februar|maerz|april|mai|juni|juli|august|september|oktober"
        r"|november|dezember)\b"
    ),
    delivers=(
        r"\b(?:schick\w*|send\w*|meld\w*|sag(?:e|en)?|bring\w*|geb(?:e|en)?|mail(?:e|en)|liefer\w*|antwort\w*|bescheid|reich\w*"
        r"|leit\w*|uebergeb\w*|zurueckgeb\w*|(?:hast|hat|haben) (?:du|sie|ihr)|bekomm\w*|kriegst)\b"
    ),
    weekdays=_numbered("mon die mit don fre sam son", 0),
    months=_numbered("jan feb mae apr mai jun jul aug sep okt nov dez", 1),
    numbers=_numbered("eine/einem/einer zwei drei vier fuenf sechs sieben acht neun zehn", 1)
    | {"vierzehn": 14},
)

_PT_SHORT = r"segunda|terca|quarta|quinta|sexta"
_PT_WEEKDAY = rf"(?:{_PT_SHORT})[- ]feira|sabado|domingo"
_PT_NO_DAY = r"\d| ?(?:%|[:,.h/]\d|h\b)| (?:horas?|pessoas|paginas|minutos|euros|reais|de (?=\d))"
_PT_MONTH = "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
_PT_NEXT = r" (?:da (?:proxima semana|semana que vem|semana seguinte))"
_PT_COUNT = "dois|duas|tres|quatro|cinco|seis|sete|oito|dez|quinze"
_PORTUGUESE = Days(
    day=(
        rf"\b(?:{_ISO}"
        r"|(?P<today>hoje|(?:esta|logo a) (?:manha|tarde|noite)|daqui a (?:uma|meia) hora)"
        r"|(?P<overmorrow>depois de amanha)"
        r"|(?P<tomorrow>amanha)"
        rf"|(?:(?:{_PT_WEEKDAY}|{_PT_SHORT}),? )?(?:dia )?(?P<day>\d{{1,2}}) de "
        rf"(?P<name>{_PT_MONTH})"
        rf"|(?:dia|ate|em|ate ao dia|(?:{_PT_WEEKDAY}|{_PT_SHORT}),?) (?P<day2>\d{{1,2}})/(?P<number>\d{{1,2}})"
        rf"|(?:(?:(?:{_PT_WEEKDAY}|{_PT_SHORT}),? )?dia|(?:{_PT_WEEKDAY}|{_PT_SHORT}),?) "
        rf"(?P<ordinal>\d{{1,2}})(?!{_PT_NO_DAY})"
        rf"|(?P<weekday>{_PT_WEEKDAY})(?P<next>{_PT_NEXT})?"
        r"|(?:ate|ate a|na|nesta|esta|proxima|na proxima|para|antes de|desde) "
        rf"(?P<weekday2>{_PT_SHORT})(?![- ]feira)(?! (?:vez|versao|parte|edicao|pagina|fase|fila|opcao|via|mao|classe))"
        rf"(?!,? (?:dia )?\d{{1,2}}(?!{_PT_NO_DAY}))(?P<next2>{_PT_NEXT})?"
        r"|(?P<week>(?:fim|final) da semana|n?esta semana|(?:ate (?:a?o )?|antes do )fim[- ]de[- ]semana)"
        r"|(?P<nextweekend>fim[- ]de[- ]semana (?:que vem|seguinte))"
        r"|(?P<weekend>fim[- ]de[- ]semana)"
        r"|(?P<nextweek>proxima semana|semana que vem|semana seguinte)"
        rf"|(?P<part>inicios?|principios?|meados|fi(?:m|ns)|final|finais) de (?P<name3>{_PT_MONTH})"
        r"|(?P<month>(?:fim|final) do mes|este mes)"
        r"|(?P<nextmonth>proximo mes|mes que vem|mes seguinte)"
        r"|(?P<year>(?:fim|final) do ano|este ano)"
        r"|(?:em|dentro de|daqui a) "
        rf"(?P<count>\d{{1,2}}|uma?|{_PT_COUNT}) "
        r"(?P<unit>dia|semana|mes)(?:es|s)?)\b"
    ),
    deadline=r"\b(?:ate|antes d[aeo]|prazo|o mais tardar|no maximo)\b",
    in_month=rf"\bem (?P<name>{_PT_MONTH})\b",
    delivers=(
        r"\b(?:mand\w+|envi\w+|digo|dizer\w*|diz-\w+|trago|traz\w*|dou|entreg\w+|respond\w+|devolv\w+|partilh\w+|avis\w+|passo"
        r"|tens|teras|tera|recebes|recebera)\b"
    ),
    weekdays=_numbered("seg ter qua qui sex sab dom", 0),
    months=_numbered("jan fev mar abr mai jun jul ago set out nov dez", 1),
    numbers=_numbered("um/uma dois/duas tres quatro cinco seis sete oito nove dez", 1) | {"quinze": 15},
)

_ES_WEEKDAY = r"lunes|martes|miercoles|jueves|viernes|sabado|domingo"
_ES_MONTH = (
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
)
_ES_COUNT = "dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince"
_SPANISH = Days(
    day=(
        rf"\b(?:{_ISO}"
        r"|(?P<today>hoy|esta (?:manana|tarde|noche)|en (?:una|media) hora)"
        r"|(?P<overmorrow>pasado manana)"
        r"|(?<!por la )(?<!de la )(?<!a la )(?P<tomorrow>manana)"
        rf"|(?:(?:{_ES_WEEKDAY}),? |el )?(?P<day>\d{{1,2}}) de "
        rf"(?P<name>{_ES_MONTH})"
        rf"|(?:el|dia|del|{_ES_WEEKDAY}),? (?P<day2>\d{{1,2}})/(?P<number>\d{{1,2}})"
        rf"|(?:(?:(?:{_ES_WEEKDAY}),? )?(?:el dia|el|dia)|(?:{_ES_WEEKDAY}),?) (?P<ordinal>\d{{1,2}})(?! ?(?:%|[:,]\d))"
        rf"|(?P<weekday>{_ES_WEEKDAY})(?P<next> de la (?:semana que viene|proxima semana|semana proxima))?"
        r"|(?P<week>(?:fin|final) de la semana|finales de (?:la )?semana|esta (?:misma )?semana"
        r"|(?:antes del|hasta el|para el) fin de semana)"
        r"|(?P<nextweekend>fin de semana que viene)"
        r"|(?P<weekend>fin de semana|finde)"
        r"|(?P<nextweek>semana que viene|proxima semana|semana proxima)"
        rf"|(?P<part>inicios?|principios|mediados|fin|final|finales) de (?P<name3>{_ES_MONTH})"
        r"|(?P<month>(?:fin|final|finales) de mes|este mes)"
        r"|(?P<nextmonth>mes que viene|proximo mes|mes proximo)"
        r"|(?P<year>(?:fin|final|finales) de ano|este ano)"
        r"|(?:en|dentro de) "
        rf"(?P<count>\d{{1,2}}|una?|{_ES_COUNT}) "
        r"(?P<unit>dia|semana|mes)(?:es|s)?)\b"
    ),
    deadline=r"\b(?:antes del?|para (?:el|la|manana|hoy)|hasta|a mas tardar|como muy tarde|plazo)\b",
    in_month=rf"\ben (?P<name>{_ES_MONTH})\b",
    delivers=(
        r"\b(?:mand\w+|envi\w+|digo|dire|decir\w*|cuento|traigo|traer\w*|doy|dare|entreg\w+|respond\w+|contest\w+|devuelv\w+|paso"
        r"|pasare|avis\w+|tienes|tendras|tendra|recibiras)\b"
    ),
    weekdays=_numbered("lun mar mie jue vie sab dom", 0),
    months=_numbered("ene feb mar abr may jun jul ago sep/set oct nov dic", 1),
    numbers=_numbered("un/una dos tres cuatro cinco seis siete ocho nueve diez", 1) | {"quince": 15},
)

ENGLISH = "en"
DAYS = {ENGLISH: _ENGLISH, "de": _GERMAN, "pt": _PORTUGUESE, "es": _SPANISH}
"""By language. A language without an entry names its days as in English, or not at all."""
