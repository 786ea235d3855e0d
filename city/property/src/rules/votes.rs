//! Decides whether a vote can be called: by whom, with how much notice, on which matters.

use kernel::line::{open_line_fault, open_lines_fault};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days, days_between};

use super::tally::Share;
use crate::refusals::Why;
use crate::words::votes::{Caller, MATTERS_MOST, MatterKind, TEXT_MOST, TITLE_MOST};

/// A matter as it is put to the vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterDraft {
    /// What it is by the law.
    pub kind: MatterKind,
    /// What it is called.
    pub title: String,
    /// What exactly is decided.
    pub text: String,
}

/// A vote that is about to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteDraft {
    /// What it is called.
    pub title: String,
    /// The building whose owners vote; none for the whole compound.
    pub building: Option<i64>,
    /// The stair of that building; empty for all of it.
    pub stair: String,
    /// Who calls it.
    pub caller: Caller,
    /// The units of the owners who ask for it, as people call them.
    pub asking: Vec<String>,
    /// Whether the residents' committee was told.
    pub is_committee_told: bool,
    /// The day of the notice to all owners.
    pub notice_on: Date,
    /// The day on which it opens.
    pub opens_on: Date,
    /// When it opens.
    pub opens_at: Instant,
    /// The day on which it ends.
    pub ends_on: Date,
    /// When it ends.
    pub ends_at: Instant,
    /// What is decided.
    pub matters: Vec<MatterDraft>,
}

/// The first day on which a vote may open after a notice (State Council regulation, article 14): with 15 days, a notice
/// of 1 May lets it open on 16 May.
#[must_use]
pub fn earliest(notice_on: Date, notice_days: i64) -> Option<Date> {
    date_plus_days(notice_on, notice_days)
}

/// What the rulebook says of the days of a vote, and the day on which it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallDays {
    /// Days between the notice and the vote.
    pub notice: i64,
    /// The most days from the call to the opening, and from the opening to the end.
    pub most: i64,
    /// The day of the call.
    pub today: Date,
}

/// Everything that is wrong with a vote that is about to be called.
#[must_use]
pub fn faults(draft: &VoteDraft, days: &CallDays, now: Instant) -> Vec<Refusal> {
    let mut faults = text(&draft.title, "title", TITLE_MOST, false);
    if draft.matters.is_empty() {
        faults.push(Refusal::new(Why::VoteNoMatter).field("matter1_title"));
    }
    for (matter, number) in draft.matters.iter().zip(1_usize..) {
        faults.extend(text(&matter.title, &format!("matter{number}_title"), TITLE_MOST, false));
        faults.extend(text(&matter.text, &format!("matter{number}_text"), TEXT_MOST, true));
    }
    if draft.matters.len() > MATTERS_MOST {
        faults.push(Refusal::new(Why::VoteManyMatters).field("matter1_title").with("most", MATTERS_MOST));
    }
    if !draft.is_committee_told {
        faults.push(Refusal::new(Why::VoteCommitteeNotTold).field("told"));
    }
    match earliest(draft.notice_on, days.notice) {
        // A day that is over would have it judged by the law of that day.
        _ if draft.opens_on < days.today => faults.push(Refusal::new(Why::VoteOpensPast).field("opens_on")),
        Some(earliest) if draft.opens_on < earliest => {
            let refusal = Refusal::new(Why::VoteNoticeShort).field("opens_on");
            faults.push(refusal.with("days", days.notice).with("earliest", earliest));
        }
        Some(_) => {}
        None => faults.push(Refusal::new(Code::FormDate).field("notice_on")),
    }
    for (from, to, field) in [(days.today, draft.opens_on, "opens_on"), (draft.opens_on, draft.ends_on, "ends_on")] {
        if days_between(from, to) > days.most {
            faults.push(Refusal::new(Why::VoteLong).field(field).with("days", days.most));
        }
    }
    if draft.ends_at <= draft.opens_at || draft.ends_at <= now {
        faults.push(Refusal::new(Why::VoteEndsEarly).field("ends_on"));
    }
    if draft.caller == Caller::Owners && draft.asking.is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field("asking"));
    }
    faults
}

