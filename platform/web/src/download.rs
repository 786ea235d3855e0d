//! Files under names in any language: letters as PDF, and what the files of tables share.

use crate::error::WebError;
use crate::form::encode;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::unfold;

/// Files are sent in pieces of so many bytes. Others get their turn between two of them, also where a piece is
/// compressed.
const PIECE: usize = 64 * 1024;
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A letter as PDF. `name` is the file name without ending; nothing personal may stand in it.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    file(name, "pdf", "application/pdf", bytes)
}

/// Entries for a calendar. `name` is the file name without ending; nothing personal may stand in it.
pub fn calendar(name: &str, text: String) -> Response {
    file(name, "ics", "text/calendar; charset=utf-8", text.into_bytes())
}

/// The width of a text in a spreadsheet: a Chinese character counts two.
pub(crate) fn width_of(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>() + 2
}

/// At most 31 characters, none of those a sheet's name may not have.
pub(crate) fn sheet_name(name: &str) -> String {
    name.chars().filter(|letter| !r"[]:*?/\'".contains(*letter)).take(31).collect()
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

pub(crate) fn file(name: &str, ending: &str, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '_' })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{}.{ending}", encode(name));
    ([(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, disposition)], in_pieces(bytes)).into_response()
}

/// The body of a file that is made: no thread and no place waits for whoever reads it slowly. Whoever packs it asks
/// once more after its end, so that the end stays the end.
fn in_pieces(bytes: Vec<u8>) -> Body {
    if bytes.len() <= PIECE {
        return Body::from(bytes);
    }
    let pieces = unfold(Bytes::from(bytes), |mut left: Bytes| async move {
        tokio::task::yield_now().await;
        let piece = left.split_to(PIECE.min(left.len()));
        (!piece.is_empty()).then_some((Ok::<_, std::convert::Infallible>(piece), left))
    });
    Body::from_stream(pieces.fuse())
}

pub(crate) fn failed(kind: &str, error: &dyn std::fmt::Display) -> WebError {
    WebError::Failed(format!("{kind}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_asks_after_the_end_of_a_file_finds_nothing_more() {
        let mut stream = in_pieces(vec![b'x'; PIECE + 1]).into_data_stream();
        assert_eq!(stream.next().await.unwrap().unwrap().len(), PIECE);
        assert_eq!(stream.next().await.unwrap().unwrap().len(), 1);
        for _ in 0..3 {
            assert!(stream.next().await.is_none());
        }
    }

    #[tokio::test]
    async fn a_large_file_is_sent_in_pieces() {
        for length in [0, 1, PIECE, PIECE + 1, 3 * PIECE] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let sent = axum::body::to_bytes(in_pieces(bytes.clone()), usize::MAX).await.unwrap();
            assert_eq!(sent, bytes, "{length}");
        }
    }

    #[test]
    fn a_file_has_a_name_in_any_language() {
        let response = file("办件 11月", "csv", "text/csv", Vec::new());
        let disposition = response.headers().get(CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert_eq!(
            disposition,
            "attachment; filename=\"___11_.csv\"; filename*=UTF-8''%E5%8A%9E%E4%BB%B6%2011%E6%9C%88.csv"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        let table =
            [("=1+1", "'=1+1"), ("+86", "'+86"), ("-5", "'-5"), ("@a", "'@a"), ("\tb", "'\tb"), ("＝1", "'＝1")];
        for (cell, sent) in table {
            assert_eq!(harmless(cell), sent);
        }
        assert_eq!(harmless("210102-2026-0000123-7"), "210102-2026-0000123-7");
    }

    #[test]
    fn a_sheet_has_a_name_that_spreadsheets_take() {
        let (long, slashes) = ("办".repeat(40), format!("{}x", "/".repeat(40)));
        for (name, expected) in [
            ("办件/列表", "办件列表".to_owned()),
            ("a[b]:c*d?e\\f'g", "abcdefg".to_owned()),
            ("", String::new()),
            (long.as_str(), "办".repeat(31)),
            (slashes.as_str(), "x".to_owned()),
        ] {
            assert_eq!(sheet_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_chinese_character_is_as_wide_as_two_letters() {
        for (text, width) in [("", 2), ("abc", 5), ("办件", 6), ("办a", 5), ("é", 4)] {
            assert_eq!(width_of(text), width, "{text}");
        }
        for harmless_one in ["", "a=1", " =1", "’+", "1-2"] {
            assert_eq!(harmless(harmless_one), harmless_one);
        }
    }
}
