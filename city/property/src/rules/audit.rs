//! The audit sheet (计票核对表) of a vote that ended: CSV that anybody recounts. It names no unit and nobody. Each line
//! is a ballot: its commitment, its area in square centimetres, and its choice for each matter. Above them stand who
//! was entitled and, for each matter, the shares that held on its day. Below them stand the numbers of the ballots on
//! paper that were taken back before the end, each with the word of the reason; most of them were entered again.
//!
//! ```text
//! sheet,1
//! vote,018f…
//! entitled,40,40000000
//! matter,1,ordinary,taking_part,2/3,at_least,1/2,over
//! ballot,commitment,area_cm2,1
//! ballot,5feceb66…,895000,F
//! taken_back,3,typed
//! ```

use std::collections::BTreeSet;

use uuid::Uuid;

use super::ballots;
use super::tally::{Amount, Choice, CountFault, Judgement, Share, Tally, Thresholds, count, judge};
use crate::words::area::Area;

/// A matter on the sheet: whether it is special, and the shares that hold for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatterLine {
    /// Whether it is a special matter.
    pub is_special: bool,
    /// The shares.
    pub thresholds: Thresholds,
}

/// A ballot on the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotLine {
    /// Its commitment.
    pub commitment: String,
    /// Its area.
    pub area: Area,
    /// Its choices, as they are written.
    pub choices: String,
}

/// A ballot on paper that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackLine {
    /// Its number.
    pub number: i64,
    /// The word of the reason.
    pub reason: String,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The vote.
    pub vote: Uuid,
    /// Who was entitled.
    pub entitled: Amount,
    /// The matters in their order.
    pub matters: Vec<MatterLine>,
    /// The ballots by commitment.
    pub ballots: Vec<BallotLine>,
    /// The ballots on paper that were taken back.
    pub taken_back: Vec<BackLine>,
}

impl Sheet {
    /// Writes the sheet.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text =
            format!("sheet,1\nvote,{}\nentitled,{},{}\n", self.vote, self.entitled.heads, self.entitled.area.0);
        let mut numbers = Vec::with_capacity(self.matters.len());
        for (matter, number) in self.matters.iter().zip(1_usize..) {
            let kind = if matter.is_special { "special" } else { "ordinary" };
            let base = if matter.thresholds.of_all { "all" } else { "taking_part" };
            let quorum = share(matter.thresholds.quorum);
            let agreeing = share(matter.thresholds.agreeing(matter.is_special));
            let line = format!("matter,{number},{kind},{base},{quorum},{agreeing}\n");
            text.push_str(&line);
            numbers.push(number.to_string());
        }
        let head = format!("ballot,commitment,area_cm2,{}\n", numbers.join(","));
        text.push_str(&head);
        for ballot in &self.ballots {
            let BallotLine { commitment, area, choices } = ballot;
            text.push_str("ballot,");
            text.push_str(commitment);
            text.push(',');
            text.push_str(&area.0.to_string());
            text.push(',');
            text.push_str(choices);
            text.push('\n');
        }
        for BackLine { number, reason } in &self.taken_back {
            let line = format!("taken_back,{number},{reason}\n");
            text.push_str(&line);
        }
        text
    }

    /// Reads a sheet. None if a line cannot be read.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
        if lines.next()? != "sheet,1" {
            return None;
        }
        let vote = lines.next()?.strip_prefix("vote,")?.parse().ok()?;
        let (heads, area) = lines.next()?.strip_prefix("entitled,")?.split_once(',')?;
        let entitled = Amount { heads: heads.parse().ok()?, area: Area(area.parse().ok()?) };
        let (mut matters, mut ballots, mut taken_back) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            let (kind, rest) = line.split_once(',')?;
            match kind {
                "matter" => matters.push(matter(rest)?),
                "ballot" if rest.starts_with("commitment,") => {}
                "ballot" => {
                    let mut parts = rest.splitn(3, ',');
                    let commitment = parts.next()?.to_owned();
                    let area = Area(parts.next()?.parse().ok()?);
                    ballots.push(BallotLine { commitment, area, choices: parts.next()?.to_owned() });
                }
                "taken_back" => {
                    let (number, reason) = rest.split_once(',')?;
                    taken_back.push(BackLine { number: number.parse().ok()?, reason: reason.to_owned() });
                }
                _ => return None,
            }
        }
        Some(Self { vote, entitled, matters, ballots, taken_back })
    }

    /// Counts the ballots of the sheet: how each matter stands and how it came out. The platform's own result is this.
    ///
    /// # Errors
    /// A ballot that stands twice, or one whose choices do not fit its area and the matters.
    pub fn recount(&self) -> Result<Vec<(Tally, Judgement)>, CountFault> {
        if self.has_twice() {
            return Err(CountFault::Twice);
        }
        let mut read: Vec<Vec<Choice>> = Vec::with_capacity(self.ballots.len());
        for ballot in &self.ballots {
            let choices = ballots::read(&ballot.choices).filter(|choices| choices.len() == self.matters.len());
            read.push(choices.ok_or(CountFault::Choice)?);
        }
        let areas: Vec<Area> = self.ballots.iter().map(|ballot| ballot.area).collect();
        let mut counted = Vec::with_capacity(self.matters.len());
        for (at, matter) in self.matters.iter().enumerate() {
            let choices = read.iter().enumerate();
            let choices: Vec<(usize, Choice)> =
                choices.filter_map(|(number, choices)| Some((number, *choices.get(at)?))).collect();
            let tally = count(&areas, &choices)?;
            counted.push((tally, judge(&self.entitled, &tally, matter.is_special, &matter.thresholds)));
        }
        Ok(counted)
    }
}

