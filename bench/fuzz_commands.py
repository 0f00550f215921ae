"""Commands run in this process, and what their output must be."""

from __future__ import annotations

import io
import json
import os
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from unicodedata import category

from recipflow import cli

_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ALLOWED = frozenset("\n\u200c\u200d")  # of those, in what a terminal is given


def run_command(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", write_through=True) for _ in "oe"
    )
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main(words)
        except SystemExit as stopped:
            code = stopped.code or 0
    texts = [one.buffer.getvalue().decode("utf-8") for one in (out, err)]
    return (code if isinstance(code, int) else 1), texts[0], texts[1]


def where(words: Sequence[str]) -> str:
    """The traceback of a mistake, for whoever mends it."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            cli.main([*words, "--debug"])
    except SystemExit:
        return "(not a second time)"
    except Exception:  # noqa: BLE001  (as above)
        return "".join(traceback.format_exc().splitlines(keepends=True)[-12:])
    return ""


def unparsed(said: str, out: str, *, lines: bool) -> Iterator[str]:
    try:
        for text in out.splitlines() if lines else [out]:
            json.loads(text)
    except ValueError as fault:
        yield f"{said}: not JSON: {fault}"


@contextmanager
def environment(**changes: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def controls_in(shown: str) -> set[str]:
    """The control characters in what a terminal is given."""
    return {one for one in shown if category(one) in _CONTROLS} - _ALLOWED
