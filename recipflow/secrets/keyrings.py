"""Secrets in the system's keyring: without a question where nobody could answer, and never waiting for ever."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from itertools import count
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from recipflow.errors import TryLater
from recipflow.secrets.files import FileVault

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Answer = TypeVar("Answer")

SERVICE = "recipflow"
LONGEST = 1_200
"""Characters to an entry: Windows holds 2,560 bytes in one, in UTF-16 (CRED_MAX_CREDENTIAL_BLOB_SIZE)."""
PATIENCE = 60.0
"""Seconds for the keyring to answer: its owner may have to type a password first."""
HASTE = 5.0
"""Seconds where there is no screen: a locked keyring would wait for ever for somebody to type."""

_INDEX = ""
_CHUNKS = "chunks:"
_SIDES = "ab"
_WAY_OUT = 'Unlock it, or write secrets = "file" into config.toml to do without it.'


def backend() -> KeyringBackend | None:
    """The system's keyring; None where there is none to speak of."""
    import keyring

    found = _answered(keyring.get_keyring)
    return found if found.priority >= 1 else None


def has_screen() -> bool:
    """Whether a locked keyring could ask its owner. Over ssh, or on a server, it could not."""
    if not sys.platform.startswith("linux") or os.environ.get("PYTHON_KEYRING_BACKEND"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class KeyringVault:
    """One vault's entries: each secret, and a list of their names.

    What is too long for one entry is cut into several. They are written beside the old ones, and the entry that
    names them last, so that a crash leaves the old secret or the new one.
    """

    def __init__(self, vault: str, ring: KeyringBackend) -> None:
        self._vault = vault
        self._ring = ring

    def get(self, name: str) -> str | None:
        head = self._read(name)
        if head is None or not head.startswith(_CHUNKS):
            return None if head is None else head[1:]
        side, cut = head[len(_CHUNKS)], int(head[len(_CHUNKS) + 1 :])
        pieces = [self._read(f"{name}#{side}{number}") for number in range(cut)]
        return None if None in pieces else "".join(map(str, pieces))

    def put(self, name: str, value: str) -> None:
        self._list(name, listed=True)
        if len(value) < LONGEST:
            self._write(name, f"={value}")
            self._drop_pieces(name, _SIDES)
            return
        before = self._read(name) or ""
        old, new = "ab" if before.startswith(f"{_CHUNKS}a") else "ba"
        pieces = [value[start : start + LONGEST] for start in range(0, len(value), LONGEST)]
        for number, piece in enumerate(pieces):
            self._write(f"{name}#{new}{number}", piece)
        self._write(name, f"{_CHUNKS}{new}{len(pieces)}")
        self._drop_pieces(name, old)

    def drop(self, name: str) -> None:
        self._erase(name)
        self._drop_pieces(name, _SIDES)
        self._list(name, listed=False)

    def names(self) -> tuple[str, ...]:
        return tuple(json.loads(self._read(_INDEX) or "[]"))

    def _list(self, name: str, *, listed: bool) -> None:
        known = self.names()
        if (name in known) == listed:
            return
        left = sorted({*known, name} if listed else {*known} - {name})
        if left:
            self._write(_INDEX, json.dumps(left))
        else:
            self._erase(_INDEX)

    def _drop_pieces(self, name: str, sides: str) -> None:
        for side in sides:
            for number in count():
                if self._read(piece := f"{name}#{side}{number}") is None:
                    break
                self._erase(piece)

    def _entry(self, name: str) -> str:
        return f"{self._vault} {name}".rstrip()

    def _read(self, name: str) -> str | None:
        return _answered(lambda: self._ring.get_password(SERVICE, self._entry(name)))

    def _write(self, name: str, value: str) -> None:
        _answered(lambda: self._ring.set_password(SERVICE, self._entry(name), value))

    def _erase(self, name: str) -> None:
        if self._read(name) is not None:
            _answered(lambda: self._ring.delete_password(SERVICE, self._entry(name)))


class Either:
    """The keyring where it can be used, else files. What lies in a file is found there, wherever it is asked for."""

    def __init__(self, vault: str, files: FileVault) -> None:
        self._vault = vault
        self._files = files
        self._ring: KeyringVault | None = None
        self._sought = False

    def get(self, name: str) -> str | None:
        found = self._files.get(name)
        if found is not None:
            return found
        return self._keyring.get(name) if self._keyring else None

    def put(self, name: str, value: str) -> None:
        """Once in a file, always there: what is written without a screen could not be written to a locked keyring."""
        in_file = name in self._files.names() or not has_screen()
        if in_file or self._keyring is None:
            self._files.put(name, value)
        else:
            self._keyring.put(name, value)

    def drop(self, name: str) -> None:
        self._files.drop(name)
        if self._keyring and name in self._keyring.names():
            self._keyring.drop(name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({*self._files.names(), *(self._keyring.names() if self._keyring else ())}))

    @property
    def _keyring(self) -> KeyringVault | None:
        if not self._sought:
            ring = backend()
            self._ring = KeyringVault(self._vault, ring) if ring else None
            self._sought = True
        return self._ring


def _answered(call: Callable[[], Answer]) -> Answer:
    """What the keyring says. TryLater when it says nothing, or stays locked: that passes when its owner unlocks it."""
    from keyring.errors import KeyringError

    answers: Queue[Callable[[], Answer]] = Queue()
    Thread(target=lambda: answers.put(_outcome(call)), daemon=True).start()
    try:
        return answers.get(timeout=PATIENCE if has_screen() else HASTE)()
    except Empty:
        raise TryLater(f"The system's keyring does not answer; it may be locked. {_WAY_OUT}") from None
    except KeyringError as fault:
        raise TryLater(f"The system's keyring is closed ({type(fault).__name__}). {_WAY_OUT}") from fault


def _outcome(call: Callable[[], Answer]) -> Callable[[], Answer]:
    """Its result, or what it raised, for the thread that waits."""
    try:
        result = call()
    except Exception as fault:  # noqa: BLE001  (raised where it is awaited)
        raised = fault

        def again() -> Answer:
            raise raised

        return again
    return lambda: result
