"""A Maildir to measure with: one real mailbox of the public research corpus, and messages made from its text."""

from __future__ import annotations

import lzma
import mailbox
import random
import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.made_messages import Maker, people

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OWNER = "germany-c"
MESSAGES = 24_046
"""As many, and of about the size (14 KB on average), as were measured before a line was written."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A Maildir, and whose it is."""

    maildir: Path
    me: str
    messages: int
    bytes: int


def build(folder: Path, *, messages: int = MESSAGES, owner: str = OWNER, seed: int = 7) -> Corpus:
    """Write the Maildir into `folder`, which must be empty: the owner's real mail, filled up to `messages`."""
    me = f"{owner}@corpus.invalid"
    texts: list[tuple[str, str]] = []
    chance = random.Random(seed)
    total = written = 0
    for box in ("", ".Sent"):
        for part in ("cur", "new", "tmp"):
            (folder / box / part).mkdir(parents=True, exist_ok=True)
    for raw, sent, own in _real(owner):
        me = own
        written += 1
        total += _write(folder, written, raw, sent=sent)
        if (text := _words(raw)) is not None:
            texts.append(text)
    maker = Maker(me, texts, chance, chance.randbytes(4_000_000), people())
    while written < messages:
        raw, sent = maker.message(written)
        written += 1
        total += _write(folder, written, raw, sent=sent)
    return Corpus(folder, me, written, total)


def _write(folder: Path, number: int, raw: bytes, *, sent: bool) -> int:
    name = f"{1_000_000_000 + number}.M{number}P1.host:2,S"
    (folder / (".Sent" if sent else "") / "cur" / name).write_bytes(raw)
    return len(raw)


def _real(owner: str) -> Iterator[tuple[bytes, bool, str]]:
    """The owner's own mail out of the shared archive: bytes, whether sent, and the owner's address."""
    with tempfile.TemporaryDirectory() as place, lzma.open(SHARED / "enron_dev.tar.xz") as packed:
        with tarfile.open(fileobj=packed) as archive:
            for member in archive:
                if f"/{owner}/" in member.name and member.isfile():
                    archive.extract(member, place, filter="data")
        root = next(Path(place).rglob(owner))
        found = re.search(r'"addresses":\s*\["([^"]+)"', (root / "owner.json").read_text(encoding="utf-8"))
        me = found[1] if found else owner
        for name in ("Sent", "Inbox"):
            for message in mailbox.mbox(root / f"{name}.mbox", create=False):
                yield message.as_bytes(), name == "Sent", me


def _words(raw: bytes) -> tuple[str, str] | None:
    head, _, body = raw.partition(b"\n\n")
    subject = re.search(rb"^Subject: (.{1,120})$", head, re.MULTILINE)
    text = body.decode("utf-8", "replace")[:6_000]
    return (subject[1].decode("utf-8", "replace").strip(), text) if subject and len(text) > 40 else None
