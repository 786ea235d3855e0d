//! Decides whether a vote can be called: by whom, with how much notice, on which matters.

use std::collections::BTreeSet;

use kernel::line::{name_key, open_line_fault, open_lines_fault};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days, days_between};

use super::tally::Share;
use crate::refusals::Why;
use crate::words::votes::{CANDIDATES_MOST, Caller, Coverage, MATTERS_MOST, MatterKind, TEXT_MOST, TITLE_MOST};

/// A matter as it is put to the vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterDraft {
    /// What it is by the law.
    pub kind: MatterKind,
    /// What it is called.
    pub title: String,
    /// What exactly is decided.
    pub text: String,
    /// Of an election, who stands for it: each of them is decided on by itself. Empty for any other matter.
    pub candidates: Vec<String>,
    /// How many of them are elected.
    pub seats: i64,
}

impl MatterDraft {
    /// A matter that is no election.
    #[must_use]
    pub const fn new(kind: MatterKind, title: String, text: String) -> Self {
        Self { kind, title, text, candidates: Vec::new(), seats: 0 }
    }
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
    /// How much of the range the register has.
    pub coverage: Coverage,
    /// Whether whoever calls it says that she knows how much of the range is missing.
    pub is_partial_known: bool,
    /// Why it is called all the same.
    pub partial_reason: String,
}

