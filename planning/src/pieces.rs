//! Finds the pieces into which a network falls, so that nobody is put on one that leads nowhere.

/// A piece with fewer nodes than that is taken for a gap in the map: the way goes on in the town, but not in the data.
/// The largest piece of all is none, however small the town is.
const WHOLE_NODES: u32 = 100;

/// The pieces of a network: nodes are of one piece when ways join them, in whichever direction.
#[derive(Debug, Clone)]
pub struct Pieces {
    /// Of each node the first node of its piece.
    of: Vec<u32>,
    /// At the first node of each piece: how many nodes it has.
    sizes: Vec<u32>,
    /// How many nodes the largest piece has.
    largest: u32,
}

impl Pieces {
    /// Finds the pieces of so many nodes. A way that names a node that does not exist joins nothing.
    pub fn new(nodes: usize, ways: impl Iterator<Item = [u32; 2]>) -> Self {
        let mut of: Vec<u32> = (0..nodes as u32).collect();
        for [from, to] in ways {
            if (from.max(to) as usize) < nodes {
                let (one, other) = (first(&mut of, from), first(&mut of, to));
                of[one.max(other) as usize] = one.min(other);
            }
        }
        let mut sizes = vec![0u32; nodes];
        for node in 0..nodes as u32 {
            let piece = first(&mut of, node);
            of[node as usize] = piece;
            sizes[piece as usize] += 1;
        }
        let largest = sizes.iter().copied().max().unwrap_or(0);
        Self { of, sizes, largest }
    }

    /// Returns the first node of the piece on which a node lies. A node that does not exist is a piece of its own.
    pub fn piece(&self, node: u32) -> u32 {
        self.of.get(node as usize).copied().unwrap_or(node)
    }

    /// Returns how many pieces there are.
    pub fn count(&self) -> usize {
        self.sizes.iter().filter(|size| **size > 0).count()
    }

    /// Returns how many nodes the largest piece has.
    pub fn largest(&self) -> u32 {
        self.largest
    }

    /// Returns how many nodes lie on no way at all.
    pub fn alone(&self) -> usize {
        self.sizes.iter().filter(|size| **size == 1).count()
    }

    /// Says whether a node lies on a piece that is cut off from the rest of the network.
    pub fn is_cut_off(&self, node: u32) -> bool {
        let size = self.size(node);
        size < self.largest && size < WHOLE_NODES
    }

    /// Says whether a node lies on an island: a piece, however large, that is not the largest one.
    pub fn is_island(&self, node: u32) -> bool {
        self.size(node) < self.largest
    }

    /// Returns how many nodes the piece has on which a node lies.
    fn size(&self, node: u32) -> u32 {
        self.sizes.get(self.piece(node) as usize).copied().unwrap_or(0)
    }
}

/// Returns the first node of the piece, and shortens the way to it for those who ask later.
fn first(of: &mut [u32], mut node: u32) -> u32 {
    while of[node as usize] != node {
        let next = of[of[node as usize] as usize];
        of[node as usize] = next;
        node = next;
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_piece_beside_a_larger_one_is_cut_off() {
        let pieces = Pieces::new(6, [[0, 1], [1, 2], [4, 3], [9, 1]].into_iter());
        let cut_off: Vec<bool> = (0..6).map(|node| pieces.is_cut_off(node)).collect();
        assert_eq!(cut_off, [false, false, false, true, true, true], "node 5 stands alone");
        assert_eq!((pieces.piece(2), pieces.piece(4), pieces.piece(5)), (0, 3, 5));
        assert_eq!((pieces.count(), pieces.largest(), pieces.alone()), (3, 3, 1));
        assert_eq!((pieces.piece(7), pieces.is_cut_off(7)), (7, true), "there is no such node");
        assert!(!Pieces::new(1, std::iter::empty()).is_cut_off(0));
        let halves = Pieces::new(4, [[0, 1], [2, 3]].into_iter());
        assert!(
            (0..4).all(|node| !halves.is_cut_off(node) && !halves.is_island(node)),
            "neither is the rest of the other"
        );
    }

    #[test]
    fn a_part_of_town_on_an_island_is_no_gap_in_the_map() {
        let line = |from: u32, nodes: u32| (from..from + nodes - 1).map(|node| [node, node + 1]);
        let pieces = Pieces::new(300, line(0, 180).chain(line(180, 120)));
        assert!(!pieces.is_cut_off(200) && pieces.is_island(200) && !pieces.is_island(100));
        let pieces = Pieces::new(300, line(0, 201).chain(line(201, 99)));
        assert!(pieces.is_cut_off(201) && !pieces.is_cut_off(200));
    }
}
