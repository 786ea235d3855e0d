//! What a step of a dispute adds to the figures, and the table of disputes by class.

use std::collections::BTreeMap;

use kernel::case::Event;
use kernel::figure::Indicator;

use crate::words::Tally;
use crate::words::figures::{BROUGHT, CONFIRMED, PERFORMED, SETTLED};

/// The sums to which something that happened to a dispute adds one.
#[must_use]
pub fn counts(event: &Event) -> Vec<&'static Indicator> {
    match event {
        Event::Opened(_) => vec![&BROUGHT],
        Event::Acted { action, .. } => match action.as_str() {
            "seal" | "oral" => vec![&SETTLED],
            "performed" => vec![&PERFORMED],
            "confirmed" => vec![&CONFIRMED],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The states in which both have agreed.
const SETTLED_IN: [&str; 7] = ["in_effect", "at_court", "confirmed", "kept", "broken", "performed", "closed"];
/// The states in which what was agreed is kept.
const PERFORMED_IN: [&str; 2] = ["performed", "closed"];

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
    /// Ended without an agreement.
    pub failed: i64,
}

impl Line {
    fn add(&mut self, tally: &Tally) {
        let is_in = |states: &[&str]| states.contains(&tally.stage.as_str());
        let count = |yes: bool| if yes { tally.matters } else { 0 };
        self.brought += tally.matters;
        self.own_motion += count(tally.source == "own_motion");
        self.settled += count(is_in(&SETTLED_IN));
        self.performed += count(is_in(&PERFORMED_IN));
        self.refused += count(is_in(&["refused"]));
        self.failed += count(is_in(&["failed"]));
    }

    /// The thousandths of what was brought that were settled; none where nothing was brought.
    #[must_use]
    pub fn settled_share(&self) -> Option<i64> {
        (self.brought > 0).then(|| (self.settled * 2_000 + self.brought) / (2 * self.brought))
    }
}

/// The lines by the codes of their classes, without those of which there are none, and their sum.
#[must_use]
pub fn table(tallies: &[Tally]) -> (BTreeMap<String, Line>, Line) {
    let (mut lines, mut sum): (BTreeMap<String, Line>, Line) = (BTreeMap::new(), Line::default());
    for tally in tallies {
        lines.entry(tally.class.clone()).or_default().add(tally);
        sum.add(tally);
    }
    (lines, sum)
}

#[cfg(test)]
mod tests {
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
        let tally = |class: &str, source: &str, stage: &str, matters| Tally {
            class: class.to_owned(),
            source: source.to_owned(),
            stage: stage.to_owned(),
            matters,
        };
        let (mut open, mut own) = (27, 455);
        let mut tallies = Vec::new();
        for (class, all) in classes {
            let failed = i64::min(open, 2);
            open -= failed;
            let motion = i64::min(own, all - failed);
            own -= motion;
            tallies.push(tally(class, "application", "failed", failed));
            tallies.push(tally(class, "own_motion", "closed", motion));
            tallies.push(tally(class, "application", "in_effect", all - failed - motion));
        }
        let (lines, sum) = table(&tallies);
        assert_eq!((lines.len(), sum.brought, sum.own_motion), (15, 869, 455));
        assert_eq!(lines.values().map(|line| line.brought).sum::<i64>(), 869);
        assert_eq!((sum.settled, sum.settled_share()), (842, Some(969)), "96.9 of a hundred");
        assert_eq!(Line::default().settled_share(), None, "of nothing there is no share");
    }
}
