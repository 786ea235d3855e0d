//! The walking network has nodes and directed arcs with times in deciseconds, and profiles say how fast somebody walks
//! them.

mod search;

pub use search::{NOBODY, Search, Start, UNREACHED};

/// The reason why no network can be made of what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An edge leads to a node that does not exist.
    #[error("edge {edge} names node {node}, and there are only {nodes}")]
    NoNode {
        /// The edge, counted from 0.
        edge: usize,
        /// The node that the edge names.
        node: u32,
        /// How many nodes there are.
        nodes: usize,
    },
    /// An edge leads from a node to itself.
    #[error("edge {edge} leads from node {node} to itself")]
    Loop {
        /// The edge, counted from 0.
        edge: usize,
        /// The node.
        node: u32,
    },
    /// A time is longer than any walk.
    #[error("edge {edge} takes {time} ds, more than the {LONGEST_DS} ds (a day) that a walk may take")]
    TooLong {
        /// The edge, counted from 0.
        edge: usize,
        /// The time of the edge in ds.
        time: u32,
    },
}

/// The longest time that an arc may take: a day.
pub const LONGEST_DS: u32 = 864_000;

/// The class of a way that carries people, such as a ferry. It takes everybody the same time, whoever walks.
pub const RIDE: u8 = 254;

/// One directed piece of way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The node from which the edge starts.
    pub from: u32,
    /// The node to which the edge leads.
    pub to: u32,
    /// The time at 1.2 m/s, ds.
    pub time: u32,
    /// The class of the way. A profile may slow it down (slope, snow, stairs), but not a [`RIDE`].
    pub class: u8,
}

/// How somebody walks: the speed, and how much longer each class of way takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The speed in millimetres a second: 1,200 for an adult, 800 for an old person.
    pub speed: u32,
    /// The percentage of its time that an edge of class `i` takes. Classes beyond the end of the list take 100.
    pub class_percent: Vec<u32>,
}

/// The speed in mm/s at which the times of [`Edge`] are given.
pub const GIVEN_SPEED: u32 = 1_200;

impl Profile {
    /// Returns the profile of an adult: 1.2 m/s.
    pub fn adult() -> Self {
        Self { speed: GIVEN_SPEED, class_percent: Vec::new() }
    }

    /// Returns the profile of an old person: 0.8 m/s, so that everything takes half as long again.
    pub fn elderly() -> Self {
        Self { speed: 800, class_percent: Vec::new() }
    }

    /// Returns the time in ds in which somebody of this profile walks what takes `time` at 1.2 m/s, rounded to the
    /// nearest; halves are rounded up. A ride takes `time` for everybody.
    pub fn time(&self, time: u32, class: u8) -> u32 {
        if class == RIDE {
            return time;
        }
        let percent = self.class_percent.get(usize::from(class)).copied().unwrap_or(100);
        let over = u64::from(self.speed.max(1)) * 100;
        let scaled = u64::from(time) * u64::from(GIVEN_SPEED) * u64::from(percent);
        u32::try_from((scaled + over / 2) / over).unwrap_or(u32::MAX)
    }
}

/// An arc out of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// The node to which the arc leads.
    pub to: u32,
    /// The time that the arc takes, ds.
    pub time: u32,
}

/// All arcs, ordered by the node from which they start (compressed rows).
#[derive(Debug, Clone)]
pub struct Network {
    first: Vec<u32>,
    arcs: Vec<Arc>,
    longest: u32,
    /// A bucket of a search covers `1 << width` ds, at most half of the mean time of an arc.
    width: u32,
}

