"""Does a standing predict anything? Whether a message to one person was answered within fourteen days.

    python bench/predict.py MAILBOXES PAIRS.jsonl.xz... [--json] [--seed 1] [--rounds 1000]

MAILBOXES holds one folder an owner (see `bench/sample.py`), PAIRS are rows with `id`, `owner`, `contact`, `dt`, `text`,
`is_reply`, `regex_ask`, `sent90`, `got90`, `replied` (see `../shared/data/README.md`). Where the writer's own mailbox
is not at hand, the reader's is read from the writer's side; rows found in neither are counted and left out.

For each row the writer's ledger with that contact is folded up to the second before it, and goodwill and readiness
are read off. The contact's responsiveness is the share of their earlier rows that were answered, drawn towards the
share of all. Every figure is an area under the ROC curve: .5 is chance. Intervals are 95 %, from a bootstrap that
draws contacts, not rows. Models are logistic regressions on ranks, scored on contacts they never saw (five folds).
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench.sample import Owner, filled
from recipflow import assembly
from recipflow.derive import Context, Words, derive
from recipflow.derive.entries import entries_of
from recipflow.derive.folding import DAY
from recipflow.ledger import fold
from recipflow.model import ActType, Side
from recipflow.standing import advance
from recipflow.store import Store

FOLDS = 5
PRIOR = 4.0
"""Rows of the average contact that each contact starts with."""
STEPS, RATE, RIDGE = 300, 0.5, 0.01


@dataclass
class Row:
    contact: str
    asks: bool
    replied: bool
    features: dict[str, float] = field(default_factory=dict)


def rows(mailboxes: Path, pairs: Sequence[Mapping[str, Any]]) -> tuple[list[Row], int]:
    """The rows whose message is in a mailbox, with their features; and how many are not."""
    boxes = [
        Owner.read(number, folder)
        for number, folder in enumerate(sorted(mailboxes.iterdir()))
        if (folder / "owner.json").exists()
    ]
    where = {_local(mail.id): (box, mail) for box in boxes for mail in box.mail}
    by_box: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for pair in pairs:
        if (found := where.get(pair["id"].removeprefix("enron:"))) and len(found[1].to) == 1:
            by_box[found[0].name, found[1].sender.address].append(pair)
    named = {box.name: box for box in boxes}
    rates = _responsiveness(pairs)
    done: list[Row] = []
    for (name, writer), of_one in sorted(by_box.items()):
        done += _of_writer(named[name], writer, of_one, where, rates)
    return done, len(pairs) - len(done)


def _of_writer(
    box: Owner,
    writer: str,
    pairs: Sequence[Mapping[str, Any]],
    where: Mapping[str, tuple[Owner, Any]],
    rates: Mapping[str, float],
) -> Iterator[Row]:
    """The rows of one writer: the mailbox is read with the writer in the user's place."""
    mine = box.addresses if writer in box.addresses else (writer,)
    context = assembly.context(mine, UTC)
    with Store() as store:
        filled(store, context, box.files)
        derive(store, context, datetime.now(UTC))
        for pair in pairs:
            mail = where[pair["id"].removeprefix("enron:")][1]
            features = _standing(store, context, mail.to[0].address, mail.at)
            features |= _cues(pair, mail.at) | {"responsiveness": rates[pair["id"]]}
            yield Row(pair["contact"], bool(pair["regex_ask"]), bool(pair["replied"]), features)


def _standing(store: Store, context: Context, contact: str, at: datetime) -> dict[str, float]:
    """The writer's standing with that contact the second before."""
    before = at - timedelta(seconds=1)
    person = context.contact(contact, (contact,), "")
    known = [one for one in entries_of(store, contact, (contact,), context.me, Words()) if one.at <= before]
    terms, days = context.terms(person), before.timestamp() / DAY
    standing = advance(fold(known, terms, days).standing, days, terms)
    theirs = [one for one in known if one.by is Side.THEM]
    return {
        "goodwill": standing.goodwill,
        "readiness": standing.readiness,
        "owed to them": standing.owed,
        "pressure": standing.pressure,
        "heard lately": -(before - theirs[-1].at).total_seconds() if theirs else -1e12,
        "answers of theirs": float(sum(one.reply for one in theirs)),
        "asks of theirs": float(sum(a.act is ActType.ASK for one in theirs for a in one.acts)),
    }


def _cues(pair: Mapping[str, Any], at: datetime) -> dict[str, float]:
    text = pair["text"]
    local = at - timedelta(hours=6)  # they lived in Houston
    return {
        "question mark": float("?" in text),
        "reads as an ask": float(pair["regex_ask"]),
        "first of its thread": float(not pair["is_reply"]),
        "short": -float(len(text)),
        "sent minus received": float(pair["sent90"] - pair["got90"]),
        "working hours": float(local.weekday() < 5 and 8 <= local.hour < 17),
        "before noon": float(local.hour < 12),
        "not Friday": float(local.weekday() != 4),
    }


