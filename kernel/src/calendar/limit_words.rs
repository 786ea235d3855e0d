//! Limits as documents write them: "2紧急工作时", "4 小时", "两个工作日". Cities keep standards in such words, and
//! where a column beside them says something else, the words are right.

use super::{Limit, Unit};
use crate::language::half_width;

/// Hours of one urgent day: it runs day and night.
const HOURS_OF_A_DAY: u32 = 24;
/// The largest number that is read.
const MOST: u32 = 9_999;
/// Words for one half, at the beginning of a limit.
const HALF: [&str; 4] = ["半", "half an ", "half a ", "half "];

/// The units by their words, the longer before those that they contain; for an urgent day, how many hours it has.
const UNITS: &[(&str, Unit, u32)] = &[
    ("紧急工作小时", Unit::UrgentHour, 1),
    ("紧急工作时", Unit::UrgentHour, 1),
    ("紧急工作日", Unit::UrgentHour, HOURS_OF_A_DAY),
    ("紧急工作天", Unit::UrgentHour, HOURS_OF_A_DAY),
    ("紧急天", Unit::UrgentHour, HOURS_OF_A_DAY),
    ("紧急日", Unit::UrgentHour, HOURS_OF_A_DAY),
    ("紧急小时", Unit::UrgentHour, 1),
    ("紧急时", Unit::UrgentHour, 1),
    ("工作小时", Unit::WorkingHour, 1),
    ("工作时", Unit::WorkingHour, 1),
    ("工作日", Unit::WorkingDay, 1),
    ("工作天", Unit::WorkingDay, 1),
    ("自然日", Unit::CalendarDay, 1),
    ("日历日", Unit::CalendarDay, 1),
    ("日历天", Unit::CalendarDay, 1),
    ("自然天", Unit::CalendarDay, 1),
    ("urgent hours", Unit::UrgentHour, 1),
    ("urgent hour", Unit::UrgentHour, 1),
    ("working hours", Unit::WorkingHour, 1),
    ("working hour", Unit::WorkingHour, 1),
    ("working days", Unit::WorkingDay, 1),
    ("working day", Unit::WorkingDay, 1),
    ("calendar days", Unit::CalendarDay, 1),
    ("calendar day", Unit::CalendarDay, 1),
];

/// Words that leave open what is counted: hours or days of what kind the column beside them says.
const OPEN: &[(&str, Unit, Unit)] = &[
    ("小时", Unit::WorkingHour, Unit::UrgentHour),
    ("时", Unit::WorkingHour, Unit::UrgentHour),
    ("hours", Unit::WorkingHour, Unit::UrgentHour),
    ("hour", Unit::WorkingHour, Unit::UrgentHour),
    ("天", Unit::WorkingDay, Unit::CalendarDay),
    ("日", Unit::WorkingDay, Unit::CalendarDay),
    ("days", Unit::WorkingDay, Unit::CalendarDay),
    ("day", Unit::WorkingDay, Unit::CalendarDay),
];

/// What stands in brackets behind a limit, and the word for it that belongs before its unit.
const MARKS: &[(&str, &str)] = &[
    ("紧急", URGENT),
    ("紧急情况", URGENT),
    ("紧急工作时", URGENT),
    ("工作时", "工作"),
    ("工作时间", "工作"),
    ("工作小时", "工作"),
    ("工作日", "工作"),
    ("自然日", "自然"),
    ("自然天", "自然"),
    ("日历日", "自然"),
    ("日历天", "自然"),
];
const URGENT: &str = "紧急";
/// Words for a limit that ends with the day on which it began.
const SAME_DAY: [&str; 2] = ["当日", "当天"];

/// A limit that was read from words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// The limit.
    pub limit: Limit,
    /// Whether the words said what is counted; where they did not, working time was assumed or a column said it.
    pub said: bool,
}

impl Limit {
    /// Reads a limit from the words of a document. `beside` is the unit that a column beside them names. It is used
    /// only where the words leave open what is counted ("4小时", "2天") and it counts hours or days as they do; without
    /// it, working hours and working days are taken, and whole days of hours ("24小时") run day and night. "当日" is a
    /// limit of no days. None for anything else, for a limit of nothing, and where half an hour or half a day is left
    /// over: half an urgent day is twelve hours, but no limit counts half a working day.
    #[must_use]
    pub fn from_words(text: &str, beside: Option<Unit>) -> Option<Read> {
        let Halves { count, unit, said } = in_halves(text, beside)?;
        count.is_multiple_of(2).then_some(Read { limit: Limit::new(count / 2, unit), said })
    }

    /// Whether words say a limit that leaves a half over, such as "半个工作日" or "1.5小时". Limits count whole hours
    /// and whole days.
    #[must_use]
    pub fn leaves_half(text: &str) -> bool {
        in_halves(text, None).is_some_and(|read| !read.count.is_multiple_of(2))
    }
}

