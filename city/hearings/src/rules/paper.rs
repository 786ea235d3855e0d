//! The file of a mediation (卷宗) by the thirteen parts of the national forms of 2010: what must be in it, what is in
//! it if there was such a thing, and what is still lacking.

use kernel::case::{Case, Event, Recorded};
use kernel::time::Instant;

use super::passing::{seen, stay_of};
use super::people::{is_several, members};
use crate::words::asking::{ENDED, FIRST_PAPER};
use crate::words::inside::{NamedRow, PartRow};
use crate::words::passing::{APPLICATION, EVIDENCE, RECORD, Stay};
use crate::words::people::Member;
use crate::words::power::PowerRow;
use crate::words::{AGREED_IN, CLOSED, OPENS, UNKEPT};

/// How a part belongs to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// In every file.
    Must,
    /// Only if there was such a thing.
    If,
}

/// Where a part of the file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// The step of the procedure that shows it; none for what lies there on paper.
    pub step: Option<String>,
    /// When.
    pub at: Instant,
    /// Who took the step, or noted it; empty for a party.
    pub by: String,
}

/// A part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number in the table of contents, from 1.
    pub number: usize,
    /// The key of its name.
    pub key: &'static str,
    /// Whether every file has it.
    pub belongs: Belongs,
    /// Where it stands, the first time and the last; none where it is not there.
    pub stands: Vec<Stands>,
    /// It was written elsewhere and stayed there, because not both sides let it go along.
    pub is_elsewhere: bool,
}

impl Part {
    /// Whether it is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.stands.is_empty()
    }

    /// Whether the file is not complete without it.
    #[must_use]
    pub fn lacks(&self) -> bool {
        matches!(self.belongs, Belongs::Must) && !self.is_there()
    }
}

/// How a part comes about.
struct Source {
    key: &'static str,
    /// The steps that show it.
    steps: &'static [&'static str],
    /// The answers with the step of which one was given; empty where the step is enough.
    ticked: &'static [&'static str],
    /// The code under which it is noted as lying there on paper; empty where it is none.
    on_paper: &'static str,
    /// The paper that a side lets go along or not; empty where every office reads it.
    along: &'static str,
}

const fn source(key: &'static str, steps: &'static [&'static str]) -> Source {
    Source { key, steps, ticked: &[], on_paper: "", along: "" }
}

const fn on_paper(key: &'static str, code: &'static str, along: &'static str) -> Source {
    Source { key, steps: &[], ticked: &[], on_paper: code, along }
}

/// The key of the part that says who acts for a party.
const POWER: &str = "hearings-part-power";
/// The key of the part that says who both sides are.
pub const IDENTITY: &str = "hearings-part-identity";

/// The thirteen parts. That rights and duties were told and that both showed who they are is ticked when the mediation
/// begins; a file in which it was not ticked lacks it.
const SOURCES: [Source; 13] = [
    Source { along: APPLICATION, ..source("hearings-part-application", &OPENS) },
    Source { ticked: &["rights"], ..source("hearings-part-rights", &["begin"]) },
    Source { ticked: &["identity", FIRST_PAPER], ..source(IDENTITY, &["begin"]) },
    on_paper(POWER, "power", EVIDENCE),
    on_paper("hearings-part-inquiry", "inquiry", EVIDENCE),
    on_paper("hearings-part-evidence", "evidence", EVIDENCE),
    Source { along: RECORD, on_paper: "record", ..source("hearings-part-record", &TALKS) },
    source("hearings-part-agreement", &["seal", "oral"]),
    Source { on_paper: "receipt", ..source("hearings-part-receipt", &["performed", "part_done"]) },
    source("hearings-part-visit", &["visit"]),
    source("hearings-part-court", &["to_court"]),
    on_paper("hearings-part-remarks", "remarks", ""),
    on_paper("hearings-part-back", "back", ""),
];

/// The steps that leave a record of the talks.
const TALKS: [&str; 3] = ["session", "sit_together", "session_together"];
/// Whether a file is bound in a state, so that nothing comes into it any more: the mediation has ended.
#[must_use]
pub fn is_bound(state: &str) -> bool {
    state == CLOSED || state == UNKEPT || ENDED.contains(&state)
}

/// What the parts of a file are found in.
#[derive(Clone, Copy, Debug)]
pub struct Found<'f> {
    /// Everything that happened.
    pub events: &'f [Recorded],
    /// The state of the case.
    pub state: &'f str,
    /// What was noted as lying there on paper.
    pub noted: &'f [PartRow],
    /// How many of several people of one side have not shown who they are.
    pub unseen: usize,
    /// The powers of attorney that were given and not taken back.
    pub powers: &'f [PowerRow],
    /// The stays of the mediation with offices.
    pub stays: &'f [Stay],
}

