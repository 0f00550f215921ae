"""What the judge learns from: labelled messages, what is seen of them, and which features anybody may know."""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.labelled import LABELS, NOW, OTHER, Labelled, as_message, labelled
from recipflow.assembly import FIRST, machines, packs, words_of_judge
from recipflow.connector import pulling
from recipflow.model import Message
from recipflow.reading import Reader
from recipflow.reading.features import Seen, Vocabulary, spelt
from recipflow.workflow import Preparing
from tests.data.building import build
from tests.data.mailboxes import EIGHTH, FIFTH, FOURTH, SECOND, SEVENTH, SIXTH, THIRD

OURS = Path(__file__).with_name("labels.jsonl")
"""Labels of further messages of the development mailboxes, by their ids: three in five were written by others."""

MARKS = Path(__file__).with_name("marks.jsonl")
"""Which sentences of the hand-labelled messages do their acts, by our reading; the sentences are numbered."""

OWNERS = 3
"""Owners with whom a feature must occur: what one person says stays theirs."""

FICTIONAL = Path(__file__).with_name("fictional.jsonl")
"""Fictional mails, written for what is rare in the others: favours to remember, refusals, promises, thanks, large asks."""

INVENTED = (SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH)
"""Fictional mailboxes of our own, of which the truth is known."""

WEIGHTS = {"hand": 1.0, "ours": 0.6, "mailbox": 0.6, "fictional": 0.6}
"""How much a message counts, by source: ours were read once and quickly, and a mailbox is one fictional owner's."""

OFTEN = 0.15
"""Of a word of somebody's address: the share of its capital letters that makes it a name."""

_PLAIN = re.compile(r"[a-z'-]+|[?!$@,:#]|#:")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_ADDRESS = re.compile(r"\S+@\S+|\S+\.(?:com|org|net|edu)\S*|https?://\S+")
_OPENS = re.compile(r"(?:^|[.!?:;>\n\"(-])\s*$")


class Features(NamedTuple):
    """All features of a message, as they are learned by."""

    sentences: tuple[frozenset[str], ...]
    message: frozenset[str]


class Lesson(NamedTuple):
    """One message to learn from."""

    message: Labelled
    seen: Features
    source: str
    share: float = 1.0

    @property
    def weight(self) -> float:
        """How much it counts."""
        return WEIGHTS[self.source] * self.share


def lessons(data: Path) -> list[Lesson]:
    """All lessons, each with the features it may be learned by."""
    sources = [
        ("hand", by_hand(data)),
        ("ours", _ours(data / "enron_dev.tar.xz")),
        ("mailbox", labelled(data / "gold_dev")),
        ("mailbox", invented()),
        ("fictional", fictional(FICTIONAL)),
    ]
    messages = [(source, one) for source, group in sources for one in group]
    return _seen(messages, words(_seen(messages, None)))


def words(taught: Sequence[Lesson]) -> list[str]:
    """The words of the lessons, as the judge may know them."""
    features = {feature for lesson in taught for sentence in lesson.seen.sentences for feature in sentence}
    return sorted(feature for feature in features if _PLAIN.fullmatch(feature))


def _seen(messages: Sequence[tuple[str, Labelled]], known: Sequence[str] | None) -> list[Lesson]:
    return _shared(looked_at(messages, known))


def looked_at(messages: Sequence[tuple[str, Labelled]], known: Sequence[str] | None) -> list[Lesson]:
    """Lessons with all that is seen of each message, by those who know the words `known`, or all words."""
    reader = Reader(packs())
    vocabularies = {one.language: _vocabulary(one.language, known) for _, one in messages}
    found = []
    for source, one in messages:
        message, vocabulary = as_message(one), vocabularies[one.language]
        seen = reader.see(message, one.me, vocabulary, "" if one.language == FIRST else one.language)
        sentences = [message.text[part.start : part.end] for part, _ in seen.sentences]
        found.append(Lesson(_placed(one, sentences), _features(seen, vocabulary), source))
    return found


