//! What a step of a dispute adds to the figures, the table of disputes by class, and what of it is not told to whoever
//! may not see the disputes.

use std::collections::BTreeMap;

use hall::hiding::{Hidden, of_table};
use kernel::case::{Event, Recorded};
use kernel::figure::Indicator;
use kernel::place::Level;

use super::paper::step;
use crate::words::figures::{BROUGHT, CONFIRMED, FAILED, PERFORMED, REFUSED, SETTLED, UNANSWERED};
use crate::words::{self, AGREED_IN, CLOSED, RESIDENTS, Tally, UNKEPT};

/// The sums to which something that happened to a dispute adds one.
#[must_use]
pub fn counts(event: &Event) -> Vec<&'static Indicator> {
    match event {
        Event::Opened(_) => vec![&BROUGHT],
        Event::Acted { action, to, .. } => match action.as_str() {
            "seal" | "oral" => vec![&SETTLED],
            "performed" => vec![&PERFORMED],
            "confirmed" => vec![&CONFIRMED],
            // Where one of several leaves, it goes on.
            "first_refuses" | "second_refuses" if to == words::REFUSED => vec![&REFUSED],
            NO_ANSWER => vec![&UNANSWERED],
            "fail" => vec![&FAILED],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The step by which a mediation ends because no answer came, and the one by which it ends because the agreement was
/// not kept.
const NO_ANSWER: &str = "no_answer";
/// See [`NO_ANSWER`].
const END_BROKEN: &str = "end_broken";

/// The state under which a case is counted. By procedures of before a mediation ended alike whether its agreement was
/// kept or not, and whether somebody did not want to or did not answer: there the last step tells it.
#[must_use]
pub fn stage<'s>(state: &'s str, events: &[Recorded]) -> &'s str {
    match (state, events.iter().rev().find_map(step)) {
        (CLOSED, Some(END_BROKEN)) => UNKEPT,
        (words::REFUSED, Some(NO_ANSWER)) => words::UNANSWERED,
        _ => state,
    }
}

/// The states in which what was agreed is kept.
const PERFORMED_IN: [&str; 2] = ["performed", CLOSED];

/// How many disputes of a class there are, and how they came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// All that were brought.
    pub brought: i64,
    /// Of these on the committee's own motion.
    pub own_motion: i64,
    /// Of these settled.
    pub settled: i64,
    /// Of these kept.
    pub performed: i64,
    /// Ended because one side did not want to.
    pub refused: i64,
    /// Ended because no answer came.
    pub unanswered: i64,
    /// Ended without an agreement.
    pub failed: i64,
}

impl Line {
    fn add(&mut self, tally: &Tally) {
        let is_in = |states: &[&str]| states.contains(&tally.stage.as_str());
        let count = |yes: bool| if yes { tally.matters } else { 0 };
        self.brought += tally.matters;
        self.own_motion += count(tally.source == "own_motion");
        self.settled += count(is_in(&AGREED_IN));
        self.performed += count(is_in(&PERFORMED_IN));
        self.refused += count(is_in(&[words::REFUSED]));
        self.unanswered += count(is_in(&[words::UNANSWERED]));
        self.failed += count(is_in(&["failed"]));
    }

    /// Of which it is known whether they were settled: what is still talked over, and what was not taken on, is not
    /// among them.
    #[must_use]
    pub const fn ended(&self) -> i64 {
        self.settled + self.refused + self.unanswered + self.failed
    }

    /// The thousandths of those that ended that were settled; none where none ended.
    #[must_use]
    pub fn settled_share(&self) -> Option<i64> {
        let ended = self.ended();
        (ended > 0).then(|| (self.settled * 2_000 + ended) / (2 * ended))
    }
}

impl Line {
    /// How they came out, each counted once: kept, settled and not kept, or not yet, refused, without an answer,
    /// failed, all others. They add up to all that were brought.
    #[must_use]
    pub const fn parts(&self) -> [i64; 6] {
        let open = self.settled - self.performed;
        let others = self.brought - self.ended();
        [self.performed, open, self.refused, self.unanswered, self.failed, others]
    }
}

