"""Writing a file of the user's, for the user alone."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """In one step, so that a crash leaves the old file or the new one; readable by the user alone.

    Of a link, what it leads to is written: it may lie in a repository of the user's. Bytes are written as they are.
    """
    written = content if isinstance(content, bytes) else content.replace("\n", os.linesep).encode()
    path = path.resolve()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def write_private(path: Path, text: str) -> None:
    """To where the user says, be it a device; a file that is new is readable by the user alone."""
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