/// The parts of a file, in order. An agreement belongs to a file only where one was reached; a record of talks, that
/// rights were told and that both showed who they are to every one in which a mediation was begun; a back cover to one
/// that is bound.
#[must_use]
pub fn parts(found: Found<'_>) -> Vec<Part> {
    let begun = steps(found.events).contains(&"begin");
    let agreed = AGREED_IN.contains(&found.state);
    let belongs = |number: usize| match number {
        1 => Belongs::Must,
        2 | 3 | 7 if begun => Belongs::Must,
        4 if !found.powers.is_empty() => Belongs::Must,
        8 if agreed => Belongs::Must,
        13 if is_bound(found.state) => Belongs::Must,
        _ => Belongs::If,
    };
    let parts = (1..).zip(SOURCES).map(|(number, source)| part(number, &source, belongs(number), found));
    let counted = |part: Part| match part.key {
        IDENTITY if begun && found.unseen > 0 => Part { stands: Vec::new(), ..part },
        POWER if !found.powers.is_empty() => Part { stands: shown(found.powers), ..part },
        _ => part,
    };
    parts.map(counted).collect()
}

fn part(number: usize, source: &Source, belongs: Belongs, found: Found<'_>) -> Part {
    let seen = seen(found.stays, source.along);
    let is_read = |stay: i64| source.along.is_empty() || seen.contains(&stay);
    let shows = |one: &Recorded| step(one).is_some_and(|taken| source.steps.contains(&taken)) && is_ticked(one, source);
    let taken = found.events.iter().enumerate().filter(|(_, one)| shows(one));
    let taken = taken.map(|(place, one)| (stay_of(found.stays, place), taken_by(one)));
    let noted = found
        .noted
        .iter()
        .filter(|row| row.part == source.on_paper)
        .map(|row| (row.stay, Stands { step: None, at: row.noted_at, by: row.noted_name.clone() }));
    let all: Vec<(i64, Stands)> = taken.chain(noted).collect();
    let mut read = all.iter().filter(|one| is_read(one.0)).map(|one| one.1.clone());
    let (first, last) = (read.next(), read.next_back());
    let stands: Vec<Stands> = first.into_iter().chain(last).collect();
    Part { number, key: source.key, belongs, is_elsewhere: stands.is_empty() && !all.is_empty(), stands }
}

/// How many of several people of a side have not shown a paper from which their names were taken. One alone shows it
/// when the mediation begins.
#[must_use]
pub fn unseen(case: &Case, named: &[NamedRow]) -> usize {
    let is_seen = |member: &Member| named.iter().any(|row| row.side == member.code() && !row.by_herself);
    let several = members(case).into_iter().filter(|member| is_several(case, member.side));
    several.filter(|member| !is_seen(member)).count()
}

/// Where the papers of all powers were seen, or who gave one herself; nowhere while one of them is still to come.
fn shown(powers: &[PowerRow]) -> Vec<Stands> {
    if !powers.iter().all(PowerRow::is_shown) {
        return Vec::new();
    }
    let at = |row: &PowerRow| row.seen_at.unwrap_or(row.noted_at);
    let stands = |row: &PowerRow| Stands { step: None, at: at(row), by: row.noted_name.clone() };
    powers.iter().map(stands).collect()
}

/// Whether the box of a part was ticked with a step.
fn is_ticked(recorded: &Recorded, source: &Source) -> bool {
    match &recorded.event {
        _ if source.ticked.is_empty() => true,
        Event::Acted { fields, .. } => {
            source.ticked.iter().any(|name| fields.get(*name).is_some_and(|answer| !answer.is_empty()))
        }
        _ => false,
    }
}

fn taken_by(recorded: &Recorded) -> Stands {
    Stands { step: step(recorded).map(str::to_owned), at: recorded.at, by: recorded.by.name.clone() }
}

/// The steps that were taken, in order.
fn steps(events: &[Recorded]) -> Vec<&str> {
    events.iter().filter_map(step).collect()
}

/// The step that an event records.
#[must_use]
pub fn step(recorded: &Recorded) -> Option<&str> {
    match &recorded.event {
        Event::Opened(opened) => Some(&opened.action),
        Event::Acted { action, .. } => Some(action),
        _ => None,
    }
}

