"""Until when an out-of-office says its sender is away, in English, German, Portuguese, Spanish and French."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache

from recipflow.model import Form, Message

_MONTHS = (
    "january januar janeiro enero janvier jan janv ene jaenner",
    "february februar fevereiro febrero fevrier feb fev fevr",
    "march marz maerz marco marzo mars mar",
    "april abril avril apr abr avr",
    "may mai maio mayo",
    "june juni junho junio juin jun",
    "july juli julho julio juillet jul juil",
    "august agosto aout aug ago",
    "september setembro septiembre septembre sep sept set",
    "october oktober outubro octubre octobre oct okt out",
    "november novembro noviembre novembre nov",
    "december dezember dezembro diciembre decembre dec dez dic",
)
_WEEKDAYS = (
    "monday montag segunda-feira segunda lunes lundi mon",
    "tuesday dienstag terca-feira terca martes mardi tue",
    "wednesday mittwoch quarta-feira quarta miercoles mercredi wed",
    "thursday donnerstag quinta-feira quinta jueves jeudi thu",
    "friday freitag sexta-feira sexta viernes vendredi fri",
    "saturday samstag sabado samedi sat",
    "sunday sonntag domingo dimanche sun",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}


def _longest_first(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_DATE = rf"""
    (?: (?:{_longest_first(_WEEKDAY)})\b,?\s+ )? (?: the\s+|o\s+dia\s+|dia\s+|el\s+|le\s+|dem\s+|den\s+ )?
    (?: (?P<iso>\d{{4}}-\d\d?-\d\d?)
      | (?P<day>\d\d?)(?:st|nd|rd|th|er|o|\.)?\s*(?:of\s+|de\s+)?(?P<month>{_longest_first(_MONTH)})\b\.?
        (?:,?\s*(?:de\s+)?(?P<year>\d{{4}})\b)?
      | (?P<month2>{_longest_first(_MONTH)})\b\.?\s+(?:\d\d?\s*[-–]\s*)?(?P<day2>\d\d?)(?:st|nd|rd|th)?\b
        (?:,?\s+(?P<year2>\d{{4}})\b)?
      | (?P<n1>\d\d?)(?P<sep>[./])(?P<n2>\d\d?)(?:[./](?P<year3>\d{{4}}|\d\d)\b|\b\.?)
      | (?:(?<=the\s)|(?<=dia\s))(?P<dayonly>\d\d?)(?:st|nd|rd|th)?\b(?!\s*(?:of|[./:]\d|de|days|weeks|dias))
    ) | (?:next\s+|nachsten\s+|kommenden\s+)?(?P<weekday>{_longest_first(_WEEKDAY)})\b
      | (?P<tomorrow>tomorrow|morgen|amanha|manana|demain)\b
"""
_BACK = r"""(?: back | return(?:ing)? | again | from | respond | answer | available | reachable
    | wieder | zuruck | ab | erreichbar | regresso | volta | volto | voltarei | retorno | regreso
    | vuelta | vuelvo | volvere | retour | reviens | reviendrai )"""
_UNTIL = r"(?: until | till? | through | thru | bis | ate | hasta | jusqu'?(?:\s?au|\s?a)? )"
_RANGE = r"""(?: (?:from|between|vom|von|de|do|del|du|desde|entre)\b[^.!?\n]{1,30}?
    \s(?:to|and|a|ao|al|au|et|e|y|-|–) )"""
_FILLER = r"""\s+(?:(?:on|in|the|office|at|work|zum|am|dem|im|a|ao|em|na|no|o|dia|el|le|de|and|including
    |einschliesslich)\s+){0,4}"""
_FLAGS = re.VERBOSE | re.IGNORECASE
_RETURNS = rf"\b{_BACK}{_FILLER}(?:{_DATE})"
_LASTS = rf"\b(?:{_UNTIL}|{_RANGE}){_FILLER}(?:{_DATE})"
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_SAID = 3000  # characters of an automatic reply that are looked at
_STALE = timedelta(days=31)


def away_until(message: Message) -> date | None:
    """The last day the reply names: the day of return, else the last day away; None when it names none.

    A date without a year is the next such date after the message, or one within the month before it: a
    reply that somebody forgot to switch off.
    """
    text = _plain(message)
    today = message.at.date()
    for phrase in _phrases():
        found = (_date(match, today) for match in phrase.finditer(text))
        days = [day for day in found if day and today - _STALE <= day <= today + timedelta(days=400)]
        if days:
            return max(days)
    return None


@cache
def _phrases() -> tuple[re.Pattern[str], ...]:
    """Compiled when first asked for: that takes 24 ms, and most commands meet no absence."""
    return re.compile(_RETURNS, _FLAGS), re.compile(_LASTS, _FLAGS)


def _plain(message: Message) -> str:
    text = (message.text or message.body)[: 10 * _SAID]
    if not message.text and message.form is Form.HTML:
        text = _MARKUP.sub(" ", text).replace("&nbsp;", " ")
    text = unicodedata.normalize("NFKD", f"{message.subject}\n{text}"[:_SAID].replace("’", "'"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _date(found: re.Match[str], today: date) -> date | None:
    part = found.groupdict()
    try:
        if part["iso"]:
            return datetime.strptime(part["iso"], "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        if part["tomorrow"]:
            return today + timedelta(days=1)
        if part["weekday"]:
            return today + timedelta(days=(_WEEKDAY[part["weekday"].lower()] - today.weekday() - 1) % 7 + 1)
        if part["dayonly"]:
            return _day_of_month(int(part["dayonly"]), today)
        if part["n1"]:
            return _numeric(part, today)
        month = _MONTH[(part["month"] or part["month2"]).lower()]
        return _in_year(int(part["day"] or part["day2"]), month, part["year"] or part["year2"], today)
    except ValueError:
        return None


def _day_of_month(day: int, today: date) -> date:
    """The next day of that number; of this month, if it is today or to come."""
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=day)


def _numeric(part: dict[str, str | None], today: date) -> date | None:
    """13.1. and 13/1 are 13 January; of 3/4 the reading that comes sooner after today."""
    first, second, year = int(part["n1"] or 0), int(part["n2"] or 0), part["year3"]
    year = f"20{year}" if year and len(year) == 2 else year
    readings = [(first, second)] if part["sep"] == "." else [(first, second), (second, first)]
    days = [_in_year(day, month, year, today) for day, month in readings if 1 <= month <= 12]
    return min((day for day in days if day), key=lambda day: (day < today, day), default=None)


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    for guess in [int(year)] if year else [today.year - 1, today.year, today.year + 1]:
        try:
            found = date(guess, month, day)
        except ValueError:
            continue
        if year or found >= today - _STALE:
            return found
    return None