/// A limit as it was read, in halves of its unit.
struct Halves {
    count: u32,
    unit: Unit,
    said: bool,
}

/// Reads a limit as [`Limit::from_words`] does, in halves.
fn in_halves(text: &str, beside: Option<Unit>) -> Option<Halves> {
    let words: String = text.chars().map(half_width).filter(|sign| !sign.is_whitespace() || *sign == ' ').collect();
    let words = words.to_lowercase();
    let (words, mark) = marked(bare(&words))?;
    if SAME_DAY.contains(&words) {
        return mark.is_empty().then_some(Halves { count: 0, unit: Unit::WorkingDay, said: true });
    }
    let (halves, rest) = amount(words)?;
    let rest = rest.trim_start();
    let unit = rest.strip_prefix('个').unwrap_or(rest).trim();
    let (halves, unit) = match unit.strip_suffix('半') {
        Some(unit) if halves.is_multiple_of(2) => (halves.checked_add(1)?, unit.trim_end()),
        _ => (halves, unit),
    };
    let unit = if unit.starts_with(mark) { unit.to_owned() } else { format!("{mark}{unit}") };
    if let Some((_, unit, times)) = UNITS.iter().find(|(word, ..)| unit == *word) {
        return Some(Halves { count: halves.checked_mul(*times)?, unit: *unit, said: true });
    }
    let (_, usual, other) = OPEN.iter().find(|(word, ..)| unit == *word)?;
    let whole_days = *usual == Unit::WorkingHour && halves.is_multiple_of(2 * HOURS_OF_A_DAY);
    let unit = match beside {
        Some(beside) if beside == *usual || beside == *other => beside,
        _ if whole_days => *other,
        _ => *usual,
    };
    Some(Halves { count: halves, unit, said: false })
}

/// A limit without the words around it that change nothing: "不超过4工作时", "15个工作日以内".
fn bare(words: &str) -> &str {
    let words = words.trim().trim_start_matches("不超过").trim_start_matches('≤');
    let words = words.trim_end_matches(['内', '。', '.']).trim();
    words.strip_suffix('以').unwrap_or(words)
}

/// A limit without the mark in brackets behind it or before its number, and the word for it that belongs before the
/// unit: "2小时(紧急)" and "紧急2小时" are "紧急小时". None where anything else stands in brackets.
fn marked(words: &str) -> Option<(&str, &'static str)> {
    if let Some((limit, said)) = words.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        let (_, mark) = MARKS.iter().find(|(known, _)| *known == said.trim())?;
        return Some((bare(limit), *mark));
    }
    match words.strip_prefix(URGENT) {
        Some(limit) => Some((limit.trim_start_matches([':', ' ']), URGENT)),
        None => Some((words, "")),
    }
}

/// The number at the beginning, in digits or in Chinese, from one half on, in halves, and what follows it.
fn amount(text: &str) -> Option<(u32, &str)> {
    if let Some(rest) = HALF.iter().find_map(|half| text.strip_prefix(*half)) {
        return Some((1, rest));
    }
    let (digits, rest) = digits(text)?;
    let (whole, rest) = if digits.is_empty() { chinese(text)? } else { (digits.parse().ok()?, rest) };
    let (half, rest) = half_behind(rest)?;
    let halves = u32::checked_mul(whole, 2)?.checked_add(half)?;
    (1..=2 * MOST).contains(&halves).then_some((halves, rest))
}

/// One or no half behind a whole number, and what follows it: "1.5", "两个半". None for another fraction.
fn half_behind(rest: &str) -> Option<(u32, &str)> {
    if let Some(fraction) = rest.strip_prefix('.') {
        let (digits, rest) = digits(fraction)?;
        return match digits.trim_end_matches('0') {
            "" if !digits.is_empty() => Some((0, rest)),
            "5" => Some((1, rest)),
            _ => None,
        };
    }
    match rest.strip_prefix("个半").or_else(|| rest.strip_prefix('半')) {
        Some(rest) => Some((1, rest)),
        None => Some((0, rest)),
    }
}

/// The digits at the beginning, and what follows them.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// A Chinese number below a hundred at the beginning, and what follows it.
fn chinese(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|sign: char| digit(sign).is_none() && sign != '十').unwrap_or(text.len());
    let (written, rest) = text.split_at_checked(end)?;
    let mut parts = written.splitn(2, '十');
    let (first, second) = (parts.next()?, parts.next());
    let one = |part: &str| {
        let mut signs = part.chars();
        let value = digit(signs.next()?)?;
        signs.next().is_none().then_some(value)
    };
    let value = match second {
        None => one(first)?,
        Some(units) => {
            let tens = if first.is_empty() { 1 } else { one(first)? };
            10 * tens + if units.is_empty() { 0 } else { one(units)? }
        }
    };
    Some((value, rest))
}

