"""One pass over the user's files: what is new since the position, item by item, the position moving along."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import BinaryIO

from recipflow.connector import SetAside
from recipflow.model import Interaction, Message
from recipflow_connectors import calendar, eml, labels, maildir, mbox, mime
from recipflow_connectors.doors import Doors
from recipflow_connectors.parts import MAX_BODY
from recipflow_connectors.position import Box, Mark, Position, prints
from recipflow_connectors.sniff import HEAD, Format, sniff, utf8
from recipflow_connectors.vanished import reached
from recipflow_connectors.walk import Found, reason, shown, walk

Item = Interaction | SetAside

MAX_CALENDAR = 64_000_000
_AT_ONCE = 1_000_000
#: Series are expanded to 60 days ahead; so they are again well before that.
_REFRESH = timedelta(days=30)

log = logging.getLogger(__name__)


class Scan:
    """Iterate over it for the items; at any time `position` is that of the item just given."""

    def __init__(self, roots: tuple[str, ...], position: Position, *, now: datetime, zone: tzinfo) -> None:
        self.position = position
        self.done = 0  #: bytes
        self.total = 0
        self.doors = Doors(position.closed)
        self.reached: list[str] = []  #: the paths that could be looked into
        self._now = now
        self._zone = zone
        self._reading: tuple[str, Box] | None = None
        self._items = self._all(roots)

    def __iter__(self) -> Iterator[Item]:
        return self._items

    def cursor(self) -> str:
        """The position as text."""
        if self._reading:
            path, box = self._reading
            box.prints = prints(path, box.offset)
        return self.position.dump()

    def _all(self, roots: tuple[str, ...]) -> Iterator[Item]:
        plans: list[tuple[str, list[Found]]] = []
        for root in roots:
            new: list[Found] = []
            yield from self._plan(root, new)
            plans.append((root, new))
            self.total += sum(found.size for found in new)
        for root, new in plans:
            yield from self._root(root, new)

    def _plan(self, root: str, new: list[Found]) -> Iterator[SetAside]:
        """Put into `new` what is to be read under `root`: last what changed first, to be taken from the end."""
        mark = self.position.marks.setdefault(root, Mark())
        gone = {path for path in self.position.boxes if path == root or path.startswith(root + os.sep)}
        closed = self.doors.under(root)
        known, there = 0, False
        for found in walk(root):
            there |= isinstance(found, Found) or found.where != shown(root)
            if isinstance(found, SetAside):
                closed.discard(found.where)
                yield self.doors.close(found)
                continue
            if gone:
                gone.discard(found.path)
            known += found.order <= mark.order
            if closed:
                closed.discard(shown(found.path))
            if found.order > mark.order or self._is_due(found):
                new.append(found)
        if known > mark.count:
            # Something came in with a time of long ago: what is new cannot be told by its time.
            self.position.marks[root] = Mark()
            new[:] = [found for found in walk(root) if isinstance(found, Found)]
        else:
            mark.count = known
        for path in gone:
            del self.position.boxes[path]
        if reached(root, self.position.devices, found=there):
            self.reached.append(root)
        else:
            closed &= {shown(root)}  # which can be listed, or it would be closed again
        for path in closed:
            self.doors.open(path)
        new.sort(key=lambda found: found.order, reverse=True)

    def _is_due(self, found: Found) -> bool:
        if self.doors.is_closed(found.path):
            return True
        box = self.position.boxes.get(found.path) if self.position.boxes else None
        if box is None or box.read_at == "":
            return False
        return self._now - datetime.fromisoformat(box.read_at) >= _REFRESH

    def _root(self, root: str, new: list[Found]) -> Iterator[Item]:
        while new:
            found = new.pop()
            before = self.done
            yield from self._file(root, found)
            self._reading = None
            self._pass(root, found)
            self.done = before + found.size
        for folder, count in sorted(self.position.left_out.items()):
            del self.position.left_out[folder]
            yield SetAside(folder, f"{count} {labels.LEFT_OUT_REASON}")

    def _pass(self, root: str, found: Found) -> None:
        mark = self.position.marks[root]
        if found.order > mark.order:
            self.position.marks[root] = Mark(found.stamp, found.folder.path, found.name, mark.count + 1)

    def _file(self, root: str, found: Found) -> Iterator[Item]:
        if found.folder.left_out or (found.folder.is_maildir and maildir.unwanted(found.name)):
            self._leave_out(found)
            return
        try:
            # A Path, a buffer and a second reading for each of a million files are felt.
            with open(found.path, "rb", buffering=0) as file:  # noqa: PTH123
                yield from self._opened(root, found, file)
        except OSError as fault:
            yield self.doors.close(SetAside(shown(found.path), reason(fault)))

    def _leave_out(self, found: Found) -> None:
        folder = shown(found.folder.path)
        self.position.left_out[folder] = self.position.left_out.get(folder, 0) + 1

    def _opened(self, root: str, found: Found, file: BinaryIO) -> Iterator[Item]:
        head = file.read(found.size + 1 if found.size < _AT_ONCE else HEAD)
        kind = sniff(head[:HEAD])
        is_box = kind.format is Format.MBOX and not found.folder.is_maildir
        if not is_box:
            self.doors.open(shown(found.path))
        elif self.doors.is_closed(found.path):
            self.doors.reopen(shown(found.path))
        if kind.format is Format.OTHER:
            self._pass(root, found)
            yield SetAside(shown(found.path), kind.reason)
        elif kind.format is Format.ICS:
            yield from self._calendar(found, head + file.read(min(found.size, MAX_CALENDAR)))
        elif is_box:
            yield from self._mbox(found, file)
        else:
            raw, cut = eml.read(file, head, found.size, kind.format)
            for item in self._message(raw, found.path, (found.folder.label,), cut=cut):
                self._pass(root, found)
                if isinstance(item, Message) and labels.left_out(item.labels):
                    self._leave_out(found)
                else:
                    yield item

    def _mbox(self, found: Found, file: BinaryIO) -> Iterator[Item]:
        label = labels.of_box(found.name, found.folder.label)
        if label in labels.LEFT_OUT:
            yield SetAside(shown(found.path), f"a folder of {labels.LEFT_OUT_REASON}")
            return
        box = self._resumed(found, file)
        place = shown(found.path)
        self.doors.open(f"{place}, message at byte {box.offset}" if box.offset else place)
        self._reading = found.path, box
        start = self.done
        for raw in mbox.messages(file, box.offset):
            where = f"{shown(found.path)}, message at byte {raw.start}"
            if raw.torn:
                yield SetAside(where, "its head breaks off; it is read when there is more of it")
                break
            box.offset = raw.end
            self.done = start + raw.end
            for item in self._message(raw.data, where, (label,), cut=raw.cut):
                if isinstance(item, Message) and (labels.left_out(item.labels) or mbox.deleted(raw.data)):
                    box.left_out += 1
                else:
                    yield item
        box.prints = prints(found.path, box.offset)
        self._reading = None
        if box.left_out:
            count, box.left_out = box.left_out, 0
            yield SetAside(shown(found.path), f"{count} {labels.LEFT_OUT_REASON}")

    def _resumed(self, found: Found, file: BinaryIO) -> Box:
        """Where to go on in an mbox; from its beginning unless what was read of it still stands there."""
        old = self.position.boxes.get(found.path)
        fresh = Box(size=found.size, stamp=found.stamp)
        if old and 0 < old.offset <= found.size and old.prints == prints(found.path, old.offset):
            file.seek(old.offset)
            ahead = file.read(16).lstrip(b"\r\n")
            # Else the last message was still being written when it was read.
            if not ahead or ahead.startswith(b"From "):
                fresh.offset, fresh.prints, fresh.left_out = old.offset, old.prints, old.left_out
        self.position.boxes[found.path] = fresh
        return fresh

    def _message(self, raw: bytes, where: str, folders: tuple[str, ...], *, cut: bool) -> Iterator[Item]:
        try:
            message = mime.parse(raw, labels=folders if folders[0] else ())
        except mime.Unreadable as fault:
            yield SetAside(shown(where), str(fault), fault.who)
            return
        except Exception as fault:
            log.debug("a message could not be read", exc_info=True)
            broken = f"it is too broken to be read ({type(fault).__name__})"
            yield SetAside(shown(where), broken, mime.named(raw))
            return
        yield message
        if cut:
            passed = "longer than 50 MB: its head and first text were read, the rest passed over"
            yield SetAside(shown(where), passed, mime.who(message))
        elif len(message.body) >= MAX_BODY:
            passed = "its text is longer than 5 MB: what comes after was passed over"
            yield SetAside(shown(where), passed, mime.who(message))

    def _calendar(self, found: Found, data: bytes) -> Iterator[Item]:
        where = shown(found.path)
        if found.size > MAX_CALENDAR:
            yield SetAside(where, "a calendar of more than 64 MB: export it in parts")
            return
        old = self.position.boxes.get(found.path)
        resumed = old and old.offset and (old.size, old.stamp) == (found.size, found.stamp)
        box = (
            old if old and resumed else Box(size=found.size, stamp=found.stamp, read_at=self._now.isoformat())
        )
        self.position.boxes[found.path] = box
        now = datetime.fromisoformat(box.read_at)
        given, recurs = 0, False
        for item in calendar.read(utf8(data), now, self._zone):
            if isinstance(item, SetAside):
                yield item._replace(where=f"{where}, {item.where}" if item.where else where)
                continue
            given += 1
            recurs |= item.recurring
            if given > box.offset:
                box.offset = given
                yield item
        box.offset = 0
        if not recurs:
            del self.position.boxes[found.path]
