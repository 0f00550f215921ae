"""Threads without headers: how well subject and parties in time stand in for References, and what it costs.

`python bench/threads.py [--data DIR] [--json]`

r-devel (a list archive, no To): In-Reply-To and References are hidden; the threads found are
compared with the true ones. *link precision*: of the messages found to answer another one, and
whose true parent is in the archive, the share whose found parent is in their true thread. *link
recall*: of all true child-parent links, the share whose two ends came into one thread. *pairs*:
over all pairs of messages with a known place in a true thread. Enron (twelve mailboxes that have no
such headers): recall of the links guessed there from subject and parties.
"""

from __future__ import annotations

import argparse
import json
import lzma
import mailbox
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `tests` is no package yet

from recipflow.addressed import addressed, first_addressed
from recipflow.model import Message, Party
from recipflow.threads import Threads, thread_all
from recipflow.threads.links import Link, link_of
from tests.remembered import MemoryThreads

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = {
            "r-devel, headers hidden": list_archive(options.data, Path(scratch)),
            "enron": enron(options.data, Path(scratch)),
        }
    if options.json:
        print(json.dumps(results, indent=1))
        return
    for corpus, figures in results.items():
        print(corpus)
        for name, value in figures.items():
            print(f"  {name:28} {value:12.3f}" if value % 1 else f"  {name:28} {value:12.0f}")


def list_archive(data: Path, scratch: Path) -> Figures:
    path = scratch / "list.mbox"
    path.write_bytes(lzma.decompress((data / "r-devel_dev.mbox.xz").read_bytes()))
    messages = list(read(path))
    true = thread_all(link_of(message) for message in messages)
    ids = {message.id for message in messages}
    parents = {m.id: m.in_reply_to for m in messages if m.in_reply_to in ids and m.in_reply_to != m.id}
    hidden = [link_of(_without_headers(message)) for message in messages]
    found, figures = timed(hidden)
    figures |= link_figures(found, true, parents)
    known = parents.keys() | set(parents.values())
    return figures | pair_figures(found, true, known)


def enron(data: Path, scratch: Path) -> Figures:
    with tarfile.open(data / "enron_dev.tar.xz") as archive:
        archive.extractall(scratch, filter="data")
    hits: Counter[str] = Counter()
    sizes: list[int] = []
    for links_file in sorted(scratch.glob("dev/*/reply_links.jsonl")):
        messages = [m for box in sorted(links_file.parent.glob("*.mbox")) for m in read(box)]
        found = thread_all(link_of(message) for message in messages)
        sizes += Counter(found.values()).values()
        for row in map(json.loads, links_file.read_text().splitlines()):
            parent, child = row["parent"].strip("<>"), row["child"].strip("<>")
            if parent in found and child in found:
                hits[row["method"]] += 1
                hits[row["method"] + " found"] += found[parent] == found[child]
    methods = sorted(name for name in hits if not name.endswith(" found"))
    figures: Figures = {"messages": sum(sizes), "threads": len(sizes), "largest thread": max(sizes)}
    for method in methods:
        figures[f"links by {method}"] = hits[method]
        figures[f"recall by {method}"] = hits[f"{method} found"] / hits[method]
    return figures


def timed(links: list[Link]) -> tuple[Threads, Figures]:
    """Threads of a batch, checked against one-by-one linking, and what both cost."""
    start = time.process_time()
    found = thread_all(links)
    batch = time.process_time() - start
    index = MemoryThreads()
    start = time.process_time()
    for item in sorted(links, key=lambda item: item.place):
        index.add(item)
    single = time.process_time() - start
    if index.threads() != found:
        sys.exit("linking one by one and at once disagree")
    return found, {
        "messages": len(links),
        "batch us per message": batch / len(links) * 1e6,
        "one by one us per message": single / len(links) * 1e6,
    }


def link_figures(found: Threads, true: dict[str, str], parents: dict[str, str]) -> Figures:
    given = found.parents
    judged = [child for child in given if child in parents]
    right = sum(true[child] == true[given[child]] for child in judged)
    together = sum(found[child] == found[parent] for child, parent in parents.items())
    return {
        "true links": len(parents),
        "links found": len(given),
        "link precision": right / len(judged),
        "link recall": together / len(parents),
    }


def pair_figures(found: dict[str, str], true: dict[str, str], known: set[str]) -> Figures:
    both = _pairs((found[message], true[message]) for message in known)
    return {
        "pair precision": both / _pairs(found[message] for message in known),
        "pair recall": both / _pairs(true[message] for message in known),
    }


def read(path: Path) -> Iterator[Message]:
    """The heads of an mbox's messages, each id once."""
    seen = set()
    box = mailbox.mbox(path, factory=BytesHeaderParser().parse, create=False)  # type: ignore[arg-type]
    for mail in box:
        message = _message(mail)
        if message and message.id not in seen:
            seen.add(message.id)
            yield message
    box.close()


def _message(mail: Mail) -> Message | None:
    try:
        at = parsedate_to_datetime(str(mail["date"]))
    except ValueError:
        return None
    return Message(
        id=str(mail["message-id"]).strip(" <>\n\t"),
        at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
        sender=_party(str(mail["from"] or "")),
        to=tuple(Party(address.lower()) for _, address in addressed(str(mail["to"] or ""))),
        cc=tuple(Party(address.lower()) for _, address in addressed(str(mail["cc"] or ""))),
        subject=" ".join(str(mail["subject"] or "").split()),
        in_reply_to=_first_id(str(mail["in-reply-to"] or "")),
        references=tuple(part.strip("<>") for part in str(mail["references"] or "").split()),
    )


def _first_id(value: str) -> str:
    return value.partition("<")[2].partition(">")[0]


def _party(value: str) -> Party:
    name, address = first_addressed(value)
    return Party(address.lower(), name)


def _without_headers(message: Message) -> Message:
    return replace(message, in_reply_to="", references=())


def _pairs(keys: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())


if __name__ == "__main__":
    main()
