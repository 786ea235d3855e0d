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
use super::tally::{Amount, CountFault, Judgement, Share, Tally, Thresholds, judge};
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
        let mut tallies = vec![Tally::default(); self.matters.len()];
        for ballot in &self.ballots {
            let mut choices = ballots::each(&ballot.choices);
            for tally in &mut tallies {
                let choice = choices.next().flatten().ok_or(CountFault::Choice)?;
                tally.add(choice, ballot.area)?;
            }
            if choices.next().is_some() {
                return Err(CountFault::Choice);
            }
        }
        let judged = |(matter, tally): (&MatterLine, Tally)| {
            (tally, judge(&self.entitled, &tally, matter.is_special, &matter.thresholds))
        };
        Ok(self.matters.iter().zip(tallies).map(judged).collect())
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
    use crate::rules::tally::{Choice, Outcome, count};
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

    /// How a matter stands as somebody adds it up who has the text of the sheet and no program of ours: heads and cm²,
    /// and how it came out.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    struct ByHand {
        taking_part: [i64; 2],
        yes: [i64; 2],
        no: [i64; 2],
        abstain: [i64; 2],
        outcome: &'static str,
    }

    fn number(text: &str) -> i64 {
        text.parse().unwrap()
    }

    fn add(sum: &mut [i64; 2], heads: i64, area: i64) {
        *sum = [sum[0] + heads, sum[1] + area];
    }

    /// Whether so many of a whole are enough, by a share as a sheet writes it: `2/3` and `at_least` or `over`.
    fn is_enough(have: i64, whole: i64, share: &[&str]) -> bool {
        let (parts, of) = share[0].split_once('/').unwrap();
        let have = i128::from(have) * i128::from(number(of));
        let needed = i128::from(whole) * i128::from(number(parts));
        if share[1] == "over" { have > needed } else { have >= needed }
    }

    /// Adds up one matter: its own row, the column of its choices, and the ballots.
    fn matter_by_hand(row: &[&str], column: usize, ballots: &[&Vec<&str>], entitled: [i64; 2]) -> ByHand {
        let mut told = ByHand::default();
        for ballot in ballots {
            let area = number(ballot[2]);
            add(&mut told.taking_part, 1, area);
            match ballot[column] {
                "F" => add(&mut told.yes, 1, area),
                "A" => add(&mut told.no, 1, area),
                "N" => add(&mut told.abstain, 1, area),
                split => {
                    let (yes, no) = split.strip_prefix('S').unwrap().split_once(':').unwrap();
                    let (yes, no) = (number(yes), number(no));
                    add(&mut told.yes, 0, yes);
                    add(&mut told.no, 0, no);
                    add(&mut told.abstain, 0, area - yes - no);
                }
            }
        }
        let (came, yes) = (told.taking_part, told.yes);
        let base = if row[3] == "all" { entitled } else { came };
        let has_quorum = came[0] > 0 && (0..2).all(|part| is_enough(came[part], entitled[part], &row[4..6]));
        let is_passed = (0..2).all(|part| is_enough(yes[part], base[part], &row[6..8]));
        told.outcome = match (has_quorum, is_passed) {
            (false, _) => "void",
            (true, true) => "passed",
            (true, false) => "failed",
        };
        told
    }

    /// Adds up a whole sheet by its columns. None where a ballot stands there twice.
    fn by_hand(text: &str) -> Option<Vec<ByHand>> {
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        let of = |kind: &'static str| rows.iter().filter(move |row| row[0] == kind);
        let head = of("ballot").find(|row| row[1] == "commitment").unwrap();
        let ballots: Vec<&Vec<&str>> = of("ballot").filter(|row| row[1] != "commitment").collect();
        let distinct: BTreeSet<&str> = ballots.iter().map(|row| row[1]).collect();
        if distinct.len() < ballots.len() {
            return None;
        }
        let whole = of("entitled").next().unwrap();
        let entitled = [number(whole[1]), number(whole[2])];
        let matter = |row: &Vec<&str>| {
            let column = head.iter().skip(3).position(|name| *name == row[1]).unwrap() + 3;
            matter_by_hand(row, column, &ballots, entitled)
        };
        Some(of("matter").map(matter).collect())
    }

    /// The same as the platform counted it.
    fn as_counted(counted: &[(Tally, Judgement)]) -> Vec<ByHand> {
        let told = |amount: Amount| [amount.heads, amount.area.0];
        let one = |counted: &(Tally, Judgement)| {
            let (tally, judgement) = counted;
            let outcome = match judgement.outcome {
                Outcome::Void => "void",
                Outcome::Passed => "passed",
                Outcome::Failed => "failed",
                Outcome::Tied | Outcome::Outvoted => "of an election",
            };
            ByHand {
                taking_part: told(tally.taking_part),
                yes: told(tally.yes),
                no: told(tally.no),
                abstain: told(tally.abstain),
                outcome,
            }
        };
        counted.iter().map(one).collect()
    }

    /// What a ballot of an area may say of a matter.
    fn said(area: i64) -> impl Strategy<Value = Choice> {
        let split = (0..=area).prop_flat_map(move |yes| {
            (Just(yes), 0..=(area - yes)).prop_map(|(yes, no)| Choice::Split(Area(yes), Area(no)))
        });
        prop_oneof![Just(Choice::For), Just(Choice::Against), Just(Choice::Abstain), split]
    }

    /// A ballot: its area, and what it says of each of two matters.
    fn ballot() -> impl Strategy<Value = (i64, Choice, Choice)> {
        (1_i64..=5_000_000).prop_flat_map(|area| (Just(area), said(area), said(area)))
    }

    fn any_share() -> impl Strategy<Value = Share> {
        (1_u32..4, 0_u32..3, any::<bool>()).prop_map(|(parts, more, over)| Share { parts, of: parts + more, over })
    }

    proptest! {
        #[test]
        fn anybody_recounts_a_sheet_by_its_columns_in_whatever_order_its_ballots_stand(
            ballots in proptest::collection::vec(ballot(), 0..30),
            absent in (0_i64..30, 0_i64..90_000_000),
            shares in (any_share(), any_share(), any::<bool>()),
            turn in 0_usize..30,
        ) {
            let (quorum, agreeing, of_all) = shares;
            let thresholds = Thresholds { quorum, ordinary: agreeing, special: agreeing, of_all };
            let drawn: Vec<(i64, Choice)> = ballots.iter().map(|(area, first, _)| (*area, *first)).collect();
            let mut sheet = sheet(&drawn);
            for (line, (_, first, second)) in sheet.ballots.iter_mut().zip(&ballots) {
                line.choices = ballots::written(&[*first, *second]);
            }
            sheet.matters = [false, true].map(|is_special| MatterLine { is_special, thresholds }).to_vec();
            let (heads, area) = absent;
            let Amount { heads: came, area: private } = sheet.entitled;
            sheet.entitled = Amount { heads: came + heads, area: private.plus(Area(area)) };
            let counted = as_counted(&sheet.recount().unwrap());
            prop_assert_eq!(by_hand(&sheet.written()).unwrap(), counted);
            // As it is published, and from wherever somebody begins to read it.
            let mut turned = sheet.clone();
            turned.ballots.sort_by(|one, other| one.commitment.cmp(&other.commitment));
            let published = by_hand(&turned.written());
            let middle = turn % turned.ballots.len().max(1);
            turned.ballots.rotate_left(middle);
            prop_assert_eq!(as_counted(&turned.recount().unwrap()), by_hand(&turned.written()).unwrap());
            prop_assert_eq!(by_hand(&turned.written()), published.clone());
            prop_assert_eq!(published, by_hand(&sheet.written()));
            // No unit counts twice, wherever its second ballot stands.
            if let Some(again) = turned.ballots.first().cloned() {
                turned.ballots.push(again);
                prop_assert_eq!(turned.recount(), Err(CountFault::Twice));
                prop_assert_eq!(by_hand(&turned.written()), None);
            }
        }

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
