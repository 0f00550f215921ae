"""Gmail's search, as far as anybody here uses it; what it does not know it refuses loudly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from tests.fakes.google.answers import Unsupported
from tests.fakes.google.mail import Mail

Test = Callable[[Mail], bool]
_TERM = re.compile(r'-?\{[^}]*\}|-?\w+:"[^"]*"|-?\w+:\S+|-?"[^"]*"|\S+')
_PLACES = {
    "sent": "SENT",
    "inbox": "INBOX",
    "draft": "DRAFT",
    "drafts": "DRAFT",
    "chats": "CHAT",
    "spam": "SPAM",
    "trash": "TRASH",
}


def search(query: str) -> Test:
    """Whether a mail answers a query: all of its terms."""
    terms = [_term(one) for one in _TERM.findall(query)]
    return lambda mail: all(term(mail) for term in terms)


def anywhere(query: str) -> bool:
    """Whether a query asks for spam and trash as well."""
    return any(word in query.split() for word in ("in:anywhere", "in:spam", "in:trash"))


def _term(term: str) -> Test:
    if term.startswith("-"):
        inner = _term(term[1:])
        return lambda mail: not inner(mail)
    if term.startswith("{"):
        choices = [_term(one) for one in _TERM.findall(term[1:-1])]
        return lambda mail: any(choice(mail) for choice in choices)
    operator, colon, value = term.partition(":")
    if not colon or term.startswith('"'):
        return _said(term)
    return _operator(operator.lower(), value.strip('"'))


def _said(term: str) -> Test:
    word = term.strip('"').lower()
    return lambda mail: word in mail.subject.lower() or word in mail.text.lower()


def _operator(operator: str, value: str) -> Test:
    if operator == "in" and value == "anywhere":
        return lambda _: True
    if operator == "in" and value in _PLACES:
        return lambda mail: _PLACES[value] in mail.labels
    if operator == "category":
        return lambda mail: f"CATEGORY_{value.upper()}" in mail.labels
    if operator in ("after", "before"):
        bound = _seconds(value)
        return lambda mail: (mail.at_ms // 1000 >= bound) == (operator == "after")
    if operator == "subject":
        return lambda mail: value.lower() in mail.subject.lower()
    if operator == "rfc822msgid":
        return lambda mail: mail.message_id == value.strip("<>")
    if operator == "from":
        return lambda mail: value.lower() in mail.sender.lower()
    raise Unsupported(f"the search {operator}:{value}")


def _seconds(value: str) -> int:
    if value.isdecimal():
        return int(value)
    return int(datetime.strptime(value, "%Y/%m/%d").replace(tzinfo=UTC).timestamp())
