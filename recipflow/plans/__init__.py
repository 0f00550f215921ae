"""What the user intends with a contact: worked backwards from the day, and followed by what the mail shows."""

from recipflow.plans.following import Progress, Stage, asks_in, progress, rivals, still_open
from recipflow.plans.ideas import Idea, IdeaKind, ideas
from recipflow.plans.timing import Timing, timing

__all__ = [
    "Idea",
    "IdeaKind",
    "Progress",
    "Stage",
    "Timing",
    "asks_in",
    "ideas",
    "progress",
    "rivals",
    "still_open",
    "timing",
]