/// A paper that is printed from what the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Its name in an address.
    pub code: &'static str,
    /// The key of its title.
    pub title: &'static str,
    /// The part of the file that it is, by its number; 0 for one that the parties take with them.
    pub part: usize,
    /// The steps of which one must have been taken; none where it can be printed from the beginning.
    pub after: &'static [&'static str],
}

const fn printed(code: &'static str, title: &'static str, part: usize, after: &'static [&'static str]) -> Printed {
    Printed { code, title, part, after }
}

/// The steps after which a mediation is reported as closed.
const CLOSES: [&str; 7] =
    ["performed", "end_broken", "fail", "first_refuses", "second_refuses", "no_answer", "decline"];

/// The papers that are printed.
pub const PRINTED: [Printed; 11] = [
    printed("application", "hearings-print-application", 1, &[]),
    printed("rights", "hearings-print-rights", 2, &[]),
    printed("invitation", "hearings-print-invitation", 0, &[]),
    printed("record", "hearings-print-record", 7, &TALKS),
    printed("agreement", "hearings-print-agreement", 8, &["draft"]),
    printed("oral", "hearings-print-oral", 8, &["oral"]),
    printed("ended", "hearings-print-ended", 0, &["fail", "first_refuses", "second_refuses", "no_answer", "decline"]),
    printed("visit", "hearings-print-visit", 10, &["visit"]),
    printed("closing", "hearings-print-closing", 12, &CLOSES),
    printed("court", "hearings-print-court", 11, &["seal", "oral"]),
    printed("cover", "hearings-print-cover", 13, &[]),
];

/// The signs of names that the fonts of many computers lack: those of the extensions of the Chinese signs. Each once.
#[must_use]
pub fn rare_signs(names: &[String]) -> String {
    let mut found = String::new();
    for sign in names.iter().flat_map(|name| name.chars()) {
        let is_rare = matches!(sign, '\u{3400}'..='\u{4dbf}' | '\u{9fa6}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        if is_rare && !found.contains(sign) {
            found.push(sign);
        }
    }
    found
}

/// Whether the last step ended the mediation without an agreement.
fn has_ended(events: &[Recorded]) -> bool {
    let led = events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { to, .. } => Some(to.as_str()),
        _ => None,
    });
    led.is_some_and(|to| ENDED.contains(&to))
}

