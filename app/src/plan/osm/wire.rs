//! This file takes the messages of an extract apart into their fields, puts such messages together, and says that a
//! file cannot be read on.

use kernel::language::Bilingual;

use crate::plan::table::both;

/// Says that a file cannot be read on.
pub fn broken(zh: &str, en: &str) -> Bilingual {
    both(
        format!("读到一半读不下去了（{zh}）。请重新下载地图文件。"),
        format!("cannot be read on ({en}). Load the extract again."),
    )
}

/// Says that a file ends in the middle.
pub fn cut() -> Bilingual {
    broken("文件不完整", "it ends too early")
}

/// Says that a part of a file is damaged.
pub fn damaged() -> Bilingual {
    broken("有一块数据坏了", "a blob is damaged")
}

/// Holds the content of a field of a message (<https://protobuf.dev/programming-guides/encoding/>).
pub enum Held<'a> {
    /// A number.
    Number(u64),
    /// Bytes: a text, a message in the message, or many numbers.
    Bytes(&'a [u8]),
}

/// Takes the next field off a message, with its number.
pub fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Held<'a>)> {
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
pub fn put_bytes(message: &mut Vec<u8>, number: u64, content: &[u8]) {
    put_varint(message, number << 3 | 2);
    put_varint(message, content.len() as u64);
    message.extend_from_slice(content);
}

/// Writes a field that holds a number.
pub fn put_number(message: &mut Vec<u8>, number: u64, value: u64) {
    put_varint(message, number << 3);
    put_varint(message, value);
}
