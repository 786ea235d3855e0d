//! Archives of somebody else are read whole, and damaged ones are faults.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

mod packer;

use std::path::PathBuf;

use kernel::earth::Tile;
use packer::Packer;
use proptest::prelude::*;
use tempfile::TempDir;
use tiles::{Archive, ArchiveFault, Kind};

fn tile((zoom, column, row): (u8, u32, u32)) -> Tile {
    Tile::new(zoom, column, row).unwrap()
}

fn kept(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let file = folder.path().join("city.pmtiles");
    std::fs::write(&file, bytes).unwrap();
    file
}

/// Some squares at three zooms: four of the same content in a row, one far away.
fn town() -> Packer {
    let sea = [(2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 0, 1)];
    let town = Packer::new(1, (0, 14)).with((0, 0, 0), b"world").with((14, 13_820, 6_070), b"town");
    let town = town.with((14, 13_821, 6_070), b"beside").with((9, 431, 189), b"region");
    sea.into_iter().fold(town, |town, at| town.with(at, b"sea"))
}

fn opened(bytes: &[u8]) -> Result<Archive, ArchiveFault> {
    let folder = tempfile::tempdir().unwrap();
    // The file stays open when its folder is gone.
    Archive::open(&kept(&folder, bytes))
}

#[test]
fn each_square_is_read_as_it_was_written() {
    for (gzip, leaf_entries) in [(false, 0), (true, 0), (false, 1), (true, 2), (true, 100)] {
        let archive = opened(&Packer { gzip, leaf_entries, ..town() }.pack()).unwrap();
        let read = |at| archive.content(tile(at)).unwrap().map(|content| content.unpacked().unwrap());
        for (at, bytes) in [
            ((0, 0, 0), Some("world")),
            ((1, 0, 0), None),
            ((2, 0, 0), Some("sea")),
            ((2, 0, 1), Some("sea")),
            ((2, 1, 1), Some("sea")),
            ((2, 2, 2), None),
            ((9, 431, 189), Some("region")),
            ((14, 13_820, 6_070), Some("town")),
            ((14, 13_821, 6_070), Some("beside")),
            ((14, 0, 0), None),
            ((15, 0, 0), None),
        ] {
            let found = read(at).map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(found.as_deref(), bytes, "{at:?}, gzip {gzip}, {leaf_entries} in a directory");
        }
        assert_eq!((archive.kind(), archive.zooms()), (Kind::Vector, (0, 14)));
        assert_eq!((archive.attribution(), archive.layers()), ("© Tests", &["roads".to_owned()][..]));
        assert!((archive.bounds().west - 123.0).abs() < 1e-6 && (archive.bounds().north - 42.0).abs() < 1e-6);
    }
}

#[test]
fn a_file_that_cannot_be_used_says_why_and_what_to_do() {
    let sound = town().pack();
    let changed = |at: usize, byte: u8| {
        let mut bytes = sound.clone();
        bytes[at] = byte;
        bytes
    };
    let bomb = Packer { gzip: true, metadata: " ".repeat(17 * 1024 * 1024), ..town() };
    let table: [(Vec<u8>, &str); 12] = [
        (Vec::new(), "no PMTiles file"),
        (b"SQLite format 3".to_vec(), "no PMTiles file"),
        (vec![b'x'; 200], "no PMTiles file"),
        (changed(7, 2), "version 2"),
        (changed(97, 4), "its directories are packed"),
        (changed(98, 3), "its tiles are packed"),
        (changed(99, 9), "neither vector tiles"),
        (changed(101, 40), "its zooms"),
        (changed(100, 15), "its zooms"),
        (changed(97, 2), "cannot be unpacked"),
        (sound[..sound.len() - 1].to_vec(), "shorter than its header"),
        (bomb.pack(), "16 MiB"),
    ];
    for (bytes, said) in table {
        let fault = opened(&bytes).map(drop).unwrap_err().to_string();
        assert!(fault.contains(said) && fault.contains(". "), "{said}: {fault}");
    }
    let missing = Archive::open(&PathBuf::from("/nowhere/city.pmtiles")).map(drop).unwrap_err();
    assert!(matches!(missing, ArchiveFault::Unreadable(_)));
}

#[test]
fn what_is_cut_or_damaged_later_is_a_fault_of_that_square() {
    let folder = tempfile::tempdir().unwrap();
    let file = kept(&folder, &Packer { leaf_entries: 1, ..town() }.pack());
    let archive = Archive::open(&file).unwrap();
    std::fs::File::options().write(true).open(&file).unwrap().set_len(200).unwrap();
    assert!(archive.content(tile((14, 13_820, 6_070))).is_err(), "cut off while it was open");
    // One entry, which leads to a directory of five bytes at the beginning of the others: to itself.
    let round = [1, 0, 0, 5, 1];
    let bytes = [town().header([5, 0, 5, 0]), round.to_vec(), round.to_vec()].concat();
    let fault = opened(&bytes).unwrap().content(tile((0, 0, 0))).unwrap_err().to_string();
    assert!(fault.contains("lead to one another"), "{fault}");
}

proptest! {
    #[test]
    fn damage_is_never_a_panic(at in 0..400_usize, byte in any::<u8>(), cut in any::<bool>(), gzip in any::<bool>()) {
        let mut bytes = Packer { leaf_entries: 2, gzip, ..town() }.pack();
        let at = at % bytes.len();
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        if let Ok(archive) = opened(&bytes) {
            for at in [(0, 0, 0), (2, 1, 1), (9, 431, 189), (14, 13_820, 6_070)] {
                let read = archive.content(tile(at));
                let _unpacked = read.and_then(|found| found.map(tiles::Content::unpacked).transpose());
            }
        }
    }
}
