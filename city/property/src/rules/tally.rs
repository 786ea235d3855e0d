//! Counts votes by area and by heads, in whole numbers: who was entitled, who took part, who agreed, what each would
//! have needed. Shares are compared by multiplying crosswise, so that two thirds are two thirds.

use crate::words::area::Area;

/// A share (比例) that must be reached, or exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// So many parts …
    pub parts: u32,
    /// … of so many.
    pub of: u32,
    /// Whether it must be exceeded: more than half is over 1/2, at least two thirds is not.
    pub over: bool,
}

impl Share {
    /// Whether a number is enough of a whole.
    #[must_use]
    pub fn is_met(self, have: i64, whole: i64) -> bool {
        let (have, whole) = (i128::from(have) * i128::from(self.of), i128::from(whole) * i128::from(self.parts));
        if self.over { have > whole } else { have >= whole }
    }

    /// The least number that is enough of a whole.
    #[must_use]
    pub fn needed(self, whole: i64) -> i64 {
        let (parts, of) = (i128::from(whole) * i128::from(self.parts), i128::from(self.of.max(1)));
        let least = if self.over { parts / of + 1 } else { (parts + of - 1) / of };
        i64::try_from(least).unwrap_or(i64::MAX)
    }
}

/// The shares that hold for a vote, on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// How many must take part.
    pub quorum: Share,
    /// How many must agree to an ordinary matter.
    pub ordinary: Share,
    /// How many must agree to a special matter.
    pub special: Share,
    /// Whether those who agree are a share of all owners, not of those who take part.
    pub of_all: bool,
}

impl Thresholds {
    /// How many must agree to a matter.
    #[must_use]
    pub const fn agreeing(&self, is_special: bool) -> Share {
        if is_special { self.special } else { self.ordinary }
    }
}

/// Heads and area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many heads.
    pub heads: i64,
    /// How much area.
    pub area: Area,
}

impl Amount {
    fn add(&mut self, heads: i64, area: Area) {
        *self = Self { heads: self.heads.saturating_add(heads), area: self.area.plus(area) };
    }

    /// Whether both heads and area are enough of a whole.
    #[must_use]
    pub fn meets(&self, share: Share, whole: &Self) -> bool {
        share.is_met(self.heads, whole.heads) && share.is_met(self.area.0, whole.area.0)
    }

    /// The least that is enough of it.
    #[must_use]
    pub fn needed(&self, share: Share) -> Self {
        Self { heads: share.needed(self.heads), area: Area(share.needed(self.area.0)) }
    }
}

/// What a ballot says of a matter (同意、反对、弃权).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// For it.
    For,
    /// Against it.
    Against,
    /// Neither.
    Abstain,
    /// The area is split: so much for it and so much against it; the rest abstains. The head takes part and does not
    /// agree, because a head cannot be split.
    Split(Area, Area),
}

impl Choice {
    /// Writes it as a ballot is kept: `F`, `A`, `N`, `S600000:200000`.
    #[must_use]
    pub fn written(self) -> String {
        match self {
            Self::For => "F".to_owned(),
            Self::Against => "A".to_owned(),
            Self::Abstain => "N".to_owned(),
            Self::Split(yes, no) => format!("S{}:{}", yes.0, no.0),
        }
    }

    /// Reads what [`Choice::written`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "F" => Some(Self::For),
            "A" => Some(Self::Against),
            "N" => Some(Self::Abstain),
            _ => {
                let (yes, no) = text.strip_prefix('S')?.split_once(':')?;
                let area = |text: &str| text.parse().ok().filter(|area: &i64| *area >= 0).map(Area);
                Some(Self::Split(area(yes)?, area(no)?))
            }
        }
    }

    /// Whether all of the area, or a part of it, is for the matter.
    #[must_use]
    pub const fn agrees(self) -> bool {
        match self {
            Self::For => true,
            Self::Split(yes, _) => yes.0 > 0,
            Self::Against | Self::Abstain => false,
        }
    }

    /// Whether it can be the choice of a ballot with that area.
    #[must_use]
    pub fn fits(self, area: Area) -> bool {
        match self {
            Self::Split(yes, no) => yes.0 >= 0 && no.0 >= 0 && yes.plus(no) <= area,
            Self::For | Self::Against | Self::Abstain => true,
        }
    }
}

/// What is wrong with ballots that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountFault {
    /// A ballot of somebody who is not entitled.
    Unknown,
    /// A second ballot of the same units.
    Twice,
    /// A ballot does not answer this matter, or splits more than its area.
    Choice,
}

