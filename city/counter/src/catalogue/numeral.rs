//! Reads a whole number from the pieces of a sentence: digits, Chinese numerals, English words.

/// The number that begins a run of pieces, with how many of them it takes. Numbers beyond 999 are none: they are years,
/// telephone numbers or names.
pub(super) fn number_at(pieces: &[String]) -> Option<(u32, usize)> {
    let first = pieces.first()?;
    if first.bytes().all(|sign| sign.is_ascii_digit()) {
        return first.parse().ok().filter(|number| *number < 1_000).map(|number| (number, 1));
    }
    if first.is_ascii() {
        return in_english(pieces);
    }
    in_chinese(pieces)
}

fn in_english(pieces: &[String]) -> Option<(u32, usize)> {
    let place = |list: &[&str], at: usize| {
        let word = pieces.get(at)?;
        let found = list.iter().position(|name| name == word)?;
        u32::try_from(found).ok()
    };
    if let Some(tens) = place(&TENS, 0) {
        let tens = (tens + 2) * 10;
        return Some(place(&UNITS, 1).filter(|unit| (1..=9).contains(unit)).map_or((tens, 1), |unit| (tens + unit, 2)));
    }
    place(&UNITS, 0).map(|unit| (unit, 1))
}

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

fn in_chinese(pieces: &[String]) -> Option<(u32, usize)> {
    let (mut total, mut digit, mut length) = (0, None, 0);
    for piece in pieces {
        let sign = piece.chars().next()?;
        if let Some(value) = DIGITS.iter().find(|(signs, _)| signs.contains(sign)).map(|(_, value)| *value) {
            if digit.is_some_and(|before| before > 0) {
                break;
            }
            digit = Some(value);
        } else if sign == '十' && total % 100 == 0 {
            total += digit.take().unwrap_or(1) * 10;
        } else if sign == '百' && total == 0 && digit.is_some() {
            total += digit.take().unwrap_or(1) * 100;
        } else {
            break;
        }
        length += 1;
    }
    (length > 0).then(|| (total + digit.unwrap_or(0), length))
}

const DIGITS: [(&str, u32); 10] =
    [("零〇", 0), ("一", 1), ("二两", 2), ("三", 3), ("四", 4), ("五", 5), ("六", 6), ("七", 7), ("八", 8), ("九", 9)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        let table = [
            ("85", Some((85, 1))),
            ("4050", None),
            ("八 十 五 岁", Some((85, 3))),
            ("十 八", Some((18, 2))),
            ("十", Some((10, 1))),
            ("九 十", Some((90, 2))),
            ("一 百 零 二", Some((102, 4))),
            ("一 百", Some((100, 2))),
            ("两 岁", Some((2, 1))),
            ("七 八 十", Some((7, 1))),
            ("eighty five", Some((85, 2))),
            ("eighty year", Some((80, 1))),
            ("nineteen", Some((19, 1))),
            ("岁", None),
            ("mother", None),
            ("", None),
        ];
        for (text, expected) in table {
            let pieces: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(number_at(&pieces), expected, "{text}");
        }
    }
}
