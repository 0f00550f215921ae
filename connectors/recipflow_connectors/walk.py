"""The files under a path, each with what its folder is for; loops, sockets and closed doors do not stop it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from recipflow.connector import SetAside
from recipflow_connectors import labels, maildir, thunderbird

# Indices and settings of mail programs: known, and no mail.
_IGNORED_ENDS = (".msf", ".lock", ".ds_store", ".mab", ".uidvalidity", ".mbsyncstate", ".mozmsgs", ".wdseml")
_IGNORED = frozenset(
    {
        "desktop.ini",
        "feeditems.json",
        "feeds.json",
        "filterlog.html",
        "junklog.html",
        "msgfilterrules.dat",
        "popstate.dat",
        "thumbs.db",
        "virtualfolders.dat",
    }
)
_WINDOWS = os.name == "nt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    path: str
    label: str = ""  #: canonical; empty for a file named by itself
    is_maildir: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A file. `stamp` is when it was last changed, moved or renamed, in ns."""

    stamp: int
    name: str
    size: int
    folder: Folder

    @property
    def path(self) -> str:
        return os.path.join(self.folder.path, self.name)  # noqa: PTH118 (strings: there may be a million)

    @property
    def order(self) -> tuple[int, str, str]:
        return self.stamp, self.folder.path, self.name


def walk(root: str) -> Iterator[Found | SetAside]:
    """Every file under `root`, which may be a file itself; what cannot be listed is set aside."""
    try:
        if os.path.isdir(root):  # noqa: PTH112
            yield from _tree(root)
        else:
            directory, name = os.path.split(root)
            yield _found(os.stat(root), name, Folder(path=directory))  # noqa: PTH116
    except OSError as fault:
        yield SetAside(shown(root), reason(fault))


def shown(path: str) -> str:
    """A path that can be stored and printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def reason(fault: OSError) -> str:
    return f"it cannot be read: {fault.strerror or type(fault).__name__}"


def _tree(root: str) -> Iterator[Found | SetAside]:
    seen: set[tuple[int, int]] = set()
    ahead = [(root, False, False)]
    while ahead:
        path, within, left_out = ahead.pop()
        try:
            status = os.stat(path)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(path) as listing:
                entries = list(listing)
        except OSError as fault:
            yield SetAside(shown(path), reason(fault))
            continue
        folders = [entry.name for entry in entries if entry.is_dir()]
        left_out = left_out or _hides_trash(path)
        if _is_profile(path, folders):
            ahead += [(store, False, left_out) for store in _stores(path, left_out=left_out)]
            continue
        is_maildir = maildir.is_maildir(folders)
        if is_maildir:
            yield from _maildir(path, within=within, left_out=left_out)
            folders = [name for name in folders if name not in ("cur", "new", "tmp")]
        else:
            yield from _files(entries, Folder(path=path, label=_label(path), left_out=left_out))
        ahead += [(os.path.join(path, name), is_maildir, left_out) for name in folders]  # noqa: PTH118


def _is_profile(path: str, folders: list[str]) -> bool:
    """Beside its mail, Thunderbird keeps thousands of files of its own in a profile."""
    return ("Mail" in folders or "ImapMail" in folders) and Path(path, "prefs.js").is_file()


def _stores(path: str, *, left_out: bool) -> list[str]:
    """Where a profile keeps mail; of one that is left out only in itself, for what lies elsewhere may be another's."""
    stores = thunderbird.stores(Path(path))
    return [str(store) for store in stores if not left_out or store.is_relative_to(path)]


def _label(path: str) -> str:
    return labels.of_folder(PurePath(path).name.removesuffix(".sbd").removesuffix(".mbox"))


def _hides_trash(path: str) -> bool:
    """Thunderbird keeps the subfolders of Trash in Trash.sbd."""
    return path.endswith(".sbd") and labels.canonical(PurePath(path).name[:-4]) in labels.LEFT_OUT


def _maildir(path: str, *, within: bool, left_out: bool) -> Iterator[Found | SetAside]:
    label = maildir.label(path, within=within)
    for part in maildir.parts(path):
        folder = Folder(
            path=part, label=label, is_maildir=True, left_out=left_out or label in labels.LEFT_OUT
        )
        try:
            with os.scandir(part) as entries:
                yield from _files(entries, folder)
        except OSError as fault:
            yield SetAside(shown(part), reason(fault))


def _files(
    entries: Iterator[os.DirEntry[str]] | list[os.DirEntry[str]], folder: Folder
) -> Iterator[Found | SetAside]:
    for entry in entries:
        name = entry.name
        try:
            if entry.is_file():
                if not _ignored(name):
                    yield _found(os.stat(entry.path) if _WINDOWS else entry.stat(), name, folder)  # noqa: PTH116
            elif not entry.is_dir():
                yield SetAside(shown(entry.path), "it is no file: a dead link, a pipe or a device")
        except OSError as fault:
            yield SetAside(shown(entry.path), reason(fault))


def _found(status: os.stat_result, name: str, folder: Folder) -> Found:
    # Windows keeps no time of change: there a later writing shows in the modification time only.
    stamp = max(status.st_ctime_ns, status.st_mtime_ns) if _WINDOWS else status.st_ctime_ns
    return Found(stamp, name, status.st_size, folder)


def _ignored(name: str) -> bool:
    low = name.lower()
    return low.endswith(_IGNORED_ENDS) or low in _IGNORED or low.startswith("dovecot")
