"""Rules tried on their own examples: a pack of which one fails does not load."""

from __future__ import annotations

from collections.abc import Iterable

from recipflow.errors import UserError
from recipflow.rules.letter import letter
from recipflow.rules.rule import Example, Pack, Rule
from recipflow.rules.rulebook import Rulebook, rules_for


def prove(packs: Iterable[Pack], *, beside: Iterable[Pack] = ()) -> None:
    """Try every rule on its own examples; a UserError lists each that fails, with file and rule.

    `beside` are packs that are read with them, and proven already: rules see one another.
    """
    problems: list[str] = []
    packs = tuple(packs)
    known = (*beside, *packs)
    books = {language: Rulebook(rules_for(known, language)) for language in {one.language for one in packs}}
    for pack in packs:
        book = books[pack.language]
        for rule in pack.rules:
            place = f"{pack.name}: {rule.id}"
            problems += [
                f"{place}: must match, and does not: {_shown(e)}"
                for e in rule.matches
                if not _proves(book, rule, e, pack.language)
            ]
            problems += [
                f"{place}: must not match, and does: {_shown(e)}"
                for e in rule.not_
                if _proves(book, rule, e, pack.language)
            ]
    if problems:
        raise UserError(problems)


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
