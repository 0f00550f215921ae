"""Messages per CPU second of `mime.parse`, over twelve real mailboxes, beside the standard library's parser.

python bench/parse.py [ARCHIVE]
"""

from __future__ import annotations

import email
import email.policy
import io
import statistics
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

from recipflow_connectors import mbox, mime

ARCHIVE = Path(__file__).parents[2] / "shared" / "data" / "enron_dev.tar.xz"
ROUNDS = 5


def main() -> None:
    archive = Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE
    if not archive.exists():
        sys.exit(f"{archive} is not here.")
    letters = list(_letters(archive))
    size = sum(map(len, letters)) / 1e6
    print(f"{len(letters)} messages, {size:.0f} MB; median of {ROUNDS} rounds, CPU time")
    for name, parse in (
        ("recipflow mime.parse", _ours),
        ("email, compat32", _compat),
        ("email, default", _modern),
    ):
        some = letters if parse is _ours else letters[::10]
        seconds = statistics.median(_seconds(parse, some) for _ in range(ROUNDS))
        rate = len(some) / seconds
        print(f"{name:22} {rate:9,.0f} messages/s {1e6 / rate:8.1f} µs each")


def _letters(archive: Path) -> list[bytes]:
    found: list[bytes] = []
    with tarfile.open(archive) as packed:
        for member in packed:
            file = packed.extractfile(member) if member.name.endswith(".mbox") else None
            if file:
                found += [raw.data for raw in mbox.messages(io.BytesIO(file.read()))]
    return found


def _seconds(parse: Callable[[bytes], object], letters: list[bytes]) -> float:
    before = time.process_time()
    for letter in letters:
        parse(letter)
    return time.process_time() - before


def _ours(letter: bytes) -> object:
    try:
        return mime.parse(letter)
    except mime.Unreadable:
        return None


def _compat(letter: bytes) -> object:
    message = email.message_from_bytes(letter, policy=email.policy.compat32)
    return message.get_payload(decode=True), message["from"], message["to"]


def _modern(letter: bytes) -> object:
    message = email.message_from_bytes(letter, policy=email.policy.default)
    return message["from"], message["to"], message["date"], message.get_payload(decode=True)


if __name__ == "__main__":
    main()
