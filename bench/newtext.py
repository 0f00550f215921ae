"""How much of the quoted stays in the new text, and how much of the author's own is lost.

Leak: of the lines of 30 characters or more that a reply's parent consists of, the share left in the reply's new
text. Loss: of the reply's own such lines, the share that vanished. An own line is one that is not marked as
quoted, is not in the parent, and is no attribution, header of a quoted message or list footer. Nor is one that
its author sent three times or more: that is a signature; with `--strict` those count too.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import NamedTuple

from recipflow.model import Form
from recipflow.text import new_text

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SHORTEST_LINE = 30
ATTRIBUTION = re.compile(r"\b(?:wrote|writes|said|schrieb|escreveu|écrit|\?crit)\b.*:\s*$")
QUOTED = re.compile(r"\s*(?:[A-Za-z]{0,12}>|\| )")
SEPARATOR = re.compile(r"-{4,} ?(?:Forwarded|Original|next part)|(?:From|Von|De|Van|Fra):.*(?:@| at )")
FOOTER = re.compile(r"____|mailing list|listinfo")


class Score(NamedTuple):
    parent_lines: int = 0
    leaked: int = 0
    own_lines: int = 0
    lost: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mbox", type=Path, default=DATA / "r-devel_dev.mbox.xz")
    parser.add_argument("--gold", type=Path, default=DATA / "gold_dev")
    parser.add_argument("--strict", action="store_true", help="count signatures as the author's own lines")
    parser.add_argument("--verbose", action="store_true", help="print every miss")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, float] = {}
    if args.mbox.exists():
        result |= measure_list(args.mbox, strict=args.strict, verbose=args.verbose)
    if args.gold.exists():
        result |= measure_gold(args.gold, verbose=args.verbose)
    print(
        json.dumps(result)
        if args.json
        else "\n".join(f"{name:24} {value:g}" for name, value in result.items())
    )


def measure_list(path: Path, *, strict: bool, verbose: bool) -> dict[str, float]:
    bodies, parents, authors = read_archive(path)
    start = time.process_time()
    texts = {ident: new_text(body, Form.PLAIN).text for ident, body in bodies.items()}
    seconds = time.process_time() - start
    often = set() if strict else signature_lines(bodies, authors)
    total = Score()
    for ident, body in bodies.items():
        if parents[ident] in bodies and parents[ident] != ident:
            one, lines = score(body, bodies[parents[ident]], texts[ident], often, authors[ident])
            total = Score(*(a + b for a, b in zip(total, one, strict=True)))
            for line in lines if verbose else ():
                print(ident, line)
    return {
        "messages": len(bodies),
        "leak_percent": round(100 * total.leaked / max(1, total.parent_lines), 3),
        "loss_percent": round(100 * total.lost / max(1, total.own_lines), 3),
        "messages_per_cpu_second": round(len(bodies) / seconds),
        "megabytes_per_cpu_second": round(sum(map(len, bodies.values())) / seconds / 1e6, 1),
    }


def read_archive(path: Path) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Bodies, parents and authors by Message-ID."""
    bodies: dict[str, str] = {}
    parents: dict[str, str] = {}
    authors: dict[str, str] = {}
    for raw in raw_messages(path):
        message = message_from_bytes(raw)
        ident = str(message["message-id"] or "").strip("<> ")
        bodies[ident] = body_of(message)[0]
        parents[ident] = str(message["in-reply-to"] or "").partition(">")[0].strip("<> ")
        authors[ident] = str(message["from"] or "")
    return bodies, parents, authors


def signature_lines(bodies: dict[str, str], authors: dict[str, str]) -> set[tuple[str, str]]:
    """Lines that one author sent three times or more, each with its author."""
    seen: Counter[tuple[str, str]] = Counter()
    for ident, body in bodies.items():
        seen.update((authors[ident], line) for line in set(long_lines(unmarked(body))))
    return {pair for pair, times in seen.items() if times >= 3}


