"""The person at the keyboard, while an account is being connected."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from recipflow.cli.render import paragraph, say
from recipflow.errors import UserError
from recipflow.foreign import harmless, one_line

PASSWORD = "RECIPFLOW_PASSWORD"  # noqa: S105  (the name of a variable)


class Terminal:
    """Says and asks on the terminal; where nothing may be asked, takes what is proposed, or says what is missing.

    What is said may quote a server: nothing of it reaches the terminal as a command.
    """

    def __init__(self, *, asking: bool, browser: bool = True) -> None:
        self._asking = asking
        self._browser = browser

    def say(self, text: str) -> None:
        """Paragraphs are wrapped; lines that are indented stay as they are, to be copied."""
        for line in harmless(text).split("\n"):
            say(line if line[:1] in ("", " ", "\t") else paragraph(line))

    def ask(self, question: str, *, default: str | None = None, secret: bool = False) -> str:
        if self._asking:
            return str(typer.prompt(harmless(question), default, hide_input=secret)).strip()
        if default is not None:
            return default
        way = f"--password-file FILE, or the variable {PASSWORD}" if secret else "give it on the command line"
        raise UserError(f"{one_line(question)}: nothing is asked here: {way}")

    def confirm(self, question: str, *, default: bool) -> bool:
        return typer.confirm(harmless(question), default=default) if self._asking else default

    def browse(self, url: str) -> bool:
        """A browser in the terminal itself is of no use: it would hold up what waits for its answer."""
        if not self._browser or (sys.platform.startswith("linux") and not _has_screen()):
            return False
        import webbrowser

        return webbrowser.open(url)


def password(file: Path | None) -> str | None:
    """The password given by file ("-" for standard input), else by variable; never as an argument, for all to see."""
    if file is None:
        return os.environ.get(PASSWORD) or None
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        lines = file.expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise UserError(
            f"{one_line(str(file))}: cannot be read: {getattr(fault, 'strerror', fault)}"
        ) from fault
    if not lines or not lines[0]:
        raise UserError(f"{one_line(str(file))}: its first line should be the password, and is empty.")
    return lines[0]


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
