"""The command line is quick to start, helps, and never answers with a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer

from recipflow import cli
from recipflow.cli import commands, options, render
from recipflow.cli.commands import COMMANDS, Command
from recipflow.errors import AuthNeeded, CursorExpired, TryLater, UserError

HEAVY = (
    "alembic",
    "apscheduler",
    "fast_mail_parser",
    "googleapiclient",
    "icalendar",
    "jinja2",
    "msal",
    "pydantic",
    "re2",
    "recurring_ical_events",
    "rich",
    "selectolax",
    "sqlalchemy",
    "sqlmodel",
)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """A command `today` that fails in a chosen way."""

    def install(error: Exception) -> None:
        def today() -> None:
            raise error

        monkeypatch.setattr(Command, "load", lambda command: today)

    return install


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that closes is told there in other ways")
@pytest.mark.parametrize("lines", [1, 100_000])
def test_whoever_closes_the_pipe_has_seen_enough(lines: int, tmp_path: Path) -> None:
    code = (
        "from recipflow import cli; from recipflow.cli.commands import Command;"
        f"Command.load = lambda _: lambda: print('a line\\n' * {lines});"
        "cli.main(['today'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that closes is told there in other ways")
@pytest.mark.parametrize(
    ("called", "end", "exit_code", "given"),
    [
        ("today", "pass", 0, "one\ntwo\n"),
        ("today", "raise cli.UserError('no')", 1, "one\ntwo\n"),
        ("todya", "pass", 2, ""),
    ],
)
def test_what_is_told_beside_the_output_may_go_unheard_and_stops_nothing(
    called: str, end: str, exit_code: int, given: str
) -> None:
    code = (
        "import sys; from recipflow import cli; from recipflow.cli.commands import Command\n"
        f"def today():\n print('one'); sys.stderr.write('aside\\n'); print('two'); {end}\n"
        f"Command.load = lambda _: today\ncli.main(['{called}'])"
    )
    heard, told = os.pipe()
    os.close(heard)
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=told, text=True)
    os.close(told)
    assert (done.returncode, done.stdout) == (exit_code, given)


def test_a_pipe_that_breaks_and_is_not_the_output_is_told(
    failing: Callable[[Exception], None], capfd: pytest.CaptureFixture[str]
) -> None:
    failing(BrokenPipeError(32, "Broken pipe"))
    assert run("today") == 1
    told = capfd.readouterr().err
    assert told.startswith("A server, or a program that recipflow spoke with, closed the connection")
    assert "Traceback" not in told


def test_help_and_its_imports_load_nothing_heavy() -> None:
    code = (
        "import sys, recipflow.cli\n"
        "try: recipflow.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print('loaded:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "loaded:"
    assert shown.stderr == ""


def test_today_loads_nothing_that_reads_letters(tmp_path: Path) -> None:
    code = (
        "import sys, recipflow.cli\n"
        "for command in (['init', '--me', 'ann@example.org', '--yes'], ['today']):\n"
        "    try: recipflow.cli.main(command)\n"
        "    except SystemExit as done: assert not done.code\n"
        "print('loaded:', *sorted({'re2', 'recipflow.reading', 'recipflow.machines'} & set(sys.modules)))"
    )
    environ = os.environ | {"RECIPFLOW_HOME": str(tmp_path)}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    assert shown.stdout.splitlines()[-1] == "loaded:"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_overview_names_every_command(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(flag) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert f"  {command.name} " in shown
        assert command.help in shown


def test_the_overview_fits_eighty_columns() -> None:
    assert max(map(len, commands.overview().split("\b", 1)[1].splitlines())) < 78


def test_commands_of_one_heading_stand_together() -> None:
    headings = [command.heading for command in COMMANDS]
    runs = [heading for place, heading in enumerate(headings) if place == 0 or headings[place - 1] != heading]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_an_example_that_begins_with_itself(command: Command) -> None:
    assert command.example.startswith(f"recipflow {command.name}")


def test_no_command_is_called_no_arguments_show_help() -> None:
    assert run() == 2


def test_a_slip_of_the_finger_finds_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("todya") == 2
    assert "Did you mean 'today'" in capsys.readouterr().err


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("recipflow 0.")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError(["[digest] hour: 25 is no hour.", "x"]), "[digest] hour: 25 is no hour.\nx\n"),
        (
            AuthNeeded("Revoked.", command="recipflow connect gmail"),
            "Revoked.\nThen: recipflow connect gmail\n",
        ),
        (TryLater("The network is away."), "The network is away.\n"),
        (CursorExpired(), f"{CursorExpired.__doc__}\n"),
    ],
)
def test_what_the_user_can_mend_is_said_without_a_traceback(
    error: Exception, told: str, failing: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(error)
    assert run("today") == 1
    assert capsys.readouterr().err == told


def test_a_fault_of_our_own_is_told_without_any_of_its_content(
    failing: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ValueError("dana@example.org wrote: secret"))
    assert run("today") == 1
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "--debug" in told
    assert "dana" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("arguments", [("--debug", "today"), ("today", "--debug")])
def test_debug_shows_where_a_fault_arose(
    arguments: tuple[str, ...], failing: Callable[[Exception], None]
) -> None:
    failing(ValueError("here"))
    with pytest.raises(ValueError, match="here"):
        cli.main(arguments)


def test_an_interruption_ends_quietly(
    failing: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(KeyboardInterrupt())  # type: ignore[arg-type]
    assert run("today") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_python_dash_m_runs_it() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "recipflow", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("recipflow ")


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-10-29T09:00+01:00", None, datetime(2026, 10, 29, 8, tzinfo=UTC)),
        ("2026-10-29T09:00Z", "Europe/Lisbon", datetime(2026, 10, 29, 9, tzinfo=UTC)),
        ("2026-07-01T09:00", "Europe/Lisbon", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01", "Asia/Tokyo", datetime(2026, 6, 30, 15, tzinfo=UTC)),
    ],
)
def test_an_instant_without_offset_is_in_the_users_zone(
    text: str, zone: str | None, expected: datetime
) -> None:
    assert options.instant(text, ZoneInfo(zone) if zone else None) == expected


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01", "0001-01-01T00:00+14:00"])
def test_what_is_no_instant_is_refused_as_a_usage_error(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        options.instant(text)


def test_json_is_ascii_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "Adèle \udc80", "day": date(2026, 1, 2), "tags": frozenset({"b", "a"})}
    options.print_json(value)
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert json.loads(shown) == {"name": "Adèle \udc80", "day": "2026-01-02", "tags": ["a", "b"]}


@pytest.mark.parametrize("command", [one.name for one in COMMANDS])
def test_no_help_cuts_a_line_short(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if line.endswith(("...", "…")) and "Usage" not in line] == []


def test_json_lines_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    options.print_json_lines([{"a": "x\ny"}, {"b": 1}])
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"a": "x\ny"}, {"b": 1}]


@pytest.mark.parametrize("room", [30, 50, 80, 200])
def test_two_sides_never_run_past_the_terminal(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(room))
    shown = render.columns("You did", ["helped with the move " * 5], "They did", ["x " * 70, "y"])
    assert max(map(len, shown.splitlines())) <= max(render.width(), room)
    assert "They did" in shown


def test_nothing_is_styled_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert render.bold("x") == "x"
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert render.bold("x") == "x"


def test_progress_leaves_an_empty_line_on_a_terminal_and_nothing_elsewhere() -> None:
    terminal, pipe = _Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        with render.Progress("Reading", stream) as progress:
            progress.update(1, 2)
    assert "Reading 50 %" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    assert pipe.getvalue() == ""


def test_each_command_module_is_named_in_the_table() -> None:
    shared = {
        "__init__",
        "amounts",
        "commands",
        "connect_files",
        "connect_options",
        "daily_text",
        "delivering",
        "groups",
        "introductions",
        "options",
        "people_json",
        "people_text",
        "plan_questions",
        "rules_text",
        "render",
        "signing",
        "speaking",
        "talking",
    }
    modules = {path.stem for path in Path(cli.__file__).parent.glob("*.py")} - shared
    assert modules <= {command.code.partition(":")[0] for command in COMMANDS}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("words", "told"), [(["--version"], False), (["--debug", "--version"], True)])
def test_a_thread_of_a_library_that_dies_shows_no_traceback_but_for_who_asks(
    words: list[str], told: bool
) -> None:
    code = (
        "import sys, threading\nfrom recipflow.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "dying = threading.Thread(target=lambda: 1 / 0)\ndying.start()\ndying.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert ("ZeroDivisionError" in done.stderr) is told