impl Network {
    /// Makes a network of `nodes` nodes, walked forward as `profile` walks.
    pub fn new(nodes: usize, edges: &[Edge], profile: &Profile) -> Result<Self, Fault> {
        for (at, edge) in edges.iter().enumerate() {
            for node in [edge.from, edge.to] {
                if node as usize >= nodes {
                    return Err(Fault::NoNode { edge: at, node, nodes });
                }
            }
            if edge.from == edge.to {
                return Err(Fault::Loop { edge: at, node: edge.from });
            }
            let time = profile.time(edge.time, edge.class);
            if time > LONGEST_DS {
                return Err(Fault::TooLong { edge: at, time });
            }
        }
        let times = edges.iter().map(|edge| profile.time(edge.time, edge.class));
        let from = edges.iter().map(|edge| edge.from);
        let to = edges.iter().map(|edge| edge.to);
        Ok(Self::rows(nodes, from, to.zip(times)))
    }

    /// Returns the same ways walked the other way round. A search from a station then finds who can walk **to** it.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let from = self.arcs.iter().map(|arc| arc.to);
        let to = (0..self.nodes() as u32)
            .flat_map(|node| std::iter::repeat_n(node, self.out(node).len()))
            .zip(self.arcs.iter().map(|arc| arc.time));
        Self::rows(self.nodes(), from, to)
    }

    fn rows(nodes: usize, from: impl Iterator<Item = u32> + Clone, to: impl Iterator<Item = (u32, u32)>) -> Self {
        let first = starts(nodes, from.clone());
        let mut free = first.clone();
        let mut arcs = vec![Arc { to: 0, time: 0 }; first[nodes] as usize];
        let (mut longest, mut sum) = (0, 0u64);
        for (from, (to, time)) in from.zip(to) {
            let place = &mut free[from as usize];
            arcs[*place as usize] = Arc { to, time };
            *place += 1;
            longest = longest.max(time);
            sum += u64::from(time);
        }
        let mean = sum / arcs.len().max(1) as u64;
        Self { first, arcs, longest, width: (mean / 2).max(1).ilog2() }
    }

    /// Returns how many nodes there are.
    pub fn nodes(&self) -> usize {
        self.first.len() - 1
    }

    /// Returns the time of the longest arc, ds.
    pub fn longest(&self) -> u32 {
        self.longest
    }

    /// Returns the arcs out of a node.
    #[inline]
    pub fn out(&self, node: u32) -> &[Arc] {
        let (from, until) = self.row(node);
        &self.arcs[from as usize..until as usize]
    }

    /// Says of each node whether some way leads to it from one of these nodes, however long it is.
    pub fn reached_from(&self, nodes: impl Iterator<Item = u32>) -> Vec<bool> {
        let mut reached = vec![false; self.nodes()];
        let mut open: Vec<u32> = nodes.collect();
        while let Some(node) = open.pop() {
            let Some(seen) = reached.get_mut(node as usize).filter(|seen| !**seen) else { continue };
            *seen = true;
            open.extend(self.out(node).iter().map(|arc| arc.to));
        }
        reached
    }

    /// Returns where the arcs out of a node begin and end.
    #[inline]
    fn row(&self, node: u32) -> (u32, u32) {
        (self.first[node as usize], self.first[node as usize + 1])
    }
}

/// Returns where each key's row begins when things with these keys are laid side by side. The list is one longer than
/// `keys`.
pub(crate) fn starts(keys: usize, of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0u32; keys + 1];
    for key in of {
        first[key as usize + 1] += 1;
    }
    for key in 0..keys {
        first[key + 1] += first[key];
    }
    first
}

/// Things kept by a dense key: `of(key)` returns the row of their values.
#[derive(Debug, Clone)]
pub(crate) struct Rows<T> {
    first: Vec<u32>,
    values: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    pub fn new(keys: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let first = starts(keys, pairs.clone().map(|(key, _)| key));
        let mut free = first.clone();
        let mut values = vec![T::default(); first[keys] as usize];
        for (key, value) in pairs {
            let place = &mut free[key as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        Self { first, values }
    }

    #[inline]
    pub fn of(&self, key: u32) -> &[T] {
        &self.values[self.first[key as usize] as usize..self.first[key as usize + 1] as usize]
    }

    /// Returns how many things there are in all rows.
    pub fn count(&self) -> usize {
        self.values.len()
    }
}

#[cfg(test)]
mod tests;
