"""Putting the service there, looking at it, and taking it away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from recipflow.errors import UserError
from recipflow.files import write_private
from recipflow.home import Home
from recipflow.service import Program, Service

_KEPT = frozenset(
    {
        *("RECIPFLOW_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
        *("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        *("PYTHON_KEYRING_BACKEND", "PATH"),
    }
)
"""What a shell may set that recipflow, its hooks and a `token_command` go by, and a service would not know of."""

Run = Callable[[Sequence[str]], tuple[int, str]]
"""Runs a command; how it ended, and what it said."""


def program(home: Home, more: Iterable[Path] = (), environment: Mapping[str, str] | None = None) -> Program:
    """What is to be run for this home; `more` are folders it has to write to, too."""
    known = os.environ if environment is None else environment
    folders = {home.config.parent, home.database.parent, home.logs.parent, *more}
    return Program(
        command=(*_recipflow(), "run"),
        environment=tuple(_environment(known)),
        writes=tuple(sorted(folders)),
        log=home.logs,
    )


def written_to(*vias: str) -> tuple[Path, ...]:
    """The folders that `digest.via` and `reminders.via` write to, where they name paths."""
    named = [
        (kind, Path(path).expanduser().absolute())
        for kind, _, path in (one.partition(":") for one in vias)
        if path
    ]
    files = [path.parent for kind, path in named if kind == "file"]
    return (*files, *(path for kind, path in named if kind == "maildir"))


def install(service: Service, what: Program, run: Run | None = None) -> bool:
    """Write the service's file and start it; a UserError says what the system had against it.

    False when it could be started only without a sandbox: some kernels and containers let no user make one.
    """
    for folder in what.writes:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    service.path.parent.mkdir(parents=True, exist_ok=True)
    if service.path.exists():  # launchd takes no agent that it has already
        _stop(service, run)
    try:
        _start(service, what, run)
    except UserError:
        open_one = replace(what, sandboxed=False)
        if service.text(open_one) == service.text(what):
            raise
        _start(service, open_one, run)
        return False
    return True


def _start(service: Service, what: Program, run: Run | None) -> None:
    write_private(service.path, service.text(what))
    for command in service.starting():
        code, said = (run or _run)(command)
        if code:
            raise UserError(
                f"{service.path} is written, but {' '.join(command)} ended with {code}: {said or 'no reason given'}."
            )


def remove(service: Service, run: Run | None = None) -> bool:
    """Stop it and remove its file; False when there was none."""
    if not service.path.exists():
        return False
    _stop(service, run)
    service.path.unlink()
    return True


def _stop(service: Service, run: Run | None) -> None:
    for command in service.stopping():
        (run or _run)(command)  # it may not be running


def runs(service: Service, run: Run | None = None) -> bool:
    """Whether the system says that it runs."""
    return service.path.exists() and (run or _run)(service.asking())[0] == 0


def _environment(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in known.items():
        if value and name.upper() in _KEPT and (name.upper() != "PATH" or os.name == "posix"):
            place = name == "RECIPFLOW_HOME"
            yield name, str(Path(value).expanduser().absolute()) if place else value


def _recipflow() -> tuple[str, ...]:
    """The installed command beside this interpreter, else the module; what a shell would find may be another one."""
    beside = Path(sys.executable).parent / ("recipflow.exe" if os.name == "nt" else "recipflow")
    return (str(beside),) if beside.exists() else (sys.executable, "-m", "recipflow")


def _run(command: Sequence[str]) -> tuple[int, str]:
    found = shutil.which(command[0])
    if found is None:
        return 127, f"there is no {command[0]} here"
    done = subprocess.run(  # noqa: S603  (our own commands)
        [found, *command[1:]],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stderr or done.stdout).strip()
