"""The plainest reckoning of buildings that form a tree, from the leaves up: the fewest grids out of bounds, and of the
divisions that have so few the cheapest. It shares nothing with the planner, and is meant to be read, not to be fast.
"""
import numpy as np

LEAST, MOST = 200, 400
# The households of an open grid go up to one above the most, which stands for all beyond.
SIZES = np.arange(MOST + 2)
IS_OUT = (SIZES < LEAST) | (SIZES > MOST)
# No state costs as much as FAR, and no division costs as much as one grid OUT of bounds.
FAR, OUT = 1 << 60, 1 << 40


def divided(starts, near, households, metres, k, total):
    """The grid of each building. `near[starts[at]:starts[at + 1]]` are the neighbours of a building, `metres` the borders
    with them, `k` the number of grids that is usual for `total` households."""
    below, order, parent = [[] for _ in households], [0], [-1] * len(households)
    for at in order:
        for arc in range(starts[at], starts[at + 1]):
            if near[arc] != parent[at]:
                parent[near[arc]] = at
                below[at].append((near[arc], metres[arc]))
                order.append(near[arc])
        if len(order) > len(households):
            raise ValueError("the buildings form no tree")
    # The usual number of grids, and those that fit the households, the nearest to it first.
    fits = range(max(1, min(-(-total // MOST), k)), max(min(total // LEAST, len(households)), k) + 1)
    counts = sorted(fits, key=lambda count: abs(count - k))
    # First no grid may be out of bounds. Where that is impossible, each that is counts one.
    for out in (FAR, 1):
        fewest = Tree(below, order, households, np.where(IS_OUT, out, 0), 0, max(counts)).least()
        count = min(counts, key=lambda count: fewest[count])
        if fewest[count] < FAR:
            break
    # Metres times the number of grids are whole numbers. A grid above the most costs like one just above it.
    closing = np.where(IS_OUT, FAR if out == FAR else OUT, 0) + 2 * abs(count * SIZES - total)
    return Tree(below, order, households, closing, count, count).division(count)


class Tree:
    """Tables of each building, one before and one after each building below it: row and column are the closed grids and
    the households of the grid that is still open, the entry is what that costs at least."""

    def __init__(self, below, order, households, closing, weigh, grids):
        self.below, self.closing, self.weigh, self.grids = below, closing, weigh, grids
        self.steps = [[] for _ in households]
        for at in reversed(order):
            alone = np.full((1, len(SIZES)), FAR)
            alone[0, min(households[at], SIZES[-1])] = 0
            self.steps[at].append(alone)
            for child, metres in below[at]:
                self.steps[at].append(self.joined(self.steps[at][-1], *self.under(child, metres)))

    def under(self, child, metres):
        """What lies below a border, with the grid there still open, and with it closed."""
        states = self.steps[child][-1]
        return states, states + self.closing + self.weigh * metres

    def joined(self, own, under, shut):
        """The table after a building below: the border is cut, or both are in one grid."""
        after = np.full((min(len(own) + len(under), self.grids), len(SIZES)), FAR)
        for closed, least in enumerate(shut.min(axis=1)):
            rows = after[closed + 1:closed + 1 + len(own)]
            np.minimum(rows, own[:len(rows)] + least, out=rows)
        few, many = sorted((own, under), key=lambda states: np.count_nonzero(states < FAR))
        for closed, size in np.argwhere(few < FAR):
            rows = after[closed:closed + len(many)]
            both, edge = many[:len(rows)] + few[closed, size], SIZES[-1] - size
            np.minimum(rows[:, size:-1], both[:, :edge], out=rows[:, size:-1])
            np.minimum(rows[:, -1], both[:, edge:].min(axis=1), out=rows[:, -1])
        if self.closing[-1] >= FAR:
            after[:, -1] = FAR
        np.minimum(after, FAR, out=after)
        used = np.flatnonzero(after.min(axis=1) < FAR)
        return after[:used[-1] + 1 if len(used) else 1]

    def least(self):
        """What a division into each number of grids costs at least."""
        least = np.minimum((self.steps[0][-1] + self.closing).min(axis=1), FAR)
        return {grids: int(least[grids - 1]) if grids <= len(least) else FAR for grids in range(1, self.grids + 1)}

    def division(self, grids):
        """A division that costs the least: back from the root, a step is sought that comes to what was found."""
        label, last = [0] * len(self.steps), 0
        todo = [(0, (grids - 1, int((self.steps[0][-1] + self.closing)[grids - 1].argmin())))]
        while todo:
            at, state = todo.pop()
            for step in range(len(self.below[at]), 0, -1):
                child, metres = self.below[at][step - 1]
                wanted = self.steps[at][step][state]
                state, lower, is_cut = before(self.steps[at][step - 1], *self.under(child, metres), *state, wanted)
                last += is_cut
                label[child] = last if is_cut else label[at]
                todo.append((child, lower))
        return label


def before(own, under, shut, closed, size, wanted):
    """The state before a step, that of the building below, and whether the border between them is cut."""
    for lower in range(len(under)):
        left, still = closed - 1 - lower, int(shut[lower].argmin())
        if 0 <= left < len(own) and own[left, size] + shut[lower, still] == wanted:
            return (left, size), (lower, still), 1
    for lower in range(max(0, closed + 1 - len(own)), min(closed + 1, len(under))):
        mine = own[closed - lower]
        if size < SIZES[-1]:
            found = [(size - at, at) for at in np.flatnonzero(mine[size::-1] + under[lower, :size + 1] == wanted)]
        else:
            above = SIZES[:, None] + SIZES >= size
            found = np.argwhere(above & (mine[:, None] + under[lower] == wanted))
        if len(found):
            return (closed - lower, int(found[0][0])), (lower, int(found[0][1])), 0
    raise ValueError("each state comes from another")
