"""Saying why: what advice stands on, what holds it back, and what the user's word changes."""
