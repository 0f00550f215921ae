"""What the user intends with a contact: worked backwards from the day, and followed by what the mail shows."""

from recipflow.plans.following import Progress, Stage, progress
from recipflow.plans.ideas import Idea, IdeaKind, ideas
from recipflow.plans.timing import Timing, timing

__all__ = ["Idea", "IdeaKind", "Progress", "Stage", "Timing", "ideas", "progress", "timing"]
