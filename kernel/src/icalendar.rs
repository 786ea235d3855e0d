//! Writes entries for calendars as iCalendar files (RFC 5545), which telephones and mail programs take. It only writes
//! what it is given: the caller sees to it that nothing personal stands in an entry.

use crate::time::{Date, Instant, Zone, date_plus_days};

/// The octets of a line at most, without its end (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;
const SECONDS_PER_MINUTE: i64 = 60;
const SECONDS_PER_HOUR: i64 = 3_600;
/// Moments are written in universal time, which every program reads alike.
const UTC: Zone = Zone::new(0);

/// When an entry takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// All day, as a home visit without a time of day.
    Day(Date),
    /// From a moment to a moment.
    Span {
        /// When it begins.
        from: Instant,
        /// When it ends.
        to: Instant,
    },
}

/// How sure it is that an entry takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was asked for, and nobody has agreed to it yet.
    Tentative,
    /// It is agreed.
    Confirmed,
    /// It does not take place, so calendars strike it out.
    Cancelled,
}

impl Standing {
    /// The word of the format (RFC 5545, 3.8.1.11).
    const fn word(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from every other entry of the world, and stays when it is moved or cancelled.
    pub uid: String,
    /// How often it was changed, or any other number that a change raises. The first edition is 0.
    pub edition: i64,
    /// When it takes place.
    pub when: When,
    /// What it is, in a few words.
    pub title: String,
    /// Where. It is left out where it is empty.
    pub place: String,
    /// What to know about it. Line ends separate paragraphs. It is left out where it is empty.
    pub text: String,
    /// The page about it. It is left out where it is empty.
    pub address: String,
    /// How sure it is.
    pub standing: Standing,
}

impl Entry {
    fn is_cancelled(&self) -> bool {
        self.standing == Standing::Cancelled
    }
}

/// Writes a file of entries as they are known at a moment. `product` names the program that wrote it.
///
/// Whoever opened an earlier file has the entry replaced because a change raised its edition, and struck out because a
/// cancelled entry counts as a further edition.
#[must_use]
pub fn written(product: &str, entries: &[Entry], now: Instant) -> String {
    let all_cancelled = !entries.is_empty() && entries.iter().all(Entry::is_cancelled);
    let mut file = File::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.text("PRODID", product);
    file.line("CALSCALE", "GREGORIAN");
    file.line("METHOD", if all_cancelled { "CANCEL" } else { "PUBLISH" });
    for entry in entries {
        file.entry(entry, now);
    }
    file.line("END", "VCALENDAR");
    file.0
}

/// The lines written so far.
#[derive(Default)]
struct File(String);

impl File {
    fn entry(&mut self, entry: &Entry, now: Instant) {
        self.line("BEGIN", "VEVENT");
        self.text("UID", &entry.uid);
        self.line("DTSTAMP", &moment(now));
        let edition = entry.edition.saturating_add(i64::from(entry.is_cancelled()));
        self.line("SEQUENCE", &edition.clamp(0, i64::from(i32::MAX)).to_string());
        match entry.when {
            When::Day(day) => {
                self.line("DTSTART;VALUE=DATE", &civil(day));
                self.line("DTEND;VALUE=DATE", &civil(date_plus_days(day, 1).unwrap_or(day)));
            }
            When::Span { from, to } => {
                self.line("DTSTART", &moment(from));
                self.line("DTEND", &moment(to));
            }
        }
        self.text("SUMMARY", &entry.title);
        self.text("LOCATION", &entry.place);
        self.text("DESCRIPTION", &entry.text);
        self.address("URL", &entry.address);
        self.line("STATUS", entry.standing.word());
        self.line("TRANSP", if entry.is_cancelled() { "TRANSPARENT" } else { "OPAQUE" });
        self.line("END", "VEVENT");
    }

    /// Writes a text, with the characters that the format uses itself marked as text. An empty one is left out.
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.line(name, &escaped(text));
        }
    }

    /// Writes an address, which is no text and so not marked. One with a character that no address has is left out.
    fn address(&mut self, name: &str, address: &str) {
        let is_plain = address.chars().all(|letter| letter.is_ascii_graphic());
        if !address.is_empty() && is_plain {
            self.line(name, address);
        }
    }

    /// Writes a line, folded where it is too long: what goes on begins with a blank, and no character is cut.
    fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if octets + letter.len_utf8() > LONGEST_LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// Marks backslash, comma, semicolon and line end (RFC 5545, 3.3.11). Other control characters are left out.
fn escaped(text: &str) -> String {
    let mut marked = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ',' | ';' => marked.extend(['\\', letter]),
            '\n' | '\r' => marked.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => marked.push(letter),
        }
    }
    marked
}

