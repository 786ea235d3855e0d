//! What a name or another short text of a person may hold. What nobody sees on the screen is refused, because two names
//! that look the same would be two, and one name could be shown as another.

use crate::refusal::Code;

/// Returns why a name or another text of one line cannot be taken, if there is a reason: [`Code::FormInvalid`] for
/// characters that control a machine, [`Code::FormHidden`] for those that are not seen or are shown differently on each
/// computer.
pub fn line_fault(text: &str) -> Option<Code> {
    if text.chars().any(char::is_control) {
        return Some(Code::FormInvalid);
    }
    let hides = text.chars().any(|character| is_hidden(character) || is_joiner(character));
    (hides || is_odd(text)).then_some(Code::FormHidden)
}

/// Returns why a text of several lines cannot be taken, if there is a reason, as [`line_fault`] does. Lines may end,
/// and what holds an emoji together may stand in it.
pub fn lines_fault(text: &str) -> Option<Code> {
    if text.chars().any(|character| character.is_control() && character != '\n') {
        return Some(Code::FormInvalid);
    }
    text.chars().any(is_hidden).then_some(Code::FormHidden)
}

/// The most marks that may stand above or below one letter. Vietnamese and the romanisation of Tibetan need two.
const MARKS: usize = 3;

/// Tells whether signs of the Mongolian script stand beside another script, or more marks on a letter than any script
/// has.
fn is_odd(text: &str) -> bool {
    let (mut before, mut marks) = (None, 0_usize);
    text.chars().any(|character| {
        let is_mongolian = |one: char| matches!(one, '\u{1800}'..='\u{18AA}');
        let strange = matches!(character, '\u{180B}'..='\u{180F}') && !before.is_some_and(is_mongolian);
        marks = if is_mark(character) { marks.saturating_add(1) } else { 0 };
        before = Some(character);
        strange || marks > MARKS
    })
}

/// Tells whether a character is a mark above or below the letter before it.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Tells whether a character is not seen, turns the direction of others, or has no shape that computers agree on. The
/// signs of the Mongolian script (U+180B to U+180F) are needed to write it.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' // fillers and marks
        | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' // blanks of other widths
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' // signs of shorthand and of music
        | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' // no width, directions, lines
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{FEFF}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' // private use
        | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF0}'..='\u{FFFF}' // what is no character
        | '\u{E0000}'..='\u{E0FFF}') // tags
}

/// Tells whether a character joins others to an emoji or chooses among its shapes.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: Option<Code> = Some(Code::FormHidden);
    const INVALID: Option<Code> = Some(Code::FormInvalid);

    #[test]
    fn names_as_people_write_them_are_taken() {
        for name in [
            "",
            "李岺",
            "古丽米热·艾比布力",
            "买买提•吐尔逊",
            "欧阳 娜娜",
            "𠮷田",
            "䶮",
            "گۈلمىرە ئەبىبۇللا",
            "བཀྲ་ཤིས།",
            "ᠪᠣᠷᠵᠢᠭᠢᠨ ᠳ᠋ᠤ",
            "김철수",
            "Zoë O’Brien-Ng",
            "和平区南京南街197号（3-1-2）",
            "一\u{3000}二\u{A0}三",
        ] {
            assert_eq!((line_fault(name), lines_fault(name)), (None, None), "{name}");
        }
    }

    #[test]
    fn what_nobody_sees_is_refused() {
        for (text, line, lines) in [
            ("李\u{200B}岺", HIDDEN, HIDDEN),
            ("李岺\u{FEFF}", HIDDEN, HIDDEN),
            ("\u{202D}13800130412\u{202C}", HIDDEN, HIDDEN),
            ("李\u{202E}岺", HIDDEN, HIDDEN),
            ("\u{2067}李岺\u{2069}", HIDDEN, HIDDEN),
            ("李\u{200F}岺", HIDDEN, HIDDEN),
            ("李\u{61C}岺", HIDDEN, HIDDEN),
            ("李\u{2060}岺", HIDDEN, HIDDEN),
            ("李\u{AD}岺", HIDDEN, HIDDEN),
            ("李\u{3164}", HIDDEN, HIDDEN),
            ("李\u{E863}", HIDDEN, HIDDEN),
            ("李\u{F0001}", HIDDEN, HIDDEN),
            ("李\u{10FFFD}", HIDDEN, HIDDEN),
            ("李\u{E0041}", HIDDEN, HIDDEN),
            ("李\u{FFFD}", HIDDEN, HIDDEN),
            ("李\u{2028}岺", HIDDEN, HIDDEN),
            ("李\u{2009}岺", HIDDEN, HIDDEN),
            ("李\u{1D173}岺", HIDDEN, HIDDEN),
            ("李\u{1BCA0}岺", HIDDEN, HIDDEN),
            ("李\u{180E}岺", HIDDEN, None),
            ("李\u{180B}", HIDDEN, None),
            ("e\u{301}\u{301}\u{301}\u{301}", HIDDEN, None),
            ("李\u{FE0F}岺", HIDDEN, None),
            ("👩\u{200D}👧", HIDDEN, None),
            ("李\n岺", INVALID, None),
            ("李\t岺", INVALID, INVALID),
            ("李\r\n岺", INVALID, INVALID),
            ("李\u{7}", INVALID, INVALID),
            ("李\u{85}岺\u{200B}", INVALID, INVALID),
        ] {
            assert_eq!((line_fault(text), lines_fault(text)), (line, lines), "{text:?}");
        }
    }
}
