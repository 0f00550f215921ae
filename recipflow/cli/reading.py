"""`recipflow read`: what the rules see in files, message by message; nothing is stored, and memory does not grow."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from recipflow.cli.options import AsJson, Me, Paths, People, mine, named_as_given, print_json_lines
from recipflow.cli.render import Progress, counted, paragraph, say
from recipflow.foreign import name_line, one_line

if TYPE_CHECKING:
    from recipflow.model import Act
    from recipflow.observing import Observed


def read(paths: Paths, me: Me = None, people: People = None, as_json: AsJson = False) -> None:
    """Read mail and calendars, and show each act the rules find, with the sentence it stands on.

    With --json every message and meeting is a line, also those without acts. Your own rule packs are used, too.
    Without --me, your addresses are guessed from sent mail. Nothing is stored.
    """
    from recipflow import assembly, config
    from recipflow.home import find
    from recipflow.observing import observe
    from recipflow.packs import read_files
    from recipflow.session import now
    from recipflow.zones import user_zone

    said, contacts = config.people_from_json(people) if people else (None, ())
    moment = now()
    own = frozenset((*mine(me), *(said.addresses if said else ()))) or _guessed(paths)
    aside = _Aside()
    seen = observe(
        {"paths": [str(path) for path in paths]},
        frozenset(own),
        reader=assembly.reader(
            read_files(sorted(find(os.environ).rules.glob("*.toml"))), user_zone(said.tz if said else None)
        ),
        machines=assembly.machines(),
        now=moment,
        set_aside=aside,
    )
    primary = {address: one.id for one in contacts for address in one.addresses}
    with named_as_given():
        if as_json:
            print_json_lines(_as_json(one, primary) for one in seen)
        else:
            _tell(seen, frozenset(own))
    aside.close()


class _Aside:
    """Says on standard error what could not be read, and at the end how much that was."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, where: str, reason: str) -> None:
        self._count += 1
        sys.stderr.write(f"set aside: {one_line(where)}: {one_line(reason)}\n")

    def close(self) -> None:
        if self._count:
            sys.stderr.write(f"{self._count:,} set aside, and not read.\n")


def _guessed(paths: Iterable[Path]) -> frozenset[str]:
    from recipflow.session import now
    from recipflow.trial import addresses, guess

    source = {"paths": [str(path) for path in paths]}
    with Progress("Looking whose mail it is", after=1.0) as progress, named_as_given():
        moment = now()
        found = addresses(guess(source, moment, progress.tell), source, moment)
    sys.stderr.write(f"Taken for you: {', '.join(map(one_line, found))}. If that is wrong: --me ADDR\n")
    return frozenset(found)


def _as_json(one: Observed, primary: Mapping[str, str]) -> dict[str, object]:
    return {
        ("uid" if one.meeting else "message_id"): one.name,
        "date": one.at,
        "machine": one.machine,
        "language": one.language,
        "new_text": one.text,
        "acts": [act_as_json(act, primary.get(act.contact, act.contact)) for act in one.acts],
    }


def act_as_json(act: Act, contact: str) -> dict[str, object]:
    return {
        "contact": contact,
        "by": act.by.value,
        "act": act.act.value,
        "kind": act.kind.value if act.kind else None,
        "routine": act.routine,
        "notable": act.notable,
        "size": act.size,
        "counts": act.counts,
        "quote": act.quote,
        "rule": act.rule,
        "confidence": act.confidence,
        "notable_confidence": act.notable_confidence,
        "large_confidence": act.large_confidence,
    }


def _tell(seen: Iterator[Observed], me: frozenset[str]) -> None:
    """Those with acts; the others are counted."""
    tally: Counter[str] = Counter()
    for one in seen:
        tally["meetings" if one.meeting else "machines" if one.machine else "messages"] += 1
        if not one.acts:
            continue
        tally["acts"] += len(one.acts)
        sender = "You" if one.sender.address in me else name_line(one.sender.name or one.sender.address)
        say(f"{one.at:%Y-%m-%d %H:%M}  {sender}: {one_line(one.subject) or '(no subject)'}")
        for act in one.acts:
            say(paragraph(_act_words(act), "  "))
    say()
    say(
        paragraph(
            f"{counted(tally['acts'], 'act')} in {counted(tally['messages'], 'message')} of people and "
            f"{counted(tally['meetings'], 'meeting')}; of machines: {counted(tally['machines'], 'message')}."
        )
    )


def _act_words(act: Act) -> str:
    """ "give · advice · notable, to dana@example.org: “…” (rule-name)"."""
    marks = [act.act.value, *([act.kind.value] if act.kind else [])]
    marks += ["notable"] if act.notable else ["routine"] if act.routine else []
    towards = "to" if act.by.value == "me" else "by"
    quote = f": “{one_line(act.quote)}”" if act.quote else ""
    return f"{' · '.join(marks)}, {towards} {name_line(act.contact)}{quote} ({act.rule})"
