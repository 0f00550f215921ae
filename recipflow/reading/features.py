"""What the judge looks at: small words, their places and the rules that hit, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from recipflow.model import Message, Party
from recipflow.rules.letter import Letter, Part
from recipflow.rules.rulebook import Hit
from recipflow.rules.sentences import Zone

LOOKED_AT = 400
"""Characters of a sentence that are looked at."""

UNKNOWN_WORD = "<?>"

_TOKEN = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d[\d:.,/]*(?:am|pm)?|[?!$@,:]")
_APART = re.compile(r"[^a-zà-ÿ]+")
_LINK = re.compile(r"https?://|www\.")
_STEPS = (5, 10, 20, 40, 80, 160)
_REST_STEPS = (0, 5, 10, 20, 40, 80)


class Sentence(NamedTuple):
    """A sentence, and the features of it that are not in its words."""

    part: Part
    around: tuple[str, ...]


class Seen(NamedTuple):
    """What is seen of a message: its sentences, and the features of the message itself."""

    sentences: tuple[Sentence, ...]
    message: tuple[str, ...]


class Vocabulary:
    """Words that do the same work, short forms spelled out, and the words that are known at all.

    A word that is not `known` (a name, most often) is seen as one that is not. None: all are.
    """

    def __init__(
        self, classes: Mapping[str, str], spelled: Mapping[str, str], known: Iterable[str] | None = None
    ) -> None:
        self._classes = {word: f"<{name}>" for name, words in classes.items() for word in words.split()}
        self._spelled = {short: long.split() for short, long in spelled.items()}
        self._known = None if known is None else frozenset(known)

    def see(
        self,
        message: Message,
        written: Letter,
        hits: Iterable[Hit],
        standing: Iterable[Hit],
        most: int | None = None,
    ) -> Seen:
        """`hits` are all rules that hit a sentence, `standing` what stands on the message in the end.

        At `most` so many sentences are looked at.
        """
        of: dict[int, dict[str, None]] = {}
        for hit in hits:
            of.setdefault(hit.at, {}).update(dict.fromkeys(_of_rule(hit)))
        callers = _names([message.sender]), _names([*message.to, *message.cc])
        parts = written.parts[:most]
        acts = [_neighbour(part, of.get(index, ())) for index, part in enumerate(parts)]
        sentences = [
            Sentence(
                part,
                (
                    *of.get(index, ()),
                    *self._of_place(written, index),
                    *_of_names(part, *callers),
                    *(acts[index - 1] if index else ()),
                    *(f"+{each}" for each in (acts[index + 1] if index + 1 < len(acts) else ())),
                ),
            )
            for index, part in enumerate(parts)
        ]
        return Seen(tuple(sentences), tuple(self._of_message(message, written, tuple(standing))))

    def of_words(self, part: Part) -> list[str]:
        """The features that are in the words of a sentence: the same for the same sentence, wherever it stands."""
        if part.zone is Zone.GREETING:
            return ["greeting"]
        words = self._words(part.plain[:LOOKED_AT])
        general = self._general(words)
        known = words if self._known is None else [word if word in self._known else "" for word in words]
        found = [word for word in known if word]
        found += [f"{a} {b}" for a, b in pairwise(["^", *known, "$"]) if a and b]
        found += [word for word in general if word[0] == "<"]
        found += [f"{a} {b}" for a, b in pairwise(["^", *general, "$"]) if "<" in (a[0], b[0])]
        if part.zone is Zone.CLOSING:
            return [f"closing {each}" for each in found]
        for length in (2, 3):
            found.append(f"^ {' '.join(words[:length])}")
            found.append(f"^ {' '.join(general[:length])}")
        if part.words <= 3:
            found.append(f"short {words[0]}" if words else "short")
        if part.question:
            found += [f"?{word}" for word in known if word]
        return found

    def _words(self, text: str) -> list[str]:
        words: list[str] = []
        for token in _TOKEN.findall(text):
            if token in self._spelled:
                words += self._spelled[token]
            elif token[0].isdigit():
                words.append("#:" if ":" in token or token[-1] == "m" else "#")
            else:
                words.append(token)
        return words

    def _general(self, words: list[str]) -> list[str]:
        known = self._known
        if known is None:
            return [self._classes.get(word, word) for word in words]
        return [self._classes.get(word) or (word if word in known else UNKNOWN_WORD) for word in words]

    def _of_place(self, written: Letter, index: int) -> Iterable[str]:
        """Where a sentence stands, and how the first and last begin: "Thanks." opens a mail otherwise than it ends it."""
        part = written.parts[index]
        if part.zone is not Zone.BODY:
            return
        yield "=question" if part.question else "=statement"
        yield f"=words{min(5, part.words // 4)}"
        for place, edge in (("first", written.first), ("last", written.last)):
            if index == edge:
                yield f"={place}"
                yield from (f"{place} {word}" for word in self._words(part.plain[:60])[:3])

    def _of_message(self, message: Message, written: Letter, standing: tuple[Hit, ...]) -> Iterable[str]:
        body = [part for part in written.parts if part.zone is Zone.BODY]
        questions = sum(part.question for part in body)
        rest, _ = written.rest({hit.at for hit in standing if not hit.rule.refines})
        yield "=reply" if written.reply else "=new"
        yield f"=by-{written.by}"
        yield f"=readers{min(4, len(message.to) + len(message.cc))}"
        yield f"=length{_step(written.words, _STEPS)}"
        yield f"=rest{_step(rest, _REST_STEPS)}"
        yield f"=questions{min(3, questions)}"
        yield f"=statements{min(5, len(body) - questions)}"
        if body and questions == len(body):
            yield "=only-questions"
        if message.attachments:
            yield "=attachment"
        if _LINK.search(message.text):
            yield "=link"
        if written.subject.startswith(("fw:", "fwd:")):
            yield "=forward"
        yield "=inside" if _inside(message) else "=outside"
        yield from (f"subject {word}" for word in self._words(written.subject)[:12])
        yield from {f"act {hit.rule.act}" for hit in standing if not hit.rule.refines}


def _of_rule(hit: Hit) -> Iterable[str]:
    yield f"rule {hit.rule.id}"
    if not hit.rule.refines:
        yield f"hit {hit.rule.act}"


def _names(parties: Iterable[Party]) -> frozenset[str]:
    """The names people may be called by, in lower case: of their name and of their address, and their initials."""
    named = [party.name.lower() or party.address.partition("@")[0] for party in parties]
    parts = [[part for part in _APART.split(name) if part] for name in named]
    return frozenset(part for name in parts for part in (*name, "".join(word[0] for word in name)))


def _of_names(part: Part, own: frozenset[str], readers: frozenset[str]) -> Iterable[str]:
    """Whose name ends the sentence: "Thanks, Noor." closes Noor's mail, and thanks her in Dana's."""
    last = part.plain.rstrip(" .!-").rpartition(" ")[2].rpartition("-")[2]
    if len(last) < 2:
        return
    if last in readers:
        yield "=ends-in-reader"
    elif last in own or any(name.startswith(last) for name in own if len(last) > 2):
        yield "=ends-in-own-name"


def _neighbour(part: Part, hits: Iterable[str]) -> list[str]:
    """What the sentences beside this one hear of it."""
    return [f"-{hit}" for hit in hits if hit.startswith("hit ")] + ["-?" if part.question else "-."]


def _step(count: int, steps: tuple[int, ...]) -> int:
    return sum(count > step for step in steps)


def _inside(message: Message) -> bool:
    """Whether somebody of the sender's own domain reads it."""
    home = message.sender.address.partition("@")[2]
    return any(party.address.partition("@")[2] == home for party in message.to)
