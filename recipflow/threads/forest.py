"""Disjoint sets: which nodes hang together."""

from __future__ import annotations

from collections.abc import Sequence


class Forest:
    """Disjoint sets of nodes; path halving keeps them flat."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def root(self, node: str) -> str:
        """The node that stands for the set this one is in; a new node is a set of its own."""
        up = self._up
        above = up.setdefault(node, node)
        while above != node:
            up[node] = above = up[above]
            node, above = above, up[above]
        return node

    def join(self, nodes: Sequence[str]) -> None:
        """Make one set of the sets these nodes are in."""
        first = self.root(nodes[0])
        for node in nodes[1:]:
            other = self.root(node)
            if other != first:
                self._up[other] = first
