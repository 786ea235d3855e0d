//! Finds the time from the nearest of several starts to every node within a limit. Nodes lie in buckets by time, as
//! Dial proposed (Algorithm 360, Communications of the ACM 12, 1969). Each bucket is some ds wide, and it is worked on
//! until nothing in it changes (Meyer and Sanders, Δ-stepping, Journal of Algorithms 49, 2003).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Arc, Network};

/// The time of a node that was not reached within the limit.
pub const UNREACHED: u32 = u32::MAX;

/// The owner of a node that was not reached, or of every node when owners were not asked for.
pub const NOBODY: u32 = u32::MAX;

/// With more buckets than this a heap is used: somewhere an arc takes hours (a ferry).
const MOST_BUCKETS: usize = 1 << 16;

/// A place where a search starts, and how much time has passed there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The node.
    pub node: u32,
    /// The time at the start, ds.
    pub time: u32,
}

/// The times by node, and the memory that a search needs; it is used again for each search.
#[derive(Debug, Clone)]
pub struct Search {
    time: Vec<u32>,
    owner: Vec<u32>,
    touched: Vec<u32>,
    /// The nodes by time, several ds to a bucket. The buckets are used round and round and are empty between searches.
    buckets: Vec<Vec<u32>>,
    steps: Vec<Step>,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
}

/// A node to expand: its row of arcs and its time.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    from: u32,
    until: u32,
    now: u32,
    node: u32,
}

/// A step to a node from another.
#[derive(Debug, Clone, Copy)]
struct Step {
    to: u32,
    time: u32,
    owner: u32,
    first: bool,
}

/// How many nodes are expanded in one go.
const AT_ONCE: usize = 64;

impl Search {
    /// Makes the memory for a network of `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            time: vec![UNREACHED; nodes],
            owner: Vec::new(),
            touched: Vec::new(),
            buckets: Vec::new(),
            steps: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Returns the time of each node in ds, [`UNREACHED`] where no start is within the limit.
    pub fn times(&self) -> &[u32] {
        &self.time
    }

    /// Returns for each node the start from which it was reached (its place in the list), or [`NOBODY`]. This is filled
    /// only by [`Search::run_owned`].
    pub fn owners(&self) -> &[u32] {
        &self.owner
    }

    /// Returns the nodes that have a time, in the order in which they first got one.
    pub fn reached(&self) -> &[u32] {
        &self.touched
    }

    /// Forgets the last search.
    pub fn clear(&mut self) {
        for &node in &self.touched {
            self.time[node as usize] = UNREACHED;
        }
        if !self.owner.is_empty() {
            for &node in &self.touched {
                self.owner[node as usize] = NOBODY;
            }
        }
        self.touched.clear();
    }

    /// Searches anew from `nodes`, all at time 0, out to `limit` ds inclusive. Nodes that do not exist are passed over.
    pub fn run(&mut self, network: &Network, nodes: &[u32], limit: u32) {
        self.clear();
        for &node in nodes {
            if let Some(time) = self.time.get_mut(node as usize)
                && *time == UNREACHED
            {
                *time = 0;
                self.touched.push(node);
            }
        }
        self.go::<false>(network, &[], limit);
    }

    /// Searches anew from `starts` and remembers for each node to which start it belongs. Of equal ones, the start that
    /// reached it first owns it.
    pub fn run_owned(&mut self, network: &Network, starts: &[Start], limit: u32) {
        self.clear();
        self.owner.resize(self.time.len(), NOBODY);
        let mut later: Vec<u32> =
            (0..starts.len() as u32).filter(|&at| (starts[at as usize].node as usize) < self.time.len()).collect();
        later.sort_by_key(|&at| starts[at as usize].time);
        let later: Vec<(u32, Start)> = later.into_iter().map(|at| (at, starts[at as usize])).collect();
        self.go::<true>(network, &later, limit);
    }

    fn go<const OWNED: bool>(&mut self, network: &Network, later: &[(u32, Start)], limit: u32) {
        let limit = limit.min(UNREACHED - 1);
        let buckets = ((network.longest().min(limit) >> network.width) as usize + 2).next_power_of_two();
        if buckets > MOST_BUCKETS {
            self.by_heap::<OWNED>(network, later, limit);
        } else {
            self.by_buckets::<OWNED>(network, later, limit, buckets);
        }
    }

