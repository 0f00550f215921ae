"""Delivering exactly once: staged in the transaction that decided it, and looked for before it is repeated."""

from __future__ import annotations

from recipflow.outbox.keys import digest_key, digest_token, letter_form, letter_text, reminder_id
from recipflow.outbox.letters import Outcome, deliver_letter, stage_letter

__all__ = [
    "Outcome",
    "deliver_letter",
    "digest_key",
    "digest_token",
    "letter_form",
    "letter_text",
    "reminder_id",
    "stage_letter",
]
