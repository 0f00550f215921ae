"""What recipflow says: a nudge and its facts put into one sentence of the wording file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from string import Formatter
from typing import Any

from recipflow.errors import UserError
from recipflow.foreign import name_line, one_line
from recipflow.model import Kind, Nudge, NudgeKind, Question

_DATES = ("day", "due", "since", "until", "aged")
_TEXTS = ("other", "plan", "planned", "rule", "organisation", "reason")
FIELDS = frozenset({"name", "month", "count", "requests", "helped", "what", "yours", *_DATES, *_TEXTS})
"""Everything a sentence may speak of."""

TEXT_LENGTH = 500
"""Letters of a rule or of the user's own words that are said: a rule about gifts with its source is longer than a quote."""
_LAST_FOLLOW_UP = 2
_TOLD = (
    "deed",
    "corrected",
    "denied",
    "doubted",
    "open",
    "where",
    "guard",
    "nothing",
    "held",
    "unseen",
    "check",
    "easier",
    "better",
    "plan",
    "step",
    "loop",
    "pattern",
    "question",
)
"""The tables of sentences about a ledger."""


class Wording:
    """The sentences of one parsed wording file; a UserError lists every fault in it."""

    def __init__(self, parsed: Mapping[str, Any]) -> None:
        problems = tuple(_problems(parsed))
        if problems:
            raise UserError(problems)
        self._parsed = parsed

    def because(self, nudge: Nudge, name: str, *, tz: tzinfo, now: datetime) -> str:
        """Why the nudge stands, in the fullest sentence its facts allow.

        Facts: `day`, `due`, `since` (dates, aware datetimes or ISO text), `count`, `what` (a `Kind`, else a
        noun phrase that is said as it stands).
        A year is said only where it is not the year of `now` in `tz`.
        """
        known = self._known(nudge.facts, name, tz, now.astimezone(tz).date())
        section = self._parsed[nudge.kind]
        count = nudge.facts.get("count")
        last = isinstance(count, int) and count >= _LAST_FOLLOW_UP and "last" in section
        deciding = bool(nudge.facts.get("deciding")) and "deciding" in section
        return _fullest(section["last" if last else "deciding" if deciding else "because"], known)

    def tell(
        self, table: str, key: str, name: str, facts: Mapping[str, object], *, tz: tzinfo, now: datetime
    ) -> str:
        """One of the sentences about a ledger, the fullest its facts allow; facts as in `because`."""
        return _fullest(self._parsed[table][key], self._known(facts, name, tz, now.astimezone(tz).date()))

    def section(self, kind: NudgeKind) -> str:
        """The heading such nudges stand under."""
        return str(self._parsed[kind]["section"])

    def question(self, question: Question, name: str, *, tz: tzinfo, now: datetime) -> str:
        """A question to the user, in the fullest sentence its facts allow."""
        key = f"{question.kind}_still" if question.still else question.kind
        return self.tell("question", key, name, question.facts, tz=tz, now=now)

    def questions_title(self) -> str:
        """The heading that questions to the user stand under."""
        return str(self._parsed["digest"]["questions"])

    def reminder_title(self, name: str) -> str:
        """What an event in the calendar is called: a name, and nothing of what it is about."""
        reminder = self._parsed["reminder"]
        if not name.strip():
            return str(reminder["title_without_name"])
        return str(reminder["title"]).format(name=name_line(name))

    def title(self) -> str:
        return str(self._parsed["digest"]["title"])

    def empty(self) -> str:
        """What a digest without nudges says."""
        return str(self._parsed["digest"]["empty"])

    def again(self) -> str:
        """What marks a thing that an earlier digest said."""
        return str(self._parsed["digest"]["again"])

    def older(self) -> str:
        """What the page of older things is called."""
        return str(self._parsed["digest"]["older"])

    def no_older(self) -> str:
        """What that page says when there are none."""
        return str(self._parsed["digest"]["no_older"])

    def subject(self, count: int, *, late: bool = False) -> str:
        """How a digest with so many things is called in the list of mails; it tells nothing about anybody."""
        digest, which = self._parsed["digest"], "late_subject" if late else "subject"
        if count <= 1:
            return str(digest[f"{which}_one" if count else "subject_none"])
        return str(digest[which]).format(count=self._number(count))

    def quiet_week(self, *, read: bool) -> str:
        """What the weekly sign of life says; `read`: every account is read."""
        return str(self._parsed["digest"]["quiet_week" if read else "quiet_week_unread"])

    def looking_back(self, month: date) -> str:
        """What stands above the counts of a month."""
        named = self._parsed["calendar"]["months"][month.month - 1]
        return str(self._parsed["digest"]["looking_back"]).format(month=f"{named} {month.year}")

    def more(self, count: int) -> str:
        """That `count` nudges more stand than are shown; "" for none."""
        if count < 1:
            return ""
        digest = self._parsed["digest"]
        return str(
            digest["more_one"]
            if count == 1
            else digest["more"].format(count=self._number(count).capitalize())
        )

    def short_date(self, day: date, today: date) -> str:
        """ "3 December", or "3 December 2024" in another year than today's."""
        return f"{day.day} {self._month(day, today)}"

    def full_date(self, day: date) -> str:
        """ "Thursday, 29 October 2026"."""
        calendar = self._parsed["calendar"]
        return (
            f"{calendar['weekdays'][day.weekday()]}, {day.day} {calendar['months'][day.month - 1]} {day.year}"
        )

    def _known(self, facts: Mapping[str, object], name: str, tz: tzinfo, today: date) -> dict[str, str]:
        known = {"name": name_line(name) or "someone"}
        for key in _DATES:
            day = _day(facts.get(key), tz)
            if day is not None:
                known[key] = self.short_date(day, today)
                if key == "since":
                    known["month"] = self._month(day, today)
        known.update(
            (key, one_line(said, TEXT_LENGTH))
            for key in _TEXTS
            if isinstance(said := facts.get(key), str) and said
        )
        known.update(self._kind_words(facts.get("what")))
        known.update(self._counted(facts.get("count")))
        return known

    def _kind_words(self, what: object) -> Iterator[tuple[str, str]]:
        if not isinstance(what, str) or not what.strip():
            return
        for table in ("helped", "what", "yours"):
            if what in self._parsed[table]:
                yield table, self._parsed[table][what]
        if what not in set(Kind):
            yield "what", name_line(what)

    def _counted(self, count: object) -> Iterator[tuple[str, str]]:
        if isinstance(count, int) and count > 0:
            numbers = self._parsed["numbers"]
            yield "count", self._number(count)
            yield "requests", f"{self._number(count)} {numbers['request' if count == 1 else 'requests']}"

    def _number(self, count: int) -> str:
        words = self._parsed["numbers"]["words"]
        return words[count] if count < len(words) else str(count)

    def _month(self, day: date, today: date) -> str:
        month = self._parsed["calendar"]["months"][day.month - 1]
        return month if day.year == today.year else f"{month} {day.year}"


