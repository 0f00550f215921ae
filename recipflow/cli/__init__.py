"""The command line: one table of commands, and nothing loaded before its command is called."""

from __future__ import annotations

import errno
import gc
import io
import os
import stat
import sys
import threading
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from recipflow.cli.amounts import in_one
from recipflow.cli.commands import COMMANDS, Command, overview
from recipflow.errors import AuthNeeded, RecipflowError, UserError

_DEBUG = "--debug"
_COLLECT_EVERY = 50_000
"""Objects made before Python looks for rings among them. It makes 700 its own default, and finds hardly any here: of an
import the looking took a fifteenth."""
_SURROUNDINGS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""What the computer refuses, and is no mistake of ours."""
_MENDING = "What mends it: recipflow doctor"
_UNUSABLE = ("DatabaseError", "OperationalError")  # damaged; busy, full, read-only


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 it could not be done, 2 the command line was wrong, 130 stopped by Ctrl-C."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = _DEBUG in given
    gc.set_threshold(_COLLECT_EVERY)
    _make_output_unbreakable()
    if debug:
        _log_everything()
    else:
        threading.excepthook = _noted
    try:
        _run(in_one([word for word in given if word != _DEBUG]))
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except _PipeBroke as broke:
        _ended(broke.fault, debug=debug)
    except Exception as error:  # noqa: BLE001  (nobody should have to read a traceback)
        _ended(error, debug=debug)


class _PipeBroke(Exception):
    """Typer would take every pipe that breaks for that of the output, and say nothing."""

    def __init__(self, fault: BrokenPipeError) -> None:
        super().__init__()
        self.fault = fault


def _ended(error: Exception, *, debug: bool) -> NoReturn:
    if isinstance(error, BrokenPipeError) and _nobody_reads():  # `recipflow read … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    if debug and not isinstance(error, RecipflowError):
        raise error
    _stop((*_told(error), *getattr(error, "__notes__", ())))


def _nobody_reads() -> bool:
    """Whether it is the output that was closed, and not the pipe of a hook or the socket of a server."""
    import select

    if not hasattr(select, "poll"):  # Windows, where sockets break by another name
        return True
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)  # that the other end is closed is told unasked
    return bool(output.poll(0))


class _Root(TyperGroup):
    """All commands. Typer would make a failure, exit code 1, of a pipe that closes and of Ctrl-C at a question."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as fault:
            raise _PipeBroke(fault) from fault
        except (KeyboardInterrupt, typer.Abort) as stopped:
            asked, notes = isinstance(stopped, typer.Abort), getattr(stopped, "__notes__", ())
            if asked and not isinstance(stopped.__context__, KeyboardInterrupt):
                raise  # answered with no, or with the end of the input
            if asked or notes:
                sys.stderr.write(f"\n{' '.join(['Stopped.', *notes])}\n")
            raise KeyboardInterrupt from None


def _run(arguments: list[str]) -> None:
    called = next((word for word in arguments if not word.startswith("-")), None)
    app = typer.Typer(
        cls=_Root,
        help=overview(),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for command in COMMANDS:
        _add(app, command, called=command.name == called)
    app(args=arguments, prog_name="recipflow")


def _add(app: typer.Typer, command: Command, *, called: bool) -> None:
    """All are known by name, so that a slip of the finger finds its neighbour; one is loaded."""
    epilog = f"Example: {command.example}"
    code = command.load() if called else _not_called
    if isinstance(code, typer.Typer):
        from recipflow.cli.groups import Group

        app.add_typer(code, name=command.name, cls=Group, help=command.help, epilog=epilog, hidden=True)
    else:
        app.command(command.name, epilog=epilog, hidden=True)(code)


def _not_called() -> None:
    """Stands in for the commands that are not called."""


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"recipflow {version('recipflow')}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option(_DEBUG, help="Log to the terminal, and show where a fault arose.")
    ] = False,
) -> None:
    """Options of recipflow itself; `--debug` was taken off before, so that it may stand anywhere."""


class _Aside(io.FileIO):
    """A pipe for what is told beside the output: what nobody listens to any more stops nothing."""

    def write(self, told: Any, /) -> int:
        try:
            return super().write(told)
        except BrokenPipeError:
            return memoryview(told).nbytes


def _make_output_unbreakable() -> None:
    """A console that lacks a letter of somebody's name shows a question mark, and goes on."""
    if sys.stderr is sys.__stderr__ and sys.stderr and stat.S_ISFIFO(os.fstat(sys.stderr.fileno()).st_mode):
        aside = io.BufferedWriter(_Aside(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(aside, sys.stderr.encoding, line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _log_everything() -> None:
    import logging

    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")


def _noted(fault: threading.ExceptHookArgs) -> None:
    """A thread of a library's that dies takes nothing along, and nobody should have to read its traceback: urllib3-future
    looks after idle connections in one, and stumbles when such a connection is closed under it."""
    import logging

    logging.getLogger(__name__).debug("a thread ended (%s)", fault.exc_type.__name__)


def _stop(lines: Sequence[str]) -> NoReturn:
    from recipflow.foreign import harmless

    for line in lines:
        sys.stderr.write(f"{harmless(line)}\n")
    sys.exit(1)


def _where_config_lies(problems: Sequence[str]) -> Sequence[str]:
    """Nobody knows by heart where their platform keeps settings."""
    from recipflow.home import find

    at_fault = any(problem.startswith("config.toml:") for problem in problems)
    return (f"config.toml lies here: {find(os.environ).config}",) if at_fault else ()


def _is_of_the_database(error: BaseException | None) -> bool:
    return type(error).__module__ == "sqlite3" and type(error).__name__ in _UNUSABLE


def _why(error: Exception) -> str:
    import sqlite3

    from recipflow.home import find
    from recipflow.store.unusable import why

    return why(find(os.environ).database, error).reason if isinstance(error, sqlite3.Error) else str(error)


def _told(error: Exception) -> Sequence[str]:
    """What the user reads instead of a traceback."""
    if isinstance(error, UserError):
        mending = (_MENDING,) if _is_of_the_database(error.__cause__) else ()
        return (*error.problems, *_where_config_lies(error.problems), *mending)
    if isinstance(error, AuthNeeded):
        return (str(error), f"Then: {error.command}")
    if isinstance(error, RecipflowError):
        return (str(error) or type(error).__doc__ or type(error).__name__,)
    if _is_of_the_database(error):
        return (f"The database cannot be used: {_why(error)}.", _MENDING)
    if isinstance(error, OSError) and error.errno in _SURROUNDINGS:
        at = f"{error.filename}: " if error.filename else ""
        return (f"{at}{error.strerror}.", _MENDING)
    if isinstance(error, BrokenPipeError):
        return (
            "A server, or a program that recipflow spoke with, closed the connection in the midst of it (broken pipe).",
            f"Run it again; with {_DEBUG} it shows where.",
        )
    return (
        f"recipflow made a mistake of its own ({type(error).__name__}).",
        f"Run it again with {_DEBUG} to see where, and report that.",
        "Look through it first: it may quote your mail.",
    )