const fn digit(sign: char) -> Option<u32> {
    Some(match sign {
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_documents_are_read() {
        use Unit::{CalendarDay, UrgentHour, WorkingDay, WorkingHour};
        let table = [
            ("2紧急工作时", 2, UrgentHour, true),
            ("4工作时", 4, WorkingHour, true),
            ("2个工作日", 2, WorkingDay, true),
            ("1紧急工作日", 24, UrgentHour, true),
            ("15 个工作日内", 15, WorkingDay, true),
            ("１０自然日", 10, CalendarDay, true),
            ("两个工作日", 2, WorkingDay, true),
            ("十五个工作日", 15, WorkingDay, true),
            ("二十日历天", 20, CalendarDay, true),
            ("2 urgent hours", 2, UrgentHour, true),
            ("5 Working Days", 5, WorkingDay, true),
            ("4小时", 4, WorkingHour, false),
            ("2天", 2, WorkingDay, false),
            ("3日以内", 3, WorkingDay, false),
            ("2小时（紧急）", 2, UrgentHour, true),
            ("2小时内（紧急）", 2, UrgentHour, true),
            ("紧急2小时", 2, UrgentHour, true),
            ("紧急：２个小时", 2, UrgentHour, true),
            ("1紧急工作时（紧急）", 1, UrgentHour, true),
            ("1天(紧急)", 24, UrgentHour, true),
            ("4小时（工作时间）", 4, WorkingHour, true),
            ("3天（自然日）", 3, CalendarDay, true),
            ("≤4工作时", 4, WorkingHour, true),
            ("24小时", 24, UrgentHour, false),
            ("48小时内", 48, UrgentHour, false),
            ("当日", 0, WorkingDay, true),
            ("当天内", 0, WorkingDay, true),
            ("2.0工作日", 2, WorkingDay, true),
            ("半个紧急工作日", 12, UrgentHour, true),
            ("1.5天（紧急）", 36, UrgentHour, true),
            ("两天半（紧急）", 60, UrgentHour, true),
        ];
        for (text, amount, unit, said) in table {
            let read = Limit::from_words(text, None);
            assert_eq!(read, Some(Read { limit: Limit::new(amount, unit), said }), "{text}");
        }
    }

    #[test]
    fn the_words_win_over_the_column_beside_them() {
        let urgent = Limit::new(2, Unit::UrgentHour);
        for beside in [None, Some(Unit::WorkingHour), Some(Unit::WorkingDay)] {
            assert_eq!(Limit::from_words("2紧急工作时", beside).map(|read| read.limit), Some(urgent));
        }
        let table = [
            ("4小时", Unit::UrgentHour, Unit::UrgentHour),
            ("4小时", Unit::WorkingDay, Unit::WorkingHour),
            ("4天", Unit::CalendarDay, Unit::CalendarDay),
            ("4天", Unit::UrgentHour, Unit::WorkingDay),
        ];
        for (beside, unit) in [
            (None, Unit::UrgentHour),
            (Some(Unit::WorkingHour), Unit::WorkingHour),
            (Some(Unit::WorkingDay), Unit::UrgentHour),
        ] {
            assert_eq!(Limit::from_words("24小时", beside).map(|read| read.limit.unit), Some(unit), "{beside:?}");
        }
        for (text, beside, unit) in table {
            assert_eq!(
                Limit::from_words(text, Some(beside)).map(|read| read.limit),
                Some(Limit::new(4, unit)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_limit_is_not_guessed() {
        for text in
            ["", "尽快", "0工作日", "半天", "2.5工作日", "-1天", "99999天", "2周", "工作日", "2工作日3小时", "十十日"]
        {
            assert_eq!(Limit::from_words(text, Some(Unit::WorkingDay)), None, "{text}");
        }
        for text in ["2小时（视情况）", "24小时（自然日）", "当日（紧急）", "紧急", "（紧急）", "()"]
        {
            assert_eq!(Limit::from_words(text, Some(Unit::WorkingDay)), None, "{text}");
        }
    }

    #[test]
    fn what_leaves_a_half_over_is_told_apart_from_what_is_no_limit() {
        // Half a working day is no whole number of hours where a day has seven of them.
        for text in [
            "半个工作日",
            "半天",
            "半日内",
            "半小时",
            "半个小时",
            "一个半小时",
            "1.5个工作日",
            "０．５工作日",
            "两个半工作日",
            "两天半",
            "半个紧急工作时",
            "紧急半小时",
            "half a working day",
            "half an hour",
            "1.5 working days",
        ] {
            assert!(Limit::leaves_half(text), "{text}");
            assert_eq!(Limit::from_words(text, Some(Unit::WorkingDay)), None, "{text}");
        }
        for text in ["2工作日", "2.0工作日", "2.3工作日", "2.工作日", "半", "半个月", "尽快", "半个紧急工作日"]
        {
            assert!(!Limit::leaves_half(text), "{text}");
        }
    }
}