/// The first day on which a vote may open after its call, which is the notice to all owners (State Council regulation,
/// article 14): with 15 days, a vote that is called on 1 May may open on 16 May. A notice of an earlier day would be
/// one that nobody can prove.
#[must_use]
pub fn earliest(called_on: Date, notice_days: i64) -> Option<Date> {
    date_plus_days(called_on, notice_days)
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
        faults.extend(election(matter, number));
    }
    faults.extend(partial(&draft.coverage, draft.is_partial_known, &draft.partial_reason));
    if draft.matters.len() > MATTERS_MOST {
        faults.push(Refusal::new(Why::VoteManyMatters).field("matter1_title").with("most", MATTERS_MOST));
    }
    if !draft.is_committee_told {
        faults.push(Refusal::new(Why::VoteCommitteeNotTold).field("told"));
    }
    match earliest(days.today, days.notice) {
        // A day that is over would have it judged by the law of that day.
        _ if draft.opens_on < days.today => faults.push(Refusal::new(Why::VoteOpensPast).field("opens_on")),
        Some(earliest) if draft.opens_on < earliest => {
            let refusal = Refusal::new(Why::VoteNoticeShort).field("opens_on");
            faults.push(refusal.with("days", days.notice).with("earliest", earliest));
        }
        Some(_) => {}
        None => faults.push(Refusal::new(Code::FormDate).field("opens_on")),
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

/// What is wrong with an election: its candidates stand there once each, and there are as many seats at most.
fn election(matter: &MatterDraft, number: usize) -> Vec<Refusal> {
    if matter.candidates.is_empty() {
        return Vec::new();
    }
    let (mut faults, mut known) = (Vec::new(), BTreeSet::new());
    let field = format!("matter{number}_candidates");
    for candidate in &matter.candidates {
        faults.extend(text(candidate, &field, TITLE_MOST, false));
    }
    let is_sound = matter.kind == MatterKind::Committee
        && matter.candidates.len() <= CANDIDATES_MOST
        && matter.candidates.iter().all(|candidate| known.insert(name_key(candidate)));
    if !is_sound {
        faults.push(Refusal::new(Why::VoteCandidates).field(field).with("most", CANDIDATES_MOST));
    }
    let count = matter.candidates.len();
    if usize::try_from(matter.seats).is_ok_and(|seats| (1..=count).contains(&seats)) {
        return faults;
    }
    faults.push(Refusal::new(Why::VoteSeats).field(format!("matter{number}_seats")).with("most", count));
    faults
}

/// What is missing where the register is not whole: that somebody knows it, and why she goes on.
#[must_use]
pub fn partial(coverage: &Coverage, is_known: bool, reason: &str) -> Vec<Refusal> {
    if !coverage.is_partial() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    if !is_known {
        let refusal = Refusal::new(Why::VotePartial).field("partial").with("units", coverage.units);
        let refusal = refusal.with("buildings", coverage.ground_buildings);
        faults.push(refusal.with("households", coverage.ground_households));
    }
    faults.extend(text(reason, "partial_reason", TEXT_MOST, false));
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
            opens_on: date("2026-05-16"),
            opens_at: Instant::from_micros(100),
            ends_on: date("2026-05-30"),
            ends_at: Instant::from_micros(200),
            matters: vec![MatterDraft::new(MatterKind::UseFund, "用维修资金换电梯".to_owned(), String::new())],
            coverage: Coverage { units: 24, buildings: 2, ground_buildings: 2, ground_households: 24 },
            is_partial_known: false,
            partial_reason: String::new(),
        }
    }

    fn elects(kind: MatterKind, candidates: &[&str], seats: i64) -> VoteDraft {
        let candidates = candidates.iter().map(|name| (*name).to_owned()).collect();
        let matter =
            MatterDraft { candidates, seats, ..MatterDraft::new(kind, "选举委员".to_owned(), String::new()) };
        VoteDraft { matters: vec![matter], ..draft() }
    }

    fn codes(draft: &VoteDraft) -> Vec<Code> {
        let days = CallDays { notice: 15, most: 60, today: date("2026-05-01") };
        faults(draft, &days, Instant::from_micros(0)).iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn each_candidate_stands_once_and_no_more_are_elected_than_stand() {
        let many: Vec<String> = (0..=CANDIDATES_MOST).map(|at| format!("候选人{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (kind, candidates, seats, expected) in [
            (MatterKind::Committee, vec!["甲", "乙", "丙"], 2, vec![]),
            (MatterKind::Committee, vec!["甲", "乙", "丙"], 4, vec![Why::VoteSeats]),
            (MatterKind::Committee, vec!["甲", "乙", "丙"], 0, vec![Why::VoteSeats]),
            (MatterKind::Committee, vec!["甲", "乙", " 甲"], 2, vec![Why::VoteCandidates]),
            (MatterKind::Committee, many, 2, vec![Why::VoteCandidates]),
            (MatterKind::Company, vec!["甲", "乙"], 1, vec![Why::VoteCandidates]),
            (MatterKind::Committee, vec!["甲 13800130412"], 1, vec![Code::FormPersonal]),
        ] {
            assert_eq!(codes(&elects(kind, &candidates, seats)), expected, "{candidates:?} {seats}");
        }
    }

    #[test]
    fn a_register_that_is_not_whole_is_known_and_a_reason_is_given() {
        let coverage = Coverage { units: 24, buildings: 2, ground_buildings: 26, ground_households: 1_300 };
        for (coverage, is_partial_known, reason, expected) in [
            (coverage, false, "", vec![Why::VotePartial, Code::FormMissing]),
            (coverage, true, "", vec![Code::FormMissing]),
            (coverage, true, "只交付了两栋楼", vec![]),
            (Coverage { buildings: 26, ..coverage }, false, "只有两户", vec![Why::VotePartial]),
            (Coverage { buildings: 26, units: 1_300, ..coverage }, false, "", vec![]),
            (Coverage { units: 24, buildings: 2, ..Coverage::default() }, false, "", vec![]),
        ] {
            let partial_reason = reason.to_owned();
            let draft = VoteDraft { coverage, is_partial_known, partial_reason, ..draft() };
            assert_eq!(codes(&draft), expected, "{coverage:?} {is_partial_known} {reason}");
        }
    }

    #[test]
    fn a_notice_of_1_may_lets_it_open_on_16_may() {
        assert_eq!(earliest(date("2026-05-01"), 15), Some(date("2026-05-16")));
        assert!(codes(&draft()).is_empty());
        for (wrong, expected) in [
            (VoteDraft { opens_on: date("2026-05-15"), ..draft() }, Why::VoteNoticeShort),
            // A vote of a day that is over would be judged by a law that is over.
            (VoteDraft { opens_on: date("2019-06-01"), ends_on: date("2019-06-20"), ..draft() }, Why::VoteOpensPast),
            (VoteDraft { opens_on: date("2026-04-30"), ..draft() }, Why::VoteOpensPast),
            // The day after the call, whatever was posted before.
            (VoteDraft { opens_on: date("2026-05-02"), ..draft() }, Why::VoteNoticeShort),
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
}
