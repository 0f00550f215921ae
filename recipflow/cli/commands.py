"""The table of commands: what each is called, what it is for, an example, and where its code is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typer import Typer


class Command(NamedTuple):
    """One command, known without loading it."""

    name: str
    help: str  #: one line of the overview
    example: str
    code: str  #: "module:name" under recipflow.cli: a function, or a Typer app with commands of its own
    heading: str

    def load(self) -> Typer | Callable[..., object]:
        """Import the command's code; a function's docstring is its full help."""
        module, _, name = self.code.partition(":")
        loaded: Typer | Callable[..., object] = getattr(import_module(f"recipflow.cli.{module}"), name)
        return loaded


_FIRST = "First minutes (nothing is kept)"
_SETUP = "Set up"
_DAILY = "Every day"
_WORD = "Your word counts"
_CONTACTS = "Contacts and data"
_CARE = "Behind the scenes"

COMMANDS: tuple[Command, ...] = (
    Command(
        "demo",
        "A fictional year of mail, and the digest of one morning",
        "recipflow demo --html morning.html",
        "first:demo",
        _FIRST,
    ),
    Command(
        "try",
        "What your own mail says, from files, nothing stored",
        "recipflow try takeout.mbox --ics calendar.ics",
        "first:try_",
        _FIRST,
    ),
    Command(
        "init",
        "Config, database, and which addresses are yours",
        "recipflow init --me ann@example.org --yes",
        "setup:init",
        _SETUP,
    ),
    Command(
        "connect",
        "Name a source of mail or calendar",
        "recipflow connect imap ann@example.org",
        "connecting:connect",
        _SETUP,
    ),
    Command(
        "disconnect",
        "Read an account no more, and forget its secrets",
        "recipflow disconnect ann@example.org",
        "disconnecting:disconnect",
        _SETUP,
    ),
    Command("sync", "Read what is new", "recipflow sync", "daily:sync", _DAILY),
    Command("today", "The digest", "recipflow today --html today.html", "daily:today", _DAILY),
    Command(
        "digest",
        "The morning's mail to you: look at it, or send it",
        "recipflow digest --preview --html digest.html",
        "digests:digest",
        _DAILY,
    ),
    Command(
        "catch-up",
        "What is too old for a digest, on one page",
        "recipflow catch-up",
        "digests:catch_up",
        _DAILY,
    ),
    Command("contacts", "The people, most recent first", "recipflow contacts", "contacts:contacts", _DAILY),
    Command(
        "show",
        "One person: both sides, with quotes and dates",
        "recipflow show dana",
        "people:show",
        _DAILY,
    ),
    Command("why", "What a piece of advice stands on", "recipflow why KEY --numbers", "people:why", _DAILY),
    Command(
        "why-not",
        "Why there is no advice about a person, and until when",
        "recipflow why-not dana",
        "people:why_not",
        _DAILY,
    ),
    Command(
        "loop",
        "Where each relationship stands, and what is next",
        "recipflow loop dana",
        "looping:loop",
        _DAILY,
    ),
    Command(
        "plan",
        "Something you want to ask, worked backwards from its day",
        'recipflow plan dana --ask "a line for my site" --by 2026-12-18',
        "planning:plan",
        _DAILY,
    ),
    Command(
        "check",
        "A word before an ask goes out",
        "recipflow check --to dana draft.eml",
        "checking:check",
        _DAILY,
    ),
    Command(
        "review",
        "Did it work? A month in counts",
        "recipflow review --month 2026-10",
        "reviewing:review",
        _DAILY,
    ),
    Command(
        "log",
        "Something done without mail: a call, a favour, a lunch",
        'recipflow log dana give help "watered the plants"',
        "word:log",
        _WORD,
    ),
    Command(
        "gifts",
        "The gift register: what passed, amounts, yearly totals",
        "recipflow gifts --csv gifts.csv",
        "gifts:gifts",
        _WORD,
    ),
    Command(
        "correct",
        "Say what a message really was",
        "recipflow correct MESSAGE dana give help",
        "correcting:correct",
        _WORD,
    ),
    Command("yes", "A question of the digest: it was so", "recipflow yes KEY", "answering:yes", _WORD),
    Command("no", "A question of the digest: it was not so", "recipflow no KEY", "answering:no", _WORD),
    Command("done", "You did what the advice says", "recipflow done KEY", "verdict:done", _WORD),
    Command("wrong", "The advice is mistaken", "recipflow wrong KEY", "verdict:wrong", _WORD),
    Command("snooze", "Not now; again later", "recipflow snooze KEY --days 7", "verdict:snooze", _WORD),
    Command("dismiss", "Not this one", "recipflow dismiss KEY", "verdict:dismiss", _WORD),
    Command("never", "No advice about this person, for good", "recipflow never dana", "word:never", _WORD),
    Command("undo", "Take back your last word", "recipflow undo", "word:undo", _WORD),
    Command(
        "merge",
        "Two contacts are one person",
        "recipflow merge dana@example.org dana@example.com",
        "book:merge",
        _CONTACTS,
    ),
    Command(
        "split", "An address is somebody else's", "recipflow split dana@example.com", "book:split", _CONTACTS
    ),
    Command(
        "forget",
        "All about a person goes, and does not come back",
        "recipflow forget dana --yes",
        "book:forget",
        _CONTACTS,
    ),
    Command(
        "export", "Everything, as JSON lines", "recipflow export > recipflow.jsonl", "book:export", _CONTACTS
    ),
    Command(
        "import",
        "Take in what export --all wrote on another computer",
        "recipflow import recipflow.jsonl",
        "moving:import_",
        _CONTACTS,
    ),
    Command(
        "uninstall",
        "Remove all that recipflow made and knows",
        "recipflow uninstall --everything",
        "moving:uninstall",
        _CONTACTS,
    ),
    Command(
        "read",
        "What the rules see in files, message by message",
        "recipflow read inbox.mbox --me ann@example.org --json",
        "reading:read",
        _CARE,
    ),
    Command(
        "rules",
        "Test rule packs against their own examples",
        "recipflow rules test my-rules.toml",
        "rules:rules",
        _CARE,
    ),
    Command(
        "rebuild",
        "Compute everything anew from what was observed",
        "recipflow rebuild --verify",
        "care:rebuild",
        _CARE,
    ),
    Command("run", "Read, advise and deliver until stopped", "recipflow run", "running:run", _CARE),
    Command("service", "Run by itself from login on", "recipflow service install", "service:service", _CARE),
    Command(
        "calendar", "The reminders in your calendar", "recipflow calendar clean", "calendars:calendar", _CARE
    ),
    Command("restore", "Put a copy of the database back", "recipflow restore", "copies:restore", _CARE),
    Command("doctor", "Is everything in order?", "recipflow doctor", "care:doctor", _CARE),
)


def overview() -> str:
    """The commands under their headings, laid out as `recipflow --help` shows them (\\b stops Typer)."""
    width = max(len(command.name) for command in COMMANDS)
    blocks = [
        "Reads your mail and calendar on this computer, and says whom to thank, what to give back, and when."
    ]
    for heading, commands in groupby(COMMANDS, lambda command: command.heading):
        lines = [f"  {command.name:{width}}  {command.help}" for command in commands]
        blocks.append("\n".join(["\b", f"{heading}:", *lines]))
    blocks.append("\b\nMore about a command, with an example: recipflow COMMAND --help")
    return "\n\n".join(blocks)