/// The columns of [`Line::parts`] that hold what was kept, settled and not kept yet, refused, without an answer, and
/// failed; and the column of their sums.
pub const KEPT_COLUMN: usize = 0;
/// See [`KEPT_COLUMN`].
pub const OPEN_COLUMN: usize = 1;
/// See [`KEPT_COLUMN`].
pub const REFUSED_COLUMN: usize = 2;
/// See [`KEPT_COLUMN`].
pub const UNANSWERED_COLUMN: usize = 3;
/// See [`KEPT_COLUMN`].
pub const FAILED_COLUMN: usize = 4;
/// See [`KEPT_COLUMN`].
pub const SUM_COLUMN: usize = 6;

/// What is not told of several tables of the same disputes: in each the columns are those of [`Line::parts`] and their
/// sum, the rows its lines and their sum. A sum that one of them withholds is withheld by all.
#[must_use]
pub fn hidden(tables: &[Vec<Line>], least: i64) -> Vec<Hidden> {
    let rows = |table: &Vec<Line>| table.iter().map(|line| line.parts().to_vec()).collect::<Vec<_>>();
    let tables: Vec<Vec<Vec<i64>>> = tables.iter().map(rows).collect();
    let mut small = vec![false; SUM_COLUMN + 1];
    loop {
        let hidden: Vec<Hidden> = tables.iter().map(|rows| of_table(rows, least, &small)).collect();
        let is_hidden = |column: usize| tables.iter().zip(&hidden).any(|(rows, table)| table.at(rows.len(), column));
        let found: Vec<bool> = small.iter().enumerate().map(|(column, is)| *is || is_hidden(column)).collect();
        if found == small {
            return hidden;
        }
        small = found;
    }
}

/// What a table is split by.
pub type Key = fn(&Tally) -> &str;

/// The class of a dispute.
#[must_use]
pub fn class(tally: &Tally) -> &str {
    &tally.class
}

/// Where it comes from.
#[must_use]
pub fn source(tally: &Tally) -> &str {
    &tally.source
}

/// The kind of authority that transferred it; empty where none did.
#[must_use]
pub fn authority(tally: &Tally) -> &str {
    &tally.authority
}

/// The kind of committee that mediates it. What was counted before by its level alone was of communities.
#[must_use]
pub fn body(tally: &Tally) -> &str {
    if tally.body == "community" { RESIDENTS } else { &tally.body }
}

/// The kind of committee that mediates at a place: as it is kept among the bodies there, else as such places have one.
#[must_use]
pub fn body_of(committee: Option<&str>, level: Level, place: Option<places::Kind>) -> &'static str {
    use places::Kind;
    match (committee, level, place) {
        (Some("mediation_centre"), ..) => "professional",
        (Some("mediation_enterprise"), ..) => "enterprise",
        (_, Level::Community, Some(Kind::Villagers | Kind::VillagersLike)) => "village",
        (_, Level::Community, _) => RESIDENTS,
        (_, Level::Street, Some(Kind::Town | Kind::Township | Kind::TownshipLike)) => "township",
        (_, Level::Street, _) => "street",
        _ => "district",
    }
}

/// The lines by the codes of a split, without those of which there are none, and their sum.
#[must_use]
pub fn table(tallies: &[Tally], by: Key) -> (BTreeMap<String, Line>, Line) {
    let (mut lines, mut sum): (BTreeMap<String, Line>, Line) = (BTreeMap::new(), Line::default());
    for tally in tallies {
        lines.entry(by(tally).to_owned()).or_default().add(tally);
        sum.add(tally);
    }
    (lines, sum)
}

/// Whether it is told how many of some open disputes are late: neither those nor the others are so few that their
/// number would say whose they are.
#[must_use]
pub fn tells_late(open: i64, late: i64, least: i64) -> bool {
    [late, open - late].into_iter().all(|count| count == 0 || count >= least)
}

