//! Keeps squares that a service gave, for a while and within a limit of bytes, so that it is asked once and not at each
//! look.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::earth::Tile;
use kernel::time::Instant;

use super::square::Square;

/// How many bytes are kept.
const BYTES: usize = 64 * 1024 * 1024;
/// What a square takes beside its content.
const BESIDE: usize = 256;
/// How long a square is good for: streets change slowly.
const SECONDS: i64 = 24 * 60 * 60;

/// The squares that are kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    squares: BTreeMap<Tile, Item>,
    /// The squares by their last use, the longest ago first.
    used: BTreeMap<u64, Tile>,
    uses: u64,
    bytes: usize,
}

struct Item {
    square: Arc<Square>,
    until: Instant,
    use_of: u64,
}

impl Kept {
    /// A square that is good now.
    pub fn find(&self, tile: Tile, now: Instant) -> Option<Arc<Square>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let item = all.take(tile).filter(|item| item.until > now)?;
        let (square, until) = (item.square, item.until);
        all.put(tile, square.clone(), until);
        Some(square)
    }

    /// Keeps a square. Those that were not used for longest make room.
    pub fn keep(&self, tile: Tile, square: &Arc<Square>, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(all.take(tile));
        all.put(tile, square.clone(), now.plus_seconds(SECONDS));
        while all.bytes > BYTES {
            let Some(oldest) = all.used.values().next().copied() else { break };
            drop(all.take(oldest));
        }
    }
}

impl Shelf {
    fn take(&mut self, tile: Tile) -> Option<Item> {
        let item = self.squares.remove(&tile)?;
        self.used.remove(&item.use_of);
        self.bytes -= item.square.bytes.len() + BESIDE;
        Some(item)
    }

    fn put(&mut self, tile: Tile, square: Arc<Square>, until: Instant) {
        self.uses += 1;
        self.bytes += square.bytes.len() + BESIDE;
        self.used.insert(self.uses, tile);
        self.squares.insert(tile, Item { square, until, use_of: self.uses });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiles::Kind;

    fn tile(column: u32) -> Tile {
        Tile::new(10, column, 0).unwrap()
    }

    fn square(bytes: usize) -> Arc<Square> {
        Arc::new(Square::new(Kind::Png, vec![0; bytes], false))
    }

    #[test]
    fn a_square_is_kept_for_a_day() {
        let (kept, now) = (Kept::default(), Instant::from_micros(0));
        kept.keep(tile(1), &square(10), now);
        for (seconds, there) in [(0, true), (SECONDS - 1, true), (SECONDS, false), (0, false)] {
            assert_eq!(kept.find(tile(1), now.plus_seconds(seconds)).is_some(), there, "after {seconds} seconds");
        }
        assert_eq!(kept.0.lock().unwrap().bytes, 0, "what is too old is gone");
    }

    #[test]
    fn the_bytes_are_bounded_and_what_is_used_stays() {
        let (kept, now, large) = (Kept::default(), Instant::from_micros(0), BYTES / 4);
        for column in 0..20 {
            kept.keep(tile(column), &square(large), now);
            assert!(kept.find(tile(0), now).is_some(), "used each time, at {column}");
            assert!(kept.0.lock().unwrap().bytes <= BYTES);
        }
        assert!(kept.find(tile(19), now).is_some() && kept.find(tile(10), now).is_none());
        kept.keep(tile(0), &square(large), now);
        let shelf = kept.0.lock().unwrap();
        assert_eq!((shelf.squares.len(), shelf.used.len()), (3, 3), "the same square is kept once");
    }
}
