"""How rightly messages are read: every act, in every set, beside two simple readers.

    python bench/quality.py FILE.jsonl… [--language CODE] [--json] [--no-baselines] [--shipped | --rules] [--wrong LABEL]

A FILE is `hand_dev.jsonl` or one of its kind, one of the public sets, a gold mailbox (a directory), or a folder of letters.
Each message is read alone, by the way of `recipflow read`. An owner whose mail our reader was trained on is read by one
trained without them; `--shipped` reads everybody with the reader that is installed, `--rules` without a judge. The words
baseline is trained on the same mail. Another `--language` than English is that of a mailbox's messages, or of
`fictional_de.jsonl` and its kind, and has no baselines.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench import judge_glossed
from bench.baselines import Words, by_cues
from bench.judge_sources import letters
from bench.labelled import LABELS, Labelled, labelled, labels, read_alone, said
from bench.measures import Measured, as_json, measured
from bench.train_judge import judges_without
from recipflow.assembly import FIRST, packs, reader
from recipflow.reading import Reader

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DEV = DATA / "acts_dev" / "hand_dev.jsonl"
TARGETS = {"ask": 0.87, "give": 0.82, "thanks": 0.87, "promise": 0.84, "refusal": 0.65, "meeting": 0.78}
AP_TARGETS = {"large": 0.35, "notable": 0.45}


class Answer(NamedTuple):
    """What one reader said of one message."""

    said: frozenset[str]
    certainty: dict[str, float]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("files", nargs="*", type=Path, default=[DEV])
    arguments.add_argument("--json", action="store_true", help="one object a set, reader and label")
    arguments.add_argument("--no-baselines", action="store_true", help="ours alone")
    arguments.add_argument("--wrong", metavar="LABEL", choices=LABELS, help="print what is read wrongly")
    arguments.add_argument("--language", default=FIRST, help="of a mailbox's messages, those in this one")
    arguments.add_argument("--rules", action="store_true", help="read everybody by rules alone")
    arguments.add_argument("--shipped", action="store_true", help="read everybody with the installed judge")
    options = arguments.parse_args()
    for file in options.files:
        messages = _messages(file, options.language)
        whole = reader() if options.shipped else Reader(packs()) if options.rules else None
        answers = {"ours": _answers(messages, whole) if whole else _ours(messages, options.language)}
        if not options.no_baselines and options.language == FIRST:
            answers |= {"cue words": _cues(messages), "words": _words(messages)}
        if options.wrong:
            _print_wrong(options.wrong, messages, answers["ours"])
        _report(file.name, messages, answers, as_lines=options.json)


def _messages(file: Path, language: str) -> Sequence[Labelled]:
    if (file / "people.toml").is_file():
        return list(letters(file, language))
    fictional = language != FIRST and file.name == f"fictional_{language}.jsonl"
    return list(judge_glossed.written(language)) if fictional else labelled(file, language)


def _ours(messages: Sequence[Labelled], language: str) -> list[Answer]:
    answers: dict[int, Answer] = {}
    for owners, judge in judges_without(DATA, language, {one.group for one in messages}):
        rows = [row for row, one in enumerate(messages) if one.group in owners]
        found = _answers([messages[row] for row in rows], Reader(packs(), {language: judge}))
        answers |= dict(zip(rows, found, strict=True))
    rows = [row for row in range(len(messages)) if row not in answers]
    answers |= dict(zip(rows, _answers([messages[row] for row in rows], reader()), strict=True))
    return [answers[row] for row in range(len(messages))]


def _answers(messages: Sequence[Labelled], ours: Reader) -> list[Answer]:
    return [Answer(said(acts), labels(acts)) for acts in read_alone(messages, ours)]


def _cues(messages: Iterable[Labelled]) -> list[Answer]:
    return [Answer(frozenset(found), found) for found in map(by_cues, messages)]


def _words(messages: Sequence[Labelled]) -> list[Answer]:
    """Trained on the development mail; of each of its owners, on the others'."""
    dev = labelled(DEV)
    answers: dict[int, Answer] = {}
    for left_out, rows in _by_owner(messages, {one.group for one in dev}):
        words = Words([one for one in dev if one.group != left_out])
        for row, certainty in zip(rows, words.certainty([messages[row] for row in rows]), strict=True):
            said_of = frozenset(label for label, sure in certainty.items() if sure >= words.cut[label])
            answers[row] = Answer(said_of, certainty)
    return [answers[row] for row in range(len(messages))]


def _by_owner(messages: Sequence[Labelled], known: set[str]) -> Iterator[tuple[str, list[int]]]:
    """The rows of each owner trained on, and together those of everybody else."""
    rows: dict[str, list[int]] = {}
    for row, one in enumerate(messages):
        rows.setdefault(one.group if one.group in known else "", []).append(row)
    yield from rows.items()


def _report(
    name: str, messages: Sequence[Labelled], answers: dict[str, list[Answer]], *, as_lines: bool
) -> None:
    if not as_lines:
        print(f"\n{name}: {len(messages):,} messages")
        print(f"{'':8} {'':10} {'n':>5}  {'precision':>18} {'recall':>7} {'F1':>18} {'AP':>18}  wanted")
    for label in LABELS:
        for who, given in answers.items():
            rows = [row for row, one in enumerate(messages) if label in one.known]
            if not any(label in messages[row].truth for row in rows):
                continue
            one = measured(
                [label in messages[row].truth for row in rows],
                [label in given[row].said for row in rows],
                [given[row].certainty.get(label, 0.0) for row in rows],
            )
            if as_lines:
                print(json.dumps({"set": name, "label": label, "reader": who, **as_json(one)}))
            else:
                print(_line(label, who, one))


def _line(label: str, who: str, one: Measured) -> str:
    wanted = f"F1 {TARGETS[label]}" if label in TARGETS else f"AP {AP_TARGETS[label]}"
    return (
        f"{label if who == 'ours' else '':8} {who:10} {one.n:5}  {_with(one.precision, one.precision_interval):>18} "
        f"{one.recall:7.3f} {_with(one.f1, one.f1_interval):>18} {_with(one.ap, one.ap_interval):>18}"
        f"  {wanted if who == 'ours' else ''}"
    )


def _with(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} [{interval[0]:.2f}, {interval[1]:.2f}]"


def _print_wrong(label: str, messages: Sequence[Labelled], answers: Sequence[Answer]) -> None:
    for one, answer in zip(messages, answers, strict=True):
        if label in one.known and (label in one.truth) is not (label in answer.said):
            print(
                "EXTRA " if label in answer.said else "MISSED",
                one.id,
                f"{answer.certainty.get(label, 0):.2f}",
            )
            print("   ", one.text[:420].replace("\n", "\n    "))


if __name__ == "__main__":
    main()
