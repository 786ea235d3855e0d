//! What a name or another short text of a person may hold. What nobody sees on the screen is refused, because two names
//! that look the same would be two, and one name could be shown as another.
//!
//! Names come from old registers and from many keyboards. Characters that once had only a private code get the one that
//! they have today, and the dot between the parts of a name is one and the same.

use crate::identifier::looks_personal;
use crate::language::half_width;
pub use crate::language::is_unseen;
use crate::refusal::Code;
use crate::search::is_han;

/// The characters of GBK at U+E815 to U+E864, by the place in order. Registers that were made before Unicode had them
/// keep them there (GB 18030-2005, annexes A to D; the homes of the last 24 by GB 18030-2022).
const GBK: &str = "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻";
/// The first of them.
const GBK_FIRST: char = '\u{E815}';

/// The signs that people type for the dot between the parts of a name (间隔号, U+00B7).
const DOTS: [char; 16] = [
    '\u{B7}', '\u{2022}', '\u{2027}', '\u{2219}', '\u{22C5}', '\u{30FB}', '\u{FF65}', '\u{387}', '\u{25CF}',
    '\u{2024}', '\u{2E31}', '\u{A78F}', '\u{16EB}', '\u{FE52}', '.', '\u{FF0E}',
];
/// The dot that names have.
const DOT: char = '\u{B7}';

/// The signs that a computer, or whoever copied a list, writes where there is no shape or no code for a character.
const GARBLED: [char; 15] =
    ['?', '？', '\u{FFFD}', '\u{FFFC}', '□', '■', '〓', '*', '＊', '☐', '▢', '▯', '▮', '◻', '◼'];

/// The signs of programs and formulas that stand in no name.
const OF_PROGRAMS: [char; 10] = ['<', '>', '=', '|', '{', '}', '\\', '^', '`', '＝'];
/// The signs with which a spreadsheet begins a formula, and no name.
const OF_FORMULAS: [char; 3] = ['+', '-', '@'];

/// Returns a text without blanks around it, and with the characters of old registers under their codes of today: 李 and
/// U+E863 become 李䶮.
pub fn written(text: &str) -> String {
    text.trim().chars().map(home).collect()
}

/// Returns the code that a character of an old register has today; any other character itself.
fn home(character: char) -> char {
    let number = u32::from(character);
    let found = match character {
        '\u{E815}'..='\u{E864}' => {
            let place = usize::try_from(number.saturating_sub(u32::from(GBK_FIRST))).unwrap_or(usize::MAX);
            GBK.chars().nth(place)
        }
        '\u{E7C7}' => Some('\u{1E3F}'),
        '\u{E7C8}' => Some('\u{1F9}'),
        _ => None,
    };
    found.unwrap_or(character)
}

/// Returns a name as it is kept: as [`written`], and between Chinese characters with the one dot that names have,
/// without blanks beside it. 古丽米热•艾比布力 becomes 古丽米热·艾比布力.
pub fn name(text: &str) -> String {
    let signs: Vec<char> = written(text).chars().collect();
    let mut name = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let run = signs.iter().skip(at).take_while(|sign| is_between(**sign)).count();
        let joins = name.chars().next_back().is_some_and(is_han) && signs.get(at + run).copied().is_some_and(is_han);
        let dotted = signs.iter().skip(at).take(run).any(|sign| is_dot(*sign));
        if run > 0 && joins && dotted {
            name.push(DOT);
            at += run;
        } else {
            name.push(*sign);
            at += 1;
        }
    }
    name
}

/// Returns a name as it is compared when somebody is looked for: as [`name`], in small letters of half width, without
/// blanks beside Chinese characters, with one blank between other words. `王　玲` is `王玲`, `MÜLLER` is `müller`.
pub fn name_key(text: &str) -> String {
    let name: String = name(text).chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
    let name = name.to_lowercase();
    let mut key = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        let joins = key.chars().next_back().is_some_and(is_han) || word.chars().next().is_some_and(is_han);
        if !key.is_empty() && !joins {
            key.push(' ');
        }
        key.push_str(word);
    }
    key
}

/// Says whether a sign can be the dot between two parts of a name.
pub fn is_dot(sign: char) -> bool {
    DOTS.contains(&sign)
}

/// Says whether a sign can stand between two parts of a name.
fn is_between(sign: char) -> bool {
    is_dot(sign) || sign.is_whitespace()
}