fn text(text: &str, field: &str, most: usize, may_be_empty: bool) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if text.trim().is_empty() && !may_be_empty {
        faults.push(Refusal::new(Code::FormMissing).field(field));
    }
    if text.chars().count() > most {
        faults.push(Refusal::new(Code::FormTooLong).field(field).with("limit", most));
    }
    // Everybody who may vote reads it, and the notice at the door has it too.
    let fault = if may_be_empty { open_lines_fault(text) } else { open_line_fault(text) };
    faults.extend(fault.map(|code| Refusal::new(code).field(field)));
    faults
}

/// Whether enough owners ask for a vote (State Council regulation, article 13): 60 of 300, not 59.
///
/// # Errors
/// How many ask and how many are needed.
pub fn enough_ask(asking: i64, heads: i64, share: Share) -> Result<(), Refusal> {
    if share.is_met(asking, heads) && asking > 0 {
        return Ok(());
    }
    let refusal = Refusal::new(Why::VoteFewAsk).field("asking").with("asking", asking);
    Err(refusal.with("needed", share.needed(heads)).with("heads", heads))
}

/// Reads a time of day, `9:00` or `09:00`, as minutes after midnight.
#[must_use]
pub fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, most: u32| {
        let sound = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| sound && *number <= most)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn draft() -> VoteDraft {
        VoteDraft {
            title: "三单元换电梯".to_owned(),
            building: None,
            stair: String::new(),
            caller: Caller::Committee,
            asking: Vec::new(),
            is_committee_told: true,
            notice_on: date("2026-05-01"),
            opens_on: date("2026-05-16"),
            opens_at: Instant::from_micros(100),
            ends_on: date("2026-05-30"),
            ends_at: Instant::from_micros(200),
            matters: vec![MatterDraft {
                kind: MatterKind::UseFund,
                title: "用维修资金换电梯".to_owned(),
                text: String::new(),
            }],
        }
    }

    #[test]
    fn a_notice_of_1_may_lets_it_open_on_16_may() {
        assert_eq!(earliest(date("2026-05-01"), 15), Some(date("2026-05-16")));
        let days = CallDays { notice: 15, most: 60, today: date("2026-05-01") };
        let codes = |draft: &VoteDraft| {
            faults(draft, &days, Instant::from_micros(0)).iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        assert!(codes(&draft()).is_empty());
        for (wrong, expected) in [
            (VoteDraft { opens_on: date("2026-05-15"), ..draft() }, Why::VoteNoticeShort),
            // A vote of a day that is over would be judged by a law that is over.
            (
                VoteDraft {
                    notice_on: date("2019-01-01"),
                    opens_on: date("2019-06-01"),
                    ends_on: date("2019-06-20"),
                    ..draft()
                },
                Why::VoteOpensPast,
            ),
            (VoteDraft { notice_on: date("2026-04-01"), opens_on: date("2026-04-30"), ..draft() }, Why::VoteOpensPast),
            (VoteDraft { ends_on: date("2026-07-16"), ..draft() }, Why::VoteLong),
            (VoteDraft { opens_on: date("2026-07-01"), ends_on: date("2026-07-02"), ..draft() }, Why::VoteLong),
            (VoteDraft { is_committee_told: false, ..draft() }, Why::VoteCommitteeNotTold),
            (VoteDraft { ends_at: Instant::from_micros(100), ..draft() }, Why::VoteEndsEarly),
            (VoteDraft { matters: Vec::new(), ..draft() }, Why::VoteNoMatter),
            (VoteDraft { title: " ".to_owned(), ..draft() }, Code::FormMissing),
            (VoteDraft { title: "长".repeat(TITLE_MOST + 1), ..draft() }, Code::FormTooLong),
            (VoteDraft { title: "问 13800130412".to_owned(), ..draft() }, Code::FormPersonal),
            (VoteDraft { caller: Caller::Owners, ..draft() }, Code::FormMissing),
        ] {
            assert_eq!(codes(&wrong), vec![expected]);
        }
    }

    #[test]
    fn sixty_of_three_hundred_may_ask() {
        let share = Share { parts: 200, of: 1_000, over: false };
        assert!(enough_ask(60, 300, share).is_ok());
        let refusal = enough_ask(59, 300, share).unwrap_err();
        assert_eq!(refusal.detail.get("needed").map(String::as_str), Some("60"));
        assert!(enough_ask(0, 0, share).is_err());
    }

    #[test]
    fn times_of_day_are_read() {
        for (text, expected) in [
            ("9:00", Some(540)),
            ("09:05", Some(545)),
            ("23:59", Some(1_439)),
            ("24:00", None),
            ("9", None),
            ("", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
