"""400 rules over real mail: one automaton (RE2::Set) against a loop over `re`, with the same hits.

    python bench/rules.py [FILE.mbox] [--messages 2000]

The rules are short phrases out of our own packs. Without a file: the mail of one owner in
`../shared/data/enron_dev.tar.xz`. Each side is warmed up on the first tenth; CPU seconds, median of five.
"""

from __future__ import annotations

import argparse
import mailbox
import re
import statistics
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from recipflow.rules.patterns import LoopMatcher, Matcher, SetMatcher, plain

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = ROOT.parent / "shared" / "data" / "enron_dev.tar.xz"
PACKS = ROOT / "rules" / "recipflow_rules" / "en"
RULES = 400
ROUNDS = 5
MEMBER = "dev/beck-s/Sent.mbox"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path)
    arguments.add_argument("--messages", type=int, default=2000)
    options = arguments.parse_args()
    texts = _texts(options.file, options.messages)
    rules = [[pattern] for pattern in _rules()]
    sets, loop = SetMatcher(rules), LoopMatcher(rules)
    differing = sum(sets.hits(text) != loop.hits(text) for text in texts)
    letters = sum(map(len, texts))
    print(
        f"{len(rules)} rules, {len(texts)} messages, {letters / 1e6:.2f} MB; messages with other hits: {differing}"
    )
    fast, slow = _median(sets, texts), _median(loop, texts)
    print(
        f"RE2::Set {fast:8.4f} s  {letters / fast / 1e6:8.1f} MB/s\nre loop  {slow:8.4f} s  {letters / slow / 1e6:8.1f} MB/s"
    )
    print(f"ratio    {slow / fast:8.1f}")


def _median(matcher: Matcher, texts: Sequence[str]) -> float:
    return statistics.median(_seconds(lambda: [matcher.hits(text) for text in texts]) for _ in range(ROUNDS))


def _seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def _rules() -> list[str]:
    """Phrases of two or three words with alternatives, cut out of the packs' own patterns."""
    source = " ".join(_pattern_text())
    phrases = re.findall(r"(?<![\\w'(:|])[a-z']{3,9} [a-z']{3,9}(?: [a-z']{2,9})?(?![\w'])", source)
    words = [phrase.split() for phrase in dict.fromkeys(phrases)]
    variants = (
        rf"\b{first} (?:the |a |my |your )?{rest}\b"
        for first, rest in ((w[0], " ".join(w[1:])) for w in words)
    )
    others = (rf"\b(?:{' '.join(one)}|{' '.join(two)})\b" for one, two in zip(words, words[7:], strict=False))
    return list(islice(dict.fromkeys([*variants, *others]), RULES))


def _pattern_text() -> list[str]:
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(PACKS.glob("*.toml"))]
    patterns = [pattern for table in tables for rule in table["rule"] for pattern in rule.get("text", ())]
    pieces = [piece for pattern in patterns for piece in re.split(r"[|()?:\[\]]", pattern)]
    return [f" {piece.strip()} ." for piece in pieces]


def _texts(file: Path | None, most: int) -> list[str]:
    if file is not None:
        return _bodies(file, most)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(ARCHIVE) as archive:
        archive.extract(MEMBER, folder, filter="data")
        return _bodies(Path(folder) / MEMBER, most)


def _bodies(file: Path, most: int) -> list[str]:
    found = (message.get_payload() for message in mailbox.mbox(file, create=False))
    return [plain(text) for text in islice((body for body in found if isinstance(body, str)), most)]


if __name__ == "__main__":
    main()
