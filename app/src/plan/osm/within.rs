//! This file limits how large an extract may be that somebody sends: a small file may unpack to a very large one.
//! What a blob holds is counted before anybody makes elements of it.

use kernel::language::Bilingual;

use super::wire::{Held, damaged, field};
use crate::plan::table::both;

/// Says how large an extract may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    /// How many nodes it may have.
    pub nodes: u64,
    /// How many ways it may have.
    pub ways: u64,
    /// How many nodes all ways together may lead over; one that is met twice counts twice.
    pub points: u64,
    /// How many relations it may have.
    pub relations: u64,
    /// How many bytes a blob may have when it is opened.
    pub blob_bytes: u64,
    /// How many texts, elements and fields of elements a blob may have, the numbers in a field apart. Programs write
    /// 8,000 elements into one, each with up to twelve fields.
    pub blob_entries: u64,
    /// How many bytes all blobs together may have when they are opened.
    pub all_bytes: u64,
}

impl Within {
    /// Limits an extract that comes through the browser: a large district with all its houses. At the most some 200
    /// bytes are held for each node of a way, and some 100 MB for the blob that is being read, so that together they
    /// stay near 300 MB.
    pub const UPLOADED: Self = Self {
        nodes: 1_000_000,
        ways: 200_000,
        points: 1_000_000,
        relations: 50_000,
        blob_bytes: 8 * 1024 * 1024,
        blob_entries: 400_000,
        all_bytes: 128 * 1024 * 1024,
    };
}

/// Counts what was read of an extract that is limited.
#[derive(Debug)]
pub struct Tally {
    within: Within,
    nodes: u64,
    ways: u64,
    points: u64,
    relations: u64,
    bytes: u64,
}

impl Tally {
    /// Begins to count.
    pub fn new(within: Within) -> Self {
        Self { within, nodes: 0, ways: 0, points: 0, relations: 0, bytes: 0 }
    }

    /// Returns how many bytes a blob may have when it is opened.
    pub fn most_of_a_blob(&self) -> u64 {
        self.within.blob_bytes
    }

    /// Succeeds if a blob may have so many bytes when it is opened.
    pub fn fits(&self, bytes: u64) -> Result<(), Bilingual> {
        let most = self.within.blob_bytes;
        if bytes <= most {
            Ok(())
        } else {
            Err(large(&megabytes(most, "每块数据解开以后", "in one unpacked blob")))
        }
    }

    /// Counts the bytes of an opened blob, and succeeds if they and those before are within the limits.
    pub fn add_bytes(&mut self, bytes: u64) -> Result<(), Bilingual> {
        self.fits(bytes)?;
        self.bytes += bytes;
        let most = self.within.all_bytes;
        if self.bytes <= most {
            Ok(())
        } else {
            Err(large(&megabytes(most, "全部解开以后", "when it is unpacked")))
        }
    }

    /// Counts what an opened blob holds, and succeeds if all of the extract is within its limits so far.
    pub fn add(&mut self, block: &[u8]) -> Result<(), Bilingual> {
        let within = self.within;
        let (mut rest, mut entries) = (block, 0);
        while !rest.is_empty() {
            entries += match field(&mut rest).ok_or_else(damaged)? {
                (1, Held::Bytes(words)) => parts(words, None).ok_or_else(damaged)?,
                (2, Held::Bytes(group)) => self.add_group(group).ok_or_else(damaged)?,
                _ => 1,
            };
        }
        let counts = [
            (self.nodes, within.nodes, "节点", "nodes"),
            (self.ways, within.ways, "路和轮廓", "ways"),
            (self.points, within.points, "路和轮廓上的点", "nodes on ways"),
            (self.relations, within.relations, "关系", "relations"),
            (entries, within.blob_entries, "一块数据里的内容", "entries in one blob"),
        ];
        for (count, most, zh, en) in counts {
            if count > most {
                return Err(large(&both(format!("{zh}不能超过 {most} 个"), format!("more than {most} {en}"))));
            }
        }
        Ok(())
    }

    /// Counts the elements of a group. Returns how many entries it has, or nothing if it is damaged.
    fn add_group(&mut self, group: &[u8]) -> Option<u64> {
        let (mut rest, mut entries) = (group, 1);
        while !rest.is_empty() {
            let fields = match field(&mut rest)? {
                (1, Held::Bytes(node)) => {
                    self.nodes += 1;
                    parts(node, Some(4))?
                }
                (2, Held::Bytes(dense)) => {
                    self.nodes += numbers(dense, 1)?;
                    parts(dense, Some(5))?
                }
                (3, Held::Bytes(way)) => {
                    self.ways += 1;
                    self.points += numbers(way, 8)?;
                    parts(way, Some(4))?
                }
                (4, Held::Bytes(relation)) => {
                    self.relations += 1;
                    parts(relation, Some(4))?
                }
                (5, Held::Bytes(change)) => parts(change, None)?,
                _ => 0,
            };
            entries += 1 + fields;
        }
        Some(entries)
    }
}

/// Returns how many fields a message has, with those of the message in the field of the number `inner`: who reads
/// elements keeps also fields that nobody knows.
fn parts(message: &[u8], inner: Option<u64>) -> Option<u64> {
    let (mut rest, mut count) = (message, 0);
    while !rest.is_empty() {
        count += match field(&mut rest)? {
            (number, Held::Bytes(bytes)) if Some(number) == inner => 1 + parts(bytes, None)?,
            _ => 1,
        };
    }
    Some(count)
}

/// Returns how many numbers stand in a field of a message. The last byte of each is less than 128.
fn numbers(message: &[u8], wanted: u64) -> Option<u64> {
    let (mut rest, mut count) = (message, 0);
    while !rest.is_empty() {
        let (number, held) = field(&mut rest)?;
        count += match held {
            _ if number != wanted => 0,
            Held::Number(_) => 1,
            Held::Bytes(bytes) => bytes.iter().filter(|byte| **byte < 128).count() as u64,
        };
    }
    Some(count)
}

/// Says how many megabytes something may have.
fn megabytes(most: u64, zh: &str, en: &str) -> Bilingual {
    let megabytes = most / 1024 / 1024;
    both(format!("{zh}不能超过 {megabytes} MB"), format!("more than {megabytes} MB {en}"))
}

/// Refuses an extract that is larger than it may be, and says how a smaller one is made.
fn large(limit: &Bilingual) -> Bilingual {
    both(
        format!(
            "太大：{}。请只截取这一带，四周多留一公里，例如 osmium extract -b 西,南,东,北 -o 小.osm.pbf 大.osm.pbf。",
            limit.zh
        ),
        format!(
            "is too large: it has {}. Cut it to the town with a kilometre more on each side, for example: osmium \
             extract -b WEST,SOUTH,EAST,NORTH -o small.osm.pbf large.osm.pbf.",
            limit.en
        ),
    )
}