def _vocabulary(language: str, known: Sequence[str] | None) -> Vocabulary:
    table = words_of_judge(language)
    return Vocabulary(table["classes"], table["spelled"], known)


def _placed(one: Labelled, sentences: Sequence[str]) -> Labelled:
    """With the sentences in which its quotes stand."""
    if one.of or (not one.quotes and one.truth):
        return one
    plain = [_plain(sentence) for sentence in sentences]
    at = {
        label: frozenset(
            place for place, sentence in enumerate(plain) if any(_within(sentence, quote) for quote in quotes)
        )
        for label, quotes in one.quotes.items()
    }
    return replace(one, at=at, of=len(sentences))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _within(sentence: str, quote: str) -> bool:
    said = _plain(quote)
    return bool(sentence and said) and (f" {sentence} " in f" {said} " or f" {said} " in f" {sentence} ")


def _features(seen: Seen, vocabulary: Vocabulary) -> Features:
    sentences = [
        frozenset(map(spelt, (*vocabulary.of_words(part), *around))) for part, around in seen.sentences
    ]
    return Features(tuple(sentences), frozenset(map(spelt, seen.message)))


def _shared(found: Sequence[Lesson]) -> list[Lesson]:
    """The lessons without features of fewer than three owners, and without names."""
    owners: dict[str, set[str]] = defaultdict(set)
    for lesson in found:
        for feature in lesson.seen.message.union(*lesson.seen.sentences):
            owners[feature].add(lesson.message.group)
    names = names_in([lesson.message for lesson in found])
    return narrowed(
        found,
        frozenset(
            feature for feature, of in owners.items() if len(of) >= OWNERS and not tells(feature, names)
        ),
    )


def narrowed(found: Sequence[Lesson], known: frozenset[str]) -> list[Lesson]:
    """The lessons with the features `known`, and no others."""
    return [
        lesson._replace(
            seen=Features(
                tuple(sentence & known for sentence in lesson.seen.sentences), lesson.seen.message & known
            )
        )
        for lesson in found
    ]


def tells(feature: str, names: frozenset[str]) -> bool:
    """Whether it is made of a name."""
    if feature.startswith(("rule ", "hit ", "act ", "-hit ", "+-hit ", "=")):
        return False
    return any(word.lstrip("?") in names for word in feature.split())


def names_in(messages: Sequence[Labelled]) -> frozenset[str]:
    """Words written with a capital within a sentence more often than without: of people, firms, places, products.

    And words of the people's own addresses that are written with a capital at all often, wherever they stand.
    """
    small, large, opening = Counter[str](), Counter[str](), Counter[str]()
    for one in messages:
        text = _ADDRESS.sub(" ", one.text)
        for found in _WORD.finditer(text):
            word = found[0].lower()
            if found[0][0].islower():
                small[word] += 1
            elif _OPENS.search(text, max(0, found.start() - 4), found.start()):
                opening[word] += 1
            else:
                large[word] += 1
    called = {
        part for one in messages for address in (one.sender, *one.to, *one.cc) for part in _called(address)
    }
    written = {*large, *opening, *called}
    often = {word for word in called if large[word] + opening[word] > OFTEN * small[word]}
    return frozenset(word for word in written if small[word] <= large[word] and word != "i") | often


def _called(address: str) -> list[str]:
    return [part for part in re.split(r"[^a-z]+", address.partition("@")[0]) if len(part) > 1]


def by_hand(data: Path) -> Iterator[Labelled]:
    """The hand-labelled messages, with what we marked in them."""
    return map(_marked, labelled(data / "acts_dev" / "hand_dev.jsonl"))


def invented(*languages: str) -> Iterator[Labelled]:
    """What is in English, or in one of the `languages`, in our own fictional mailboxes."""
    with TemporaryDirectory() as place:
        for box in INVENTED:
            build(box, Path(place) / box.title.replace(" ", "_"))
            for language in languages or (FIRST,):
                yield from labelled(Path(place) / box.title.replace(" ", "_"), language)