/// How ballots stand on one matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whoever gave a ballot.
    pub taking_part: Amount,
    /// For it.
    pub yes: Amount,
    /// Against it.
    pub no: Amount,
    /// Neither.
    pub abstain: Amount,
    /// Heads that split their area.
    pub divided: i64,
}

impl Tally {
    /// Adds the ballot of a head with its area.
    ///
    /// # Errors
    /// A choice that does not fit the area.
    pub(super) fn add(&mut self, choice: Choice, area: Area) -> Result<(), CountFault> {
        if !choice.fits(area) {
            return Err(CountFault::Choice);
        }
        self.taking_part.add(1, area);
        match choice {
            Choice::For => self.yes.add(1, area),
            Choice::Against => self.no.add(1, area),
            Choice::Abstain => self.abstain.add(1, area),
            Choice::Split(yes, no) => {
                self.yes.add(0, yes);
                self.no.add(0, no);
                self.abstain.add(0, Area(area.0 - yes.0 - no.0));
                self.divided = self.divided.saturating_add(1);
            }
        }
        Ok(())
    }
}

/// Counts the ballots of one matter against those who are entitled: the area of each by its number. A right without a
/// ballot counts nothing, also if somebody gave a proxy who did not come. It is the plain way, beside which tests and
/// the referee hold what the platform counts from its sheet.
///
/// # Errors
/// A ballot of nobody, a second one, or one whose choice does not fit.
pub fn count(rights: &[Area], ballots: &[(usize, Choice)]) -> Result<Tally, CountFault> {
    let mut seen = vec![false; rights.len()];
    let mut tally = Tally::default();
    for (number, choice) in ballots {
        let area = rights.get(*number).ok_or(CountFault::Unknown)?;
        let seen = seen.get_mut(*number).ok_or(CountFault::Unknown)?;
        if std::mem::replace(seen, true) {
            return Err(CountFault::Twice);
        }
        tally.add(*choice, *area)?;
    }
    Ok(tally)
}

/// How a matter came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed (通过).
    Passed,
    /// Too few agreed (未通过).
    Failed,
    /// Too few took part, so that nothing was decided (参与人数或面积不够).
    Void,
    /// Enough agreed to a candidate, and others who stand with as much for a seat too few; the owners vote once more
    /// between them (票数相同，再次投票).
    Tied,
    /// Enough agreed to a candidate, and others with more filled the seats (名额已满，没有当选).
    Outvoted,
}

/// How a matter came out, with what was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What had to take part.
    pub quorum: Amount,
    /// What had to agree.
    pub agreeing: Amount,
    /// How it came out.
    pub outcome: Outcome,
}

/// Judges a tally among those who are entitled.
#[must_use]
pub fn judge(entitled: &Amount, tally: &Tally, is_special: bool, thresholds: &Thresholds) -> Judgement {
    let base = if thresholds.of_all { entitled } else { &tally.taking_part };
    let share = thresholds.agreeing(is_special);
    // Where nobody is entitled or takes part, nothing is decided.
    let has_quorum = tally.taking_part.heads > 0 && tally.taking_part.meets(thresholds.quorum, entitled);
    let outcome = match (has_quorum, tally.yes.meets(share, base)) {
        (false, _) => Outcome::Void,
        (true, true) => Outcome::Passed,
        (true, false) => Outcome::Failed,
    };
    Judgement { quorum: entitled.needed(thresholds.quorum), agreeing: base.needed(share), outcome }
}

/// How the candidates of an election came out to whom enough agreed, in the order in which they are given with what
/// was for each. Where there are more of them than seats, those with more heads are elected, and of as many heads those
/// with more area. Those who stand with the same at the last seat are tied.
#[must_use]
pub fn seated(agreeing: &[Amount], seats: usize) -> Vec<Outcome> {
    let rank = |one: &Amount| (one.heads, one.area);
    let outcome = |own: &Amount| {
        let ahead = agreeing.iter().filter(|other| rank(other) > rank(own)).count();
        let level = agreeing.iter().filter(|other| *other == own).count();
        match ahead {
            _ if ahead.saturating_add(level) <= seats => Outcome::Passed,
            _ if ahead < seats => Outcome::Tied,
            _ => Outcome::Outvoted,
        }
    };
    agreeing.iter().map(outcome).collect()
}

#[cfg(test)]
mod tests;