/// Returns why a name cannot be taken, if there is a reason: what [`line_fault`] finds, [`Code::FormGarbled`] where a
/// computer lost a character of it, and [`Code::FormNameSigns`] where it has signs of a program.
pub fn name_fault(text: &str) -> Option<Code> {
    let name = name(text);
    // A formula may have the signs of a lost character too; whoever wrote it lost none.
    if name.starts_with(OF_FORMULAS) || name.contains(OF_PROGRAMS) {
        return Some(Code::FormNameSigns);
    }
    if name.chars().any(|sign| GARBLED.contains(&sign)) {
        return Some(Code::FormGarbled);
    }
    line_fault(&name)
}

/// Says whether a sign of a name stands for one that was lost, or is one that nobody sees.
pub fn is_lost(sign: char) -> bool {
    GARBLED.contains(&sign) || is_hidden(sign) || is_joiner(sign) || sign.is_control()
}

/// Returns a number or a code as it was meant: half-width, without blanks around it and without marks that nobody sees.
pub fn number(text: &str) -> String {
    let seen: String = text.chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
    seen.trim().to_owned()
}

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
    (text.chars().any(is_hidden) || is_overloaded(text)).then_some(Code::FormHidden)
}

/// Returns why a text of one line that others read cannot be taken, if there is a reason: what [`line_fault`] finds,
/// and [`Code::FormPersonal`] where it holds the number of a person. Nobody tells a name from other words, so pages say
/// beside such a field that it names nobody.
pub fn open_line_fault(text: &str) -> Option<Code> {
    line_fault(text).or_else(|| number_fault(text))
}

/// Returns why a text of several lines that others read cannot be taken, if there is a reason, as [`open_line_fault`]
/// does.
pub fn open_lines_fault(text: &str) -> Option<Code> {
    lines_fault(text).or_else(|| number_fault(text))
}

/// Refuses a text with the number of a person.
fn number_fault(text: &str) -> Option<Code> {
    looks_personal(text).then_some(Code::FormPersonal)
}

/// The most marks that may stand above or below one letter. Vietnamese and the romanisation of Tibetan need two.
const MARKS: usize = 3;

/// Tells whether signs of the Mongolian script stand beside another script, or a letter is overloaded with marks.
fn is_odd(text: &str) -> bool {
    let mut before = None;
    let is_mongolian = |one: char| matches!(one, '\u{1800}'..='\u{18AA}');
    let is_strange = text.chars().any(|character| {
        let strange = matches!(character, '\u{180B}'..='\u{180F}') && !before.is_some_and(is_mongolian);
        before = Some(character);
        strange
    });
    is_strange || is_overloaded(text)
}

