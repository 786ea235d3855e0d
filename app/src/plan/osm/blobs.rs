//! This file takes an extract apart into its blobs, opens those that are packed, and hands out what they hold.
//!
//! The format is described at <https://wiki.openstreetmap.org/wiki/PBF_Format>.

mod lz4;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::ZlibDecoder;
use kernel::language::Bilingual;
use osmpbf::{BlobDecode, BlobReader, Element};

use super::wire::{Held, broken, cut, damaged, field, put_bytes, put_number};
use super::within::{Tally, Within};
use crate::plan::table::both;

/// Limits the head of a blob, in bytes. The format sets this limit and the next one.
const HEAD: usize = 64 * 1024;

/// Limits a blob, in bytes, packed or not.
const BLOB: usize = 32 * 1024 * 1024;

/// Lists what an extract may demand of its readers.
const KNOWN: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Limits the head of an extract that is limited, in bytes.
const ABOUT: usize = 64 * 1024;

/// Hands out all elements of an extract, in the order of the file. `within` says how large it may be. It is refused as
/// soon as it is larger.
pub fn each<F>(path: &Path, within: Option<Within>, mut look: F) -> Result<(), Bilingual>
where
    F: for<'a> FnMut(Element<'a>),
{
    let file = File::open(path).map_err(|fault| {
        both(
            format!("打不开（{fault}）。请把地图文件放在这里。"),
            format!("cannot be opened ({fault}). Put the extract there."),
        )
    })?;
    let mut reader = BufReader::new(file);
    let mut tally = within.map(Tally::new);
    while let Some(frame) = next(&mut reader, tally.as_mut())? {
        let read = |fault: osmpbf::Error| broken(&fault.to_string(), &fault.to_string());
        let blob = BlobReader::new(frame.as_slice()).next().ok_or_else(cut)?.map_err(read)?;
        match blob.decode().map_err(read)? {
            BlobDecode::OsmHeader(head) => demands(head.required_features())?,
            BlobDecode::OsmData(block) => block.for_each_element(&mut look),
            BlobDecode::Unknown(_) => {}
        }
    }
    Ok(())
}

/// Refuses an extract that demands what this reader does not do.
fn demands(features: &[String]) -> Result<(), Bilingual> {
    match features.iter().find(|feature| !KNOWN.contains(&feature.as_str())).map(String::as_str) {
        None => Ok(()),
        Some("HistoricalInformation") => Err(both(
            "是地图的历史。请用 osmium time-filter 取出一天的地图。",
            "is a history of the map. Take the map of one day out of it with osmium time-filter.",
        )),
        Some(other) => Err(both(
            format!("要求 {other}，这里读不了。请用 osmium cat 重新保存。"),
            format!("demands {other}, which is not read here. Save it again with osmium cat."),
        )),
    }
}

/// Reads the next blob with its head, as [`BlobReader`] takes it. A blob that is packed in a way that `osmpbf` does not
/// open is opened here, and so is each that is counted. Returns nothing at the end of the file.
fn next(reader: &mut impl Read, tally: Option<&mut Tally>) -> Result<Option<Vec<u8>>, Bilingual> {
    let size = some(reader, 4)?;
    if size.is_empty() {
        return Ok(None);
    }
    let (size, _) = size.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = u32::from_be_bytes(*size) as usize;
    if length >= HEAD {
        return Err(broken("不是 OpenStreetMap 的 PBF 文件", "it is no PBF file of OpenStreetMap"));
    }
    let head = all(reader, length)?;
    let (kind, length) = about(&head).ok_or_else(damaged)?;
    if length > BLOB {
        return Err(damaged());
    }
    let body = all(reader, length)?;
    let open = match tally {
        Some(tally) => Some(counted(kind, &body, tally)?),
        None => match packed(&body)? {
            Some(packed) => opened(&packed)?,
            None => None,
        },
    };
    let Some(open) = open else {
        return Ok(Some([size.as_slice(), &head, &body].concat()));
    };
    let mut body = Vec::with_capacity(open.len() + 16);
    put_bytes(&mut body, 1, &open);
    let mut head = Vec::new();
    put_bytes(&mut head, 1, kind);
    put_number(&mut head, 3, body.len() as u64);
    Ok(Some([&(head.len() as u32).to_be_bytes()[..], &head, &body].concat()))
}

