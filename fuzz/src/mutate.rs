//! This file damages an input: bytes, characters, lines and tokens.

use planning::chance::Chance;

/// Limits the bytes of an input.
const LONGEST: usize = 512 * 1024;
/// Limits the part that is taken out, doubled or moved.
const LONGEST_PART: usize = 64;
/// Lists damage that suits every format.
static COMMON: &[&str] = &[
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e999",
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    "\u{3000}",
    "，",
    "两邻",
    "岺",
    "𠮷",
    "é",
    "\u{202e}",
    "０",
    "%00",
    "=",
    ",",
];

/// Returns a damaged copy with one to four mutations.
pub fn damaged(chance: &mut Chance, input: &[u8], other: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        once(chance, &mut bytes, other, words);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn once(chance: &mut Chance, bytes: &mut Vec<u8>, other: &[u8], words: &[&str]) {
    let at = chance.below(bytes.len() + 1);
    match chance.below(10) {
        0 => flip(chance, bytes),
        1 => bytes.insert(at, u8::try_from(chance.below(256)).unwrap_or(0)),
        2 => {
            let to = end(chance, bytes, at);
            drop(bytes.drain(at..to));
        }
        3 => {
            let part = bytes.get(at..end(chance, bytes, at)).map(<[u8]>::to_vec).unwrap_or_default();
            let to = chance.below(bytes.len() + 1);
            insert(bytes, to, &part);
        }
        4 => {
            let from = chance.below(other.len() + 1);
            let tail = other.get(from..).unwrap_or_default();
            bytes.truncate(at);
            bytes.extend_from_slice(tail);
        }
        5 | 6 => {
            let word = COMMON.get(chance.below(COMMON.len())).copied().unwrap_or_default();
            insert(bytes, at, word.as_bytes());
        }
        7 => {
            let word = words.get(chance.below(words.len())).copied().unwrap_or_default();
            insert(bytes, at, word.as_bytes());
        }
        8 => swap_lines(chance, bytes),
        _ => replace_word(chance, bytes, words),
    }
}

fn end(chance: &mut Chance, bytes: &[u8], at: usize) -> usize {
    (at + 1 + chance.below(LONGEST_PART)).min(bytes.len()).max(at)
}

fn insert(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    let tail = bytes.split_off(at.min(bytes.len()));
    bytes.extend_from_slice(part);
    bytes.extend_from_slice(&tail);
}

fn flip(chance: &mut Chance, bytes: &mut [u8]) {
    let at = chance.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
}

/// Swaps two lines, or writes one of them twice.
fn swap_lines(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (first, second) = (chance.below(lines.len()), chance.below(lines.len()));
    if chance.below(2) == 0 {
        lines.swap(first, second);
    } else if let Some(line) = lines.get(first).cloned() {
        lines.insert(second, line);
    }
    *bytes = lines.join(&b'\n');
}

/// Replaces a run of letters or digits by another word.
fn replace_word(chance: &mut Chance, bytes: &mut Vec<u8>, words: &[&str]) {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let at = chance.below(bytes.len());
    let before = bytes.iter().take(at).rev().take_while(|byte| is_part(byte)).count();
    let after = bytes.iter().skip(at).take_while(|byte| is_part(byte)).count();
    let pool = if chance.below(2) == 0 && !words.is_empty() { words } else { COMMON };
    let word = pool.get(chance.below(pool.len())).copied().unwrap_or_default();
    let tail = bytes.split_off((at + after).min(bytes.len()));
    bytes.truncate(at - before);
    bytes.extend_from_slice(word.as_bytes());
    bytes.extend_from_slice(&tail);
}
