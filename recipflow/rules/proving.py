"""Rules tried on their own examples: a pack of which one fails does not load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from recipflow.errors import UserError
from recipflow.rules.entries import Table
from recipflow.rules.letter import letter
from recipflow.rules.loading import sound
from recipflow.rules.rule import Example, Pack, Rule
from recipflow.rules.rulebook import Rulebook, rules_for


def proven(
    files: Mapping[str, Table], *, beside: Iterable[Pack] = (), problems: Iterable[str] = ()
) -> tuple[Pack, ...]:
    """The packs of parsed TOML files, by name; a UserError lists every problem there is, in shape and in examples.

    `beside` are packs that are read with them, and proven already: rules see one another. `problems` are known before.
    """
    packs, faults = sound(files)
    if found := [*problems, *faults, *failures(packs, beside=beside)]:
        raise UserError(found)
    return packs


def failures(packs: Iterable[Pack], *, beside: Iterable[Pack] = ()) -> Iterator[str]:
    """Every example that its own rule fails, with file and rule; `beside` is as in `proven`."""
    packs = tuple(packs)
    known = (*beside, *packs)
    books = {language: Rulebook(rules_for(known, language)) for language in {one.language for one in packs}}
    for pack in packs:
        book = books[pack.language]
        for rule in pack.rules:
            place = f"{pack.name}: {rule.id}"
            for example in rule.matches:
                if not _proves(book, rule, example, pack.language):
                    yield f"{place}: must match, and does not: {_shown(example)}"
            for example in rule.not_:
                if _proves(book, rule, example, pack.language):
                    yield f"{place}: must not match, and does: {_shown(example)}"


def _proves(book: Rulebook, rule: Rule, example: Example, language: str) -> bool:
    if rule.of == "meeting":
        return any(found.id == rule.id for found in book.on_summary(example.text))
    written = letter(
        example.text,
        subject=example.subject,
        attachments=example.attachments,
        reply=example.reply,
        by=example.by,
        language=language,
    )
    hits = book.sentence_hits(written) if rule.act is None else book.stand(written)
    return any(hit.rule.id == rule.id for hit in hits)


def _shown(example: Example) -> str:
    return repr(example.text or example.subject or ", ".join(example.attachments))
