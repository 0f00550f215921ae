"""Secrets in files, one each, in a folder that only the user can enter."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

from recipflow.errors import UserError

_SUFFIX = ".secret"
_ENDING = re.compile(r"\.secret(?:\.new-\d+)?$")
"""The second is of one that was being written when the process ended: it is a secret, too."""


class FileVault:
    """One vault's folder. A secret is replaced in one step, so that a crash leaves the old one or the new one."""

    def __init__(self, tokens: Path, vault: str) -> None:
        self._tokens = tokens
        self._folder = tokens / f"{quote(vault, safe='@')}.vault"

    def get(self, name: str) -> str | None:
        path = self._path(name)
        try:
            return path.read_bytes().decode("utf-8")  # as it was put: no line end is translated
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as fault:
            raise UserError(
                f"{path}: cannot be read: {_reason(fault)}. Connect the account again."
            ) from fault

    def put(self, name: str, value: str) -> None:
        path = self._path(name)
        new = path.with_name(f"{path.name}.new-{os.getpid()}")
        try:
            for folder in (self._tokens, self._folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            _write(new, value)
            new.replace(path)
        except OSError as fault:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise UserError(f"{path}: cannot be written: {_reason(fault)}.") from fault

    def drop(self, name: str) -> None:
        path = self._path(name)
        for one in (path, *self._folder.glob(f"{path.name}.new-*")):
            one.unlink(missing_ok=True)
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            self._folder.rmdir()

    def names(self) -> tuple[str, ...]:
        return tuple(
            sorted({unquote(_ENDING.sub("", one.name)) for one in self._folder.glob(f"*{_SUFFIX}*")})
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe='')}{_SUFFIX}"


def _write(path: Path, value: str) -> None:
    opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def _reason(fault: Exception) -> str:
    return fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
