"""What the judge looks at: small words, their places and the rules that hit, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from sys import intern
from typing import NamedTuple

from recipflow.model import Message
from recipflow.reading.named import called, of_names, of_readers, spoken
from recipflow.rules.letter import Letter, Part
from recipflow.rules.patterns import plain
from recipflow.rules.rule import Rule
from recipflow.rules.rulebook import Hit
from recipflow.rules.sentences import Zone

LOOKED_AT = 400
"""Characters of a sentence that are looked at."""

UNKNOWN_WORD = "<?>"

Feature = str | tuple[str, ...]
"""A word, or words that belong together. They are joined in the file of weights alone: most are met, and have no weight."""

_READER = frozenset({"you", "your", "yours", "yourself"})

_TOKEN = re.compile(r"[a-z]+(?:[-'][a-z]+)*|\d[\d:.,/]*(?:am|pm)?|[?!$@,:]")
_LINKS = ("http://", "https://", "www.")
_STEPS = (5, 10, 20, 40, 80, 160)
_REST_STEPS = (0, 5, 10, 20, 40, 80)
_FORMS = [[(form, f"=words{step}") for step in range(6)] for form in ("=statement", "=question")]


class Sentence(NamedTuple):
    """A sentence, and the features of it that are not in its words."""

    part: Part
    around: tuple[Feature, ...]


class Seen(NamedTuple):
    """What is seen of a message: its sentences, and the features of the message itself."""

    sentences: tuple[Sentence, ...]
    message: tuple[Feature, ...]


def spelt(feature: Feature) -> str:
    """As it stands in the file of weights."""
    return feature if isinstance(feature, str) else " ".join(feature)


def unspelt(name: str) -> Feature:
    """The feature that stands so in the file of weights."""
    words = tuple(map(intern, name.split(" ")))  # some thousand names are made of few words
    return words if len(words) > 1 else words[0]


def glossed(english: Mapping[str, str]) -> dict[str, str]:
    """By word of another language, in plain form, the English it stands for; `english` lists the words the other way."""
    return {plain(word): meaning for meaning, words in english.items() for word in words.split()}


class Vocabulary:
    """Words that do the same work, short forms spelled out, and the words that are known at all.

    A word that is not `known` (a name, most often) is of no class but that of the unknown. None: all are known.
    """

    def __init__(
        self, classes: Mapping[str, str], spelled: Mapping[str, str], known: Iterable[str] | None = None
    ) -> None:
        classed = {word: f"<{name}>" for name, words in classes.items() for word in words.split()}
        self._general = ({} if known is None else {word: word for word in known}) | classed
        self._spelled = {short: long.split() for short, long in spelled.items()}
        self._all_known = known is None

    def see(
        self,
        message: Message,
        letter: Letter,
        hits: Iterable[Hit],
        standing: Iterable[Hit],
        most: int | None = None,
    ) -> Seen:
        """`hits` are all rules that hit a sentence, `standing` what stands on the message in the end.

        At `most` so many sentences are looked at.
        """
        parts = letter.parts[:most]
        heard: dict[int, set[_Trace]] = {}
        for rule, at in hits:
            if 0 <= at < len(parts):
                heard.setdefault(at, set()).add(_trace(rule))
        own, readers = called(message.sender), [called(party) for party in (*message.to, *message.cc)]
        callers = spoken([own]), spoken(readers)
        sentences = []
        for index, part in enumerate(parts):
            around = self._of_place(letter, index)
            around += of_names(part, *callers)
            around += of_readers(part, readers)
            if index:
                around.append("-?" if parts[index - 1].question else "-.")
            if index + 1 < len(parts):
                around.append("+-?" if parts[index + 1].question else "+-.")
            if heard:
                around += _of_traces(heard, index)
            sentences.append(Sentence(part, tuple(around)))
        return Seen(tuple(sentences), tuple(self._of_message(message, letter, tuple(standing))))

    def of_words(self, part: Part) -> Iterable[Feature]:
        """The features that are in the words of a sentence: the same for the same sentence, wherever it stands.

        Some come twice, and those with a word that is not known are among them: nothing was learned by them.
        """
        if part.zone is Zone.GREETING:
            return ("greeting",)
        words = self._words(part.plain[:LOOKED_AT])
        general = self._generals(words)
        found: list[Feature] = [
            *words,
            *general,
            *pairwise(("^", *words, "$")),
            *pairwise(("^", *general, "$")),
        ]
        if part.zone is Zone.CLOSING:
            return [("closing", each) if isinstance(each, str) else ("closing", *each) for each in found]
        if words:
            found += ("^", *words[:2]), ("^", *words[:3]), ("^", *general[:2]), ("^", *general[:3])
        else:
            found.append(("^", ""))
        if part.words <= 3:
            found.append(("short", words[0]) if words else "short")
        if part.question:
            found += [f"?{word}" for word in words]
        return found

    def speaks_of_reader(self, part: Part) -> bool:
        """Whether a sentence has a word for whom it is written to."""
        return not _READER.isdisjoint(self._words(part.plain[:LOOKED_AT]))

    def _words(self, text: str) -> list[str]:
        words: list[str] = []
        spelled = self._spelled
        for token in _TOKEN.findall(text):
            if token in spelled:
                words += spelled[token]
            elif "0" <= token[0] <= "9":
                words.append("#:" if ":" in token or token[-1] == "m" else "#")
            elif "-" in token:
                words += self._apart(token)
            else:
                words.append(token)
        return words

    def _apart(self, token: str) -> list[str]:
        """A verb and the pronoun that hangs on it, as in Portuguese: "mando-te"."""
        verb, hyphen, pronoun = token.rpartition("-")
        object_ = self._spelled.get(hyphen + pronoun)
        return [token] if object_ is None else [*self._spelled.get(verb, [verb]), *object_]

    def _generals(self, words: list[str]) -> list[str]:
        """The class of each word, or the word itself."""
        general = self._general.get
        return [general(word) or (word if self._all_known else UNKNOWN_WORD) for word in words]

    def _of_place(self, letter: Letter, index: int) -> list[Feature]:
        """Where a sentence stands, and how the first and last begin: "Thanks." opens a mail otherwise than it ends it."""
        part = letter.parts[index]
        if part.zone is not Zone.BODY:
            return []
        found: list[Feature] = [*_FORMS[part.question][min(5, part.words // 4)]]
        for place, edge in (("first", letter.first), ("last", letter.last)):
            if index == edge:
                found.append(f"={place}")
                found += [(place, word) for word in self._words(part.plain[:60])[:3]]
        return found

    def _of_message(self, message: Message, letter: Letter, standing: tuple[Hit, ...]) -> Iterator[Feature]:
        body = [part for part in letter.parts if part.zone is Zone.BODY]
        questions = sum(part.question for part in body)
        rest, _ = letter.rest({hit.at for hit in standing if not hit.rule.refines})
        yield "=reply" if letter.reply else "=new"
        yield f"=by-{letter.by}"
        yield f"=readers{min(4, len(message.to) + len(message.cc))}"
        yield f"=length{_step(letter.words, _STEPS)}"
        yield f"=rest{_step(rest, _REST_STEPS)}"
        yield f"=questions{min(3, questions)}"
        yield f"=statements{min(5, len(body) - questions)}"
        if body and questions == len(body):
            yield "=only-questions"
        if message.attachments:
            yield "=attachment"
        if any(map(message.text.__contains__, _LINKS)):
            yield "=link"
        if letter.subject.startswith(("fw:", "fwd:")):
            yield "=forward"
        yield "=inside" if _inside(message) else "=outside"
        yield from (("subject", word) for word in self._words(letter.subject)[:12])
        yield from {("act", str(hit.rule.act)) for hit in standing if not hit.rule.refines}
        yield from (("rule", hit.rule.id) for hit in standing if hit.rule.rest)


class _Trace(NamedTuple):
    """What a rule that hits a sentence leaves there, and what the sentences after and before it hear of it."""

    here: tuple[Feature, ...]
    before: tuple[Feature, ...]
    after: tuple[Feature, ...]


@cache
def _trace(rule: Rule) -> _Trace:
    own = (("rule", rule.id), *[("hit", "favour")] * rule.favour)
    if rule.refines:
        return _Trace(own, (), ())
    act = str(rule.act)
    return _Trace((*own, ("hit", act)), (("-hit", act),), (("+-hit", act),))


def _of_traces(heard: Mapping[int, Iterable[_Trace]], index: int) -> Iterator[Feature]:
    """What rules left on a sentence, and what it hears of those on its neighbours."""
    for trace in heard.get(index, ()):
        yield from trace.here
    for trace in heard.get(index - 1, ()):
        yield from trace.before
    for trace in heard.get(index + 1, ()):
        yield from trace.after


def _step(count: int, steps: tuple[int, ...]) -> int:
    return sum(count > step for step in steps)


def _inside(message: Message) -> bool:
    """Whether somebody of the sender's own domain reads it."""
    home = message.sender.address.partition("@")[2]
    return any(party.address.partition("@")[2] == home for party in message.to)
