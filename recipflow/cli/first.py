"""`recipflow try` and `recipflow demo`: what mail says, with nothing stored."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import (
    AsHtml,
    AsJson,
    At,
    Ics,
    Me,
    People,
    instant,
    mine,
    named_as_given,
    print_json,
)
from recipflow.cli.render import Progress, bold, counted, paragraph, say, width
from recipflow.errors import UserError
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from recipflow.digest.model import Digest
    from recipflow.trial import Trial

Mailboxes = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH...]",
        readable=False,
        help="mbox files, Maildirs, folders of .eml, Thunderbird profiles, .ics",
    ),
]
Thunderbird = Annotated[bool, typer.Option("--thunderbird", help="Your Thunderbird mail, found by itself.")]
_NAMED = 3
_OLD = timedelta(days=30)
"""How old the newest mail is when what it calls for is past."""


def try_(
    paths: Mailboxes = None,
    ics: Ics = None,
    me: Me = None,
    people: People = None,
    at: At = None,
    thunderbird: Thunderbird = False,
    as_json: AsJson = False,
) -> None:
    """Read mail and calendars from files, and say what stands out: at most seven things, each with its quote.

    Nothing is stored, nothing leaves this computer, and the files stay as they are.
    """
    from recipflow.trial import trial

    files = [*(paths or ()), *(ics or ())]
    if not files and not thunderbird:
        raise typer.BadParameter("Name a mailbox, or give --thunderbird.", param_hint="PATH")
    zone = _zone(people)
    with Progress("Reading", after=1.0) as progress, named_as_given():
        found = trial(
            files,
            at=instant(at, zone),
            me=mine(me),
            people=people,
            zone=zone,
            thunderbird=thunderbird,
            progress=progress.tell,
        )
    if as_json:
        print_json(_as_json(found))
    else:
        _tell(found, files)


def demo(html: AsHtml = None) -> None:
    """Read thirteen months of a fictional designer's mail and calendar, and show the digest of one morning.

    Everybody in it is invented. Nothing is kept.
    """
    from recipflow.demo import MORNING, unpack
    from recipflow.trial import trial

    say(paragraph("The mail of Noor Haddad, a designer in Lisbon. She and everybody in it are invented."))
    with tempfile.TemporaryDirectory(prefix="recipflow-") as folder, Progress("Reading") as progress:
        files = unpack(Path(folder))
        found = trial([files.mail, files.calendar], at=MORNING, people=files.people, progress=progress.tell)
    say(_read(found))
    say()
    digest = _digest(found)
    _show(digest)
    if html:
        write_page(html, digest)
    say(bold("Your own mail, nothing stored:"))
    say("  recipflow try FILE.mbox --ics FILE.ics")
    say("  recipflow try --thunderbird")


def write_page(path: Path, digest: Digest, *, commands: bool = False) -> None:
    """The digest as a page, and where it is; a UserError when it cannot be written."""
    from recipflow.digest.render import as_html
    from recipflow.files import write_private

    try:
        write_private(path, as_html(digest, commands=commands))
    except OSError as fault:
        raise UserError(f"{path}: cannot be written: {fault.strerror}") from fault
    say(f"The page: {path}")
    say()


def _tell(found: Trial, files: list[Path]) -> None:
    say(_read(found))
    say(_taken_for(found))
    if found.set_aside:
        say(_aside(found))
    if found.newest and found.at - found.newest > _OLD:
        say(_past(found, found.newest))
    say()
    _show(_digest(found))
    shown = sum(nudge.shown for nudge in found.nudges)
    if len(found.nudges) > min(shown, 7):
        say(
            paragraph(
                f"In all, {counted(len(found.nudges), 'thing stands', 'things stand')}; --json lists them."
            )
        )
        say()
    _say_next(found, files)


def _show(digest: Digest) -> None:
    from recipflow.digest.render import as_text

    say(as_text(digest, width=width(), commands=False, heading=bold))


def _digest(found: Trial) -> Digest:
    from recipflow.assembly import LANGUAGES, wording
    from recipflow.digest.choice import varied
    from recipflow.digest.coverage import coverage
    from recipflow.digest.model import compose

    return compose(
        varied(found.nudges),
        {one.id: one.name for one in found.contacts.values()},
        wording=wording(),
        now=found.at,
        tz=found.zone,
        coverage=coverage(found.counts, LANGUAGES),
    )


def _read(found: Trial) -> str:
    counts = found.counts
    machines = sum(counts.machines.values())
    return paragraph(
        f"Read {counted(counts.messages, 'message')} ({machines:,} of them written by machines) and "
        f"{counted(counts.meetings, 'meeting')}; {counted(counts.people, 'person', 'people')} you have to do with."
    )


def _taken_for(found: Trial) -> str:
    who = ", ".join(map(one_line, found.me))
    if not found.guessed:
        return paragraph(f"You are {who}.")
    return paragraph(f"You were taken to be {who}. If that is wrong: --me YOUR-ADDRESS.")


def _aside(found: Trial) -> str:
    some = "; ".join(one_line(f"{one.where}: {one.reason}") for one in found.set_aside[:_NAMED])
    more = f"; and {len(found.set_aside) - _NAMED:,} more" if len(found.set_aside) > _NAMED else ""
    return paragraph(f"Could not be read: {some}{more}.")


def _past(found: Trial, newest: datetime) -> str:
    """An old mailbox has nothing for today; what it had to say then can still be looked at."""
    from recipflow.assembly import wording

    last = newest.astimezone(found.zone).date()
    day = wording().short_date(last, found.at.astimezone(found.zone).date())
    return paragraph(
        f"The newest mail here is of {day}: most of what it called for is past. "
        f"To stand at that time: --at {last + timedelta(days=1)}"
    )


def _say_next(found: Trial, files: list[Path]) -> None:
    say(bold("Nothing was stored. To have such a page every morning:"))
    say("  recipflow init " + " ".join(f"--me {_word(one)}" for one in found.me))
    places = " ".join(_word(str(path)) for path in files) or "--thunderbird"
    say(f"  recipflow connect files {places}")
    say("  recipflow sync")
    say("  recipflow today")


def _word(text: str) -> str:
    """As one word of a command line, on any shell."""
    shown = one_line(text)
    return f'"{shown}"' if set(shown) & set(" '&;()$*?!<>|#") else shown


def _zone(people: Path | None) -> tzinfo:
    from recipflow.config import people_from_json
    from recipflow.zones import user_zone

    said = people_from_json(people)[0] if people else None
    return user_zone(said.tz if said else None)


def _as_json(found: Trial) -> dict[str, object]:
    from recipflow.assembly import wording
    from recipflow.digest.as_json import as_json

    return {
        "at": found.at.astimezone(found.zone),
        "me": list(found.me),
        "guessed": found.guessed,
        "newest": found.newest and found.newest.astimezone(found.zone),
        "read": _counts(found),
        "nudges": as_json(found.nudges, found.contacts, wording=wording(), now=found.at, tz=found.zone),
    }


def _counts(found: Trial) -> dict[str, object]:
    from recipflow.assembly import LANGUAGES
    from recipflow.digest.coverage import as_json

    reasons = Counter(one.reason for one in found.set_aside)
    return as_json(found.counts, LANGUAGES) | {"set_aside_reasons": dict(reasons.most_common())}