def _responsiveness(pairs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """For each row, how often its contact had answered before."""
    average = sum(pair["replied"] for pair in pairs) / len(pairs)
    known: dict[str, tuple[float, float]] = defaultdict(lambda: (PRIOR * average, PRIOR))
    rates = {}
    for pair in sorted(pairs, key=lambda one: one["dt"]):
        yes, all_ = known[pair["contact"]]
        rates[pair["id"]] = yes / all_
        known[pair["contact"]] = (yes + pair["replied"], all_ + 1)
    return rates


def _local(message_id: str) -> str:
    return message_id.split(".JavaMail")[0]


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The chance that an answered row scores above one that was not; ties count half."""
    ranks = ranked(scores)
    yes = sum(truth)
    no = len(truth) - yes
    if not yes or not no:
        return math.nan
    total = sum(rank for rank, true in zip(ranks, truth, strict=True) if true)
    return (total - yes * (yes + 1) / 2) / (yes * no)


def ranked(values: Sequence[float]) -> list[float]:
    """Ranks from 1, equal values sharing their mean."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def fitted(table: list[list[float]], truth: list[bool]) -> list[float]:
    """Logistic regression by gradient descent; the last weight is the constant."""
    weights = [0.0] * (len(table[0]) + 1)
    for _ in range(STEPS):
        gradient = [RIDGE * weight for weight in weights[:-1]] + [0.0]
        for row, true in zip(table, truth, strict=True):
            error = (chance(weights, row) - true) / len(table)
            for place, value in enumerate(row):
                gradient[place] += error * value
            gradient[-1] += error
        weights = [weight - RATE * slope for weight, slope in zip(weights, gradient, strict=True)]
    return weights


def chance(weights: Sequence[float], row: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-sum(w * value for w, value in zip(weights, row, strict=False)) - weights[-1]))


def out_of_fold(found: Sequence[Row], names: Sequence[str], seed: int) -> list[float]:
    """Scores by models that never saw the row's contact."""
    columns = [ranked([row.features[name] for row in found]) for name in names]
    half = (len(found) + 1) / 2
    table = [[(column[place] - half) / half for column in columns] for place in range(len(found))]
    contacts = sorted({row.contact for row in found})
    random.Random(seed).shuffle(contacts)
    fold_of = {contact: place % FOLDS for place, contact in enumerate(contacts)}
    scores = [0.0] * len(found)
    for number in range(FOLDS):
        seen = [place for place, row in enumerate(found) if fold_of[row.contact] != number]
        weights = fitted([table[place] for place in seen], [found[place].replied for place in seen])
        for place, row in enumerate(found):
            if fold_of[row.contact] == number:
                scores[place] = chance(weights, table[place])
    return scores


def interval(
    found: Sequence[Row], measure: Callable[[Sequence[int]], float], rounds: int, seed: int
) -> tuple[float, float]:
    """A 95 % interval of a measure of places in `found`, over draws of contacts."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(found):
        places[row.contact].append(place)
    drawing, contacts = random.Random(seed), sorted(places)
    values = []
    for _ in range(rounds):
        drawn = [place for one in drawing.choices(contacts, k=len(contacts)) for place in places[one]]
        value = measure(drawn)
        if not math.isnan(value):
            values.append(value)
    values.sort()
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


TEXT = ("question mark", "reads as an ask", "first of its thread", "short")
MODELS = {
    "responsiveness and text": ("responsiveness", *TEXT),
    "the same with goodwill and readiness": ("responsiveness", *TEXT, "goodwill", "readiness"),
    "the same with hours and weekdays": (
        "responsiveness",
        *TEXT,
        "working hours",
        "before noon",
        "not Friday",
    ),
}


def measured(found: Sequence[Row], rounds: int, seed: int) -> dict[str, tuple[float, float, float]]:
    """Each feature alone, each model, and what goodwill and readiness add: value, low, high."""
    truth = [row.replied for row in found]
    columns = {name: [row.features[name] for row in found] for name in found[0].features}
    columns |= {name: out_of_fold(found, names, seed) for name, names in MODELS.items()}

    def of(name: str) -> Callable[[Sequence[int]], float]:
        return lambda drawn: auc([columns[name][place] for place in drawn], [truth[place] for place in drawn])

    everything = range(len(found))
    table = {name: (of(name)(everything), *interval(found, of(name), rounds, seed)) for name in columns}
    plain, more = (of(name) for name in list(MODELS)[:2])

    def gain(drawn: Sequence[int]) -> float:
        return more(drawn) - plain(drawn)

    table["what goodwill and readiness add"] = (gain(everything), *interval(found, gain, rounds, seed))
    return table


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mailboxes", type=Path)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1000)
    arguments = parser.parse_args()
    pairs = [
        json.loads(line)
        for file in arguments.pairs
        for line in lzma.decompress(file.read_bytes()).splitlines()
    ]
    found, missing = rows(arguments.mailboxes, pairs)
    print(f"{len(found)} rows in the mailboxes, {missing} in none", file=sys.stderr)
    for name, chosen in (("all", found), ("asks only", [row for row in found if row.asks])):
        table = measured(chosen, arguments.rounds, arguments.seed)
        answered = sum(row.replied for row in chosen)
        if arguments.json:
            print(json.dumps({"rows": name, "n": len(chosen), "answered": answered, "auc": table}))
            continue
        print(
            f"{name}: {len(chosen)} messages to {len({row.contact for row in chosen})}, {answered} answered"
        )
        for feature, (value, low, high) in table.items():
            print(f"  {feature:38} {value:5.2f} [{low:5.2f}, {high:5.2f}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