impl Sheet {
    /// Whether a ballot stands there twice. On a sheet in the order of its commitments, as it is published, two of them
    /// would stand beside each other.
    fn has_twice(&self) -> bool {
        if self.ballots.is_sorted_by(|one, other| one.commitment < other.commitment) {
            return false;
        }
        let mut seen = BTreeSet::new();
        !self.ballots.iter().all(|ballot| seen.insert(ballot.commitment.as_str()))
    }
}

fn share(share: Share) -> String {
    format!("{}/{},{}", share.parts, share.of, if share.over { "over" } else { "at_least" })
}

fn matter(text: &str) -> Option<MatterLine> {
    let parts: Vec<&str> = text.split(',').collect();
    let [_, kind, base, quorum, quorum_how, agreeing, agreeing_how] = parts.as_slice() else { return None };
    let (quorum, agreeing) = (read_share(quorum, quorum_how)?, read_share(agreeing, agreeing_how)?);
    let of_all = match *base {
        "all" => true,
        "taking_part" => false,
        _ => return None,
    };
    let is_special = match *kind {
        "special" => true,
        "ordinary" => false,
        _ => return None,
    };
    // Of the two shares only the one of its kind stands on the sheet.
    Some(MatterLine { is_special, thresholds: Thresholds { quorum, ordinary: agreeing, special: agreeing, of_all } })
}

fn read_share(text: &str, how: &str) -> Option<Share> {
    let (parts, of) = text.split_once('/')?;
    let over = match how {
        "over" => true,
        "at_least" => false,
        _ => return None,
    };
    Some(Share { parts: parts.parse().ok()?, of: of.parse().ok().filter(|of| *of > 0)?, over })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const THRESHOLDS: Thresholds = Thresholds {
        quorum: Share { parts: 2, of: 3, over: false },
        ordinary: Share { parts: 1, of: 2, over: true },
        special: Share { parts: 3, of: 4, over: false },
        of_all: false,
    };

    fn sheet(ballots: &[(i64, Choice)]) -> Sheet {
        let area = ballots.iter().map(|(area, _)| Area(*area)).sum();
        let heads = i64::try_from(ballots.len()).unwrap();
        let line = |(at, (area, choice)): (usize, &(i64, Choice))| BallotLine {
            commitment: ballots::commitment(Uuid::nil(), &at.to_string(), &choice.written()),
            area: Area(*area),
            choices: ballots::written(&[*choice, Choice::For]),
        };
        Sheet {
            vote: Uuid::nil(),
            entitled: Amount { heads, area },
            matters: [false, true].map(|is_special| MatterLine { is_special, thresholds: THRESHOLDS }).to_vec(),
            ballots: ballots.iter().enumerate().map(line).collect(),
            taken_back: vec![BackLine { number: 3, reason: "typed".to_owned() }],
        }
    }

    #[test]
    fn a_sheet_that_was_altered_is_found() {
        let sound = sheet(&[(895_000, Choice::For), (1_200_000, Choice::Against)]);
        let text = sound.written();
        assert!(text.starts_with("sheet,1\nvote,00000000-0000-0000-0000-000000000000\nentitled,2,2095000\n"), "{text}");
        assert!(text.contains("matter,2,special,taking_part,2/3,at_least,3/4,at_least\n"), "{text}");
        assert!(text.ends_with("taken_back,3,typed\n"), "{text}");
        assert_eq!(Sheet::read(&text).map(|read| read.taken_back), Some(sound.taken_back.clone()));
        for (from, to) in
            [("sheet,1", "sheet,2"), ("ordinary", "usual"), ("2/3", "2/0"), ("895000", "x"), (",3,", ",x,")]
        {
            assert_eq!(Sheet::read(&text.replacen(from, to, 1)), None, "{from}");
        }
        let mut doubled = sound.clone();
        doubled.ballots.push(sound.ballots[0].clone());
        assert_eq!(doubled.recount(), Err(CountFault::Twice));
        let mut short = sound;
        short.ballots[0].choices = "F".to_owned();
        assert_eq!(short.recount(), Err(CountFault::Choice));
    }

    proptest! {
        #[test]
        fn the_recount_is_the_count(
            drawn in proptest::collection::vec((1_i64..9_000_000, 0_u8..3), 0..40),
        ) {
            let choice = |drawn: u8| [Choice::For, Choice::Against, Choice::Abstain][usize::from(drawn)];
            let ballots: Vec<(i64, Choice)> = drawn.iter().map(|(area, drawn)| (*area, choice(*drawn))).collect();
            let areas: Vec<Area> = ballots.iter().map(|(area, _)| Area(*area)).collect();
            let own: Vec<(usize, Choice)> = ballots.iter().enumerate().map(|(at, (_, choice))| (at, *choice)).collect();
            let sheet = sheet(&ballots);
            let read = Sheet::read(&sheet.written()).unwrap();
            let recounted = read.recount().unwrap();
            prop_assert_eq!(recounted[0].0, count(&areas, &own).unwrap());
            prop_assert_eq!(recounted, sheet.recount().unwrap());
        }
    }
}