/// What the parts that are shown leave out of a sum: nothing where they add up.
#[must_use]
pub fn difference<'l>(shown: impl Iterator<Item = &'l Line>, sum: &Line) -> Option<Line> {
    let mut rest = *sum;
    for line in shown {
        rest.brought -= line.brought;
        rest.own_motion -= line.own_motion;
        rest.settled -= line.settled;
        rest.performed -= line.performed;
        rest.refused -= line.refused;
        rest.unanswered -= line.unanswered;
        rest.failed -= line.failed;
    }
    (rest != Line::default()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use kernel::case::{CaseId, Signature};
    use kernel::time::Instant;
    use uuid::Uuid;

    use super::*;

    /// The month of a city of two and a half million (Huangshi, August 2016): 869 in 15 classes, 842 settled.
    #[test]
    fn a_real_month_adds_up_by_class_and_by_source() {
        let classes = [
            ("family", 160),
            ("neighbours", 278),
            ("housing", 67),
            ("contract", 44),
            ("production", 31),
            ("damage", 76),
            ("land", 18),
            ("demolition", 28),
            ("pollution", 4),
            ("labour", 13),
            ("consumer", 7),
            ("medical", 55),
            ("traffic", 33),
            ("property", 1),
            ("other", 54),
        ];
        let (mut open, mut own, mut transferred) = (27, 455, 36);
        let mut tallies = Vec::new();
        for (class, all) in classes {
            let failed = i64::min(open, 2);
            open -= failed;
            let motion = i64::min(own, all - failed);
            own -= motion;
            let sent = i64::min(transferred, all - failed - motion);
            transferred -= sent;
            tallies.push(tally([class, "application", "community", "failed"], failed));
            tallies.push(tally([class, "own_motion", "community", "closed"], motion));
            tallies.push(tally([class, "transferred", "street", "closed"], sent));
            tallies.push(tally([class, "application", "community", "in_effect"], all - failed - motion - sent));
        }
        let (sources, all) = table(&tallies, source);
        let by_source = ["own_motion", "application", "transferred"].map(|code| sources[code].brought);
        assert_eq!((by_source, all.brought), ([455, 378, 36], 869));
        assert_eq!(difference(sources.values(), &all), None);
        let (lines, sum) = table(&tallies, class);
        assert_eq!((lines.len(), sum.brought, sum.own_motion), (15, 869, 455));
        assert_eq!(lines.values().map(|line| line.brought).sum::<i64>(), 869);
        assert_eq!((sum.settled, sum.settled_share()), (842, Some(969)), "96.9 of a hundred");
        assert_eq!(Line::default().settled_share(), None, "of nothing there is no share");
    }

    fn tally(codes: [&str; 4], matters: i64) -> Tally {
        let [class, source, body, stage] = codes.map(str::to_owned);
        let authority = if source == "transferred" { "court" } else { "" }.to_owned();
        Tally { class, source, authority, body, stage, matters }
    }

    /// A league's month (Xilingol, April 2021): 386 by six kinds of bodies, 376 settled, 369 of them kept.
    #[test]
    fn another_month_adds_up_by_body_and_a_part_that_is_left_out_is_told() {
        let bodies = [("a", 8), ("b", 14), ("c", 100), ("d", 217), ("e", 46), ("f", 1)];
        let mut tallies: Vec<Tally> =
            bodies.map(|(body, all)| tally(["other", "application", body, "closed"], all)).into();
        tallies[3].matters -= 17;
        tallies.push(tally(["other", "application", "d", "failed"], 10));
        tallies.push(tally(["other", "application", "d", "in_effect"], 7));
        let (lines, sum) = table(&tallies, body);
        let brought = bodies.map(|(body, _)| lines[body].brought);
        assert_eq!((brought, sum.brought), ([8, 14, 100, 217, 46, 1], 386));
        assert_eq!((sum.settled, sum.settled_share(), sum.performed), (376, Some(974), 369));
        assert_eq!(difference(lines.values(), &sum), None);
        let left_out = difference(lines.iter().filter(|line| line.0 != "e").map(|line| line.1), &sum).unwrap();
        assert_eq!((left_out.brought, left_out.settled), (46, 46));
    }

    fn lines(tallies: &[Tally], by: Key) -> Vec<Line> {
        table(tallies, by).0.into_values().collect()
    }

    #[test]
    fn a_small_number_is_told_in_no_table_and_cannot_be_reckoned_from_another() {
        let tallies = [
            tally(["family", "application", "community", "closed"], 20),
            tally(["family", "application", "street", "failed"], 8),
            tally(["property", "own_motion", "community", "closed"], 12),
            tally(["property", "own_motion", "street", "failed"], 7),
            tally(["property", "application", "street", "refused"], 1),
        ];
        let (class, body) = (lines(&tallies, class), lines(&tallies, body));
        let told = hidden(&[class.clone(), body.clone()], 3);
        let [by_class, by_body] = told.as_slice() else { panic!("two tables") };
        assert!(by_class.at(1, REFUSED_COLUMN), "one property dispute was refused");
        assert!(by_body.at(1, REFUSED_COLUMN), "at the street too");
        for column in 0..=SUM_COLUMN {
            assert_eq!(by_class.at(2, column), by_body.at(2, column), "the sums are told in both or in none: {column}");
        }
        assert!(by_class.at(2, REFUSED_COLUMN), "one in all is small too");
        assert_eq!(hidden(&[class, body], 0).iter().map(Hidden::count).sum::<usize>(), 0);
    }

    #[test]
    fn few_late_disputes_are_not_told_and_neither_are_few_that_are_not() {
        for (open, late, least, expected) in [
            (10, 0, 3, true),
            (10, 2, 3, false),
            (10, 3, 3, true),
            (10, 8, 3, false),
            (10, 10, 3, true),
            (0, 0, 3, true),
            (10, 1, 0, true),
        ] {
            assert_eq!(tells_late(open, late, least), expected, "{late} of {open}, at least {least}");
        }
    }

    #[test]
    fn a_committee_is_of_the_kind_that_is_kept_or_that_its_place_has() {
        use places::Kind;
        for (committee, level, place, expected) in [
            (Some("mediation"), Level::Community, Some(Kind::Residents), "residents"),
            (None, Level::Community, Some(Kind::Villagers), "village"),
            (None, Level::Community, None, "residents"),
            (Some("mediation"), Level::Street, Some(Kind::Town), "township"),
            (None, Level::Street, Some(Kind::Street), "street"),
            (Some("mediation_centre"), Level::Street, Some(Kind::Street), "professional"),
            (Some("mediation_enterprise"), Level::Community, Some(Kind::Residents), "enterprise"),
            (None, Level::District, Some(Kind::District), "district"),
        ] {
            assert_eq!(body_of(committee, level, place), expected, "{committee:?} {level:?} {place:?}");
            assert!(words::BODIES.iter().any(|known| known.0 == expected), "{expected} has a name");
        }
        assert_eq!(body(&tally(["other", "application", "community", "closed"], 1)), "residents");
    }

    fn ended(action: &str, to: &str) -> Recorded {
        let event = Event::Acted {
            action: action.to_owned(),
            from: String::new(),
            to: to.to_owned(),
            fields: BTreeMap::new(),
            papers: Vec::new(),
            counter: None,
            parties: Vec::new(),
            overdue: None,
            latest: None,
        };
        Recorded { id: CaseId(Uuid::nil()), at: Instant::from_micros(0), by: Signature::system(), event }
    }

    #[test]
    fn what_was_not_kept_and_what_nobody_answered_are_counted_apart() {
        for (action, to, expected) in [
            ("visit", "closed", "closed"),
            ("end_broken", "closed", "unkept"),
            ("end_broken", "unkept", "unkept"),
            ("second_refuses", "refused", "refused"),
            ("no_answer", "refused", "unanswered"),
            ("no_answer", "unanswered", "unanswered"),
        ] {
            assert_eq!(stage(to, &[ended(action, to)]), expected, "{action} led to {to}");
        }
        let codes = |action: &str, to: &str| -> Vec<&str> {
            counts(&ended(action, to).event).into_iter().map(|indicator| indicator.code).collect()
        };
        assert_eq!(codes("no_answer", "unanswered"), ["hearings.unanswered"]);
        assert_eq!(codes("second_refuses", "refused"), ["hearings.refused"]);
        assert!(codes("second_refuses", "talks").is_empty(), "it goes on with the others");
        let tallies = ["closed", "unkept", "unanswered"].map(|stage| tally(["other", "application", "", stage], 1));
        let (_, sum) = table(&tallies, class);
        assert_eq!((sum.settled, sum.performed, sum.unanswered, sum.refused), (2, 1, 1, 0));
    }

    #[test]
    fn how_disputes_came_out_adds_up() {
        let line =
            Line { brought: 40, own_motion: 0, settled: 30, performed: 21, refused: 4, unanswered: 2, failed: 3 };
        assert_eq!(line.parts(), [21, 9, 4, 2, 3, 1]);
        assert_eq!(line.parts().iter().sum::<i64>(), line.brought);
    }
}
