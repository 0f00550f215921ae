"""`recipflow yes` and `recipflow no`: the answer to a question of the digest, which is a correction like any other."""

from __future__ import annotations

from typing import Annotated

import typer

from recipflow.cli.render import paragraph, say
from recipflow.cli.speaking import speaking

Which = Annotated[str, typer.Argument(metavar="KEY", help="The question's key, or the beginning of it.")]


def yes(key: Which) -> None:
    """Yes: the sentence was what the question takes it for, and counts as certain from now on."""
    _answer(key, true=True)


def no(key: Which) -> None:
    """No: the sentence was no such thing, and counts for nothing from now on; or it waits no more, and is dealt with."""
    _answer(key, true=False)


def _answer(key: str, *, true: bool) -> None:
    from recipflow.explain import lookup
    from recipflow.explain.answering import answered, life_answered
    from recipflow.explain.telling import Said, tell
    from recipflow.store import Verb

    with speaking() as (session, moment):
        point, question = lookup.question(session, key, moment)
        tell(
            session.store,
            Said(Verb.ANSWER, question.key, {"true": true}),
            moment,
            also=answered(session, point, question, moment, true=true),
            life=life_answered(session.store, question, moment),
            touched=point.contact.addresses,
        )
        denied = "it is taken as dealt with" if question.still else "it counts for nothing from now on"
        said = "it counts from now on" if true else denied
        say(paragraph(f"Thank you: {said}. Take it back: recipflow undo"))