def fields(template: str) -> frozenset[str]:
    """What a sentence needs to know."""
    return frozenset(field for _, field, _, _ in Formatter().parse(template) if field is not None)


def _fullest(templates: Sequence[str], known: Mapping[str, str]) -> str:
    return next(template.format_map(known) for template in templates if fields(template) <= known.keys())


def _day(fact: object, tz: tzinfo) -> date | None:
    """A stored fact may come back as ISO text."""
    if isinstance(fact, str):
        try:
            fact = datetime.fromisoformat(fact) if "T" in fact else date.fromisoformat(fact)
        except ValueError:
            return None
    if isinstance(fact, datetime):
        return fact.astimezone(tz).date() if fact.tzinfo else fact.date()
    return fact if isinstance(fact, date) else None


def _problems(parsed: Mapping[str, Any]) -> Iterator[str]:
    for kind in NudgeKind:
        section = parsed.get(kind)
        if not isinstance(section, Mapping) or not section.get("because") or not section.get("section"):
            yield f"wording: [{kind}] needs a section and because."
            continue
        for key in ("because", "last", "deciding"):
            yield from _list_problems(f"[{kind}] {key}", section.get(key, ["{name}"]))
    for table in _TOLD:
        for key, templates in parsed.get(table, {"": ["{name}"]}).items():
            yield from _list_problems(f"[{table}] {key}", templates)
    for table in ("helped", "what", "yours"):
        unknown = sorted(set(parsed.get(table, {})) - set(Kind))
        if unknown:
            yield f"wording: [{table}] knows no {', '.join(unknown)}."
    for table in (*_TOLD, "reminder", "digest", "numbers", "calendar", "helped", "what", "yours"):
        if table not in parsed:
            yield f"wording: [{table}] is missing."


def _list_problems(where: str, templates: Sequence[str]) -> Iterator[str]:
    for template in templates:
        unknown = fields(template) - FIELDS
        if unknown:
            yield f"wording: {where}: {one_line(template)!r} speaks of {', '.join(sorted(unknown))}."
    if fields(templates[-1]) - {"name"}:
        yield f"wording: {where}: the last sentence may use nothing but {{name}}."
