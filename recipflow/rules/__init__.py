"""Rules that read: packs of them loaded and tried, and what they look at: sentences, phrases, days."""
