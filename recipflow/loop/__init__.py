"""The five steps of a relationship: where it stands, what is next, and what repeats."""

from recipflow.loop.patterns import Pattern, patterns
from recipflow.loop.places import Place, Step
from recipflow.loop.steps import place

__all__ = ["Pattern", "Place", "Step", "patterns", "place"]
