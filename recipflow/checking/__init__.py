"""Before an ask goes out: what stands against it, until when, a better moment, and what makes it hard to answer."""

from recipflow.checking.draft import Draft, read_draft
from recipflow.checking.judging import Objection, Surroundings, Verdict, judge

__all__ = ["Draft", "Objection", "Surroundings", "Verdict", "judge", "read_draft"]
