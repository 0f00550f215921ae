"""The digest of one morning: what is in it, what waits, and whether it goes out at all."""
