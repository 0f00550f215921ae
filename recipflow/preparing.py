"""What is stored of a message: its new text, whether a person wrote it, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from recipflow.machines import Machines
from recipflow.model import Form, Message
from recipflow.reading.language import language_of
from recipflow.store import HEAD, Prepared
from recipflow.text import new_text
from recipflow.threads.aliases import alias
from recipflow.writers import authored

AUTO_REPLY = "auto_reply"
"""The kind of machine whose words are read: until when its owner is away."""

Prepare = Callable[[Message], Prepared]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """Cuts the new text of a message, and says whether a person wrote it, and in which language.

    What a machine carries for a person (a shared document's notice) is that person's, if it tells the address; what
    somebody sends in the user's name is the user's only if they are one of the `assistants`.
    """

    machines: Machines
    me: frozenset[str] = frozenset()
    assistants: frozenset[str] = frozenset()

    def __call__(self, message: Message) -> Prepared:
        message = authored(message, self.machines, self.me, self.assistants)
        rule = self.machines.rule(message, self.me)
        if message.partial:
            return Prepared(_with_text(message, ""), rule.kind if rule else None, "" if rule else HEAD)
        if rule and rule.carries:
            giver = self.machines.carried_for(message)
            if giver and giver.address:
                message, rule = replace(message, sender=giver), None
        if rule and rule.kind != AUTO_REPLY:
            return Prepared(_with_text(message, ""), rule.kind)
        text = new_text(message.body, message.form).text if message.body else message.text
        return Prepared(_with_text(message, text), rule.kind if rule else None, language_of(text))


def _with_text(message: Message, text: str) -> Message:
    """As it comes out of the store: without the body, in whole seconds, with what it refers to by alias."""
    return replace(
        message,
        text=text,
        body="",
        form=Form.PLAIN,
        at=message.at.replace(microsecond=0),
        in_reply_to=alias(message.in_reply_to),
        references=tuple(map(alias, message.references)),
    )