/// A day as `20261125`.
fn civil(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A moment in universal time as `20261125T003000Z`.
fn moment(at: Instant) -> String {
    let day = UTC.date(at);
    let second = at.seconds_since(UTC.instant(day, 0));
    let (hour, minute) = (second / SECONDS_PER_HOUR, second % SECONDS_PER_HOUR / SECONDS_PER_MINUTE);
    format!("{}T{hour:02}{minute:02}{:02}Z", civil(day), second % SECONDS_PER_MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHENYANG: Zone = Zone::new(480);
    const DAY: Date = Date::constant(2026, 11, 25);

    fn entry() -> Entry {
        let at = |minute| SHENYANG.instant(DAY, minute);
        Entry {
            uid: "0192aa@lianglin".to_owned(),
            edition: 0,
            when: When::Span { from: at(510), to: at(540) },
            title: "高龄津贴".to_owned(),
            place: "华炉社区".to_owned(),
            text: "请带：身份证；户口本\n改时间请上网".to_owned(),
            address: "https://city.example/appointments".to_owned(),
            standing: Standing::Confirmed,
        }
    }

    /// The lines as a program reads them: unfolded.
    fn lines(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_says_when_and_where_and_its_lines_end_as_the_standard_says() {
        let file = written("-//Lianglin//zh", &[entry()], SHENYANG.instant(DAY, 480).plus_seconds(5));
        assert_eq!(
            lines(&file),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Lianglin//zh",
                "CALSCALE:GREGORIAN",
                "METHOD:PUBLISH",
                "BEGIN:VEVENT",
                "UID:0192aa@lianglin",
                "DTSTAMP:20261125T000005Z",
                "SEQUENCE:0",
                "DTSTART:20261125T003000Z",
                "DTEND:20261125T010000Z",
                "SUMMARY:高龄津贴",
                "LOCATION:华炉社区",
                "DESCRIPTION:请带：身份证；户口本\\n改时间请上网",
                "URL:https://city.example/appointments",
                "STATUS:CONFIRMED",
                "TRANSP:OPAQUE",
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        );
        assert_eq!(file.matches('\n').count(), file.matches("\r\n").count(), "each line ends with CRLF");
        assert!(file.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn what_is_called_off_is_struck_out_under_the_same_name() {
        let cancelled = Entry { standing: Standing::Cancelled, ..entry() };
        let file = written("p", std::slice::from_ref(&cancelled), Instant::from_micros(0));
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1", "UID:0192aa@lianglin"] {
            assert!(lines(&file).contains(&line.to_owned()), "{line}: {file}");
        }
        let both = written("p", &[cancelled, entry()], Instant::from_micros(0));
        assert!(both.contains("METHOD:PUBLISH\r\n"), "a feed is published, and says of each how it stands");
        assert!(written("p", &[], Instant::from_micros(0)).contains("METHOD:PUBLISH\r\n"));
    }

    #[test]
    fn what_nobody_has_agreed_to_yet_is_tentative() {
        let asked = Entry { standing: Standing::Tentative, ..entry() };
        let file = written("p", &[asked], Instant::from_micros(0));
        for line in ["METHOD:PUBLISH", "STATUS:TENTATIVE", "SEQUENCE:0", "TRANSP:OPAQUE"] {
            assert!(lines(&file).contains(&line.to_owned()), "{line}: {file}");
        }
    }

    #[test]
    fn a_later_edition_has_a_greater_number() {
        for (edition, is_cancelled, line) in
            [(0, false, "SEQUENCE:0"), (7, false, "SEQUENCE:7"), (7, true, "SEQUENCE:8"), (-3, false, "SEQUENCE:0")]
        {
            let standing = if is_cancelled { Standing::Cancelled } else { Standing::Confirmed };
            let file = written("p", &[Entry { edition, standing, ..entry() }], Instant::from_micros(0));
            assert!(lines(&file).contains(&line.to_owned()), "{line}: {file}");
        }
    }

    #[test]
    fn a_day_without_a_time_lasts_until_the_next() {
        let all_day = |day| lines(&written("p", &[Entry { when: When::Day(day), ..entry() }], Instant::from_micros(0)));
        let december = all_day(Date::constant(2026, 12, 31));
        assert!(december.contains(&"DTSTART;VALUE=DATE:20261231".to_owned()), "{december:?}");
        assert!(december.contains(&"DTEND;VALUE=DATE:20270101".to_owned()), "{december:?}");
    }

    #[test]
    fn a_moment_before_the_epoch_and_at_midnight_is_written_too() {
        for (seconds, expected) in [(0, "19700101T000000Z"), (-1, "19691231T235959Z"), (86_400, "19700102T000000Z")] {
            assert_eq!(moment(Instant::from_micros(0).plus_seconds(seconds)), expected);
        }
    }

    #[test]
    fn what_the_format_uses_itself_is_marked_as_text() {
        for (text, expected) in [
            ("a,b;c\\d", "a\\,b\\;c\\\\d"),
            ("一\r\n二\r三\n四", "一\\n二\\n三\\n四"),
            ("\u{7}tab\tout", "tabout"),
            ("END:VEVENT\nBEGIN:VEVENT", "END:VEVENT\\nBEGIN:VEVENT"),
            ("，；：", "，；："),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_line_is_folded_and_no_character_is_cut() {
        for letter in ["a", "é", "岺", "𠮷", "\\"] {
            for count in [1, 24, 25, 62, 63, 64, 75, 200] {
                let title = letter.repeat(count);
                let file = written("p", &[Entry { title: title.clone(), ..entry() }], Instant::from_micros(0));
                assert!(file.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{letter} {count}: {file}");
                let read = lines(&file).into_iter().find_map(|line| Some(line.strip_prefix("SUMMARY:")?.to_owned()));
                assert_eq!(read, Some(escaped(&title)), "{letter} {count}");
            }
        }
    }

    #[test]
    fn an_address_is_written_as_it_is_or_not_at_all() {
        for (address, told) in
            [("https://a.example/x?y=1,2;3", true), ("", false), ("https://a/\r\nX:1", false), ("https://两邻/", false)]
        {
            let file = written("p", &[Entry { address: address.to_owned(), ..entry() }], Instant::from_micros(0));
            assert_eq!(lines(&file).contains(&format!("URL:{address}")), told, "{address:?}");
            assert_eq!(lines(&file).iter().any(|line| line.starts_with("URL")), told, "{address:?}");
        }
    }
}
