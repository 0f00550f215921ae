"""How far the files have been read: the cursor of the connector `files`, as small for a million messages as for one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any

from recipflow_connectors.cursors import dumped, loaded

VERSION = 1
_PRINT = 1_024


@dataclass(slots=True)
class Mark:
    """A high-water mark over one path: everything up to (`stamp`, `folder`, `name`) in that order has been read.

    `count` is how many files lay up to there. Should more lie there later (moved in with an old time, or a clock
    set back), the path is read again from the start; seeing a message twice changes nothing.
    """

    stamp: int = -1
    folder: str = ""
    name: str = ""
    count: int = 0

    @property
    def order(self) -> tuple[int, str, str]:
        return self.stamp, self.folder, self.name


@dataclass(slots=True)
class Box:
    """How far one mbox or calendar has been read.

    Of an mbox `offset` is in bytes, and `prints` are hashes of its beginning and of what lies before `offset`: a
    file that was rewritten shows there. Of a calendar `offset` counts its meetings, and `read_at` is the instant its
    series were expanded for: they are again when that is long ago.
    """

    size: int
    stamp: int
    offset: int = 0
    prints: str = ""
    read_at: str = ""
    left_out: int = 0


@dataclass(slots=True)
class Position:
    marks: dict[str, Mark] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)  #: folder: drafts and the like, not yet reported
    closed: dict[str, None] = field(default_factory=dict)  #: what could not be opened, as it is shown
    devices: dict[str, int] = field(default_factory=dict)  #: where something lay under a path last

    def dump(self) -> str:
        return dumped("files", VERSION, asdict(self))


def load(cursor: str) -> Position | None:
    """The position a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(cursor, "files", VERSION, _read)


def prints(path: str, offset: int) -> str:
    """Hashes of the file's first kilobyte and of the one before `offset`."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            head = file.read(min(_PRINT, offset))
            file.seek(max(0, offset - _PRINT))
            tail = file.read(min(_PRINT, offset))
    except OSError:
        return ""
    return f"{blake2b(head, digest_size=8).hexdigest()}:{blake2b(tail, digest_size=8).hexdigest()}"


def _read(found: dict[str, Any]) -> Position:
    return Position(
        marks={path: Mark(**mark) for path, mark in found["marks"].items()},
        boxes={path: Box(**box) for path, box in found["boxes"].items()},
        left_out=dict(found["left_out"]),
        closed=dict.fromkeys(found.get("closed", ())),
        devices=dict(found.get("devices", {})),
    )
