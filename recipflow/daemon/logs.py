"""The daemon's log: one JSON object a line, rotated, and nothing about anybody above DEBUG."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

BYTES = 1_000_000
KEPT = 5
DEBUG = "RECIPFLOW_DEBUG"
"""The variable by which a job in a process of its own knows that all is to be logged."""
_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class Lines(logging.Formatter):
    """A record as one line of JSON: when, how grave, where, what, and what else was given with it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if _is_told(record) else f"{record.module}, line {record.lineno}",
        }
        if _is_told(record):
            line |= {key: value for key, value in record.__dict__.items() if key not in _PLAIN}
        if record.exc_info and record.levelno <= logging.DEBUG:  # a traceback may quote mail
            line["trace"] = self.formatException(record.exc_info)
        elif record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


def _is_told(record: logging.LogRecord) -> bool:
    """What libraries warn of may quote an address or a secret: of it, only where it was said, unless all is logged."""
    return record.name.startswith("recipflow") or logging.getLogger("recipflow").isEnabledFor(logging.DEBUG)


def start(path: Path, *, debug: bool = False, terminal: bool = False) -> None:
    """Log to that file, and to the terminal where somebody is looking."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _Private(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    file.setFormatter(Lines())
    handlers: list[logging.Handler] = [file]
    if debug:
        os.environ[DEBUG] = "1"  # for the jobs in processes of their own
    if terminal:
        shown = logging.StreamHandler(sys.stderr)
        shown.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        handlers.append(shown)
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Private)]:
        root.removeHandler(old)
    for one in handlers:
        root.addHandler(one)
    ours = logging.getLogger("recipflow")
    ours.setLevel(logging.DEBUG if debug else logging.INFO)
    root.setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # we log what becomes of our jobs ourselves


def pass_on(*, debug: bool = False) -> None:
    """Log to standard output: the daemon reads it, and keeps it in its own log."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("recipflow").setLevel(logging.DEBUG if debug else logging.INFO)


class _Private(RotatingFileHandler):
    """Readable by the user alone; goes on in the file of that name when another took its place (`forget`)."""

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and not self._there(self.stream.fileno()):
            self.stream.close()
            self.stream = None  # opened again by what comes
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's own name)
        """A disk without room for a line is no reason to print it, with what stood in it, and a traceback."""

    def _there(self, handle: int) -> bool:
        """Whether the file of our name is still the one we write to."""
        try:
            return os.path.samestat(Path(self.baseFilename).stat(), os.fstat(handle))
        except FileNotFoundError:
            return False

    def _open(self):  # type: ignore[no-untyped-def]
        handle = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return os.fdopen(handle, "a", encoding=self.encoding)
