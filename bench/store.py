"""What storing a page costs: rows a CPU second, over a synthetic mailbox. `python bench/store.py [MESSAGES]`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recipflow.model import Attachment, Message, Party
from recipflow.store import Prepared, Store

PAGE = 500
TEXT = "Thanks for the notes, they helped a lot. Could you send me the slides by Friday?\n" * 8


def main(messages: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "recipflow.db"
        for synchronous in ("NORMAL", "FULL"):
            path.unlink(missing_ok=True)
            _report(f"save_page, synchronous={synchronous}", messages, _saving(path, messages, synchronous))
        _report("reading all back in time order", messages, _reading(path))
        _report("the same pages again", messages, _saving(path, messages, "FULL"))
        print(f"{path.stat().st_size / messages:.0f} bytes a message on disk")
        print(f"process that opens it and counts: {_opening(path):.0f} ms CPU")


def mailbox(messages: int) -> Iterator[Prepared]:
    """Three recipients each, two references, a hundred contacts a thousand messages."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    people = [Party(f"person{n}@example{n % 97}.org", f"Person {n}") for n in range(max(100, messages // 10))]
    me = Party("me@example.org", "Me Myself")
    for n in range(messages):
        other, third = people[n * 7919 % len(people)], people[n * 104729 % len(people)]
        yield Prepared(
            Message(
                id=f"{n * 2654435761 % 2**32:08x}.{n}.AAAAAAAAAAAAAAAA@mail.example.org",
                at=start + timedelta(minutes=n),
                sender=me if n % 3 == 0 else other,
                to=(other if n % 3 == 0 else me,),
                cc=(third, people[n % len(people)]),
                subject=f"Re: the plan for week {n % 52}",
                in_reply_to=f"{n // 2}@mail.example.org",
                references=(f"{n // 4}@mail.example.org", f"{n // 2}@mail.example.org"),
                labels=("sent",) if n % 3 == 0 else ("inbox",),
                attachments=(Attachment("notes.pdf", "application/pdf", 12345),) if n % 5 == 0 else (),
                headers={"content-type": "text/plain; charset=utf-8"},
                text=TEXT[: 80 + n % 560],
            ),
            language="en",
        )


def _saving(path: Path, messages: int, synchronous: str) -> float:
    items = list(mailbox(messages))
    with Store(path) as store:
        store._db.execute(f"PRAGMA synchronous = {synchronous}")
        account = store.accounts.ensure("bench", "files").id
        started = time.process_time()
        for first in range(0, messages, PAGE):
            store.save_page(account, items[first : first + PAGE], str(first), me=("me@example.org",))
        return time.process_time() - started


def _reading(path: Path) -> float:
    with Store(path) as store:
        started = time.process_time()
        for _ in store.interactions.get(store.interactions.in_order()):
            pass
        return time.process_time() - started


def _opening(path: Path) -> float:
    code = (
        "import sys, time; from pathlib import Path; from recipflow.store import Store\n"
        "with Store(Path(sys.argv[1])) as store: store.counts(); store.ledgers.due(__import__('datetime')"
        ".datetime.now(__import__('datetime').UTC))\nprint(time.process_time() * 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _report(what: str, messages: int, spent: float) -> None:
    print(f"{what}: {spent / messages * 1e6:.1f} µs a message, {messages / spent:,.0f} messages a CPU second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
