"""The connectors that come with recipflow, found by entry point like a stranger's."""
