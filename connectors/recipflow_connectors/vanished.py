"""What was set aside and is there no more; a disk that is not mounted is no reason to think so."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator

from recipflow.connector import WITHIN
from recipflow_connectors.walk import shown

_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""The last two are said of names that no file has. Whatever else is said, a file may be behind it."""
_UNTOLD = "\N{REPLACEMENT CHARACTER}"
"""What a name is shown with whose bytes are no text: it cannot be asked for by that."""


def reached(root: str, devices: dict[str, int], *, found: bool) -> bool:
    """Whether what is under a path could be looked for; `devices` are where something was `found` last.

    A folder that is empty, and lies on another device than before, is where a disk belongs that is not there now.
    """
    try:
        if found:
            devices[root] = os.stat(root).st_dev  # noqa: PTH116
        else:
            os.scandir(root).close()
    except OSError:
        return False
    return is_at(root, devices.get(root))


def is_at(root: str, device: int | None) -> bool:
    """Whether what lies under the path is on that device: it may be gone since the path was looked into."""
    try:
        return os.stat(root).st_dev == device  # noqa: PTH116
    except OSError:
        return False


def vanished(places: Iterable[str], roots: Iterable[str]) -> Iterator[str]:
    """Of these places those under the roots where no file is any more: "PATH", or "PATH, message at byte 7"."""
    tops = tuple(os.path.join(shown(root), "") for root in roots)  # noqa: PTH118
    return (place for place in places if place.startswith(tops) and not any(map(_is_there, _paths(place))))


def _paths(place: str) -> Iterator[str]:
    """What may be the path of the file: a name may go on after a comma, too."""
    yield place
    for part in WITHIN:
        before, *after = place.split(f", {part} ")
        for one in after:
            yield before
            before = f"{before}, {part} {one}"


def _is_there(path: str) -> bool:
    try:
        os.lstat(path.encode())  # as it was shown, whatever the locale
    except OSError as fault:
        return fault.errno not in _NOT_THERE or _UNTOLD in path
    except ValueError:  # a character that no name may have
        return False
    return True
