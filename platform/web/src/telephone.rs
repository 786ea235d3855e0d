//! Finds telephone numbers in a text, so that no line breaks one and a telephone calls it.

/// A piece of a text as a page draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What stands in it.
    pub text: &'a str,
    /// Whether it is a telephone number.
    pub is_telephone: bool,
}

/// Divides a text into telephone numbers, as `024-23456789` or eleven digits of a mobile one, and what stands between
/// them. The pieces together are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let is_part = |character: char| character.is_ascii_digit() || character == '-';
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_number = rest.starts_with(is_part);
        let end = rest.find(|character: char| is_part(character) != is_number).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        found.push(Piece { text: piece, is_telephone: is_number && is_telephone(piece) });
        rest = after;
    }
    found
}

/// Whether digits and hyphens are a telephone number: of a landline with its area, which may have an extension, or of a
/// mobile telephone.
fn is_telephone(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    match lengths.as_slice() {
        [11] => text.starts_with('1'),
        [3..=4, 7..=8] | [3..=4, 7..=8, 1..=6] => text.starts_with('0'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_of_a_text_stand_apart_and_nothing_is_lost() {
        for (text, expected) in [
            ("024-23456781 · 党群服务中心", vec!["024-23456781"]),
            ("值班 0415-2345678-801，13800000001", vec!["0415-2345678-801", "13800000001"]),
            ("2026-11-23 8:30-17:00", vec![]),
            ("210104-2026-0000001-5", vec![]),
            ("热线 12345", vec![]),
            ("138-0000", vec![]),
            ("23800000001", vec![]),
            ("13800000001-", vec![]),
            ("024-23456781-1-2", vec![]),
            ("024-23456781-", vec![]),
            ("- 024- -", vec![]),
            ("", vec![]),
        ] {
            let found = pieces(text);
            let whole: String = found.iter().map(|piece| piece.text).collect();
            assert_eq!(whole, text);
            let numbers: Vec<&str> = found.iter().filter(|piece| piece.is_telephone).map(|piece| piece.text).collect();
            assert_eq!(numbers, expected, "{text}");
        }
    }
}