    /// Gives a node a shorter time and says whether the time was shorter.
    #[inline]
    fn shorten<const OWNED: bool>(&mut self, node: u32, time: u32, owner: u32) -> bool {
        let known = &mut self.time[node as usize];
        if time >= *known {
            return false;
        }
        if *known == UNREACHED {
            self.touched.push(node);
        }
        *known = time;
        if OWNED {
            self.owner[node as usize] = owner;
        }
        true
    }

    fn by_buckets<const OWNED: bool>(
        &mut self,
        network: &Network,
        mut later: &[(u32, Start)],
        limit: u32,
        buckets: usize,
    ) {
        let (mask, width) = (buckets - 1, network.width);
        if self.buckets.len() < buckets {
            self.buckets.resize(buckets, Vec::new());
        }
        self.buckets[0].extend_from_slice(&self.touched);
        let mut waiting = self.touched.len();
        let mut current = 0u32;
        loop {
            if OWNED {
                if waiting == 0
                    && let Some((_, start)) = later.first()
                {
                    current = current.max(start.time >> width);
                }
                while let Some(((owner, start), rest)) = later.split_first()
                    && start.time >> width <= current
                {
                    later = rest;
                    if start.time <= limit && self.shorten::<OWNED>(start.node, start.time, *owner) {
                        self.buckets[(start.time >> width) as usize & mask].push(start.node);
                        waiting += 1;
                    }
                }
            }
            if waiting == 0 && (!OWNED || later.is_empty()) {
                return;
            }
            let bucket = current as usize & mask;
            let mut nodes = std::mem::take(&mut self.buckets[bucket]);
            while !nodes.is_empty() {
                waiting -= nodes.len();
                for some in nodes.chunks(AT_ONCE) {
                    waiting += self.expand::<OWNED>(network, some, current, limit, mask);
                }
                nodes.clear();
                std::mem::swap(&mut nodes, &mut self.buckets[bucket]);
            }
            self.buckets[bucket] = nodes;
            current += 1;
        }
    }

    /// Looks at the arcs out of some nodes of one bucket, and returns how many entries of buckets that made.
    ///
    /// It works in passes that do not branch on what was only just read, so that the processor waits for many nodes at
    /// a time.
    #[inline]
    fn expand<const OWNED: bool>(
        &mut self,
        network: &Network,
        nodes: &[u32],
        current: u32,
        limit: u32,
        mask: usize,
    ) -> usize {
        let width = network.width;
        let mut rows = [Row::default(); AT_ONCE];
        for (row, &node) in rows.iter_mut().zip(nodes) {
            let now = self.time[node as usize];
            let (from, until) = network.row(node);
            // A node that was reached earlier by another way has been expanded already, so its row is empty.
            *row = Row { from, until: if now >> width == current { until } else { from }, now, node };
        }
        self.steps.clear();
        for row in &rows[..nodes.len()] {
            let owner = if OWNED { self.owner[row.node as usize] } else { NOBODY };
            let step = |arc: &Arc| Step { to: arc.to, time: row.now.saturating_add(arc.time), owner, first: false };
            self.steps.extend(network.arcs[row.from as usize..row.until as usize].iter().map(step));
        }
        let mut kept = 0;
        for at in 0..self.steps.len() {
            let mut step = self.steps[at];
            let known = &mut self.time[step.to as usize];
            let better = step.time < *known && step.time <= limit;
            step.first = *known == UNREACHED;
            *known = if better { step.time } else { *known };
            self.steps[kept] = step;
            kept += usize::from(better);
        }
        for step in &self.steps[..kept] {
            if step.first {
                self.touched.push(step.to);
            }
            if OWNED {
                self.owner[step.to as usize] = step.owner;
            }
            self.buckets[(step.time >> width) as usize & mask].push(step.to);
        }
        kept
    }

    fn by_heap<const OWNED: bool>(&mut self, network: &Network, later: &[(u32, Start)], limit: u32) {
        self.heap.clear();
        self.heap.extend(self.touched.iter().map(|&start| Reverse((0, start))));
        for &(owner, start) in later {
            if start.time <= limit && self.shorten::<OWNED>(start.node, start.time, owner) {
                self.heap.push(Reverse((start.time, start.node)));
            }
        }
        while let Some(Reverse((now, node))) = self.heap.pop() {
            if self.time[node as usize] != now {
                continue;
            }
            let owner = if OWNED { self.owner[node as usize] } else { NOBODY };
            for arc in network.out(node) {
                let Some(time) = now.checked_add(arc.time).filter(|&time| time <= limit) else {
                    continue;
                };
                if self.shorten::<OWNED>(arc.to, time, owner) {
                    self.heap.push(Reverse((time, arc.to)));
                }
            }
        }
    }
}
