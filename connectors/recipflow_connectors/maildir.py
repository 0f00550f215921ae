"""What the names in a Maildir say: which directories are one, and which messages are trashed or drafts."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import PurePath

from recipflow_connectors.labels import of_folder

_PLAIN_NAMES = frozenset({"maildir", "mail", ".maildir", ".mail", ""})


def is_maildir(names: Collection[str]) -> bool:
    """Whether a directory with these subdirectories is a Maildir; `tmp` is lost in some backups."""
    return "cur" in names and "new" in names


def label(path: str, *, within: bool) -> str:
    """What the Maildir at `path` is for; `within` another one, its name begins with a dot (Maildir++)."""
    name = PurePath(path).name
    if within and name.startswith("."):
        return of_folder(name[1:])
    return "inbox" if name.lower() in _PLAIN_NAMES else of_folder(name)


def unwanted(name: str) -> bool:
    """Whether the flags in a file's name say trashed (T) or draft (D). Windows writes `;` or `!` for the colon."""
    for colon in (":2,", ";2,", "!2,"):
        _, found, flags = name.rpartition(colon)
        if found:
            return "T" in flags or "D" in flags
    return False


def parts(path: str) -> tuple[str, str]:
    """The two directories of a Maildir that hold mail; what lies in `tmp` is not yet delivered."""
    return os.path.join(path, "cur"), os.path.join(path, "new")  # noqa: PTH118 (as the walk: strings, for speed)