/// Tells whether more marks stand on a letter than any script has: they would cover the lines around it.
fn is_overloaded(text: &str) -> bool {
    let mut marks = 0_usize;
    text.chars().any(|character| {
        marks = if is_mark(character) { marks.saturating_add(1) } else { 0 };
        marks > MARKS
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
        | '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' // signs of numbers
        | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1345F}'
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
    fn what_others_read_holds_no_number_of_a_person() {
        let personal = Some(Code::FormPersonal);
        for (text, fault) in [
            ("电梯停了三天没有告知", None),
            ("每天 8:00—20:00", None),
            ("2026-11-23 14:00 在 3 号楼", None),
            ("街道通报 2026 第 3 号", None),
            ("找 13800130412", personal),
            ("打 024-23456789 问", personal),
            ("210102194103120022", personal),
            ("6217 0000 0000 0000", personal),
            ("1\u{202e}号", HIDDEN),
        ] {
            assert_eq!((open_line_fault(text), open_lines_fault(text)), (fault, fault), "{text}");
        }
        assert_eq!(open_lines_fault("第一行\n13800130412"), personal);
        assert_eq!(open_line_fault("第一行\n第二行"), INVALID);
    }

    #[test]
    fn a_name_has_one_dot_and_the_characters_of_today() {
        for (typed, kept) in [
            ("古丽米热•艾比布力", "古丽米热·艾比布力"),
            ("古丽米热・艾比布力", "古丽米热·艾比布力"),
            ("古丽米热･艾比布力", "古丽米热·艾比布力"),
            ("古丽米热‧艾比布力", "古丽米热·艾比布力"),
            ("古丽米热⋅艾比布力", "古丽米热·艾比布力"),
            ("古丽米热.艾比布力", "古丽米热·艾比布力"),
            ("古丽米热．艾比布力", "古丽米热·艾比布力"),
            ("古丽米热 · 艾比布力", "古丽米热·艾比布力"),
            ("买买提··吐尔逊•阿吉", "买买提·吐尔逊·阿吉"),
            ("李\u{E863}", "李䶮"),
            ("\u{E863}.\u{E81E}", "䶮·\u{9FB4}"),
            ("李\u{E816}\u{E855}\u{E864}", "李\u{20087}\u{241FE}\u{9FBB}"),
            ("　李岺 ", "李岺"),
            ("欧阳 娜娜", "欧阳 娜娜"),
            ("J. Smith", "J. Smith"),
            ("李 J. Smith", "李 J. Smith"),
            ("李.", "李."),
            ("", ""),
        ] {
            assert_eq!(name(typed), kept, "{typed}");
            assert_eq!(name(kept), kept, "{kept} is kept as it is");
        }
        assert_eq!(GBK.chars().count(), 80);
        assert!(GBK.chars().all(|character| !is_hidden(character)));
        assert_eq!(written(" \u{E863}.号 "), "䶮.号", "an address keeps its signs");
    }

    #[test]
    fn names_that_mean_the_same_are_compared_as_one() {
        let table: [(&str, &[&str]); 9] = [
            ("müller", &["Müller", "müller", "MÜLLER", " Müller ", "ＭÜＬＬＥＲ"]),
            ("王玲", &["王玲", "王 玲", "王\u{3000}玲", " 王  玲 ", "王\u{A0}玲", "王\u{200B}玲"]),
            ("ann lee", &["Ann Lee", "ann lee", "ANN  LEE", "Ann\u{A0}Lee", "Ann\u{3000}Lee", "Ａｎｎ Ｌｅｅ"]),
            ("欧阳娜娜", &["欧阳 娜娜", "欧阳娜娜"]),
            ("古丽米热·艾比布力", &["古丽米热•艾比布力", "古丽米热 · 艾比布力"]),
            ("李j. smith", &["李 J. Smith", "李J. Smith"]),
            ("zoë o'brien-ng", &["Zoë O'Brien-Ng", "ZOË O'BRIEN-NG"]),
            ("김 철수", &["김 철수", "김  철수"]),
            ("", &["", " "]),
        ];
        for (key, spellings) in table {
            for spelling in spellings {
                assert_eq!(name_key(spelling), key, "{spelling:?}");
            }
        }
        for (one, other) in [("王玲", "王铃"), ("Ann Lee", "Annlee"), ("Muller", "Müller"), ("李娜", "李娜娜")]
        {
            assert_ne!(name_key(one), name_key(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_that_a_computer_spoilt_is_refused() {
        const LOST: Option<Code> = Some(Code::FormGarbled);
        const SIGNS: Option<Code> = Some(Code::FormNameSigns);
        for (text, fault) in [
            ("李?", LOST),
            ("李？", LOST),
            ("李\u{FFFD}", LOST),
            ("李□", LOST),
            ("李■", LOST),
            ("李〓岺", LOST),
            ("李*", LOST),
            ("李▯", LOST),
            ("李\u{202E}岺", HIDDEN),
            ("李\u{E000}", HIDDEN),
            ("李\u{200B}岺", HIDDEN),
            ("李\u{FEFF}岺", HIDDEN),
            ("李\u{600}岺", HIDDEN),
            ("李\n岺", INVALID),
            ("<b>郑</b>", SIGNS),
            ("=cmd|calc", SIGNS),
            ("+郑", SIGNS),
            ("-郑", SIGNS),
            ("@郑", SIGNS),
            ("{{7*7}}", SIGNS),
            ("李\u{E863}", None),
            ("古丽米热•艾比布力", None),
            ("Zoë O’Brien-Ng", None),
            ("沈阳A+B（中国）有限公司", None),
        ] {
            assert_eq!(name_fault(text), fault, "{text:?}");
        }
    }

    #[test]
    fn marks_around_a_copied_number_fall_away() {
        assert_eq!(number("\u{202D}１２３４\u{202C}\u{A0}"), "1234");
        assert_eq!(number("\u{FEFF}12\u{200B}34 "), "1234");
        assert_eq!(number(" 12 34 "), "12 34");
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
            ("e\u{301}\u{301}\u{301}\u{301}", HIDDEN, HIDDEN),
            ("e\u{301}\u{301}\u{301}", None, None),
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
