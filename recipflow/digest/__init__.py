"""Nudges made into something to read over coffee: a handful of sentences, each with its quote."""
