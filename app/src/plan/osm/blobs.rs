//! This file takes an extract apart into its blobs, opens those that are packed, and hands out what they hold.
//!
//! The format is described at <https://wiki.openstreetmap.org/wiki/PBF_Format>.

mod lz4;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use kernel::language::Bilingual;
use osmpbf::{BlobDecode, BlobReader, Element};

use crate::plan::table::both;

/// Limits the head of a blob, in bytes. The format sets this limit and the next one.
const HEAD: usize = 64 * 1024;

/// Limits a blob, in bytes, packed or not.
const BLOB: usize = 32 * 1024 * 1024;

/// Lists what an extract may demand of its readers.
const KNOWN: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Hands out all elements of an extract, in the order of the file.
pub fn each<F>(path: &Path, mut look: F) -> Result<(), Bilingual>
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
    while let Some(frame) = next(&mut reader)? {
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

/// Says that a file cannot be read on.
fn broken(zh: &str, en: &str) -> Bilingual {
    both(
        format!("读到一半读不下去了（{zh}）。请重新下载地图文件。"),
        format!("cannot be read on ({en}). Load the extract again."),
    )
}

fn cut() -> Bilingual {
    broken("文件不完整", "it ends too early")
}

fn damaged() -> Bilingual {
    broken("有一块数据坏了", "a blob is damaged")
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
/// open is opened here. Returns nothing at the end of the file.
fn next(reader: &mut impl Read) -> Result<Option<Vec<u8>>, Bilingual> {
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
    let Some(open) = opened(&body)? else {
        return Ok(Some([size.as_slice(), &head, &body].concat()));
    };
    let mut body = Vec::with_capacity(open.len() + 16);
    put_bytes(&mut body, 1, &open);
    let mut head = Vec::new();
    put_bytes(&mut head, 1, kind);
    put_number(&mut head, 3, body.len() as u64);
    Ok(Some([&(head.len() as u32).to_be_bytes()[..], &head, &body].concat()))
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

/// Opens a blob that is packed with LZ4 or Zstandard. Returns nothing for blobs that `osmpbf` opens.
fn opened(body: &[u8]) -> Result<Option<Vec<u8>>, Bilingual> {
    let (mut size, mut packed) = (0, None);
    let mut rest = body;
    while !rest.is_empty() {
        match field(&mut rest).ok_or_else(damaged)? {
            (2, Held::Number(number)) => size = number,
            (number @ 4..=7, Held::Bytes(bytes)) => packed = Some((number, bytes)),
            _ => {}
        }
    }
    let Some((number, packed)) = packed else { return Ok(None) };
    let size = usize::try_from(size).ok().filter(|size| *size < BLOB).ok_or_else(damaged)?;
    match number {
        6 => lz4::opened(packed, size).map(Some).ok_or_else(damaged),
        7 => zstd::bulk::decompress(packed, size).ok().filter(|open| open.len() == size).map(Some).ok_or_else(damaged),
        _ => {
            let method = if number == 4 { "LZMA" } else { "bzip2" };
            Err(both(
                format!("用 {method} 压缩，这里读不了。请用 osmium cat 重新保存。"),
                format!("is packed with {method}, which is not read here. Save it again with osmium cat."),
            ))
        }
    }
}

/// Holds the content of a field of a message (<https://protobuf.dev/programming-guides/encoding/>).
enum Held<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Takes the next field off a message, with its number.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Held<'a>)> {
    let key = varint(rest)?;
    let length = match key & 7 {
        0 => return Some((key >> 3, Held::Number(varint(rest)?))),
        1 => 8,
        2 => usize::try_from(varint(rest)?).ok()?,
        5 => 4,
        _ => return None,
    };
    let (bytes, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some((key >> 3, Held::Bytes(bytes)))
}

/// Takes a number off, seven bits of which lie in each byte.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(value);
        }
    }
    None
}

/// Writes a number, seven bits into each byte.
fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        bytes.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Writes a field that holds bytes.
pub(super) fn put_bytes(message: &mut Vec<u8>, number: u64, content: &[u8]) {
    put_varint(message, number << 3 | 2);
    put_varint(message, content.len() as u64);
    message.extend_from_slice(content);
}

/// Writes a field that holds a number.
pub(super) fn put_number(message: &mut Vec<u8>, number: u64, value: u64) {
    put_varint(message, number << 3);
    put_varint(message, value);
}