/// Opens a blob, however it is packed, and counts what it holds before anybody makes elements of it. Nothing is left of
/// a blob of another kind, which nobody reads.
fn counted(kind: &[u8], body: &[u8], tally: &mut Tally) -> Result<Vec<u8>, Bilingual> {
    let is_data = kind == b"OSMData";
    if !is_data && kind != b"OSMHeader" {
        return Ok(Vec::new());
    }
    let found = packed(body)?.ok_or_else(damaged)?;
    let open = match found.method {
        1 => found.bytes.to_vec(),
        3 => {
            let mut open = Vec::new();
            let most = tally.most_of_a_blob().saturating_add(1);
            ZlibDecoder::new(found.bytes).take(most).read_to_end(&mut open).map_err(|_| damaged())?;
            open
        }
        _ => {
            tally.fits(found.size)?;
            opened(&found)?.ok_or_else(damaged)?
        }
    };
    tally.add_bytes(open.len() as u64)?;
    if is_data {
        tally.add(&open)?;
    } else if open.len() > ABOUT {
        return Err(damaged());
    }
    Ok(open)
}

/// Reads up to so many bytes. There are fewer only at the end of the file.
fn some(reader: &mut impl Read, count: usize) -> Result<Vec<u8>, Bilingual> {
    let mut bytes = Vec::new();
    let read = reader.take(count as u64).read_to_end(&mut bytes);
    read.map_err(|fault| broken(&fault.to_string(), &fault.to_string()))?;
    Ok(bytes)
}

/// Reads just so many bytes.
fn all(reader: &mut impl Read, count: usize) -> Result<Vec<u8>, Bilingual> {
    let bytes = some(reader, count)?;
    if bytes.len() < count { Err(cut()) } else { Ok(bytes) }
}

/// Returns the kind of a blob and how many bytes it has.
fn about(head: &[u8]) -> Option<(&[u8], usize)> {
    let (mut kind, mut size) = (None, None);
    let mut rest = head;
    while !rest.is_empty() {
        match field(&mut rest)? {
            (1, Held::Bytes(bytes)) => kind = Some(bytes),
            (3, Held::Number(number)) => size = usize::try_from(number).ok(),
            _ => {}
        }
    }
    Some((kind?, size?))
}

/// Holds the content of a blob, as it is packed.
struct Packed<'a> {
    /// The number of the field in which it stands: 1 is plain, 3 is zlib, 4 LZMA, 5 bzip2, 6 LZ4, 7 Zstandard.
    method: u64,
    bytes: &'a [u8],
    /// How many bytes it has when it is opened, as the blob says it.
    size: u64,
}

/// Finds the content of a blob. Returns nothing if it has none.
fn packed(body: &[u8]) -> Result<Option<Packed<'_>>, Bilingual> {
    let (mut size, mut found) = (0, None);
    let mut rest = body;
    while !rest.is_empty() {
        match field(&mut rest).ok_or_else(damaged)? {
            (2, Held::Number(number)) => size = number,
            (method @ (1 | 3..=7), Held::Bytes(bytes)) => found = Some((method, bytes)),
            _ => {}
        }
    }
    Ok(found.map(|(method, bytes)| Packed { method, bytes, size }))
}

/// Opens a blob that is packed with LZ4 or Zstandard. Returns nothing for blobs that `osmpbf` opens.
fn opened(packed: &Packed<'_>) -> Result<Option<Vec<u8>>, Bilingual> {
    let &Packed { method, bytes, size } = packed;
    if matches!(method, 1 | 3) {
        return Ok(None);
    }
    let size = usize::try_from(size).ok().filter(|size| *size < BLOB).ok_or_else(damaged)?;
    match method {
        6 => lz4::opened(bytes, size).map(Some).ok_or_else(damaged),
        7 => zstd::bulk::decompress(bytes, size).ok().filter(|open| open.len() == size).map(Some).ok_or_else(damaged),
        _ => {
            let name = if method == 4 { "LZMA" } else { "bzip2" };
            Err(both(
                format!("用 {name} 压缩，这里读不了。请用 osmium cat 重新保存。"),
                format!("is packed with {name}, which is not read here. Save it again with osmium cat."),
            ))
        }
    }
}