def score(
    body: str, parent: str, text: str, often: set[tuple[str, str]], author: str
) -> tuple[Score, list[str]]:
    theirs = long_lines(parent.split("\n"))
    left = set(long_lines(text.split("\n")))
    whole = squeezed(parent.replace("\n>", "\n"))
    mine = {line for line in long_lines(unmarked(body)) if line not in whole and (author, line) not in often}
    leaked = [f"LEAK {line}" for line in theirs if line in left]
    lost = [f"LOST {line}" for line in mine if line not in left]
    return Score(len(theirs), len(leaked), len(mine), len(lost)), leaked + lost


def long_lines(lines: list[str]) -> list[str]:
    bare = (" ".join(line.lstrip("> |").split()) for line in lines)
    return [line for line in bare if len(line) >= SHORTEST_LINE]


def unmarked(body: str) -> list[str]:
    """The lines not marked as quoted, without attributions, headers and list footers, down to the signature."""
    lines = body.replace("\r\n", "\n").split("\n")
    own: list[str] = []
    for at, line in enumerate(lines):
        if line.rstrip() == "--" or SEPARATOR.match(line):
            break
        below = "".join(lines[at + 1 : at + 3])
        wrapped = line.lstrip().startswith("On ") and "wrote:" in below
        if not (wrapped or QUOTED.match(line) or ATTRIBUTION.search(line) or FOOTER.search(line)):
            own.append(line)
    return own


def measure_gold(folder: Path, *, verbose: bool) -> dict[str, float]:
    found = dict(gold_texts(folder / "mail.mbox"))
    rows = [json.loads(line) for line in (folder / "newtext.jsonl").read_text("utf-8").splitlines()]
    misses = [
        row for row in rows if not same(found.get(row["message_id"], ""), row["text"], row.get("signoff", ""))
    ]
    if verbose:
        for row in misses:
            print(
                "MISS",
                row.get("ref", row["message_id"]),
                row.get("client", ""),
                repr(row["text"]),
                repr(found.get(row["message_id"])),
                sep="\n  ",
            )
    exact = sum(squeezed(found.get(row["message_id"], "")) == squeezed(row["text"]) for row in rows)
    return {
        "gold_exact_percent": round(100 * (1 - len(misses) / len(rows)), 2),
        "gold_exact_with_signoff_percent": round(100 * exact / len(rows), 2),
    }


def gold_texts(path: Path) -> Iterator[tuple[str, str]]:
    for raw in raw_messages(path):
        message = message_from_bytes(raw, policy=policy.compat32)
        yield str(message["message-id"]).strip("<> \n"), new_text(*body_of(message)).text


def same(found: str, text: str, signoff: str) -> bool:
    """Whether it is the text up to white space, with or without its sign-off."""
    full = squeezed(text)
    return squeezed(found) in (full, full.removesuffix(squeezed(signoff)).strip())


def squeezed(text: str) -> str:
    return " ".join(text.split())


def raw_messages(path: Path) -> Iterator[bytes]:
    """The messages of an mbox, plain or xz, unescaped."""
    openers = {".xz": lzma.open}
    with openers.get(path.suffix, open)(path, "rb") as file:
        lines: list[bytes] = []
        for line in file:
            if line.startswith(b"From ") and lines:
                yield b"".join(lines)
                lines = []
            elif not line.startswith(b"From "):
                lines.append(
                    line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line
                )
        if lines:
            yield b"".join(lines)


def body_of(message: Message) -> tuple[str, Form]:
    """The first text/plain part, else the first text/html one."""
    parts = [
        part for part in message.walk() if part.get_content_maintype() == "text" and not part.get_filename()
    ]
    for kind in ("plain", "html"):
        for part in parts:
            if part.get_content_subtype() == kind:
                return decoded(part), form_of(part)
    return "", Form.PLAIN


def form_of(part: Message) -> Form:
    if part.get_content_subtype() == "html":
        return Form.HTML
    if str(part.get_param("format", "")).lower() != "flowed":
        return Form.PLAIN
    return Form.FLOWED_DELSP if str(part.get_param("delsp", "")).lower() == "yes" else Form.FLOWED


def decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else str(payload).encode("utf-8", "replace")
    try:
        return raw.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


if __name__ == "__main__":
    main()