def fictional(file: Path, language: str = FIRST) -> Iterator[Labelled]:
    """Fictional mails, half of them by the user.

    `notable` tells which sentences one would remember, or that all the gives are.
    """
    me = "me@example.org"
    for number, row in enumerate(map(json.loads, file.read_text(encoding="utf-8").splitlines())):
        said = {
            act: tuple(row["sentences"][at] for at in row[act])
            for act in LABELS
            if isinstance(row.get(act), list)
        }
        said |= {"notable": said["give"]} if row.get("notable") is True else {}
        truth = {*said, *["large"] * bool(row.get("large_ask"))} & set(LABELS)
        by, to = (me, OTHER) if number % 2 else (OTHER, me)
        yield Labelled(
            id=f"{file.stem} {number}",
            group=file.stem,
            text="\n".join(row["sentences"]),
            truth=frozenset(truth),
            known=frozenset(LABELS),
            me=frozenset({me}),
            sender=by,
            to=(to,),
            subject=("Re: " if row.get("reply") else "") + row.get("subject", ""),
            quotes=said,
            language=language,
        )


def _ours(archive: Path) -> Iterator[Labelled]:
    rows = {row["id"]: row for row in map(json.loads, OURS.read_text(encoding="utf-8").splitlines())}
    with TemporaryDirectory() as place, tarfile.open(archive) as mailboxes:
        mailboxes.extractall(place, filter="data")
        for home in sorted(Path(place).glob("dev/*/owner.json")):
            owner = json.loads(home.read_text(encoding="utf-8"))
            me = frozenset(owner["addresses"])
            known = {
                message.id: message for message in _messages(home.parent, me) if _hashed(message.id) in rows
            }
            yield from (
                _labelled(known[name], rows[_hashed(name)], owner["owner"], me) for name in sorted(known)
            )


@cache
def _marks() -> Mapping[str, Mapping[str, Any]]:
    return {row["id"]: row for row in map(json.loads, MARKS.read_text(encoding="utf-8").splitlines())}


def _marked(one: Labelled) -> Labelled:
    row = _marks().get(_hashed(f"hand {one.id}"), {})
    return replace(one, **_told(row))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Where the acts are, if the row says so; what one would remember of a message is where it gives."""
    at = {act: frozenset(places) for act, places in row.get("at", {}).items()}
    return {"at": at | {"notable": at.get("give", frozenset())}, "of": row.get("of", 0)}


def _hashed(message: str) -> str:
    """What our labels know a message by: neither its id nor its owner stands in the repository."""
    return blake2b(message.encode(), digest_size=8).hexdigest()


def _messages(folder: Path, me: frozenset[str]) -> Iterator[Message]:
    connector, prepare = pulling("files", {"paths": [str(folder)]}), Preparing(machines=machines(), me=me)
    cursor, more = None, True
    while more:
        page = connector.pull(cursor, now=NOW)
        for one in page.interactions:
            if isinstance(one, Message) and isinstance(prepared := prepare(one).interaction, Message):
                yield prepared
        more, cursor = page.more and page.cursor != cursor, page.cursor


def _labelled(message: Message, row: Mapping[str, Any], owner: str, me: frozenset[str]) -> Labelled:
    truth = {*row["acts"], *["notable"] * row["notable"], *["large"] * row["large_ask"]}
    return Labelled(
        id=message.id,
        group=owner,
        text=message.text,
        truth=frozenset(truth),
        known=frozenset(LABELS),
        me=me,
        sender=message.sender.address,
        to=tuple(party.address for party in message.to) or (OTHER,),
        cc=tuple(party.address for party in message.cc),
        subject=message.subject,
        date=message.at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        attachments=tuple(item.name for item in message.attachments),
        **_told(row),
    )
