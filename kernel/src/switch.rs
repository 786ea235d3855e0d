//! Yes and no as people write them in tables, forms and settings: one reader for every switch, so that a word means the
//! same everywhere and an unknown one is never taken for the less protected side.

use crate::language::half_width;

/// What people write for yes, after folding.
const YES: &[&str] = &[
    "是", "是的", "真", "有", "对", "要", "需要", "开", "开启", "启用", "√", "✓", "✔", "☑", "✅", "yes", "y", "true",
    "t", "on",
];
/// What people write for no, after folding.
const NO: &[&str] = &[
    "否",
    "不",
    "不是",
    "假",
    "无",
    "没有",
    "不对",
    "不要",
    "不需要",
    "关",
    "关闭",
    "停用",
    "×",
    "✗",
    "✘",
    "❌",
    "☐",
    "no",
    "n",
    "false",
    "f",
    "off",
];

/// Reads a word for yes or no: of either language, in any width and case, as a mark, or as the numbers 1 and 0 the way
/// spreadsheets write them (`1.0`). None for anything else, an empty text too: whoever asks refuses it, or keeps what
/// there is.
#[must_use]
pub fn read(text: &str) -> Option<bool> {
    let word: String = text.chars().filter(|sign| !is_invisible(*sign)).map(half_width).collect();
    let word = word.trim().to_lowercase();
    let word = word.trim_end_matches(['。', '.', '!', ';', '；']).trim_end();
    if YES.contains(&word) {
        return Some(true);
    }
    if NO.contains(&word) {
        return Some(false);
    }
    number(word)
}

/// 1 and 0, with noughts behind the point.
fn number(word: &str) -> Option<bool> {
    let (whole, rest) = word.split_once('.').unwrap_or((word, ""));
    match whole {
        _ if !rest.chars().all(|digit| digit == '0') => None,
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// Marks that are copied along with a text and that nobody sees.
const fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_of_both_languages_are_read() {
        let yes = "是 TRUE true Y y 1 1.0 1.00 １ １．０ 真 有 √ ✓ ✔️ 对 yes YES Ｙｅｓ on ☑ 是。 \u{feff}是 \u{200b}1";
        let no = "否 无 不 N no FALSE 0 0.0 ０ × off 没有 不是 假 ❌ ＮＯ 否。";
        for (words, expected) in [(yes, true), (no, false)] {
            for word in words.split(' ') {
                assert_eq!(read(word), Some(expected), "{word}");
                assert_eq!(read(&format!("\u{3000}{word} \t")), Some(expected), "{word}");
            }
        }
    }

    #[test]
    fn nothing_else_is_guessed() {
        for word in [
            "", " ", "-", "2", "10", "1.5", "0.1", "-1", "x", "保密", "maybe", "是否", "yes no", "?", "1 0", "1e0", ".",
        ] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
