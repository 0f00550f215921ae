"""Whom the user credits by name with what came about: "Dana's tip worked", "dank Dana", "a dica da Dana"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from recipflow.model import Kind

_NAME = r"(?P<name>[A-ZÀ-Þ][^\W\d_]+)"
_SURNAME = r"(?P<surname>[A-ZÀ-Þ][^\W\d_]+)"
_NOUNS = {
    Kind.ADVICE: "advice|tips?|ideas?|suggestions?|tipps?|rat|hinweise?|ideen?|vorschlag|vorschläge|conselhos?|dicas?|ideias?"
    "|sugest(?:ão|ões)|consejos?|sugerencias?",
    Kind.INTRO: "introduction|intro|contact|recommendation|empfehlung|vermittlung|kontakt|apresentação|recomendação|contacto"
    "|contato|presentación|recomendación",
    Kind.RESOURCE: "notes|comments|feedback|checklist|template|notizen|anmerkungen|vorlage|checkliste|notas|modelo|plantilla",
    Kind.HELP: "help|hilfe|ajuda|ayuda",
}
_HELP = "|".join(_NOUNS.values())
_CREDITS = (
    rf"\b{_NAME}(?: {_SURNAME})?['’]?s (?:[^\W\d_]+ ){{0,2}}(?P<what>(?i:{_HELP}))\b",
    rf"\b(?P<what>(?i:{_HELP})) (?:of|from|von|d[aeo]|del|de la) {_NAME}\b",
    rf"\b(?:[Tt]hanks to|[Dd]ank|[Gg]raças (?:à|ao|a)|[Gg]racias (?:al?|a la)) {_NAME}\b",
    rf"\b{_NAME} (?:introduced|recommended|pointed|steered|referred)\b",
)
_FOLLOWED = (
    rf"\b(?:as|what|like) {_NAME}(?: {_SURNAME})? (?:told (?:me|us)|said|predicted|suggested|advised|foresaw)\b",
    rf"\b(?:wie|was|como|o que|lo que) {_NAME}(?: {_SURNAME})? (?:gesagt|geraten|vorausgesagt|vorgeschlagen"
    r"|disse|previu|sugeriu|aconselhou|dijo|predijo|sugirió|aconsejó)\b",
    rf"\b{_NAME}(?: {_SURNAME})? told (?:me|us) to (?!(?:tell|say|ask|call|write|send|give|pass|remind|let|greet)\b)",
)
"""Whose word the user went by: of that, a letter speaks in whichever sentence it likes."""


class Credit(NamedTuple):
    """Somebody's first name, and what of theirs led to it."""

    name: str
    what: Kind


def credits_in(quote: str, letter: str = "") -> Iterator[Credit]:
    """Everybody whom a sentence that tells of a result credits with it, or whose help the letter around it names.

    Of two capital letters in a row either may begin the name: "When Dana's tip", "Dana Reyes's tip".
    """
    found = [one for pattern in _CREDITS for one in _compiled(pattern).finditer(quote)]
    found += [
        one
        for pattern in _CREDITS
        for one in _compiled(pattern).finditer(letter)
        if one.groupdict().get("what")
    ]
    followed = [
        one for pattern in _FOLLOWED for text in (quote, letter) for one in _compiled(pattern).finditer(text)
    ]
    known: dict[str, Kind] = {}
    for one in followed:
        known.update(dict.fromkeys(filter(None, one.groups()), Kind.ADVICE))
    for one in found:
        named = one.groupdict()
        for name in filter(None, (named["name"], named.get("surname"))):
            known.setdefault(name, _kind(named.get("what")))
    yield from (Credit(name, what) for name, what in known.items())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When first asked for: most mornings nobody tells of a result."""
    return re.compile(pattern)


def _kind(noun: str | None) -> Kind:
    for kind, nouns in _NOUNS.items():
        if noun and re.fullmatch(nouns, noun.lower()):
            return kind
    return Kind.HELP


def first_name(name: str) -> str:
    """What somebody is called by in a letter; "" where only an address is known."""
    words = name.split()
    return words[0] if words and "@" not in name else ""