/// The papers that can be printed of a file: what stayed with another office is not printed here.
#[must_use]
pub fn printable(events: &[Recorded], stays: &[Stay]) -> Vec<Printed> {
    let steps = steps(events);
    let there = |paper: &Printed| paper.after.is_empty() || paper.after.iter().any(|step| steps.contains(step));
    let reads = |paper: &Printed| match paper.code {
        "application" => seen(stays, APPLICATION).contains(&0),
        // One of several who left ended nothing.
        "ended" => has_ended(events),
        "closing" => has_ended(events) || steps.iter().any(|step| ["performed", "end_broken"].contains(step)),
        _ => true,
    };
    PRINTED.into_iter().filter(|paper| there(paper) && reads(paper)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::case::{CaseId, Signature};
    use kernel::place::PlacePath;
    use uuid::Uuid;

    use super::*;

    fn acted(action: &str, answers: &[(&str, &str)]) -> Recorded {
        let fields: BTreeMap<String, String> =
            answers.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect();
        let event = Event::Acted {
            action: action.to_owned(),
            from: String::new(),
            to: String::new(),
            fields,
            papers: Vec::new(),
            counter: None,
            parties: Vec::new(),
            overdue: None,
            latest: None,
        };
        let at = Instant::from_micros(1_795_399_200_000_000);
        Recorded { id: CaseId(Uuid::nil()), at, by: Signature { name: "李".to_owned(), ..Signature::system() }, event }
    }

    fn noted(part: &str, stay: i64) -> PartRow {
        let noted_at = Instant::from_micros(1_795_399_200_000_000);
        PartRow { part: part.to_owned(), stay, noted_name: "李".to_owned(), noted_at }
    }

    /// The numbers of the parts that are there, and of those that lack.
    fn told(found: Found<'_>) -> (Vec<usize>, Vec<usize>) {
        let parts = parts(found);
        let of = |wanted: fn(&Part) -> bool| parts.iter().filter(|one| wanted(one)).map(|one| one.number).collect();
        (of(Part::is_there), of(Part::lacks))
    }

    #[test]
    fn rights_and_identity_stand_where_they_were_ticked_and_lack_where_not() {
        let opened = acted("apply", &[]);
        let begun = acted("begin", &[("rights", "yes"), ("identity", "yes")]);
        let half = acted("begin", &[("rights", "yes")]);
        let shown = acted("begin", &[("rights", "yes"), ("first_paper", "id_card"), ("second_paper", "id_card")]);
        for (events, state, expected) in [
            (vec![opened.clone()], "applied", (vec![1], vec![])),
            (vec![opened.clone(), begun.clone()], "talks", (vec![1, 2, 3], vec![7])),
            (vec![opened.clone(), half], "talks", (vec![1, 2], vec![3, 7])),
            (vec![opened.clone(), shown], "talks", (vec![1, 2, 3], vec![7])),
            (vec![opened.clone(), begun.clone(), acted("session", &[])], "in_effect", (vec![1, 2, 3, 7], vec![8])),
            (vec![acted("transfer_in", &[])], "inviting", (vec![1], vec![])),
            (vec![opened.clone(), acted("second_refuses", &[])], "refused", (vec![1], vec![13])),
        ] {
            let found = Found { events: &events, state, noted: &[], unseen: 0, powers: &[], stays: &[] };
            assert_eq!(told(found), expected, "{state}");
        }
        let events = [opened, begun];
        let found = Found { events: &events, state: "talks", noted: &[], unseen: 0, powers: &[], stays: &[] };
        let rights = parts(found).swap_remove(1);
        let stands = rights.stands.first().unwrap();
        assert_eq!((stands.step.as_deref(), stands.by.as_str()), (Some("begin"), "李"));
    }

    #[test]
    fn a_file_needs_a_record_of_the_talks_and_no_visit() {
        let begun = || vec![acted("apply", &[]), acted("begin", &[("rights", "yes"), ("identity", "yes")])];
        let (session, receipt) = (|| acted("session", &[]), || acted("performed", &[]));
        for (agreed, talks, expected) in [
            // It was kept, the receipt is there, and nobody was visited yet.
            ("seal", vec![session()], (vec![1, 2, 3, 7, 8, 9], vec![])),
            ("seal", vec![], (vec![1, 2, 3, 8, 9], vec![7])),
            // What was agreed by word of mouth is written down with the step.
            ("oral", vec![session(), session()], (vec![1, 2, 3, 7, 8, 9], vec![])),
            ("oral", vec![], (vec![1, 2, 3, 8, 9], vec![7])),
        ] {
            let events = [begun(), talks, vec![acted(agreed, &[]), receipt()]].concat();
            let found = Found { events: &events, state: "performed", noted: &[], unseen: 0, powers: &[], stays: &[] };
            assert_eq!(told(found), expected, "{agreed}");
        }
    }

    #[test]
    fn signs_that_fonts_lack_are_found() {
        let names = ["李䶮", "𠮷𬭎㛃", "李䶮"].map(str::to_owned);
        assert_eq!(rare_signs(&names), "䶮𠮷𬭎㛃");
        assert_eq!(rare_signs(&["李岺、王敏".to_owned(), "古丽米热·艾比布力".to_owned()]), "");
    }

    #[test]
    fn what_lies_there_on_paper_is_noted_and_what_stayed_elsewhere_is_told() {
        let events = [acted("apply", &[]), acted("session", &[]), acted("session", &[]), acted("session", &[])];
        let notes = [noted("evidence", 0), noted("back", 0)];
        let found = Found { events: &events, state: "talks", noted: &notes, unseen: 0, powers: &[], stays: &[] };
        assert_eq!(told(found).0, [1, 6, 7, 13]);
        assert_eq!(parts(found).swap_remove(6).stands.len(), 2, "the first session and the last");
        let office = |path: &str| PlacePath::parse(path).unwrap();
        let stays = [
            Stay { number: 0, office: office("1.4.40.400."), along: String::new(), since: 0 },
            Stay { number: 1, office: office("1.4.40."), along: "record".to_owned(), since: 3 },
        ];
        let found = Found { stays: &stays, ..found };
        assert_eq!(told(found), (vec![7, 13], vec![1]), "the records came along, the rest did not");
        let parts = parts(found);
        let elsewhere: Vec<usize> = parts.iter().filter(|one| one.is_elsewhere).map(|one| one.number).collect();
        assert_eq!(elsewhere, [1, 6]);
        assert!(!printable(&events, &stays).iter().any(|paper| paper.code == "application"));
    }
}
