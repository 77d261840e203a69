"""Boosted decision trees (Friedman 2001) over rows of numbers, all trees at once, level by level.

Leaf values are integers, so that the sum of the trees does not depend on the machine.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# So many rows at once stay in a processor's cache.
BLOCK = 96

Ints = npt.NDArray[np.int64]


class Trees(NamedTuple):
    """An ensemble, one row of nodes a tree: the root is node 0, `child` gives the left child, the right one comes next.

    A row goes left where its feature is at most the threshold; a leaf is its own left child and its threshold is infinite.
    """

    feature: Ints
    threshold: npt.NDArray[np.float64]
    child: Ints
    value: Ints
    depth: int

    def score(self, rows: npt.NDArray[np.float64], outputs: int = 1) -> Ints:
        """Return the sums of the trees for each row, `outputs` columns: the trees of one output stand together."""
        trees, nodes = self.feature.shape
        base = np.arange(trees) * nodes
        feature, threshold, child = (
            self.feature.ravel(),
            self.threshold.ravel(),
            self.child.ravel() + base.repeat(nodes),
        )
        value = self.value.ravel()
        out = np.zeros((len(rows), outputs), np.int64)
        for at in range(0, len(rows), BLOCK):
            block = rows[at : at + BLOCK]
            offset = (np.arange(len(block)) * rows.shape[1])[:, None]
            flat = block.ravel()
            node = np.broadcast_to(base, (len(block), trees))
            for _ in range(self.depth):
                node = child.take(node) + (flat.take(offset + feature.take(node)) > threshold.take(node))
            out[at : at + BLOCK] = value.take(node).reshape(len(block), outputs, trees // outputs).sum(axis=2)
        return out
