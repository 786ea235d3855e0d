//! The directories of an archive: which square lies where.

use kernel::earth::Tile;

use super::fault::ArchiveFault;

/// Each entry takes at least so many bytes, so that a directory cannot say it has more than it can hold.
const LEAST_BYTES: usize = 4;
/// The bits of a number that one byte carries.
const BITS: u32 = 7;

/// Squares with the same content that follow one another, or another directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number of the first square.
    number: u64,
    /// How many squares it is; 0 for another directory, which holds this square and those after it.
    pub run: u32,
    /// Where it begins in its part of the file.
    pub offset: u64,
    /// How many bytes it is.
    pub length: u32,
}

/// A directory: entries in the order of their squares.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory(Vec<Entry>);

impl Directory {
    /// Reads a directory: how many entries there are, then all steps of the numbers, all runs, all lengths and all
    /// offsets.
    pub fn parse(bytes: &[u8]) -> Result<Self, ArchiveFault> {
        Self::read(bytes).ok_or(ArchiveFault::Damaged("a directory contradicts itself"))
    }

    fn read(mut bytes: &[u8]) -> Option<Self> {
        let count = usize::try_from(taken(&mut bytes)?).ok()?;
        if count > bytes.len() / LEAST_BYTES {
            return None;
        }
        let mut entries = Vec::with_capacity(count);
        let mut number = 0_u64;
        for _ in 0..count {
            let step = taken(&mut bytes)?;
            if step == 0 && !entries.is_empty() {
                return None;
            }
            number = number.checked_add(step)?;
            entries.push(Entry { number, run: 0, offset: 0, length: 0 });
        }
        for entry in &mut entries {
            entry.run = taken(&mut bytes)?.try_into().ok()?;
        }
        for entry in &mut entries {
            entry.length = taken(&mut bytes)?.try_into().ok().filter(|length| *length > 0)?;
        }
        let mut end = None;
        for entry in &mut entries {
            entry.offset = match taken(&mut bytes)? {
                0 => end?,
                written => written - 1,
            };
            end = Some(entry.offset.checked_add(u64::from(entry.length))?);
        }
        Some(Self(entries))
    }

    /// The entry that holds a square, or the directory that may.
    pub fn find(&self, number: u64) -> Option<Entry> {
        let after = self.0.partition_point(|entry| entry.number <= number);
        let entry = self.0.get(after.checked_sub(1)?)?;
        let inside = entry.run == 0 || number - entry.number < u64::from(entry.run);
        inside.then_some(*entry)
    }
}

/// Takes a number off the beginning: seven bits a byte, the lowest first.
fn taken(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(first & 0x7f);
        if part.checked_shl(shift)? >> shift != part {
            return None;
        }
        number |= part << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// The number of a square: those of all lesser zooms come before it, and inside its zoom a Hilbert curve leads from one
/// to the next.
pub(super) fn number(tile: Tile) -> u64 {
    let before = ((1_u64 << (2 * tile.zoom())) - 1) / 3;
    let (mut column, mut row, mut along) = (tile.column(), tile.row(), 0_u64);
    for step in (0..tile.zoom()).rev().map(|bit| 1_u32 << bit) {
        let (right, down) = (column & step != 0, row & step != 0);
        let quarter = match (right, down) {
            (false, false) => 0,
            (false, true) => 1,
            (true, true) => 2,
            (true, false) => 3,
        };
        along += u64::from(step) * u64::from(step) * quarter;
        if !down {
            if right {
                (column, row) = (!column, !row);
            }
            (column, row) = (row, column);
        }
    }
    before + along
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn squares_have_the_numbers_of_the_specification() {
        for ((zoom, column, row), expected) in [
            ((0, 0, 0), 0),
            ((1, 0, 0), 1),
            ((1, 0, 1), 2),
            ((1, 1, 1), 3),
            ((1, 1, 0), 4),
            ((2, 0, 0), 5),
            ((12, 3423, 1763), 19_078_479),
        ] {
            assert_eq!(number(Tile::new(zoom, column, row).unwrap()), expected, "{zoom}/{column}/{row}");
        }
    }

    #[test]
    fn each_square_has_a_number_of_its_own() {
        let all = |zoom: u8| (0..1 << zoom).flat_map(move |column| (0..1 << zoom).map(move |row| (zoom, column, row)));
        let mut numbers: Vec<u64> =
            (0..6).flat_map(all).map(|(zoom, column, row)| number(Tile::new(zoom, column, row).unwrap())).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..1_365).collect::<Vec<u64>>());
        let last = Tile::new(Tile::DEEPEST, (1 << Tile::DEEPEST) - 1, 0).unwrap();
        assert_eq!(number(last), ((1_u64 << 50) - 1) / 3 - 1, "the deepest zoom ends in its north-eastern corner");
    }

    #[test]
    fn a_directory_is_read_or_refused() {
        // Two squares that follow one another, a run of three, another directory.
        let sound = [3, 5, 2, 9, 2, 3, 0, 10, 20, 30, 1, 0, 4];
        let read = Directory::parse(&sound).unwrap();
        for (number, found) in [
            (4, None),
            (5, Some((2, 0, 10))),
            (6, Some((2, 0, 10))),
            (7, Some((3, 10, 20))),
            (9, Some((3, 10, 20))),
            (10, None),
            (15, None),
            (16, Some((0, 3, 30))),
            (99, Some((0, 3, 30))),
        ] {
            let entry = read.find(number).map(|entry| (entry.run, entry.offset, entry.length));
            assert_eq!(entry, found, "{number}");
        }
        assert!(Directory::parse(&[0]).unwrap().find(0).is_none(), "an empty one holds nothing");
        let damaged: [(&str, &[u8]); 7] = [
            ("nothing", &[]),
            ("more entries than bytes", &[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, 1, 1]),
            ("a number without end", &[0x80; 12]),
            ("a number beyond 64 bits", &[1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 1, 1]),
            ("the same square twice", &[2, 5, 0, 1, 1, 9, 9, 1, 0]),
            ("no bytes", &[1, 5, 1, 0, 1]),
            ("the first after nothing", &[1, 5, 1, 9, 0]),
        ];
        for (what, bytes) in damaged {
            assert!(Directory::parse(bytes).is_err(), "{what}");
        }
        for length in 0..sound.len() {
            assert!(Directory::parse(&sound[..length]).is_err(), "cut after {length}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200), number in any::<u64>()) {
            if let Ok(read) = Directory::parse(&bytes) {
                let _entry = read.find(number);
            }
        }
    }
}
